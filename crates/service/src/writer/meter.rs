//! What is measured of writing.

use crate::histogram::{Histogram, SECONDS, SIZES};
use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Counts of all writers of this process.
#[derive(Debug)]
pub struct WriterMeter {
    /// Submissions of one batch.
    pub sizes: Histogram,
    /// From a batch's beginning until it has outcomes, repetitions included.
    pub commits: Histogram,
    /// How long a submission waited until its batch began.
    pub waits: Histogram,
}

impl WriterMeter {
    pub(super) fn new() -> Self {
        Self { sizes: Histogram::new(SIZES), commits: Histogram::new(SECONDS), waits: Histogram::new(SECONDS) }
    }
}

/// Since when the oldest submission of the batch that is being committed has waited.
#[derive(Debug, Default)]
pub(super) struct Oldest(Mutex<Option<Instant>>);

impl Oldest {
    pub(super) fn set(&self, since: Option<Instant>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = since;
    }

    pub(super) fn age(&self) -> Option<Duration> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).map(|since| since.elapsed())
    }
}
