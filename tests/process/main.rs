//! The program as a process: exit codes, messages, and what survives a kill.

#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

mod cli;
mod kill;
mod program;
mod stop;
mod traffic;
