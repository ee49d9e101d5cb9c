//! Parts fail while submissions arrive and readers read; afterwards everything must be exact.
//!
//! Each test breaks one part of a running fleet. Whatever was acknowledged must be stored and counted once, whatever
//! was refused must be safe to send again, readers must keep being answered without what is away, and all of it must
//! recover without a restart. Each test also shows that its fault was felt. Waiting is bounded generously: how long it
//! took is reported (`scripts/faults`).

mod account;
mod clock;
mod disk;
mod felt;
mod load;
mod postgres;
mod processes;
mod redis;
mod relayed;
mod replica;
mod rolling;
mod visitors;

use account::Account;
use felt::Away;
use load::Load;
use std::{
    sync::{Condvar, Mutex, PoisonError},
    time::{Duration, Instant},
};
use visitors::Visitors;

/// Until an answer must have come after a fault, whatever the machine does meanwhile.
const RECOVERY: Duration = Duration::from_secs(30);

/// How much is done: 1, or more with `ALLOT_FAULTS=long`.
fn scale() -> u32 {
    if std::env::var("ALLOT_FAULTS").is_ok_and(|value| value == "long") { 10 } else { 1 }
}

/// Lets the load run for a while.
fn under_load_for(time: Duration) {
    let until = Instant::now() + time;
    std::thread::sleep(until.saturating_duration_since(Instant::now()));
}

/// Faults at a time: on a small machine more fleets would wait for each other. `scripts/faults`, which reports what it
/// measures, runs one test at a time.
const FAULTS: u32 = 2;

static RUNNING: Mutex<u32> = Mutex::new(0);
static ENDED: Condvar = Condvar::new();

/// Leave to break something.
struct Turn;

impl Turn {
    fn take() -> Self {
        let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        let running = ENDED.wait_while(running, |running| *running == FAULTS);
        *running.unwrap_or_else(PoisonError::into_inner) += 1;
        Self
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        ENDED.notify_one();
    }
}
