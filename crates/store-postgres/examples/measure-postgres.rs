//! Measures commits on one connection. The database should be empty; it keeps what is written.
//!
//! ```text
//! cargo run --release -p store-postgres --example measure-postgres -- postgres://user@host/database [seconds per size]
//! ```

#![expect(clippy::print_stdout, clippy::expect_used, reason = "a program for people at a terminal")]

use domain::{Allocation, Budget, Category, SubmissionId};
use service::port::{BudgetId, Clock, NewSubmission, Participant, Store, SystemClock};
use std::time::{Duration, Instant};
use store_postgres::{Options, PgStore};

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().expect("the first argument is the database's URL");
    let seconds = arguments.next().map_or(3, |seconds| seconds.parse().expect("the second one is a number"));
    let store = PgStore::connect(&url, Options::default()).await.expect("it connects");
    store.migrate().await.expect("it migrates");
    store.import_budget(&budget(), SystemClock.now()).await.expect("it imports");
    let budget = store.budgets().await.expect("it reads")[0].id;
    let (empty, mut rows) = (store.bytes_on_disk().await.expect("it reads"), 0_u64);
    for size in [1, 8, 16, 64, 256, 1024] {
        rows += commits(&store, budget, size, Duration::from_secs(seconds), rows).await;
    }
    let bytes = store.bytes_on_disk().await.expect("it reads") - empty;
    println!("{:.1} bytes a submission, half of them with a participant", bytes as f64 / rows as f64);
    let begun = Instant::now();
    let raw = store.raw_total(budget).await.expect("it reads").expect("it is there");
    println!("raw_total() of {} people in {:.1?}", raw.total.people(), begun.elapsed());
    let begun = Instant::now();
    let audit = store.audit(budget, &|_| {}).await.expect("it reads").expect("it is there");
    println!("audit() in {:.1?}", begun.elapsed());
    assert!(audit.summary == audit.raw && audit.wrong_participants == 0, "the summary is exact");
}

async fn commits(store: &PgStore, budget: BudgetId, size: u64, limit: Duration, from: u64) -> u64 {
    let (mut rows, mut slowest, begun) = (0, Duration::ZERO, Instant::now());
    while begun.elapsed() < limit {
        let batch: Vec<_> = (0..size).map(|n| submission(budget, from + rows + n)).collect();
        let one = Instant::now();
        store.commit(&batch, SystemClock.now()).await.expect("it commits");
        slowest = slowest.max(one.elapsed());
        rows += size;
    }
    let took = begun.elapsed();
    let begun = Instant::now();
    let mut folded = 0;
    while let done @ 1.. = store.fold(budget, 2000).await.expect("it folds") {
        folded += done;
    }
    println!(
        "batches of {size}: {:.0} rows/s, {:.2} ms each, slowest {slowest:.1?}; {folded} deltas folded in {:.1?}",
        rows as f64 / took.as_secs_f64(),
        took.as_secs_f64() * 1000.0 * size as f64 / rows as f64,
        begun.elapsed()
    );
    rows
}

fn submission(budget: BudgetId, n: u64) -> NewSubmission {
    let mixed = (n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut random = [0; 10];
    random[2..].copy_from_slice(&mixed.to_be_bytes());
    NewSubmission {
        id: SubmissionId::from_parts(SystemClock.now(), random),
        budget,
        participant: n.is_multiple_of(2).then_some(Participant(mixed)),
        allocation: Allocation::from_points(&[1000; 10], 10).expect("they are whole"),
        segments: Box::default(),
    }
}

fn budget() -> Budget {
    let category = |n| Category {
        slug: format!("c{n}"),
        name: String::new(),
        description: String::new(),
        color: "#000000".into(),
        actual_points: None,
    };
    Budget {
        slug: "measured".into(),
        title: String::new(),
        currency: "USD".into(),
        categories: (0..10).map(category).collect(),
        actual: None,
        segments: Vec::new(),
        translations: Default::default(),
    }
}
