//! `allot migrate`

use super::{failure::Failure, output};
use crate::{config::Config, start};
use clap::Args;
use std::process::ExitCode;

/// Bring the database's schema to this version
///
/// `allot serve` and `allot worker` do it by themselves; this is for doing it before. Safe to repeat and to run
/// twice at once.
#[derive(Args)]
#[command(after_help = "Example:\n  allot migrate --database-url sqlite:data/allot.sqlite")]
pub(super) struct Migrate {}

pub(super) async fn execute(config: &Config) -> Result<ExitCode, Failure> {
    start::open_store(config).await?;
    output::result(&format!("{} has the schema of this version", config.database))?;
    Ok(ExitCode::SUCCESS)
}
