//! What must be asked for: a task of its own asks now and then, so that a scrape waits for nothing and nobody.

use crate::router::Shared;
use prometheus_client::{metrics::gauge::Gauge, registry::Registry};
use service::{
    Allot,
    port::{BudgetId, Version},
};
use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Weak, atomic::AtomicU64},
    time::{Duration, Instant},
};
use tokio::time::{MissedTickBehavior, interval, timeout};

/// How often snapshots are compared with the heads that are known: no more than memory is read.
const SNAPSHOTS: Duration = Duration::from_secs(1);
/// Every so many of these the database is asked, and the folder with the backups read.
const DATABASE_EVERY: u32 = 10;
/// The same for Redis.
const REDIS_EVERY: u32 = 30;
/// How long the database may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// The newest answers.
#[derive(Default)]
pub(super) struct Sampled {
    database_up: Gauge,
    unfolded: Gauge,
    lag: Gauge<f64, AtomicU64>,
    backup_at: Gauge,
    backup_bytes: Gauge,
    redis: Option<(Gauge, Gauge)>,
}

impl Sampled {
    pub(super) fn register(registry: &mut Registry, with_redis: bool) -> Self {
        let all = Self { redis: with_redis.then(Default::default), ..Self::default() };
        registry.register("database_up", "1 = the database answered when it was last asked", all.database_up.clone());
        registry.register("summary_deltas", "Deltas that are not folded yet, of all budgets", all.unfolded.clone());
        registry.register(
            "snapshot_lag_seconds",
            "For how long the newest snapshot of some budget has lacked something that the database has",
            all.lag.clone(),
        );
        registry.register(
            "backup_newest_timestamp_seconds",
            "When the newest backup in the folder was finished, since 1970; 0 = there is none",
            all.backup_at.clone(),
        );
        registry.register("backup_newest_bytes", "How long it is", all.backup_bytes.clone());
        if let Some((used, most)) = &all.redis {
            registry.register("redis_memory_used_bytes", "Memory that Redis uses", used.clone());
            registry.register("redis_memory_max_bytes", "Memory that it may use; 0 = no limit", most.clone());
        }
        all
    }

    async fn ask_database(&self, allot: &Allot) {
        match timeout(PATIENCE, allot.store().unfolded()).await {
            Ok(Ok(deltas)) => {
                self.unfolded.set(i64::try_from(deltas).unwrap_or(i64::MAX));
                self.database_up.set(1);
            }
            // Who uses the database says so in the log.
            Ok(Err(_)) | Err(_) => _ = self.database_up.set(0),
        }
    }

    async fn look_at_backups(&self, folder: PathBuf) {
        let newest = tokio::task::spawn_blocking(move || service::backup::newest(&folder)).await;
        let (at, bytes) = newest.ok().flatten().unwrap_or_default();
        self.backup_at.set(i64::try_from(at).unwrap_or(i64::MAX));
        self.backup_bytes.set(i64::try_from(bytes).unwrap_or(i64::MAX));
    }

    async fn ask_redis(&self, redis: &shared_redis::Shared) {
        if let (Some((used, most)), Some(memory)) = (&self.redis, redis.memory().await) {
            used.set(i64::try_from(memory.used).unwrap_or(i64::MAX));
            most.set(i64::try_from(memory.most).unwrap_or(i64::MAX));
        }
    }
}

/// Asks until the server is gone.
pub(crate) fn start(shared: &Arc<Shared>, backups: PathBuf) {
    tokio::spawn(run(Arc::downgrade(shared), backups));
}

async fn run(shared: Weak<Shared>, backups: PathBuf) {
    let (mut timer, mut behind) = (interval(SNAPSHOTS), Behind::default());
    timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for second in (0..DATABASE_EVERY * REDIS_EVERY).cycle() {
        timer.tick().await;
        let Some(shared) = shared.upgrade() else { return };
        let sampled = &shared.metrics.sampled;
        sampled.lag.set(behind.look(&shared.allot.snapshot_versions(), Instant::now()).as_secs_f64());
        if second % DATABASE_EVERY == 0 {
            sampled.ask_database(&shared.allot).await;
            sampled.look_at_backups(backups.clone()).await;
        }
        if second % REDIS_EVERY == 0
            && let Some(redis) = &shared.redis
        {
            sampled.ask_redis(redis).await;
        }
    }
}

/// Since when snapshots have been behind without getting any newer.
#[derive(Default)]
struct Behind(HashMap<BudgetId, (Option<Version>, Instant)>);

impl Behind {
    /// The longest time of any budget.
    fn look(&mut self, versions: &[(BudgetId, Option<Version>, Version)], now: Instant) -> Duration {
        let mut still = HashMap::new();
        for (budget, snapshot, head) in versions {
            if *snapshot < Some(*head) {
                let known = self.0.get(budget).filter(|(version, _)| version == snapshot);
                still.insert(*budget, *known.unwrap_or(&(*snapshot, now)));
            }
        }
        self.0 = still;
        self.0.values().map(|(_, since)| now.saturating_duration_since(*since)).max().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_lags_while_it_stays_the_same_behind_its_head() {
        let (mut behind, start) = (Behind::default(), Instant::now());
        let mut look = |second: u64, snapshot: i64, head: i64| {
            let versions = [(BudgetId(1), Some(Version(snapshot)), Version(head))];
            behind.look(&versions, start + Duration::from_secs(second)).as_secs()
        };
        assert_eq!(look(0, 5, 5), 0);
        assert_eq!(look(1, 5, 6), 0, "it was noticed now");
        assert_eq!(look(4, 5, 7), 3);
        assert_eq!(look(5, 6, 7), 0, "it got newer");
        assert_eq!(look(9, 6, 8), 4);
        assert_eq!(look(10, 8, 8), 0);
    }
}
