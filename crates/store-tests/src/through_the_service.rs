//! The real writer of the service over two unreliable connections to one database.

use crate::{Database, Flaky, sample, world::assert_exact};
use domain::dto::SubmitRequest;
use service::{
    Allot, Caller, Settings, SubmitError,
    port::{Clock, Participant, Store, SystemClock},
};
use std::sync::Arc;

fn request(allot: &Allot, n: u64) -> SubmitRequest {
    let schools = n as i64 % 100;
    let points = [("schools", schools), ("roads", 10_000 - schools), ("parks", 0)];
    SubmitRequest {
        id: Some(allot.new_id().to_string()),
        points: points.map(|(category, points)| (category.to_owned(), points)).into(),
        segments: None,
    }
}

/// A client that sends the same request until it is answered, and then once more.
async fn insist(allot: &Allot, other: &Allot, n: u64) -> String {
    let caller = Caller { participant: (!n.is_multiple_of(3)).then_some(Participant(n % 20)), address: None };
    let request = request(allot, n);
    loop {
        match allot.submit("city", &request, &caller).await {
            Ok(first) => {
                let again = loop {
                    match other.submit("city", &request, &caller).await {
                        Ok(again) => break again,
                        Err(SubmitError::Unavailable { .. } | SubmitError::Overloaded { .. }) => {}
                        Err(error) => panic!("{error}"),
                    }
                };
                assert_eq!(again.receipt.version, first.receipt.version);
                assert_eq!(again.receipt.counted, first.receipt.counted);
                return first.receipt.id;
            }
            Err(SubmitError::Unavailable { .. } | SubmitError::Overloaded { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

pub(crate) async fn unreliable_connection<D: Database>() {
    let database = D::create().await;
    let store = database.open().await;
    let clock = Arc::new(SystemClock);
    store.import_budget(&sample::budget("city"), clock.now()).await.expect("the import works");
    let mut processes = Vec::new();
    for seed in [1, 2] {
        let settings = Settings { secret: vec![7; 32], submissions_per_hour: 0, address_submissions_per_hour: 0 };
        let unreliable = Arc::new(Flaky::new(database.open().await, seed));
        processes.push(Allot::start(unreliable, clock.clone(), settings).await.expect("it starts"));
    }
    let clients: Vec<_> = (0..200)
        .map(|n| {
            let (one, two) = (Arc::clone(&processes[n % 2]), Arc::clone(&processes[(n + 1) % 2]));
            tokio::spawn(async move { insist(&one, &two, n as u64).await })
        })
        .collect();
    let mut ids = Vec::new();
    for client in clients {
        ids.push(client.await.expect("every client is answered").parse().expect("an id is a UUID"));
    }
    for process in &processes {
        process.shutdown().await;
    }
    assert!(store.lookup(&ids).await.expect("the lookup works").iter().all(Option::is_some));
    assert_exact(&store).await;
    let budget = store.budgets().await.expect("budgets can be read")[0].id;
    let people = store.total(budget).await.expect("it can be read").expect("the budget is there").total.people();
    // Every third stands alone; the others are of those of twenty participants that n % 20 reaches.
    assert_eq!(people, 67 + 20);
}
