//! Allot against plain baselines, on this machine, in the same minute.
//!
//! `bench compare` starts its own servers with their own data, measures them in turn with a baseline and prints
//! one table; `bench load` is the load generator alone. See `README.md` beside this package.
#![expect(clippy::print_stdout, reason = "a command-line tool that reports what it measured")]

mod capture;
mod cli;
mod clock;
mod compare;
mod interrupt;
mod load;
mod machine;
mod pin;
mod process;
mod report;
mod requests;
mod rounds;
mod scenario;
mod single;
mod steadiness;

use anyhow::Result;
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    interrupt::listen()?;
    match cli::Cli::parse().command {
        cli::Command::Compare(options) => compare::run(&options),
        cli::Command::Load(options) => single::run(&options),
        cli::Command::List => {
            for scenario in scenario::ALL {
                println!("{:<18} {}", scenario.name, scenario.about);
            }
            Ok(())
        }
    }
}
