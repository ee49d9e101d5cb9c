//! The real writer of the service over two unreliable connections to one database.

use crate::{Database, Flaky, sample, world::assert_exact};
use domain::dto::SubmitRequest;
use domain::summary::{Entry, Summary};
use service::{
    Allot, Authority, Caller, DeleteError, Settings, SubmitError, Tier,
    port::{Clock, Lookup, Participant, Store, StoreError, SystemClock, Version},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

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

/// Deletes until it is answered. Nobody else does: "deleted before" can only follow a "perhaps".
async fn delete(allot: &Allot, id: domain::SubmissionId) {
    let mut perhaps = false;
    loop {
        match allot.delete(id, &Authority::Operator).await {
            Ok(_) => return,
            Err(DeleteError::AlreadyDeleted) if perhaps => return,
            Err(DeleteError::Store(StoreError::OutcomeUnknown(_))) => perhaps = true,
            Err(DeleteError::Store(StoreError::Unavailable(_))) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

pub(crate) async fn unreliable_changes<D: Database>() {
    let database = D::create().await;
    let store = database.open().await;
    let clock = Arc::new(SystemClock);
    store.import_budget(&sample::budget("city"), clock.now()).await.expect("the import works");
    let budget = store.budgets().await.expect("budgets can be read")[0].id;
    let settings = Settings { secret: vec![7; 32], submissions_per_hour: 0, address_submissions_per_hour: 0 };
    let unreliable = Arc::new(Flaky::new(database.open().await, 3));
    let allot = Allot::load(unreliable, clock.clone(), settings).await.expect("it loads");
    let batch: Vec<_> = (0..60).map(|n| sample::submission(budget, sample::id(clock.now(), n))).collect();
    store.commit(&batch, clock.now()).await.expect("the commit works");
    for said in &batch[..50] {
        delete(&allot, said.id).await;
        let found = store.lookup(&[said.id]).await.expect("the lookup works");
        assert_eq!(found, [Some(Lookup::Deleted)]);
    }
    for n in 0..20 {
        let mut ghost = Summary::default();
        ghost.count(&Entry { day: clock.now().day(), segments: [1, 1].into(), points: [n, 10_000 - n, 0].into() }, 1);
        let head = store.heads().await.expect("heads can be read")[0].version;
        store.correct(budget, &ghost, head, clock.now()).await.expect("the correction works");
        while let Err(StoreError::Unavailable(_) | StoreError::OutcomeUnknown(_)) =
            allot.rebuild(None, &|_, _| {}).await
        {}
        assert_exact(&store).await;
    }
    assert_eq!(store.total(budget).await.expect("it can be read").expect("it is there").total.people(), 10);
}

pub(crate) async fn impatient_people<D: Database>() {
    let database = D::create().await;
    let clock = Arc::new(SystemClock);
    database.open().await.import_budget(&sample::budget("city"), clock.now()).await.expect("the import works");
    let store = Arc::new(Flaky::slow(database.open().await, Duration::ZERO));
    let settings = Settings { secret: vec![7; 32], submissions_per_hour: 1, address_submissions_per_hour: 0 };
    let allot = Allot::start(Arc::clone(&store) as Arc<dyn Store>, clock, settings).await.expect("it starts");
    let caller = Caller { participant: Some(Participant(1)), address: None };
    let limited = async |n| {
        let asked = allot.submit("city", &request(&allot, n), &caller).await;
        matches!(asked, Err(SubmitError::RateLimited { .. }))
    };
    // Sent, and nobody waits for the answer.
    let send = async |request: &SubmitRequest| {
        let asked = tokio::time::timeout(Duration::ZERO, allot.submit("city", request, &caller)).await;
        assert!(asked.is_err(), "{asked:?}");
    };

    store.be_away(true);
    send(&request(&allot, 1)).await;
    assert!(limited(2).await, "it may yet be counted");
    let refund = async {
        while limited(3).await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), refund).await.expect("what is not stored costs nothing in the end");

    store.be_away(false);
    let counted = request(&allot, 4);
    send(&counted).await;
    let again = async {
        loop {
            match allot.submit("city", &counted, &caller).await {
                Ok(submitted) => return submitted,
                Err(SubmitError::RateLimited { .. }) => tokio::time::sleep(Duration::from_millis(10)).await,
                Err(error) => panic!("{error}"),
            }
        }
    };
    let again = tokio::time::timeout(Duration::from_secs(60), again).await.expect("it is stored in the end");
    assert!(again.replayed);
    assert!(limited(5).await, "what is stored costs");
}

pub(crate) async fn stalled_reads<D: Database>() {
    let database = D::create().await;
    let clock = Arc::new(SystemClock);
    database.open().await.import_budget(&sample::budget("city"), clock.now()).await.expect("the import works");
    let store = Arc::new(Flaky::new(database.open().await, 4));
    let settings = Settings { secret: vec![7; 32], submissions_per_hour: 0, address_submissions_per_hour: 0 };
    let allot = Allot::start(Arc::clone(&store) as Arc<dyn Store>, clock, settings).await.expect("it starts");
    let before = allot.aggregate("city", None).await.expect("it can be read").expect("it is there").0;
    store.stall();
    // Memory is behind what was acknowledged now, and what would bring it up to date does not come.
    insist(&allot, &allot, 1).await;
    let readers: Vec<_> = (0..50)
        .map(|_| {
            let allot = Arc::clone(&allot);
            tokio::spawn(async move { allot.aggregate("city", None).await })
        })
        .collect();
    // One after the other they would wait for minutes.
    let all = async {
        for reader in readers {
            let read = reader.await.expect("no reader panics").expect("every reader is answered");
            assert_eq!(read.expect("it is there").0.version, before.version);
        }
    };
    tokio::time::timeout(Duration::from_secs(30), all).await.expect("readers share what failed");
    // Who shows a newer version waits in vain, and gets no older one.
    let newer = Version(before.version.0 + 1);
    assert!(allot.aggregate("city", Some(newer)).await.is_err());
}

pub(crate) async fn reads_among_submissions<D: Database>() {
    const READERS: u64 = 40;
    const READS: u64 = 10;
    let database = D::create().await;
    let clock = Arc::new(SystemClock);
    database.open().await.import_budget(&sample::budget("city"), clock.now()).await.expect("the import works");
    let settings = Settings { secret: vec![7; 32], submissions_per_hour: 0, address_submissions_per_hour: 0 };
    // Longer than a commit: while totals are read, the next submission is acknowledged.
    let store = Arc::new(Flaky::slow(database.open().await, Duration::from_millis(10)));
    let allot = Allot::start(store, clock, settings).await.expect("it starts");
    let acknowledged = Arc::new(AtomicI64::new(0));
    let writing = {
        let (allot, acknowledged) = (Arc::clone(&allot), Arc::clone(&acknowledged));
        tokio::spawn(async move {
            for n in 0..100_000 {
                let submitted = allot.submit("city", &request(&allot, n), &Caller::default()).await;
                acknowledged.store(submitted.expect("it is taken").receipt.version, Ordering::SeqCst);
            }
        })
    };
    let loads = || [Tier::Redis, Tier::Summary, Tier::Raw].map(|tier| allot.snapshot_loads().from_tier(tier));
    let before: u64 = loads().iter().sum();
    let readers: Vec<_> = (0..READERS)
        .map(|_| {
            let (allot, acknowledged) = (Arc::clone(&allot), Arc::clone(&acknowledged));
            tokio::spawn(async move {
                for _ in 0..READS {
                    let known = Version(acknowledged.load(Ordering::SeqCst));
                    let (read, _) = allot.aggregate("city", None).await.expect("it can be read").expect("it is there");
                    assert!(read.version >= known, "what was acknowledged before is in it");
                    // The next read is one that memory can't answer.
                    while acknowledged.load(Ordering::SeqCst) <= read.version.0 {
                        tokio::task::yield_now().await;
                    }
                }
            })
        })
        .collect();
    for reader in readers {
        reader.await.expect("every reader gets what it must");
    }
    writing.abort();
    let loaded = loads().iter().sum::<u64>() - before;
    assert!(loaded < READERS * READS / 5, "{loaded} loads for {} reads", READERS * READS);
}

pub(crate) async fn reads_of_what_came_since<D: Database>() {
    let database = D::create().await;
    let clock = Arc::new(SystemClock);
    database.open().await.import_budget(&sample::budget("city"), clock.now()).await.expect("the import works");
    let settings = Settings { secret: vec![7; 32], submissions_per_hour: 0, address_submissions_per_hour: 0 };
    let store = Arc::new(Flaky::slow(database.open().await, Duration::ZERO));
    // Nobody folds by himself.
    let allot = Allot::load(store.clone(), clock, settings).await.expect("it loads");
    for n in 0..20 {
        let submitted = allot.submit("city", &request(&allot, n), &Caller::default()).await.expect("it is taken");
        let (read, tier) = allot.aggregate("city", None).await.expect("it can be read").expect("it is there");
        assert_eq!((read.version.0, tier), (submitted.receipt.version, Tier::Summary));
        assert_eq!(read.view.submissions, n + 1);
        // Once at first, and once more after the fold, which leaves nothing to go on from.
        assert_eq!(store.whole_totals(), if n < 10 { 1 } else { 2 });
        if n == 9 {
            allot.fold().await.expect("it folds");
        }
    }
    assert_exact(&*store).await;
}
