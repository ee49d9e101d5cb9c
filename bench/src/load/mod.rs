//! The load generator: keep-alive HTTP/1.1 connections, each with one request under way.
//!
//! In a closed loop every answer is followed by the next request: how fast can it go? At a pace, requests are due at
//! fixed times whatever the server does, and an answer's latency counts from when its request was due, so that a server
//! which stalls is charged for all who would have come meanwhile.
//!
//! It shares the machine with the server, so it spends as little as it can: request bytes are prebuilt, of a
//! response only status and length are read, and one thread drives all connections through epoll. It loads
//! nothing but this machine, and is bounded in time and count.

mod connection;
mod paced;
mod parser;
mod report;
mod target;
mod worker;

pub(crate) use parser::Parser;
pub(crate) use report::{Report, Tally};
pub(crate) use target::Target;

use crate::{interrupt, process::usage, requests::Requests, steadiness::Watch};
use anyhow::{Result, anyhow, ensure};
use connection::Connection;
use paced::Paced;
use std::time::{Duration, Instant};
use worker::Worker;

/// What to do.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) target: Target,
    /// Over all threads.
    pub(crate) connections: usize,
    pub(crate) threads: usize,
    /// Load without measuring, first.
    pub(crate) warm_up: Duration,
    pub(crate) measure: Duration,
    /// Requests a second over all connections; `None` = a closed loop.
    pub(crate) pace: Option<f64>,
    /// Core of the generator.
    pub(crate) core: Option<usize>,
    /// The server's process, whose processor time is reported.
    pub(crate) watch: Option<u32>,
}

/// When what happens; the same for all threads.
#[derive(Clone, Copy, Debug)]
struct Window {
    measure_from: Instant,
    stop_at: Instant,
}

/// Longest run.
const MAX_TIME: Duration = Duration::from_secs(700);
/// Most requests of one run and thread.
const MAX_REQUESTS: u64 = 200_000_000;

/// Loads the target; `requests` makes the source of each thread.
///
/// # Errors
/// No source, no connection, a response that isn't HTTP, an interruption.
pub(crate) fn run<R: Requests>(plan: &Plan, requests: impl Fn() -> Result<R>) -> Result<Report> {
    ensure!(plan.warm_up + plan.measure <= MAX_TIME, "a run takes at most {MAX_TIME:?}");
    ensure!(plan.threads > 0 && plan.connections >= plan.threads, "every thread needs a connection");
    allow_connections(plan.connections);
    let mut workers = Vec::new();
    for thread in 0..plan.threads {
        let share = plan.connections / plan.threads + usize::from(thread < plan.connections % plan.threads);
        workers.push(Worker::new(plan.target, share, requests()?)?);
    }
    let pace = plan.pace.map(|rate| Duration::from_secs_f64(plan.threads as f64 / rate));
    let now = Instant::now();
    let window = Window { measure_from: now + plan.warm_up, stop_at: now + plan.warm_up + plan.measure };
    // Only latencies at a pace are judged by a bound.
    let machine = pace.map(|_| Watch::start()).transpose()?;
    std::thread::scope(|scope| {
        let running: Vec<_> = workers
            .into_iter()
            .map(|worker| {
                scope.spawn(move || match pace {
                    None => worker.run(window, plan.core),
                    Some(gap) => Paced::new(worker, gap).run(window, plan.core),
                })
            })
            .collect();
        interrupt::wait_until(window.measure_from);
        let before = Sample::take(plan.watch)?;
        interrupt::wait_until(window.stop_at);
        let after = Sample::take(plan.watch)?;
        let mut tally = Tally::new()?;
        for worker in running {
            tally.add(&worker.join().map_err(|_| anyhow!("a generator thread panicked"))??)?;
        }
        let slow = machine.map(Watch::end);
        interrupt::check()?;
        let elapsed = after.at - before.at;
        let report =
            Report::new(tally, plan.measure, (after.own - before.own, after.watched - before.watched), elapsed);
        match slow {
            Some(slow) => report.apart_from(&slow, window),
            None => Ok(report),
        }
    })
}

/// As far as the system lets a process; what is missing shows when it connects.
fn allow_connections(connections: usize) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let wanted = connections as u64 + 256;
    if limit.current.is_some_and(|current| current < wanted) {
        let current = limit.maximum.map_or(wanted, |maximum| maximum.min(wanted));
        if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: Some(current), maximum: limit.maximum }) {
            eprintln!("  the system allows only {:?} open files: {error}", limit.current);
        }
    }
}

/// Processor time used so far.
struct Sample {
    at: Instant,
    own: Duration,
    watched: Duration,
}

impl Sample {
    fn take(watch: Option<u32>) -> Result<Self> {
        let own = usage::processor_time(std::process::id())?;
        let watched = watch.map_or(Ok(Duration::ZERO), usage::processor_time)?;
        Ok(Self { at: Instant::now(), own, watched })
    }
}
