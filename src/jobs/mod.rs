//! Background jobs, composed: which queue, who works on it, and the timetable.

mod attempt;
mod backup;
mod export;
mod queue;
mod timetable;
mod watch;
mod worker;

pub(crate) use queue::Queue;
pub(crate) use watch::watch;
pub(crate) use worker::Worker;
