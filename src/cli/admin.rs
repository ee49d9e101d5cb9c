//! `allot admin`: what an operator does by hand, under one name.

use super::{budget, doctor, failure::Failure, limits, submissions};
use crate::config::Config;
use clap::Subcommand;
use std::process::ExitCode;

/// What an operator does by hand: budgets, requests of people, limits, a check-up
///
/// The same commands as without `admin`.
#[derive(Subcommand)]
pub(super) enum Admin {
    #[command(subcommand)]
    Budget(budget::Budget),
    #[command(subcommand)]
    Submissions(submissions::Submissions),
    #[command(subcommand)]
    Limits(limits::Limits),
    Doctor(doctor::Doctor),
}

pub(super) async fn execute(config: Config, command: Admin) -> Result<ExitCode, Failure> {
    match command {
        Admin::Budget(command) => budget::execute(&config, command).await,
        Admin::Submissions(command) => submissions::execute(&config, command).await,
        Admin::Limits(command) => limits::execute(&config, command).await,
        Admin::Doctor(command) => doctor::execute(Ok(config), &command).await,
    }
}
