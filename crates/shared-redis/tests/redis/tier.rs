//! The service's read path with the tier `redis`: processes over one database, without background work, so that
//! everything happens when a test says so.

use crate::{CALL, process, server::RedisServer};
use domain::{Budget, Timestamp, dto::SubmitRequest};
use service::{
    Allot, Caller, Encoding, Settings, Snapshot, Tier,
    port::{Clock, SnapshotCache, Store, Version},
    tiers::State,
    warm::{Choice, Shared},
};
use shared_redis::Shared as Redis;
use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
};
use store_sqlite::SqliteStore;
use tempfile::TempDir;

/// A clock that tests set.
struct At(AtomicI64);

impl Clock for At {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// A process of ours, without its background work.
struct Process {
    allot: Arc<Allot>,
    shared: Arc<Redis>,
    clock: Arc<At>,
}

impl Process {
    /// Over the database in a folder, which is made when it is not there.
    async fn over(folder: &Path, redis: &RedisServer) -> Self {
        let store = SqliteStore::open(folder.join("allot.sqlite").to_str().unwrap()).unwrap();
        store.migrate().await.unwrap();
        let clock = Arc::new(At(AtomicI64::new(1_795_257_045_006_000)));
        store.import_budget(&budget(), clock.now()).await.unwrap();
        let shared = process(&redis.url(), &store.instance().await.unwrap(), CALL).await;
        let settings = Settings { secret: vec![7; 32], submissions_per_hour: 0, address_submissions_per_hour: 0 };
        let allot = Allot::load_beside(Arc::new(store), clock.clone(), shared.parts(), settings).await.unwrap();
        Self { allot, shared, clock }
    }

    async fn submit(&self, schools: i64) -> Version {
        self.clock.0.fetch_add(1000, Ordering::SeqCst);
        let points =
            [("schools", schools), ("roads", 10_000 - schools)].map(|(slug, points)| (slug.to_owned(), points));
        let request = SubmitRequest { id: None, points: points.into(), segments: None };
        Version(self.allot.submit("city", &request, &Caller::default()).await.unwrap().receipt.version)
    }

    async fn read(&self, seen: Option<Version>) -> (Arc<Snapshot>, Tier) {
        self.allot.aggregate("city", seen).await.unwrap().unwrap()
    }

    /// Reads from the summary, and waits until that was shared.
    async fn read_and_share(&self) -> Arc<Snapshot> {
        let (snapshot, tier) = self.read(None).await;
        assert_eq!(tier, Tier::Summary);
        while self.kept().await != Some(snapshot.version) {
            tokio::task::yield_now().await;
        }
        snapshot
    }

