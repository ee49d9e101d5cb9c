//! `allot aggregates rebuild|verify`

use super::{failure::Failure, output};
use crate::{config::Config, start};
use clap::Subcommand;
use service::{Allot, audit::Verification};
use std::{fmt::Write, process::ExitCode};

/// Check and mend the running totals
#[derive(Subcommand)]
pub(super) enum Aggregates {
    /// Compute the totals from the submissions and correct those that differ
    ///
    /// The server may run meanwhile, and its writers don't wait.
    #[command(after_help = "Example:\n  allot aggregates rebuild --budget tax-dollars")]
    Rebuild {
        /// Slug of the budget [default: all]
        #[arg(long, value_name = "BUDGET")]
        budget: Option<String>,
    },
    /// Compare the totals with the submissions; exit code 1 when they differ
    ///
    /// Also checks that every participant has exactly one counted submission, the newest.
    #[command(after_help = "Example:\n  allot aggregates verify")]
    Verify {
        /// Slug of the budget [default: all]
        #[arg(long, value_name = "BUDGET")]
        budget: Option<String>,
    },
}

pub(super) async fn execute(config: &Config, command: Aggregates) -> Result<ExitCode, Failure> {
    let allot = start::for_command(config).await?;
    match command {
        Aggregates::Rebuild { budget } => rebuild(&allot, budget.as_deref()).await,
        Aggregates::Verify { budget } => verify(&allot, budget.as_deref()).await,
    }
}

fn known(allot: &Allot, budget: Option<&str>) -> Result<(), Failure> {
    match budget {
        Some(slug) if allot.catalogue().find(slug).is_none() => {
            Err(Failure::new(format!("there is no budget {slug:?}"), "`allot budget list` shows which there are"))
        }
        _ => Ok(()),
    }
}

async fn verify(allot: &Allot, budget: Option<&str>) -> Result<ExitCode, Failure> {
    known(allot, budget)?;
    let bar = output::counter("reading");
    let found = allot.verify(budget, &|_, rows| bar.set_position(rows)).await?;
    bar.finish_and_clear();
    let mut text = String::new();
    for verification in &found {
        describe(&mut text, verification);
    }
    output::result(&text)?;
    if found.iter().all(Verification::is_exact) {
        return Ok(ExitCode::SUCCESS);
    }
    Err(Failure::new("the totals differ from the submissions", "`allot aggregates rebuild` corrects them"))
}

async fn rebuild(allot: &Allot, budget: Option<&str>) -> Result<ExitCode, Failure> {
    known(allot, budget)?;
    let bar = output::counter("reading");
    let mended = allot.rebuild(budget, &|_, rows| bar.set_position(rows)).await?;
    bar.finish_and_clear();
    let mut text = String::new();
    for one in &mended {
        describe(&mut text, &one.before);
        if let Some(version) = one.corrected {
            // Writing to a string does not fail.
            let _ = writeln!(text, "{}: corrected with version {}", one.before.budget, version.0);
        }
    }
    output::result(&text)?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn describe(text: &mut String, found: &Verification) {
    let verdict = if found.is_exact() { "exact" } else { "DIFFERS" };
    // Writing to a string does not fail.
    let _ = writeln!(text, "{}: {verdict}, {} counted at version {}", found.budget, found.people, found.version.0);
    for difference in &found.differences {
        let (cell, what) = (&difference.cell, &difference.what);
        let _ = writeln!(text, "  {cell}, {what}: summary {}, submissions {}", difference.summary, difference.raw);
    }
    if found.wrong_participants > 0 {
        let _ = writeln!(
            text,
            "  {} participants whose newest submission is not the one that counts",
            found.wrong_participants
        );
    }
}
