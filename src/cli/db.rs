//! `allot db analyze|archive|copy|stats`

use super::{analyze, archive, copy, failure::Failure, stats};
use crate::config::Config;
use clap::Subcommand;
use std::process::ExitCode;

/// Look into the database, copy it to another, or archive what is old
#[derive(Subcommand)]
pub(super) enum Db {
    Analyze(analyze::Analyze),
    Archive(archive::Archive),
    Copy(copy::Copy),
    Stats(stats::Stats),
}

pub(super) async fn execute(config: &Config, command: Db) -> Result<ExitCode, Failure> {
    match command {
        Db::Analyze(command) => analyze::execute(config, command).await,
        Db::Archive(command) => archive::execute(config, command).await,
        Db::Copy(command) => copy::execute(config, command).await,
        Db::Stats(command) => stats::execute(config, command).await,
    }
}
