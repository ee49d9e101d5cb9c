//! The program as a process: exit codes, messages, and what survives a kill.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that can not go on has failed")]
#![expect(clippy::print_stdout, reason = "what a fault did is reported, and what could not be tried here")]

mod cli;
mod faults;
mod fleet;
mod kill;
mod program;
mod stop;
mod traffic;
