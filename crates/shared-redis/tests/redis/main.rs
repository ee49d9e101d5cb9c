//! The shared parts against a real Redis, in its good and bad moods.

#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

mod cluster;
mod keyspace;
mod limits;
mod moods;
mod sentinel;
mod server;
mod snapshots;
mod tier;

use service::port::SnapshotCache;
use shared_redis::{Address, Condition, Shared};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// Long enough for a busy machine, short enough for a failing test.
const PATIENCE: Duration = Duration::from_secs(20);
/// What one call may take in these tests: a healthy Redis is not to be mistaken for a paused one.
const CALL: Duration = Duration::from_secs(2);

/// A process of the database `instance`, connected.
async fn process(url: &str, instance: &str, call: Duration) -> Arc<Shared> {
    let process = Shared::start(&Address::parse(url).unwrap(), instance, call).await.unwrap();
    until(&process, Condition::Closed).await;
    process
}

/// As a word of a command.
fn port(server: &server::RedisServer) -> String {
    server.place().rsplit_once(':').unwrap().1.to_owned()
}

async fn until(process: &Shared, condition: Condition) {
    until_true(|| process.breaker() == condition).await;
}

async fn until_true(condition: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < deadline, "it never came true");
        tokio::task::yield_now().await;
    }
}

/// A call that needs Redis.
async fn answers(process: &Shared) -> bool {
    process.get(service::port::BudgetId(1)).await.is_ok()
}
