//! Background jobs: which there are, how long and how often each may try, and what each does.
//!
//! Every job may run more than once (a worker that died took it along half done), so each is written to do no harm the
//! second time. How jobs reach a worker is the queue's business ([`crate::port::JobQueue`]).

mod kind;
mod run;
mod schedule;

pub use kind::{Job, Kind, Policy};
pub use run::{Backup, Export, JobError, Runner, Words};
pub use schedule::{SCHEDULES, Schedule};
