//! `allot budget export`

use super::{failure::Failure, jobs, moving, output};
use crate::{config::Config, start};
use clap::Args;
use service::{
    jobs::Job,
    open_data::{self, ExportError, Written},
    port::{Clock, SystemClock},
};
use std::{
    fmt::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Write the counted answers to a budget into a CSV file, without saying whose they are
///
/// A row is the day (UTC) and the shares in percent. Rows are sorted by day, then by the shares. There are no ids, no
/// participants, no times of day and no answers about people; archived submissions are missing. The servers may run.
///
/// Only its owner may read the file. Before you publish it read docs/operations/open-data.md: where few people answered,
/// a row can tell who gave it.
#[derive(Args)]
#[command(
    after_help = "Example:\n  allot budget export us-fy2024 --out us-fy2024.csv\n  allot budget export us-fy2024 --background"
)]
pub(super) struct Export {
    /// Its slug, as `allot budget list` shows it
    slug: String,
    /// The file, which must not be there yet [default: SLUG-YYYYMMDD.csv in the working folder]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Let a worker write it into `exports` in its data folder, and don't wait: `allot jobs list` shows how far it is
    #[arg(long, conflicts_with = "out")]
    background: bool,
}

pub(super) async fn execute(config: &Config, command: Export) -> Result<ExitCode, Failure> {
    moving::must_exist(&config.database)?;
    let store = start::open(&config.database, &config.connections).await?;
    let Export { slug, out, background } = command;
    if !store.budgets().await?.iter().any(|record| record.budget.slug == slug) {
        return Err(unknown(&slug));
    }
    if background {
        return jobs::enqueue(config, &Job::Export { budget: slug }, false).await;
    }
    let path = out.unwrap_or_else(|| open_data::name_of_day(&slug, SystemClock.now()).into());
    let bar = output::bar(0, "reading");
    let progress = |passed: u64, all: u64| {
        bar.set_length(all);
        bar.set_position(passed);
    };
    let written = open_data::to_file(&store, &slug, &path, &progress).await;
    bar.finish_and_clear();
    output::result(&report(&written.map_err(|error| failure(error, &path))?))?;
    Ok(ExitCode::SUCCESS)
}

fn report(written: &Written) -> String {
    let mut text = format!("{}: {} rows, {} bytes\n", written.path.display(), written.rows, written.bytes);
    if written.archived > 0 {
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "{} more are counted and archived: only their totals are left, so they are not in the file",
            written.archived
        );
    }
    text
}

fn unknown(slug: &str) -> Failure {
    Failure::new(format!("there is no budget {slug:?}"), "`allot budget list` shows which there are")
}

fn failure(error: ExportError, path: &Path) -> Failure {
    let what = format!("{}: {error}", path.display());
    match error {
        ExportError::Store(error) => error.into(),
        ExportError::UnknownBudget(slug) => unknown(&slug),
        ExportError::Exists => Failure::new(what, "name another file with --out, or move that one away"),
        ExportError::Io(_) => Failure::new(what, "check the path, its owner, and the free space of the disk"),
    }
}