    async fn kept(&self) -> Option<Version> {
        self.shared.get(self.allot.catalogue().all()[0].id).await.unwrap().map(|(version, _)| version)
    }
}

fn budget() -> Budget {
    serde_json::from_value(serde_json::json!({
        "slug": "city", "title": "City", "description": "", "currency": "EUR",
        "categories": [
            { "slug": "schools", "name": "Schools", "description": "", "color": "#336699" },
            { "slug": "roads", "name": "Roads", "description": "", "color": "#996633" },
        ],
        "segments": [],
    }))
    .unwrap()
}

/// Of a database that nobody has open.
fn copy(from: &TempDir, to: &TempDir) {
    for file in std::fs::read_dir(from.path()).unwrap().map(Result::unwrap) {
        std::fs::copy(file.path(), to.path().join(file.file_name())).unwrap();
    }
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[tokio::test]
async fn what_one_process_computed_another_takes_over_byte_for_byte() {
    let (redis, folder) = (RedisServer::start(), folder());
    let (one, two) = (Process::over(folder.path(), &redis).await, Process::over(folder.path(), &redis).await);
    one.submit(2500).await;
    let computed = one.read_and_share().await;
    let (taken, tier) = two.read(None).await;
    assert_eq!(tier, Tier::Redis);
    assert_eq!(taken.body(Encoding::Identity), computed.body(Encoding::Identity));
    assert_eq!(two.read(None).await.1, Tier::Memory);
}

#[tokio::test]
async fn an_older_one_than_was_acknowledged_or_shown_is_not_taken() {
    let (redis, folder) = (RedisServer::start(), folder());
    let (one, two) = (Process::over(folder.path(), &redis).await, Process::over(folder.path(), &redis).await);
    let third = Process::over(folder.path(), &redis).await;
    one.submit(2500).await;
    let old = one.read_and_share().await;
    let acknowledged = two.submit(7500).await;
    assert!(acknowledged > old.version);
    // Whoever shows a version gets it from a process that has never heard of it.
    let (shown, tier) = third.read(Some(acknowledged)).await;
    assert_eq!((shown.version, shown.view.submissions, tier), (acknowledged, 2, Tier::Summary));
    redis.ask(&["FLUSHALL"]);
    assert_eq!(two.read(None).await.0.version, acknowledged);
}

#[tokio::test]
async fn one_from_a_future_that_the_database_lost_is_a_phantom() {
    let (redis, folder, backup) = (RedisServer::start(), folder(), folder());
    let one = Process::over(folder.path(), &redis).await;
    one.submit(2500).await;
    drop(one);
    copy(&folder, &backup);
    // The original goes on and shares what it knows; then the copy takes its place.
    let lost = Process::over(folder.path(), &redis).await;
    lost.submit(7500).await;
    let phantom = lost.read_and_share().await;
    let back = Process::over(backup.path(), &redis).await;
    let (truth, tier) = back.read(None).await;
    assert_eq!((truth.view.submissions, tier), (1, Tier::Summary));
    assert!(truth.version < phantom.version);
    // It is gone, so the truth can be shared.
    while back.kept().await != Some(truth.version) {
        back.read(Some(Version(truth.version.0 + 1))).await;
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn one_that_is_damaged_or_forged_is_computed_anew() {
    const SEAL: usize = 16;
    let (redis, folder) = (RedisServer::start(), folder());
    let one = Process::over(folder.path(), &redis).await;
    let budget = one.allot.catalogue().all()[0].id;
    one.submit(2500).await;
    one.read_and_share().await;
    let (_, other) = one.shared.get(budget).await.unwrap().unwrap();
    let version = one.submit(7500).await;
    one.read_and_share().await;
    let (_, genuine) = one.shared.get(budget).await.unwrap().unwrap();
    let mut damaged = genuine.clone();
    damaged[SEAL + 4] ^= 1;
    let forged = [&genuine[..SEAL], &other[SEAL..]].concat();
    for wrong in [damaged, forged, Vec::new(), other] {
        one.shared.discard(budget, version).await.unwrap();
        assert_eq!(one.shared.put_if_newer(budget, version, &wrong).await, Ok(true));
        let two = Process::over(folder.path(), &redis).await;
        let (computed, tier) = two.read(None).await;
        assert_eq!((computed.version, computed.view.submissions, tier), (version, 2, Tier::Summary));
        while two.kept().await != Some(version) {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn one_that_the_database_left_behind_is_not_shown_to_new_readers() {
    let (redis, folder) = (RedisServer::start(), folder());
    let one = Process::over(folder.path(), &redis).await;
    one.submit(2500).await;
    one.read_and_share().await;
    one.clock.0.fetch_add(2_000_000, Ordering::SeqCst);
    let newest = one.submit(7500).await;
    let two = Process::over(folder.path(), &redis).await;
    let (read, tier) = two.read(None).await;
    assert_eq!((read.version, tier), (newest, Tier::Summary));
}

#[tokio::test]
async fn without_redis_everything_is_read_from_the_database() {
    let (mut redis, folder) = (RedisServer::start(), folder());
    let (one, two) = (Process::over(folder.path(), &redis).await, Process::over(folder.path(), &redis).await);
    redis.kill();
    for schools in [0, 2500, 10_000] {
        let version = one.submit(schools).await;
        let (read, tier) = two.read(Some(version)).await;
        assert_eq!((read.version, tier), (version, Tier::Summary));
        assert_eq!(one.read(None).await.0.version, version);
    }
}

/// How Redis stands for the only budget.
async fn state_of_redis(process: &Process) -> State {
    process.allot.tiers().await.unwrap()[0].redis.state
}

/// Warms everything; the tier that had the snapshot, and what became of it in Redis.
async fn warm(process: &Process) -> (&'static str, Shared) {
    let told = Mutex::new(Vec::new());
    let done = process.allot.warm(&Choice::default(), &|budgets| told.lock().unwrap().push(budgets)).await.unwrap();
    assert!(done.failed.is_empty(), "{:?}", done.failed);
    assert_eq!(told.into_inner().unwrap(), [1]);
    (done.warmed[0].from, done.warmed[0].redis)
}

#[tokio::test]
async fn a_warmed_redis_spares_a_new_process_the_summary_and_warming_brings_back_what_was_lost() {
    let (redis, folder) = (RedisServer::start(), folder());
    let one = Process::over(folder.path(), &redis).await;
    let newest = one.submit(2500).await;
    assert_eq!(state_of_redis(&one).await, State::Cold);
    assert_eq!(warm(&one).await, ("summary", Shared::Kept));
    assert_eq!(state_of_redis(&one).await, State::Current);
    assert_eq!(Process::over(folder.path(), &redis).await.read(None).await.1, Tier::Redis);
    redis.ask(&["FLUSHALL"]);
    assert_eq!(warm(&one).await, ("memory", Shared::Kept));
    assert_eq!(one.kept().await, Some(newest));
    one.submit(7500).await;
    assert_eq!(state_of_redis(&one).await, State::Stale);
    let budget = one.allot.catalogue().all()[0].id;
    for from in ["summary", "memory"] {
        one.shared.put_if_newer(budget, Version(newest.0 + 1_000_000_000), b"nobody's").await.unwrap();
        assert_eq!(state_of_redis(&one).await, State::Damaged);
        assert_eq!(warm(&one).await, (from, Shared::Kept));
        assert_eq!(state_of_redis(&one).await, State::Current);
    }
}

#[tokio::test]
async fn a_phantom_is_told_and_warmed_away() {
    let (redis, folder, backup) = (RedisServer::start(), folder(), folder());
    Process::over(folder.path(), &redis).await.submit(2500).await;
    copy(&folder, &backup);
    let lost = Process::over(folder.path(), &redis).await;
    lost.submit(7500).await;
    lost.read_and_share().await;
    let back = Process::over(backup.path(), &redis).await;
    assert_eq!(state_of_redis(&back).await, State::Phantom);
    let budget = back.allot.catalogue().all()[0].id;
    let (version, phantom) = back.shared.get(budget).await.unwrap().unwrap();
    let truth = back.read_and_share().await.version;
    // Memory has the truth, so that nothing but warming meets it again.
    assert_eq!(back.shared.put_if_newer(budget, version, &phantom).await, Ok(true));
    assert_eq!(state_of_redis(&back).await, State::Phantom);
    assert_eq!(warm(&back).await, ("memory", Shared::Kept));
    assert_eq!((state_of_redis(&back).await, back.kept().await), (State::Current, Some(truth)));
}

#[tokio::test]
async fn the_budgets_that_changed_last_are_warmed_first_and_quiet_ones_can_be_left_out() {
    let (redis, folder) = (RedisServer::start(), folder());
    let one = Process::over(folder.path(), &redis).await;
    one.clock.0.fetch_add(1_000_000, Ordering::SeqCst);
    let country = Budget { slug: "country".into(), ..budget() };
    one.allot.store().import_budget(&country, one.clock.now()).await.unwrap();
    let chosen = async |limit, days| {
        let records = one.allot.chosen_to_warm(&Choice { limit, days }).await.unwrap();
        records.iter().map(|record| record.budget.slug.clone()).collect::<Vec<_>>()
    };
    assert_eq!(chosen(None, None).await, ["country", "city"]);
    one.clock.0.fetch_add(1_000_000, Ordering::SeqCst);
    one.submit(2500).await;
    assert_eq!(chosen(None, None).await, ["city", "country"]);
    assert_eq!(chosen(Some(1), None).await, ["city"]);
    assert_eq!(chosen(None, Some(1)).await, ["city"]);
    one.clock.0.fetch_add(2 * 86_400_000_000, Ordering::SeqCst);
    assert_eq!(chosen(None, Some(3)).await, ["city"]);
    assert!(chosen(None, Some(2)).await.is_empty());
}
