//! The program as a process: exit codes, messages, and what survives a kill.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that can not go on has failed")]
#![expect(clippy::print_stdout, reason = "what a fault did is reported, and what could not be tried here")]

mod backup;
mod cli;
#[path = "../../crates/store-postgres/tests/cluster/mod.rs"]
mod cluster;
mod copy;
#[path = "../../crates/store-postgres/tests/cluster/shared.rs"]
mod databases;
mod events;
mod everything;
mod export;
mod faults;
mod fleet;
mod jobs;
mod kill;
mod log;
mod operators;
mod program;
mod replica;
mod stop;
mod taxbudget;
mod through_nginx;
mod traffic;
