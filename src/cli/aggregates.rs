//! `allot aggregates rebuild|verify`

use super::{failure::Failure, jobs, output};
use crate::{
    config::{Config, Database},
    start,
};
use clap::Subcommand;
use serde_json::{Value, json};
use service::{
    Allot,
    audit::{Difference, Rebuild, Verification},
    jobs::Job,
    port::StoreError,
};
use std::{fmt::Write, process::ExitCode, sync::Arc};

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
        /// Let a worker do it, and don't wait: `allot jobs list` shows how far it is
        #[arg(long)]
        background: bool,
        /// As JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Compare the totals with the submissions; exit code 1 when they differ
    ///
    /// Also checks that every participant has exactly one counted submission, the newest.
    ///
    /// With a replica (DATABASE_READ_URL) it reads that one, so that the database isn't slowed down. The last line says
    /// which server was audited: what is right on a replica says nothing of what the database has got since.
    #[command(after_help = "Example:\n  allot aggregates verify")]
    Verify {
        /// Slug of the budget [default: all]
        #[arg(long, value_name = "BUDGET")]
        budget: Option<String>,
        /// Read the database itself (DATABASE_URL), also if there is a replica
        #[arg(long)]
        primary: bool,
        /// As JSON, for programs
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn execute(config: &Config, command: Aggregates) -> Result<ExitCode, Failure> {
    match command {
        Aggregates::Rebuild { budget, background: true, json } => {
            enqueue(config, &*start::for_command(config).await?, budget, json).await
        }
        Aggregates::Rebuild { budget, background: false, json } => {
            rebuild(&*start::for_command(config).await?, budget.as_deref(), json).await
        }
        Aggregates::Verify { budget, primary, json } => {
            verify(&Audited::open(config, primary).await?, budget.as_deref(), json).await
        }
    }
}

/// The server that is verified.
struct Audited<'c> {
    allot: Arc<Allot>,
    address: &'c Database,
    is_replica: bool,
}

impl<'c> Audited<'c> {
    async fn open(config: &'c Config, primary: bool) -> Result<Self, Failure> {
        match &config.replica {
            Some(address) if !primary => {
                let opened = start::on_replica(config, address).await;
                let allot = opened.map_err(|error| of_replica(address, error.to_string()))?;
                Ok(Self { allot, address, is_replica: true })
            }
            _ => Ok(Self { allot: start::for_command(config).await?, address: &config.database, is_replica: false }),
        }
    }

    fn failure(&self, error: StoreError) -> Failure {
        if self.is_replica { of_replica(self.address, error.to_string()) } else { error.into() }
    }
}

fn of_replica(address: &Database, what: String) -> Failure {
    Failure::new(
        format!("the replica {address} can't be verified: {what}"),
        "--primary reads the database itself; a replica that breaks off long reads needs hot_standby_feedback = on",
    )
}

fn known(allot: &Allot, budget: Option<&str>) -> Result<(), Failure> {
    match budget {
        Some(slug) if allot.catalogue().find(slug).is_none() => {
            Err(Failure::new(format!("there is no budget {slug:?}"), "`allot budget list` shows which there are"))
        }
        _ => Ok(()),
    }
}

async fn verify(audited: &Audited<'_>, budget: Option<&str>, json: bool) -> Result<ExitCode, Failure> {
    known(&audited.allot, budget)?;
    let bar = output::counter("reading");
    let found = audited.allot.verify(budget, &|_, rows| bar.set_position(rows)).await;
    bar.finish_and_clear();
    let found = found.map_err(|error| audited.failure(error))?;
    let is_exact = found.iter().all(Verification::is_exact);
    if json {
        let (address, budgets) = (audited.address.to_string(), Value::from_iter(found.iter().map(as_json)));
        output::json(
            &json!({ "audited": address, "replica": audited.is_replica, "exact": is_exact, "budgets": budgets }),
        )?;
    } else {
        let mut text = String::new();
        for verification in &found {
            describe(&mut text, verification);
        }
        let which = if audited.is_replica { "the replica " } else { "" };
        // Writing to a string does not fail.
        let _ = writeln!(text, "audited: {which}{}", audited.address);
        output::result(&text)?;
    }
    if is_exact {
        return Ok(ExitCode::SUCCESS);
    }
    if !found.iter().any(Verification::is_to_rebuild) {
        return Err(participants_differ());
    }
    Err(Failure::new(
        "the totals differ from the submissions",
        if audited.is_replica {
            "`allot aggregates verify --primary` asks the database itself; `allot aggregates rebuild` corrects it there"
        } else {
            "`allot aggregates rebuild` corrects them"
        },
    ))
}

/// Leaves it to a worker.
async fn enqueue(config: &Config, allot: &Allot, budget: Option<String>, json: bool) -> Result<ExitCode, Failure> {
    known(allot, budget.as_deref())?;
    jobs::enqueue(config, &Job::Rebuild { budget }, json).await
}

async fn rebuild(allot: &Allot, budget: Option<&str>, json: bool) -> Result<ExitCode, Failure> {
    known(allot, budget)?;
    let bar = output::counter("reading");
    let mended = allot.rebuild(budget, &|_, rows| bar.set_position(rows)).await?;
    bar.finish_and_clear();
    if json {
        let one = |one: &Rebuild| json!({ "before": as_json(&one.before), "corrected": one.corrected });
        output::json(&Value::from_iter(mended.iter().map(one)))?;
    } else {
        let mut text = String::new();
        for one in &mended {
            describe(&mut text, &one.before);
            if let Some(version) = one.corrected {
                // Writing to a string does not fail.
                let _ = writeln!(text, "{}: corrected with version {}", one.before.budget, version.0);
            }
        }
        output::result(&text)?;
    }
    if mended.iter().any(|one| one.before.wrong_participants > 0) {
        return Err(participants_differ());
    }
    Ok(ExitCode::SUCCESS)
}

/// Which submission of a participant counts is in no summary.
fn participants_differ() -> Failure {
    Failure::new(
        "not of every participant it is the newest submission that counts",
        "no rebuild mends that: restore a backup, and report it",
    )
}

pub(super) fn describe(text: &mut String, found: &Verification) {
    let verdict = if found.is_exact() { "exact" } else { "DIFFERS" };
    // Writing to a string does not fail.
    let _ = writeln!(text, "{}: {verdict}, {} counted at version {}", found.budget, found.people, found.version.0);
    for difference in &found.differences {
        let (cell, what) = (&difference.cell, &difference.what);
        let _ = writeln!(text, "  {cell}, {what}: summary {}, submissions {}", difference.summary, difference.raw);
    }
    if found.unreadable > 0 {
        let _ = writeln!(text, "  parts of the summary that can't be read: {}", found.unreadable);
    }
    if found.wrong_participants > 0 {
        let _ = writeln!(
            text,
            "  {} participants whose newest submission is not the one that counts",
            found.wrong_participants
        );
    }
}

pub(super) fn as_json(found: &Verification) -> Value {
    let difference = |one: &Difference| {
        let (cell, what) = (&one.cell, &one.what);
        json!({ "cell": cell, "what": what, "summary": one.summary, "submissions": one.raw })
    };
    json!({
        "budget": found.budget,
        "exact": found.is_exact(),
        "counted": found.people,
        "version": found.version,
        "differences": Value::from_iter(found.differences.iter().map(difference)),
        "unreadable": found.unreadable,
        "wrong_participants": found.wrong_participants,
    })
}
