//! Ctrl-C and SIGTERM end a run through its destructors, so that no server and no data is left behind.

use anyhow::{Result, bail};
use signal_hook::consts::{SIGINT, SIGTERM};
use std::{
    sync::{
        Arc, LazyLock,
        atomic::{AtomicBool, Ordering},
    },
    thread::sleep,
    time::{Duration, Instant},
};

static ASKED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

pub(crate) fn listen() -> Result<()> {
    for signal in [SIGINT, SIGTERM] {
        // The second signal ends at once.
        signal_hook::flag::register_conditional_shutdown(signal, 130, ASKED.clone())?;
        signal_hook::flag::register(signal, ASKED.clone())?;
    }
    Ok(())
}

pub(crate) fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}

pub(crate) fn check() -> Result<()> {
    if asked() {
        bail!("interrupted");
    }
    Ok(())
}

/// Sleeps, in steps, so that an interruption ends the run soon.
pub(crate) fn wait_until(instant: Instant) {
    while !asked() {
        let left = instant.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        sleep(left.min(Duration::from_millis(100)));
    }
}
