//! The program as a process: exit codes, messages, and what survives a kill.

mod cli;
mod kill;
mod program;
