//! Which cores do what.
//!
//! A read comparison gives the server one core and the generator another: the ratio then says what the server's
//! code costs, and isn't thinned by the generator's own cost. Where there is one core only, all share it.

use anyhow::Result;
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// A core for the server and another for the generator.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cores {
    /// `None` = nothing is pinned.
    pub(crate) server: Option<usize>,
    pub(crate) generator: Option<usize>,
}

impl Cores {
    /// The first and the last that this process may use.
    pub(crate) fn choose() -> Result<Self> {
        let mut cores = allowed()?;
        Ok(match (cores.next(), cores.next_back()) {
            (Some(first), Some(last)) => Self { server: Some(first), generator: Some(last) },
            _ => Self { server: None, generator: None },
        })
    }
}

/// The cores that this process may use.
pub(crate) fn allowed() -> Result<impl DoubleEndedIterator<Item = usize>> {
    let allowed = sched_getaffinity(None)?;
    Ok((0..CpuSet::MAX_CPU).filter(move |core| allowed.is_set(*core)))
}

/// Keeps the calling thread, and the processes it starts later, on one core.
pub(crate) fn to(core: usize) -> Result<()> {
    let mut set = CpuSet::new();
    set.set(core);
    Ok(sched_setaffinity(None, &set)?)
}

/// Runs `start` so that a process started in it stays on `core`.
pub(crate) fn starting<T>(core: Option<usize>, start: impl FnOnce() -> Result<T>) -> Result<T> {
    let Some(core) = core else { return start() };
    let before = sched_getaffinity(None)?;
    to(core)?;
    let started = start();
    sched_setaffinity(None, &before)?;
    started
}
