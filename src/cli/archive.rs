//! `allot db archive`

use super::{failure::Failure, output};
use crate::{config::Config, start};
use clap::Args;
use domain::Month;
use service::archive::{AFTER_DAYS, ArchiveError, Archiving};
use std::{fmt::Write, process::ExitCode};

/// Take old submissions out of the database; what is counted stays
///
/// Of the months that ended 120 days ago or earlier: submissions without a participant are added up and then deleted,
/// and so are those that their participant has replaced by a newer one. A participant's counted submission stays. No
/// total changes, and `allot aggregates verify` still checks all of them.
///
/// What is archived can't be brought back, shown, exported or deleted one by one any more: make a backup first. The
/// server may run meanwhile. The command may be stopped at any moment, and goes on when it is run again.
#[derive(Args)]
#[command(after_help = "Example:\n  allot db archive --dry-run\n  allot db archive --before 2026-01")]
pub(super) struct Archive {
    /// Archive what was submitted before this month [default: the newest that is possible]
    #[arg(long, value_name = "YYYY-MM")]
    before: Option<Month>,
    /// Only show what would be archived
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn execute(config: &Config, command: Archive) -> Result<ExitCode, Failure> {
    let allot = start::for_command(config).await?;
    let (before, found) = allot.archivable(command.before).await.map_err(failure)?;
    let mut text = format!("Before {before}{}:\n", if command.dry_run { " (nothing was changed)" } else { "" });
    for Archiving { budget, found } in &found {
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "{budget}: {} counted submissions to archive, {} superseded ones to forget, {} of participants stay",
            found.counted, found.superseded, found.kept
        );
    }
    if !command.dry_run {
        let bar = output::bar(found.iter().map(|one| one.found.counted + one.found.superseded).sum(), "archiving");
        let archived = allot.archive(Some(before), &|rows| bar.set_position(rows)).await.map_err(failure)?;
        bar.finish_and_clear();
        let _ = writeln!(text, "{archived} submissions were taken out");
    }
    output::result(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn failure(error: ArchiveError) -> Failure {
    match error {
        ArchiveError::TooNew { newest } => Failure::new(
            error.to_string(),
            format!(
                "a month must have ended {AFTER_DAYS} days ago: leave --before out, or give {newest} or an earlier one"
            ),
        ),
        ArchiveError::Store(error) => error.into(),
    }
}
