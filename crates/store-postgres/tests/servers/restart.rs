//! A server that goes away and comes back.

use crate::own::{NOW, submission, until, world};
use domain::dto::SubmitRequest;
use service::{
    Allot, Caller, Settings, SubmitError,
    port::{Store, SystemClock},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

fn request(allot: &Allot) -> SubmitRequest {
    let points = [("c0", 5000), ("c1", 3000), ("c2", 2000)];
    SubmitRequest {
        id: Some(allot.new_id().to_string()),
        points: points.map(|(category, points)| (category.to_owned(), points)).into(),
        segments: None,
    }
}

/// Submits until it is told to stop; every request until it is acknowledged. Answers how many were.
async fn client(allot: Arc<Allot>, acknowledged: Arc<AtomicU64>, stop: Arc<AtomicBool>) -> u64 {
    let (nobody, mut done) = (Caller { participant: None, address: None }, 0);
    while !stop.load(Ordering::Relaxed) {
        let request = request(&allot);
        loop {
            match allot.submit("city", &request, &nobody).await {
                Ok(_) => break,
                Err(SubmitError::Unavailable { .. } | SubmitError::Overloaded { .. }) => {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                Err(error) => panic!("{error}"),
            }
        }
        acknowledged.fetch_add(1, Ordering::Relaxed);
        done += 1;
    }
    done
}

#[tokio::test(flavor = "multi_thread")]
async fn submissions_go_on_after_every_kind_of_restart_and_all_of_them_count() {
    let (cluster, store, budget) = world(&[]).await;
    let settings = Settings { secret: vec![7; 32], submissions_per_hour: 0, address_submissions_per_hour: 0 };
    let allot = Allot::start(Arc::new(cluster.open().await), Arc::new(SystemClock), settings).await.unwrap();
    let (acknowledged, stop) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let clients: Vec<_> = (0..8)
        .map(|_| tokio::spawn(client(Arc::clone(&allot), Arc::clone(&acknowledged), Arc::clone(&stop))))
        .collect();
    for mode in ["fast", "immediate"] {
        let before = acknowledged.load(Ordering::Relaxed);
        until("submissions before the stop", async || acknowledged.load(Ordering::Relaxed) > before + 50).await;
        cluster.control(&["stop", "--mode", mode]);
        cluster.control(&["start"]);
        let (back, known) = (Instant::now(), acknowledged.load(Ordering::Relaxed));
        until("a submission after the start", async || acknowledged.load(Ordering::Relaxed) > known).await;
        println!("{mode}: the next acknowledgement came {:.0?} after the server was back", back.elapsed());
        until("all connections are good again", async || allot.health().await.database.is_ok()).await;
    }
    stop.store(true, Ordering::Relaxed);
    let mut sent = 0;
    for client in clients {
        sent += client.await.unwrap();
    }
    allot.shutdown().await;
    let audit = store.audit(budget, &|_| {}).await.unwrap().unwrap();
    assert_eq!(audit.summary, audit.raw);
    assert_eq!(store.total(budget).await.unwrap().unwrap().total.people().unsigned_abs(), sent);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_server_is_told_as_such_within_the_time_allowed() {
    let (cluster, store, budget) = world(&[]).await;
    cluster.control(&["stop", "--mode", "fast"]);
    let refused = store.commit(&[submission(budget, NOW, 1)], NOW).await;
    assert!(refused.is_err(), "{refused:?}");
    let refused = store.heads().await;
    assert!(refused.is_err(), "{refused:?}");
    cluster.control(&["start"]);
    store.commit(&[submission(budget, NOW, 1)], NOW).await.unwrap();
    assert_eq!(store.total(budget).await.unwrap().unwrap().total.people(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_only_reads_does_not_notice_a_restart() {
    let (cluster, store, budget) = world(&[]).await;
    cluster.control(&["restart", "--mode", "fast"]);
    store.total(budget).await.unwrap();
    cluster.control(&["restart", "--mode", "immediate"]);
    store.audit(budget, &|_| {}).await.unwrap();
}
