//! Measures the store at a size of one's choice, in a folder of its own that is removed afterwards.
//!
//! ```text
//! cargo run --release -p store-sqlite --example measure-sqlite -- 10000000 [rows of a bulk batch] [folder]
//! ```

#![expect(clippy::print_stdout, clippy::expect_used, reason = "a program for people at a terminal")]

use domain::{Allocation, Budget, Category, SubmissionId, Timestamp};
use service::{
    port::{BudgetId, Clock, NewSubmission, Participant, Store, SystemClock},
    simulate::Generator,
};
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use store_sqlite::SqliteStore;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let rows: u64 = arguments.next().map_or(1_000_000, |rows| rows.parse().expect("the first argument is a number"));
    let batch: usize = arguments.next().map_or(50_000, |batch| batch.parse().expect("the second one is a number"));
    let folder = match arguments.next() {
        Some(folder) => tempfile::tempdir_in(folder),
        None => tempfile::tempdir(),
    }
    .expect("a folder can be made");
    let small = filled(&folder.path().join("small.sqlite"), 1000, batch).await;
    let path = folder.path().join("large.sqlite");
    let large = filled(&path, rows, batch).await;
    read(&small, &large).await;
    scan(&large).await;
    commit(&large).await;
    let (store, budget) = large;
    drop(store);
    // The next one to open it finds a long log or a short one.
    let begun = Instant::now();
    let store = SqliteStore::open(&path.to_string_lossy()).expect("it opens");
    store.total(budget).await.expect("it can be read");
    println!("opened again and read in {:.1?}", begun.elapsed());
}

fn now() -> Timestamp {
    SystemClock.now()
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

/// The bulk load as `allot simulate` does it: one batch is made while the one before is written.
async fn filled(path: &Path, rows: u64, batch: usize) -> (Arc<SqliteStore>, BudgetId) {
    let store = Arc::new(SqliteStore::open(&path.to_string_lossy()).expect("it opens"));
    store.migrate().await.expect("it migrates");
    store.import_budget(&budget(), now()).await.expect("it imports");
    let id = store.budgets().await.expect("it reads")[0].id;
    let mut generator = Generator::new(&budget(), rows, 1, now());
    let (ready, mut batches) = tokio::sync::mpsc::channel(1);
    let making = std::thread::spawn(move || {
        let mut making = Duration::ZERO;
        loop {
            let begun = Instant::now();
            let next = generator.next_batch(batch);
            making += begun.elapsed();
            if next.is_empty() || ready.blocking_send(next).is_err() {
                return making;
            }
        }
    });
    let begun = Instant::now();
    let (mut writing, mut slowest, mut log, mut done) = (Duration::ZERO, Duration::ZERO, 0, 0);
    while let Some(next) = batches.recv().await {
        done += next.len() as u64;
        let one = Instant::now();
        store.bulk_insert(id, next, now()).await.expect("it loads");
        writing += one.elapsed();
        slowest = slowest.max(one.elapsed());
        store.fold(id, 100).await.expect("it folds");
        log = log.max(size(path, "-wal"));
        if done.is_multiple_of(1_000_000) {
            println!("  {done} rows after {:.1?}, this batch {:.1?}", begun.elapsed(), one.elapsed());
        }
    }
    let took = begun.elapsed();
    let making = making.join().expect("the generator ends well");
    println!(
        "{rows} rows loaded in {took:.1?}: writing {writing:.1?} (slowest batch {slowest:.1?}), making {making:.1?}"
    );
    println!("  longest log {} MB", log / 1_000_000);
    settle(path).await;
    println!("  {:.1} bytes a submission", size(path, "") as f64 / rows as f64);
    (store, id)
}

/// Waits until the log was moved, so that reading is measured and not moving.
async fn settle(path: &Path) {
    for _ in 0..40 {
        if size(path, "-wal") < 16 << 20 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

fn size(path: &Path, suffix: &str) -> u64 {
    let mut path = path.as_os_str().to_owned();
    path.push(suffix);
    Path::new(&path).metadata().map_or(0, |file| file.len())
}

async fn read(small: &(Arc<SqliteStore>, BudgetId), large: &(Arc<SqliteStore>, BudgetId)) {
    for (name, (store, budget)) in [("small", small), ("large", large), ("small", small), ("large", large)] {
        let begun = Instant::now();
        for _ in 0..2000 {
            store.total(*budget).await.expect("it reads");
        }
        println!("total() of the {name} one: {:.1?}", begun.elapsed() / 2000);
    }
}

async fn scan((store, budget): &(Arc<SqliteStore>, BudgetId)) {
    for _ in 0..2 {
        let begun = Instant::now();
        let raw = store.raw_total(*budget).await.expect("it reads").expect("it is there");
        println!("raw_total() of {} people in {:.1?}", raw.total.people(), begun.elapsed());
    }
    forget_peak();
    let before = peak();
    let begun = Instant::now();
    let audit = store.audit(*budget, &|_| {}).await.expect("it reads").expect("it is there");
    println!("audit() in {:.1?}, {} MB more at its peak", begun.elapsed(), (peak() - before) / 1000);
    assert!(audit.summary == audit.raw && audit.wrong_participants == 0, "the summary is exact");
    let begun = Instant::now();
    let days = store.submissions_per_day(*budget, 30).await.expect("it reads");
    println!("submissions_per_day(30) in {:.1?}, {} days", begun.elapsed(), days.len());
}

/// Kilobytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB");
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0)
}

fn forget_peak() {
    // Where the system does not know it, the peak is that of the whole run.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

async fn commit((store, budget): &(Arc<SqliteStore>, BudgetId)) {
    let mut n = 0_u64;
    for batch in [1, 16, 256, 1024] {
        let begun = Instant::now();
        let (mut rows, mut commits) = (0, 0);
        while begun.elapsed() < Duration::from_secs(3) {
            let submissions: Vec<_> = (0..batch)
                .map(|_| {
                    n += 1;
                    let mixed = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
                    let mut random = [0; 10];
                    random[2..].copy_from_slice(&mixed.to_be_bytes());
                    NewSubmission {
                        id: SubmissionId::from_parts(now(), random),
                        budget: *budget,
                        participant: n.is_multiple_of(2).then_some(Participant(mixed)),
                        allocation: Allocation::from_points(&[1000; 10], 10).expect("they are whole"),
                        segments: Box::default(),
                    }
                })
                .collect();
            store.commit(&submissions, now()).await.expect("it commits");
            rows += batch;
            commits += 1;
        }
        let seconds = begun.elapsed().as_secs_f64();
        println!(
            "commits of {batch}: {:.0} rows/s, {:.2} ms a commit",
            rows as f64 / seconds,
            1000.0 * seconds / f64::from(commits)
        );
        let begun = Instant::now();
        store.total(*budget).await.expect("it reads");
        let reading = begun.elapsed();
        let begun = Instant::now();
        let mut folded = 0;
        while let done @ 1.. = store.fold(*budget, 2000).await.expect("it folds") {
            folded += done;
        }
        println!("  then total() in {reading:.1?}, and {folded} deltas folded in {:.1?}", begun.elapsed());
    }
}
