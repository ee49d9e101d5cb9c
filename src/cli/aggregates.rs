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
    port::{Store, StoreError},
    replica,
};
use std::{
    fmt::{Display, Write},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

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
    /// With a replica (DATABASE_READ_URL) that has all that the database has, it reads that one, so that the database
    /// isn't slowed down. The last line says which server was audited, and why a replica was not.
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
            verify(&Audited::of(config, budget.as_deref(), primary).await?, json)
        }
    }
}

/// How long a replica may take to have all that the database has: it is read in the place of it.
const CATCH_UP: Duration = Duration::from_secs(5);

/// What was found, and where.
struct Audited<'c> {
    found: Vec<Verification>,
    address: &'c Database,
    is_replica: bool,
    /// The replica that there is, and why it was not read.
    passed_over: Option<(&'c Database, String)>,
}

impl<'c> Audited<'c> {
    /// On the replica, if there is one that has all that the database has, else on the database.
    async fn of(config: &'c Config, budget: Option<&str>, primary: bool) -> Result<Self, Failure> {
        let store = start::open_store(config).await?;
        let allot = start::load(Arc::clone(&store), config).await?;
        known(&allot, budget)?;
        let mut passed_over = None;
        if let Some(address) = config.replica.as_ref().filter(|_| !primary) {
            match on_replica(config, &*store, address, budget).await {
                Ok(found) => return Ok(Self { found, address, is_replica: true, passed_over }),
                Err(ReplicaFailure::Database(error)) => return Err(error.into()),
                Err(ReplicaFailure::Replica(why)) => passed_over = Some((address, why)),
            }
        }
        Ok(Self { found: read(&allot, budget).await?, address: &config.database, is_replica: false, passed_over })
    }

    /// Which server was audited, and why no other.
    fn server(&self) -> String {
        let which = if self.is_replica { "the replica " } else { "" };
        let mut text = format!("audited: {which}{}", self.address);
        if let Some((replica, why)) = &self.passed_over {
            // Writing to a string does not fail.
            let _ = write!(text, ", not the replica {replica}: {why}");
        }
        text
    }
}

enum ReplicaFailure {
    /// It can't be read, or not in the place of the database.
    Replica(String),
    Database(StoreError),
}

async fn on_replica(
    config: &Config,
    database: &dyn Store,
    address: &Database,
    budget: Option<&str>,
) -> Result<Vec<Verification>, ReplicaFailure> {
    let failed = |error: &dyn Display| ReplicaFailure::Replica(error.to_string());
    let copy = start::replica(config, address).map_err(|error| failed(&error))?;
    let fit = replica::caught_up(database, &*copy, CATCH_UP).await.map_err(ReplicaFailure::Database)?;
    fit.map_err(|unfit| failed(&unfit))?;
    let allot = start::load(copy, config).await.map_err(|error| failed(&error))?;
    // A replica that breaks off long reads says so here.
    read(&allot, budget).await.map_err(|error| failed(&error))
}

async fn read(allot: &Allot, budget: Option<&str>) -> Result<Vec<Verification>, StoreError> {
    let bar = output::counter("reading");
    let found = allot.verify(budget, &|_, rows| bar.set_position(rows)).await;
    bar.finish_and_clear();
    found
}

fn known(allot: &Allot, budget: Option<&str>) -> Result<(), Failure> {
    match budget {
        Some(slug) if allot.catalogue().find(slug).is_none() => {
            Err(Failure::new(format!("there is no budget {slug:?}"), "`allot budget list` shows which there are"))
        }
        _ => Ok(()),
    }
}

fn verify(audited: &Audited<'_>, json: bool) -> Result<ExitCode, Failure> {
    let found = &audited.found;
    let is_exact = found.iter().all(Verification::is_exact);
    if json {
        let (address, budgets) = (audited.address.to_string(), Value::from_iter(found.iter().map(as_json)));
        let mut answer =
            json!({ "audited": address, "replica": audited.is_replica, "exact": is_exact, "budgets": budgets });
        if let Some((replica, why)) = &audited.passed_over {
            answer["passed_over"] = json!({ "replica": replica.to_string(), "why": why });
        }
        output::json(&answer)?;
    } else {
        let mut text = String::new();
        for verification in found {
            describe(&mut text, verification);
        }
        // Writing to a string does not fail.
        let _ = writeln!(text, "{}", audited.server());
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
