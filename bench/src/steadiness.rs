//! Whether the machine kept its own pace while something was measured.
//!
//! A virtual machine shares its processors with others that it can't see: now and then the same work takes many times
//! its processor time, on all cores at once, and whoever is under way then waits whatever the server does. So a thread
//! on each core does the same small work every two milliseconds and notes how much of its own processor time it took.
//! Waiting for a core does not count: a server that keeps all cores busy does not make the machine slow.

use crate::{interrupt, pin};
use anyhow::Result;
use rustix::time::{ClockId, clock_gettime};
use std::{
    hint::black_box,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// Between two looks; with the work of one, about a hundredth of a core.
const PAUSE: Duration = Duration::from_millis(2);
/// Some twenty microseconds.
const STEPS: u64 = 20_000;
/// Slow is what takes this many times as long as usual. Processors that are threads of one core take less than twice.
const TIMES: u32 = 5;

/// When a look began, and the processor time of its work.
type Look = (Instant, Duration);

/// Looks until it is asked what it saw.
#[derive(Debug)]
pub(crate) struct Watch {
    stop: Arc<AtomicBool>,
    cores: Vec<JoinHandle<Vec<Look>>>,
}

impl Watch {
    /// On every core that this process may use.
    pub(crate) fn start() -> Result<Self> {
        let stop = Arc::<AtomicBool>::default();
        let cores = pin::allowed()?.map(|core| {
            let stop = Arc::clone(&stop);
            thread::spawn(move || look(core, &stop))
        });
        Ok(Self { cores: cores.collect(), stop })
    }

    /// When the machine was slow.
    pub(crate) fn end(self) -> Slow {
        self.stop.store(true, Ordering::Relaxed);
        let looks = self.cores.into_iter().filter_map(|core| core.join().ok());
        Slow::of(looks.flat_map(|looks| spans(&looks)).collect())
    }
}

/// Share of the time in which the machine is slow although nothing is measured.
pub(crate) fn at_rest(time: Duration) -> Result<f64> {
    let (watch, from) = (Watch::start()?, Instant::now());
    interrupt::wait_until(from + time);
    Ok(watch.end().share(from, Instant::now()))
}

fn look(core: usize, stop: &AtomicBool) -> Vec<Look> {
    let mut looks = Vec::new();
    if pin::to(core).is_err() {
        return looks;
    }
    loop {
        let (at, before) = (Instant::now(), processor_time());
        let mut value = black_box(1_u64);
        for _ in 0..STEPS {
            value = black_box(value.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
        }
        looks.push((at, processor_time().saturating_sub(before)));
        if stop.load(Ordering::Relaxed) {
            return looks;
        }
        thread::sleep(PAUSE);
    }
}

/// Of this thread.
fn processor_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}

/// From every slow look of a core to the next look.
fn spans(looks: &[Look]) -> Vec<(Instant, Instant)> {
    let mut times: Vec<_> = looks.iter().map(|(_, took)| *took).collect();
    times.sort_unstable();
    let Some(usual) = times.get(times.len() / 2) else { return Vec::new() };
    let slow = looks.iter().enumerate().filter(|(_, (_, took))| *took > *usual * TIMES);
    slow.map(|(index, &(at, took))| (at, looks.get(index + 1).map_or(at + took, |(next, _)| *next))).collect()
}

/// When the machine was slow, on one core at least.
#[derive(Debug, Default)]
pub(crate) struct Slow {
    /// In order, apart from each other.
    spans: Vec<(Instant, Instant)>,
}

impl Slow {
    fn of(mut spans: Vec<(Instant, Instant)>) -> Self {
        spans.sort_unstable();
        let mut merged: Vec<(Instant, Instant)> = Vec::new();
        for (from, to) in spans {
            match merged.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => merged.push((from, to)),
            }
        }
        Self { spans: merged }
    }

    /// Whether any of it was within `from..=to`.
    pub(crate) fn meets(&self, from: Instant, to: Instant) -> bool {
        let after = self.spans.partition_point(|(_, end)| *end < from);
        self.spans.get(after).is_some_and(|(begin, _)| *begin <= to)
    }

    /// Of the time between the two.
    pub(crate) fn share(&self, from: Instant, to: Instant) -> f64 {
        let slow = self.spans.iter().map(|(begin, end)| (*end).min(to).saturating_duration_since((*begin).max(from)));
        slow.sum::<Duration>().as_secs_f64() / to.saturating_duration_since(from).as_secs_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(number: u64) -> Duration {
        Duration::from_millis(number)
    }

    #[test]
    fn work_that_takes_many_times_its_usual_time_makes_the_machine_slow_until_the_next_look() {
        let start = Instant::now();
        let took = [20, 20, 90, 500, 110, 20, 20];
        let looks: Vec<Look> =
            took.iter().zip(0..).map(|(took, at)| (start + ms(2 * at), Duration::from_micros(*took))).collect();
        assert_eq!(spans(&looks), [(start + ms(6), start + ms(8)), (start + ms(8), start + ms(10))]);
    }

    #[test]
    fn a_request_is_disturbed_if_the_machine_was_slow_at_any_moment_of_it() {
        let start = Instant::now();
        let at = |number| start + ms(number);
        let slow = Slow::of(vec![(at(30), at(34)), (at(10), at(12)), (at(11), at(14)), (at(14), at(16))]);
        assert_eq!(slow.spans, [(at(10), at(16)), (at(30), at(34))]);
        for (from, to, expected) in [
            (0, 9, false),
            (0, 10, true),
            (12, 13, true),
            (15, 29, true),
            (17, 29, false),
            (17, 40, true),
            (35, 90, false),
        ] {
            assert_eq!(slow.meets(at(from), at(to)), expected, "{from} to {to}");
        }
        assert!((slow.share(at(0), at(100)) - 0.1).abs() < 1e-9);
        assert!((slow.share(at(12), at(32)) - 0.3).abs() < 1e-9);
    }

    #[test]
    fn every_core_is_looked_at_once_at_least() {
        let watch = Watch::start().unwrap();
        assert!(!watch.cores.is_empty());
        watch.stop.store(true, Ordering::Relaxed);
        for core in watch.cores {
            assert!(!core.join().unwrap().is_empty());
        }
    }
}
