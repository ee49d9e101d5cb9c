//! `allot db archive|copy|stats`

use super::{archive, copy, failure::Failure, output};
use crate::{config::Config, start};
use clap::Subcommand;
use std::{fmt::Write, process::ExitCode};

/// Look into the database, copy it to another, or archive what is old
#[derive(Subcommand)]
pub(super) enum Db {
    Archive(archive::Archive),
    Copy(copy::Copy),
    /// Show what the database holds: size, budgets, submissions per day
    #[command(after_help = "Example:\n  allot db stats --days 30")]
    Stats {
        /// Days to list
        #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=3660))]
        days: u32,
    },
}

pub(super) async fn execute(config: &Config, command: Db) -> Result<ExitCode, Failure> {
    match command {
        Db::Archive(command) => archive::execute(config, command).await,
        Db::Copy(command) => copy::execute(config, command).await,
        Db::Stats { days } => stats(config, days).await,
    }
}

async fn stats(config: &Config, days: u32) -> Result<ExitCode, Failure> {
    let store = start::open_store(config).await?;
    let bytes = store.bytes_on_disk().await?;
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = writeln!(
        text,
        "{}: {:.1} MiB, {} deltas not folded",
        config.database,
        bytes as f64 / 1_048_576.0,
        store.unfolded().await?
    );
    for record in store.budgets().await? {
        let counted = store.total(record.id).await?.map_or(0, |at| at.total.people());
        let state = if record.closed { ", closed" } else { "" };
        let _ = writeln!(text, "\n{}: {counted} counted, version {}{state}", record.budget.slug, record.head.0);
        for (day, submissions) in store.submissions_per_day(record.id, days).await? {
            let _ = writeln!(text, "  {day} {submissions:>12}");
        }
    }
    output::result(&text)?;
    Ok(ExitCode::SUCCESS)
}
