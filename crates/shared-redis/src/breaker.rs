//! A circuit breaker: whether Redis is asked at all.
//!
//! Our own, because who probes is the point: the task that reconnects does, never a request, so that no reader pays
//! for finding out that Redis is still away. The crates for this wrap calls and let one of them be the probe.
//!
//! ```text
//! closed --(some failures in a row, or the connection lost)--> open
//! open --(a pause, longer each time, with jitter)--> half open
//! half open --(the probe answers)--> closed, --(it does not)--> open
//! ```

use std::time::Duration;

/// Failures in a row that open it: one may be a hiccup.
const FAILURES: u32 = 3;
/// The first pause before a probe; doubles with every failure until calls succeed again.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Whether calls go through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// They do.
    Closed,
    /// Being tried by a probe; calls fail at once.
    HalfOpen,
    /// Calls fail at once.
    Open,
}

impl Condition {
    /// The name in health and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::HalfOpen => "half_open",
            Self::Open => "open",
        }
    }
}

/// The state machine alone: no time, no I/O.
#[derive(Debug)]
pub(crate) struct Breaker {
    condition: Condition,
    /// In a row, while closed.
    failures: u32,
    /// How often it opened since a call succeeded.
    openings: u32,
}

impl Breaker {
    /// Before the first connection.
    pub(crate) const fn new() -> Self {
        Self { condition: Condition::HalfOpen, failures: 0, openings: 0 }
    }

    pub(crate) const fn condition(&self) -> Condition {
        self.condition
    }

    /// A call or the probe succeeded.
    pub(crate) fn succeeded(&mut self) {
        match self.condition {
            Condition::Closed => (self.failures, self.openings) = (0, 0),
            // A probe alone does not shorten the pauses: a Redis that answers probes and nothing else stays rare.
            Condition::HalfOpen => (self.condition, self.failures) = (Condition::Closed, 0),
            // The answer of a call that began earlier.
            Condition::Open => {}
        }
    }

    /// A call or the probe failed; `true` when that opened it.
    pub(crate) fn failed(&mut self) -> bool {
        match self.condition {
            Condition::Closed => {
                self.failures += 1;
                self.failures >= FAILURES && self.lost()
            }
            Condition::HalfOpen => self.lost(),
            Condition::Open => false,
        }
    }

    /// The connection is gone: nothing need be tried to know; `true` when that opened it.
    pub(crate) fn lost(&mut self) -> bool {
        if self.condition == Condition::Open {
            return false;
        }
        self.condition = Condition::Open;
        self.openings = self.openings.saturating_add(1);
        true
    }

    /// The pause is over: one probe may try.
    pub(crate) fn probe(&mut self) {
        self.condition = Condition::HalfOpen;
    }

    /// How long to wait before the probe: between half and all of what doubling gives, so that processes that lost
    /// the same Redis do not come back all at once.
    pub(crate) fn pause(&self, random: u32) -> Duration {
        let doubled = FIRST_PAUSE.saturating_mul(1 << self.openings.saturating_sub(1).min(16)).min(LONGEST_PAUSE);
        doubled / 2 + (doubled / 2).mul_f64(f64::from(random) / f64::from(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn closed() -> Breaker {
        let mut breaker = Breaker::new();
        breaker.succeeded();
        breaker
    }

    #[test]
    fn some_failures_in_a_row_open_it_and_a_success_between_them_does_not() {
        let mut breaker = closed();
        for _ in 0..10 {
            assert!(!breaker.failed());
            assert!(!breaker.failed());
            breaker.succeeded();
        }
        assert_eq!((breaker.failed(), breaker.failed(), breaker.failed()), (false, false, true));
        assert_eq!(breaker.condition(), Condition::Open);
        breaker.succeeded();
        assert_eq!(breaker.condition(), Condition::Open, "a late answer closes nothing");
    }

    #[test]
    fn one_probe_decides() {
        let mut breaker = closed();
        assert!(breaker.lost());
        breaker.probe();
        assert_eq!(breaker.condition(), Condition::HalfOpen);
        assert!(breaker.failed());
        breaker.probe();
        breaker.succeeded();
        assert_eq!(breaker.condition(), Condition::Closed);
    }

    #[test]
    fn pauses_double_until_calls_succeed_again() {
        let mut breaker = closed();
        let mut pauses = Vec::new();
        for _ in 0..9 {
            breaker.lost();
            pauses.push(breaker.pause(u32::MAX));
            breaker.probe();
            breaker.succeeded();
        }
        let expected: Vec<_> = (0..9).map(|n| (FIRST_PAUSE * (1 << n)).min(LONGEST_PAUSE)).collect();
        assert_eq!(pauses, expected, "answering probes alone is no recovery");
        breaker.succeeded();
        breaker.lost();
        assert_eq!(breaker.pause(u32::MAX), FIRST_PAUSE);
    }

    proptest! {
        #[test]
        fn a_pause_is_jittered_but_never_short_and_never_long(openings in 0u32.., random: u32) {
            let breaker = Breaker { condition: Condition::Open, failures: 0, openings };
            let pause = breaker.pause(random);
            prop_assert!(pause >= FIRST_PAUSE / 2 && pause <= LONGEST_PAUSE);
        }

        #[test]
        fn whatever_happens_it_opens_only_once_until_a_probe(events in prop::collection::vec(0u8..4, 0..60)) {
            let mut breaker = closed();
            let mut open = false;
            for event in events {
                match event {
                    0 => breaker.succeeded(),
                    1 | 2 => {
                        let opened = if event == 1 { breaker.failed() } else { breaker.lost() };
                        prop_assert!(!(opened && open));
                        open |= opened;
                    }
                    _ if open => {
                        breaker.probe();
                        open = false;
                    }
                    _ => {}
                }
                prop_assert_eq!(open, breaker.condition() == Condition::Open);
            }
        }
    }
}
