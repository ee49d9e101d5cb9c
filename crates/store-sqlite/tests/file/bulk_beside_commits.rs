//! One process loads in bulk while another one serves.

use crate::place::{NOW, budget, exact_people, file, folder, open, rows, submission};
use service::port::Store;
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn submissions_are_taken_while_another_process_loads_in_bulk() {
    let folder = folder();
    let serving = open(&file(&folder));
    let budget = budget(&serving).await;
    let loading = open(&file(&folder));
    let finished = AtomicBool::new(false);
    // Made before, so that one transaction follows the other at once.
    let batches: Vec<_> = (0..40).map(|batch| rows(batch * 5000..batch * 5000 + 5000)).collect();
    let load = async {
        for batch in batches {
            loading.bulk_insert(budget, batch, NOW).await.unwrap();
        }
        finished.store(true, Ordering::Relaxed);
    };
    let serve = async {
        let (mut n, mut slowest) = (10_000_000, Duration::ZERO);
        while !finished.load(Ordering::Relaxed) {
            let begun = Instant::now();
            serving.commit(&[submission(budget, n)], NOW).await.unwrap();
            slowest = slowest.max(begun.elapsed());
            n += 1;
            tokio::task::yield_now().await;
        }
        (n - 10_000_000, slowest)
    };
    let ((), (served, slowest)) = tokio::join!(load, serve);
    assert!(served >= 10, "only {served} submissions got a turn; the slowest waited {slowest:?}");
    assert_eq!(exact_people(&serving, budget).await, 200_000 + served as i64);
}
