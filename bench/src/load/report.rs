//! What a run saw.

use super::Window;
use crate::steadiness::Slow;
use anyhow::{Result, ensure};
use hdrhistogram::Histogram;
use std::{
    collections::BTreeMap,
    fmt,
    time::{Duration, Instant},
};

/// What one thread counted.
#[derive(Debug)]
pub(crate) struct Tally {
    /// Nanoseconds, of what was answered within the measured time.
    latency: Histogram<u64>,
    /// At a pace, when each of these was due and answered.
    pub(super) spans: Vec<(Instant, Instant)>,
    /// Every answer, also while warming up and after the end.
    pub(super) statuses: BTreeMap<u16, u64>,
    /// Connections that the server closed.
    pub(super) closed: u64,
    /// Requests under way on a connection that was closed.
    pub(super) lost: u64,
    /// Requests without an answer in time.
    pub(super) unanswered: u64,
}

impl Tally {
    pub(super) fn new() -> Result<Self> {
        Ok(Self {
            latency: histogram()?,
            spans: Vec::new(),
            statuses: BTreeMap::new(),
            closed: 0,
            lost: 0,
            unanswered: 0,
        })
    }

    pub(super) fn count(&mut self, status: u16, latency: Option<Duration>) {
        *self.statuses.entry(status).or_default() += 1;
        if let Some(latency) = latency {
            record(&mut self.latency, latency);
        }
    }

    pub(super) fn add(&mut self, other: &Self) -> Result<()> {
        self.latency.add(&other.latency)?;
        self.spans.extend_from_slice(&other.spans);
        for (status, count) in &other.statuses {
            *self.statuses.entry(*status).or_default() += count;
        }
        self.closed += other.closed;
        self.lost += other.lost;
        self.unanswered += other.unanswered;
        Ok(())
    }
}

/// Nanoseconds.
fn histogram() -> Result<Histogram<u64>> {
    Ok(Histogram::new_with_bounds(1_000, 60_000_000_000, 3)?)
}

fn record(histogram: &mut Histogram<u64>, latency: Duration) {
    histogram.saturating_record(u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX));
}

/// What a run at a pace saw of the machine.
#[derive(Debug)]
struct Undisturbed {
    /// Of the requests during which the machine was never slow.
    latency: Histogram<u64>,
    /// Share of the time in which it was.
    slow: f64,
}

/// The result of a run.
#[derive(Debug)]
pub(crate) struct Report {
    tally: Tally,
    undisturbed: Option<Undisturbed>,
    measured: Duration,
    /// Share of one core that the generator used.
    pub(crate) generator_cores: f64,
    /// Cores that the watched server used.
    pub(crate) server_cores: f64,
}

impl Report {
    pub(super) fn new(tally: Tally, measured: Duration, used: (Duration, Duration), elapsed: Duration) -> Self {
        let share = |used: Duration| used.as_secs_f64() / elapsed.as_secs_f64();
        Self { tally, undisturbed: None, measured, generator_cores: share(used.0), server_cores: share(used.1) }
    }

    /// Also tells latencies apart from those during which the machine was slow.
    pub(super) fn apart_from(mut self, slow: &Slow, window: Window) -> Result<Self> {
        let mut latency = histogram()?;
        for (due, answered) in self.tally.spans.drain(..).filter(|(due, answered)| !slow.meets(*due, *answered)) {
            record(&mut latency, answered - due);
        }
        self.undisturbed = Some(Undisturbed { latency, slow: slow.share(window.measure_from, window.stop_at) });
        Ok(self)
    }

    /// At a pace: microseconds below which this share of the answers came during which the machine was never slow.
    pub(crate) fn undisturbed_micros(&self, quantile: f64) -> Option<f64> {
        Some(self.undisturbed.as_ref()?.latency.value_at_quantile(quantile) as f64 / 1e3)
    }

    /// At a pace: the share of the answers during which the machine was never slow.
    pub(crate) fn undisturbed_share(&self) -> Option<f64> {
        Some(self.undisturbed.as_ref()?.latency.len() as f64 / self.tally.latency.len().max(1) as f64)
    }

    /// At a pace: the share of the time in which the machine was slow.
    pub(crate) fn slow_share(&self) -> Option<f64> {
        Some(self.undisturbed.as_ref()?.slow)
    }

    /// Answers a second.
    pub(crate) fn rate(&self) -> f64 {
        self.tally.latency.len() as f64 / self.measured.as_secs_f64()
    }

    /// Microseconds below which this share of the answers came.
    pub(crate) fn latency_micros(&self, quantile: f64) -> f64 {
        self.tally.latency.value_at_quantile(quantile) as f64 / 1e3
    }

    /// Microseconds of the generator's processor time per answer.
    pub(crate) fn generator_micros(&self) -> f64 {
        self.generator_cores * 1e6 / self.rate().max(1.0)
    }

    /// Microseconds of the server's processor time per answer.
    pub(crate) fn server_micros(&self) -> f64 {
        self.server_cores * 1e6 / self.rate().max(1.0)
    }

    /// Answers with this status, also while warming up and after the end.
    pub(crate) fn answered(&self, status: u16) -> u64 {
        self.tally.statuses.get(&status).copied().unwrap_or_default()
    }

    /// # Errors
    /// Any other answer, none, or a connection that was closed.
    pub(crate) fn expect_only(&self, status: u16) -> Result<()> {
        self.expect_each(&[status])
    }

    /// # Errors
    /// An answer that is none of these, none at all, or a connection that was closed.
    pub(crate) fn expect_each(&self, statuses: &[u16]) -> Result<()> {
        ensure!(!self.tally.latency.is_empty(), "nothing was answered in the measured time: {self}");
        let total: u64 = self.tally.statuses.values().sum();
        let expected: u64 = statuses.iter().map(|status| self.answered(*status)).sum();
        ensure!(
            total == expected && self.tally.lost + self.tally.unanswered == 0,
            "not only answers with {statuses:?}: {self}"
        );
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0} a second", self.rate())?;
        for (name, quantile) in [("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999)] {
            write!(f, ", {name} {:.0} µs", self.latency_micros(quantile))?;
        }
        write!(f, "; generator {:.0} % of a core", self.generator_cores * 100.0)?;
        if self.server_cores > 0.0 {
            write!(f, ", server {:.0} % ({:.1} µs a request)", self.server_cores * 100.0, self.server_micros())?;
        }
        if let (Some(slow), Some(share), Some(p99)) =
            (self.slow_share(), self.undisturbed_share(), self.undisturbed_micros(0.99))
        {
            write!(f, "; machine slow {:.1} % of the time, p99 of the other {:.1} % ", slow * 100.0, share * 100.0)?;
            write!(f, "{p99:.0} µs")?;
        }
        write!(f, "; answers {:?}", self.tally.statuses)?;
        let Tally { closed, lost, unanswered, .. } = &self.tally;
        if closed + lost + unanswered > 0 {
            write!(f, ", connections closed {closed}, requests lost {lost}, unanswered {unanswered}")?;
        }
        Ok(())
    }
}
