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

/// When everything was last verified, in seconds, and how many differences there were.
async fn verified(queue: &dyn JobQueue) -> StoreResult<Option<(i64, u64)>> {
    let filter = JobFilter { kind: Some(Kind::Verify), state: Some(JobState::Done), limit: 1 };
    let Some(job) = queue.list(filter).await?.pop() else { return Ok(None) };
    let result: serde_json::Value = serde_json::from_str(job.result.as_deref().unwrap_or_default()).unwrap_or_default();
    let differences = result["Ok"]["differences"].as_u64();
    Ok(job.finished.zip(differences).map(|(at, differences)| (at.as_millis() / 1000, differences)))
}
