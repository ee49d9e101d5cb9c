//! The service's read path with the tier `redis`: processes over one database, without background work, so that
//! everything happens when a test says so.

use crate::{CALL, process, server::RedisServer};
use domain::{Budget, Timestamp, dto::SubmitRequest};
use service::{
    Allot, Caller, Encoding, Settings, Snapshot, Tier,
    port::{Clock, SnapshotCache, Store, Version},
};
use shared_redis::Shared;
use std::{
    path::Path,
    sync::{
        Arc,
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
    shared: Arc<Shared>,
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
    for file in std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
        std::fs::copy(file.path(), backup.path().join(file.file_name())).unwrap();
    }
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
