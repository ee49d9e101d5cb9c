//! Measures a rebuild and a verification over many rows while submissions arrive. The database should be empty; it
//! keeps what is written.
//!
//! ```text
//! cargo run --release -p store-postgres --example audit -- postgres://user@host/database [rows]
//! ```

#![expect(clippy::print_stdout, clippy::expect_used, reason = "a program for people at a terminal")]

use domain::{
    Budget, Category,
    summary::{Entry, Summary},
};
use service::{
    Allot, Caller, Settings,
    port::{BudgetId, Clock, Store, SystemClock},
    simulate::Generator,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use store_postgres::{Options, PgStore};

/// Rows of one transaction.
const BATCH: usize = 50_000;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().expect("the first argument is the database's URL");
    let rows = arguments.next().map_or(10_000_000, |rows| rows.parse().expect("the second one is a number"));
    let store = Arc::new(PgStore::connect(&url, Options::default()).await.expect("it connects"));
    store.migrate().await.expect("it migrates");
    store.import_budget(&budget(), SystemClock.now()).await.expect("it imports");
    let id = store.budgets().await.expect("it reads")[0].id;
    load(&store, id, rows).await;
    spoil(&store, id).await;

    let settings = Settings { secret: vec![7; 32], submissions_per_hour: 0, address_submissions_per_hour: 0 };
    let allot = Allot::start(Arc::clone(&store) as Arc<dyn Store>, Arc::new(SystemClock), settings);
    let allot = allot.await.expect("it starts");
    let stop = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..8).map(|n| tokio::spawn(submit(Arc::clone(&allot), n, Arc::clone(&stop)))).collect();
    let begun = Instant::now();
    let mended = allot.rebuild(None, &|_, _| {}).await.expect("it rebuilds").remove(0);
    println!("rebuild of {} people in {:.1?}: {:?}", mended.before.people, begun.elapsed(), mended.corrected);
    assert!(!mended.before.is_exact() && mended.corrected.is_some(), "it found what was spoiled");
    let begun = Instant::now();
    let verified = allot.verify(None, &|_, _| {}).await.expect("it verifies").remove(0);
    println!("verify of {} people in {:.1?}: exact = {}", verified.people, begun.elapsed(), verified.is_exact());
    stop.store(true, Ordering::Relaxed);
    let (mut submitted, mut slowest) = (0, Duration::ZERO);
    for client in clients {
        let (some, longest) = client.await.expect("a client ends well");
        (submitted, slowest) = (submitted + some, slowest.max(longest));
    }
    println!("{submitted} submissions meanwhile, the slowest took {slowest:.1?}");
    let verified = allot.verify(None, &|_, _| {}).await.expect("it verifies").remove(0);
    assert!(verified.is_exact(), "the summary is exact");
    println!("afterwards {} people, exact", verified.people);
}

async fn load(store: &PgStore, id: BudgetId, rows: u64) {
    let (empty, begun) = (store.bytes_on_disk().await.expect("it reads"), Instant::now());
    let mut generator = Generator::new(&budget(), rows, 1, SystemClock.now());
    loop {
        let batch = generator.next_batch(BATCH);
        if batch.is_empty() {
            break;
        }
        store.bulk_insert(id, batch, SystemClock.now()).await.expect("it loads");
        store.fold(id, 100).await.expect("it folds");
    }
    let bytes = store.bytes_on_disk().await.expect("it reads") - empty;
    println!("{rows} rows in {:.0?}, {:.1} bytes each", begun.elapsed(), bytes as f64 / rows as f64);
}

/// One person too many.
async fn spoil(store: &PgStore, id: BudgetId) {
    let mut ghost = Summary::default();
    ghost.count(&Entry { day: SystemClock.now().day(), segments: [].into(), points: [1000; 10].into() }, 1);
    let head = store.heads().await.expect("it reads")[0].version;
    store.correct(id, &ghost, head, SystemClock.now()).await.expect("it corrects");
}

/// Answers how many submissions were acknowledged, and how long the slowest took.
async fn submit(allot: Arc<Allot>, client: u64, stop: Arc<AtomicBool>) -> (u64, Duration) {
    let (mut done, mut slowest) = (0, Duration::ZERO);
    let points = || (0..10).map(|n| (format!("c{n}"), 1000)).collect();
    while !stop.load(Ordering::Relaxed) {
        let request = domain::dto::SubmitRequest { id: None, points: points(), segments: None };
        let participant = (client.is_multiple_of(2)).then(|| allot.new_participant());
        let begun = Instant::now();
        allot.submit("measured", &request, &Caller { participant, address: None }).await.expect("it is taken");
        slowest = slowest.max(begun.elapsed());
        done += 1;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    (done, slowest)
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
