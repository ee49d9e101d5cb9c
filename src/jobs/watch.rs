//! Keeps `/metrics` up to date about the queue, in every process.

use crate::metrics::JobMetrics;
use service::{
    Allot,
    jobs::Kind,
    port::{JobFilter, JobQueue, JobState, StoreResult},
};
use std::{
    sync::{Arc, Weak},
    time::Duration,
};
use tokio::time::{MissedTickBehavior, interval};

const LOOK: Duration = Duration::from_secs(15);
/// Verifications that are looked through for the newest one of all budgets.
const RECENT: u32 = 200;

/// Until the application is gone.
pub(crate) async fn watch(queue: Arc<dyn JobQueue>, allot: Weak<Allot>, metrics: JobMetrics) {
    let mut look = interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        let Some(now) = allot.upgrade().map(|allot| allot.now()) else { return };
        match queue.stats(now).await {
            Ok(stats) => metrics.queue(&stats, now),
            Err(error) => tracing::debug!(%error, "the queue can't be counted"),
        }
        match verified(&*queue).await {
            Ok(Some((at, differences))) => metrics.verified(at, differences),
            Ok(None) => {}
            Err(error) => tracing::debug!(%error, "the last verification can't be read"),
        }
    }
}

/// When everything was last verified, in seconds, and how many differences there were then, or in a budget since.
async fn verified(queue: &dyn JobQueue) -> StoreResult<Option<(i64, u64)>> {
    let filter = JobFilter { kind: Some(Kind::Verify), state: Some(JobState::Done), limit: RECENT };
    let mut since = 0;
    for job in queue.list(filter).await? {
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap_or_default();
        let differences = value(job.result.as_deref().unwrap_or_default())["Ok"]["differences"].as_u64();
        let Some((at, differences)) = job.finished.zip(differences) else { continue };
        since = since.max(differences);
        // One of a single budget says nothing of the others.
        if value(&job.job)["budget"].is_null() {
            return Ok(Some((at.as_millis() / 1000, since)));
        }
    }
    Ok(None)
}
