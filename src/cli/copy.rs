//! `allot db copy`

use super::{aggregates, failure::Failure, moving, output};
use crate::{
    config::{Config, Database},
    start,
};
use clap::Args;
use service::{
    moving::copy::{Copied, CopyError, Step, copy},
    port::SystemClock,
};
use std::{fmt::Write, process::ExitCode};

/// Copy a whole database into another, such as from SQLite to PostgreSQL or back
///
/// Copies budgets, submissions with their ids, participants, times and answers, deletions, and addresses from before;
/// nobody who repeats a submission afterwards notices the move. At the end the totals of the copy are compared with
/// its submissions and with the totals of the source; exit code 1 when they differ.
///
/// The source may be in use: what is copied is what it held when the command began. Stop it and run the command once
/// more for what has come in since. It may also be stopped at any moment, and goes on when it is run again.
///
/// What was archived stays counted and archived in the copy. The target must be empty (no server may have used it yet),
/// or a copy that this command began. Give both servers the same ALLOT_SECRET, or cookies and links for managing a
/// submission stop working. DATABASE_URL plays no part here.
#[derive(Args)]
#[command(
    after_help = "A password in an address can be seen by others on this machine: better put it in PGPASSWORD or \
                  ~/.pgpass.\n\n\
                  Example:\n  allot db copy --from sqlite:data/allot.sqlite --to postgres://allot@localhost/allot"
)]
pub(super) struct Copy {
    /// The database to copy: sqlite:PATH or postgres://USER@HOST/NAME
    #[arg(long, value_name = "URL")]
    from: String,
    /// The database that becomes the copy
    #[arg(long, value_name = "URL")]
    to: String,
}

const LEFT_ALONE: &str = "copy to an empty database: a new file, or one made with `createdb`";

pub(super) async fn execute(config: &Config, command: Copy) -> Result<ExitCode, Failure> {
    let (from, to) = (moving::database(&command.from, "--from")?, moving::database(&command.to, "--to")?);
    moving::must_exist(&from)?;
    let source = start::open(&from, &config.connections).await.map_err(|error| Failure::of_database(&from, error))?;
    let target = start::open(&to, &config.connections).await.map_err(|error| Failure::of_database(&to, error))?;
    let bar = output::bar(0, "copying");
    let progress = |step| match step {
        Step::Copying(passed, all) => {
            bar.set_length(all);
            bar.set_position(passed);
        }
        Step::Checking(rows) => {
            bar.set_message("checking");
            bar.set_position(rows);
        }
    };
    let copied = copy(&source, &target, &SystemClock, &progress).await;
    bar.finish_and_clear();
    let copied = copied.map_err(|error| failure(error, &from, &to))?;
    output::result(&report(&copied, &from, &to))?;
    if copied.is_right() {
        return Ok(ExitCode::SUCCESS);
    }
    Err(Failure::new(
        "the totals of the copy are not those of the source",
        format!(
            "does `allot aggregates verify --database-url {from}` pass? If not, `allot aggregates rebuild` there and copy \
             again"
        ),
    ))
}

fn report(copied: &Copied, from: &Database, to: &Database) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = writeln!(
        text,
        "{from} to {to}: {} budgets, {} submissions, of which {} are new, {} deleted, {} counted otherwise",
        copied.budgets, copied.submissions, copied.added, copied.deleted, copied.recounted
    );
    if copied.archived > 0 || copied.forgotten > 0 {
        let _ = writeln!(
            text,
            "{} archived submissions count on as totals; {} were taken out of the copy because they are archived now",
            copied.archived, copied.forgotten
        );
    }
    for verification in &copied.exact {
        aggregates::describe(&mut text, verification);
    }
    for verification in copied.equal.iter().filter(|verification| !verification.is_exact()) {
        let _ = writeln!(text, "{}: the copy (\"summary\") beside the source (\"submissions\")", verification.budget);
        aggregates::describe(&mut text, verification);
    }
    if copied.source_went_on {
        let _ = writeln!(
            text,
            "The source has changed since this began: stop it and run the same command once more for the rest."
        );
    }
    text
}

fn failure(error: CopyError, from: &Database, to: &Database) -> Failure {
    let hint = match &error {
        CopyError::Store(_) => "what was copied stays: run the same command again, and it goes on".to_owned(),
        CopyError::SameDatabase => "give two different databases to --from and --to".to_owned(),
        CopyError::NotEmpty | CopyError::OtherSource | CopyError::Frozen(_) => LEFT_ALONE.to_owned(),
        CopyError::InUse(_) => format!("nothing of it was lost; use it as it is, or {LEFT_ALONE}"),
        CopyError::NotOfTheSource(_) => {
            format!(
                "nothing of it was lost; is {from} the database that was copied to {to}? If so, and also when that was \
                 more than 92 days ago, {LEFT_ALONE}"
            )
        }
    };
    Failure::new(error.to_string(), hint)
}
