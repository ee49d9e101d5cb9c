//! What is counted about Redis: an atomic addition, nothing waits.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// What Redis is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Reading a snapshot.
    Get,
    /// Keeping and announcing one.
    Put,
    /// Removing one that proved wrong.
    Discard,
    /// Charging limits.
    Charge,
    /// Giving charges back.
    Refund,
    /// Asking for a sign of life.
    Ping,
}

impl Operation {
    /// Every operation.
    pub const ALL: [Self; 6] = [Self::Get, Self::Put, Self::Discard, Self::Charge, Self::Refund, Self::Ping];

    /// The name in metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Put => "put",
            Self::Discard => "discard",
            Self::Charge => "charge",
            Self::Refund => "refund",
            Self::Ping => "ping",
        }
    }
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Answered.
    Answered,
    /// Refused, broken or too slow.
    Failed,
    /// Not sent, because the breaker was not closed.
    Skipped,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 3] = [Self::Answered, Self::Failed, Self::Skipped];

    /// The name in metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// Counts since the start.
#[derive(Debug, Default)]
pub struct Meter {
    calls: [[AtomicU64; Outcome::ALL.len()]; Operation::ALL.len()],
    micros: [AtomicU64; Operation::ALL.len()],
    opened: AtomicU64,
}

impl Meter {
    pub(crate) fn count(&self, operation: Operation, outcome: Outcome, took: Duration) {
        self.calls[operation as usize][outcome as usize].fetch_add(1, Ordering::Relaxed);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.micros[operation as usize].fetch_add(micros, Ordering::Relaxed);
    }

    pub(crate) fn count_opening(&self) {
        self.opened.fetch_add(1, Ordering::Relaxed);
    }

    /// How often.
    #[must_use]
    pub fn calls(&self, operation: Operation, outcome: Outcome) -> u64 {
        self.calls[operation as usize][outcome as usize].load(Ordering::Relaxed)
    }

    /// The time that an operation took, all calls together.
    #[must_use]
    pub fn spent(&self, operation: Operation) -> Duration {
        Duration::from_micros(self.micros[operation as usize].load(Ordering::Relaxed))
    }

    /// How often the breaker opened.
    #[must_use]
    pub fn openings(&self) -> u64 {
        self.opened.load(Ordering::Relaxed)
    }
}
