//! What is told about background jobs.

use domain::Timestamp;
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::{Registry, Unit},
};
use service::port::{JobState, JobStats};
use std::{sync::atomic::AtomicU64, time::Duration};

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByState {
    kind: String,
    state: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByOutcome {
    kind: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByKind {
    kind: &'static str,
}

/// Handles on the same numbers.
#[derive(Clone)]
pub(crate) struct JobMetrics {
    jobs: Family<ByState, Gauge>,
    dead: Gauge,
    waiting: Gauge<f64, AtomicU64>,
    outbox: Gauge,
    workers: Gauge,
    finished: Family<ByOutcome, Counter>,
    duration: Family<ByKind, Histogram, fn() -> Histogram>,
    differences: Gauge,
    verified: Gauge,
}

/// 10 ms to an hour and a half.
fn durations() -> Histogram {
    Histogram::new(exponential_buckets(0.01, 4.0, 10))
}

impl JobMetrics {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let all = Self {
            jobs: Family::default(),
            dead: Gauge::default(),
            waiting: Gauge::default(),
            outbox: Gauge::default(),
            workers: Gauge::default(),
            finished: Family::default(),
            duration: Family::new_with_constructor(durations),
            differences: Gauge::default(),
            verified: Gauge::default(),
        };
        registry.register("jobs_count", "Background jobs in the queue, by kind and state", all.jobs.clone());
        registry.register("jobs_dead_letters", "Jobs that wait for an operator", all.dead.clone());
        registry.register_with_unit(
            "jobs_oldest_waiting",
            "How long the job that has waited longest could have been taken",
            Unit::Seconds,
            all.waiting.clone(),
        );
        registry.register("jobs_outbox", "Jobs of commits that are not in the queue yet", all.outbox.clone());
        registry.register("jobs_workers", "Workers that were alive within two minutes", all.workers.clone());
        registry.register("jobs_finished", "Attempts that this process made, by outcome", all.finished.clone());
        registry.register_with_unit("jobs_duration", "How long they took", Unit::Seconds, all.duration.clone());
        registry.register(
            "verify_differences",
            "Numbers of the totals that the last verification found different from the submissions; 0 is right",
            all.differences.clone(),
        );
        registry.register(
            "verify_last_timestamp_seconds",
            "When the last verification ended, in seconds since 1970; 0 = never yet",
            all.verified.clone(),
        );
        all
    }

    /// How the queue is.
    pub(crate) fn queue(&self, stats: &JobStats, now: Timestamp) {
        self.jobs.clear();
        let mut dead = 0;
        for (kind, state, jobs) in &stats.counts {
            self.jobs.get_or_create(&ByState { kind: kind.clone(), state: state.as_str() }).set(signed(*jobs));
            dead += if *state == JobState::Dead { *jobs } else { 0 };
        }
        self.dead.set(signed(dead));
        let waiting = stats.oldest_waiting.map_or(0, |since| now.as_millis() - since.as_millis());
        self.waiting.set(waiting.max(0) as f64 / 1000.0);
        self.outbox.set(signed(stats.outbox));
        self.workers.set(signed(stats.workers));
    }

    /// What the last verification found.
    pub(crate) fn verified(&self, at: i64, differences: u64) {
        self.verified.set(at);
        self.differences.set(signed(differences));
    }

    /// An attempt ended.
    pub(crate) fn finished(&self, kind: &'static str, outcome: &'static str) {
        self.finished.get_or_create(&ByOutcome { kind, outcome }).inc();
    }

    /// An attempt took this long.
    pub(crate) fn took(&self, kind: &'static str, time: Duration) {
        self.duration.get_or_create(&ByKind { kind }).observe(time.as_secs_f64());
    }
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
