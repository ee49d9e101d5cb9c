//! `allot import taxbudget`

use super::{failure::Failure, moving, output};
use crate::{
    config::{Config, Database, Scheme},
    start,
};
use clap::{Args, Subcommand};
use domain::decimal::format_hundredths;
use indicatif::ProgressBar;
use service::{
    moving::taxbudget::{ImportError, Imported, LeftOut, Listener, Wish, import},
    port::{Predecessor, StoreError, SystemClock},
};
use std::{
    fmt::Write as _,
    fs::{File, OpenOptions},
    io::{BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
};

/// Bring in what another application collected
#[derive(Subcommand)]
pub(super) enum Import {
    Taxbudget(Taxbudget),
}

/// Import the submissions of taxbudget, the Django application before Allot
///
/// Every session that was submitted, has every category and sums to exactly 100 % becomes a submission at the time at
/// which it was made. All others are left out, counted by reason and listed with --report. Addresses of people are not
/// read. The user_id of taxbudget is not taken over: each session stands alone, so that somebody who submitted five
/// times is counted five times, as taxbudget counted them.
///
/// Old addresses (/results/SESSION_KEY) then lead to the new ones. Running it again adds only what is new. At the end
/// both databases are read once more and compared per category; exit code 1 when they differ.
///
/// It imports into the database of this Allot (--database-url, DATABASE_URL), which may be in use meanwhile.
#[derive(Args)]
#[command(
    after_help = "A password in an address can be seen by others on this machine: better put it in PGPASSWORD or \
                  ~/.pgpass.\n\n\
                  Example:\n  allot import taxbudget --from sqlite:db.sqlite3 --report left-out.csv\n  \
                  allot import taxbudget --from postgres://taxbudget@localhost/taxbudget --budget tax-dollars"
)]
pub(super) struct Taxbudget {
    /// The database of taxbudget: sqlite:PATH or postgres://USER@HOST/NAME. It is only read
    #[arg(long, value_name = "URL")]
    from: String,
    /// Slug of the budget, existing or new [default: one whose categories have the same names, or else taxbudget]
    #[arg(long, value_name = "SLUG")]
    budget: Option<String>,
    /// Title of the budget, if it is made [default: Tax budget]
    #[arg(long, value_name = "TITLE")]
    title: Option<String>,
    /// Currency of the budget, if it is made: three capital letters [default: USD]
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    /// Write what is left out to this file (CSV: session_key, reason), which must not exist yet
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

pub(super) async fn execute(config: &Config, command: Import) -> Result<ExitCode, Failure> {
    let Import::Taxbudget(command) = command;
    let from = moving::database(&command.from, "--from")?;
    moving::must_exist(&from)?;
    let old = open(&from).await?;
    let store = start::open(&config.database, &config.connections).await?;
    let mut listener = Report::begin(command.report.as_ref())?;
    let wish = Wish { slug: command.budget, title: command.title, currency: command.currency };
    let imported = import(&old, &*store, &wish, &SystemClock, &mut listener).await;
    listener.bar.finish_and_clear();
    let imported = imported.map_err(failure)?;
    listener.end()?;
    output::result(&text(&imported))?;
    if imported.is_right() {
        return Ok(ExitCode::SUCCESS);
    }
    Err(Failure::new(
        "what was imported is not what the old database holds",
        "did it change meanwhile? Run the same command again; `allot aggregates verify` checks the totals",
    ))
}

async fn open(from: &Database) -> Result<Arc<dyn Predecessor>, Failure> {
    Ok(match from.scheme() {
        Scheme::Sqlite => {
            let path = from.path().unwrap_or_default();
            Arc::new(store_sqlite::SqliteTaxbudget::open(&path.to_string_lossy())?)
        }
        Scheme::Postgres => Arc::new(
            store_postgres::PgTaxbudget::connect(from.url())
                .await
                .map_err(|error| Failure::of_database(from, error.into()))?,
        ),
    })
}

fn failure(error: ImportError) -> Failure {
    let hint = match &error {
        ImportError::Store(StoreError::Refused(_)) => {
            "what was imported before stays; another budget (--budget) or another database may take the rest"
        }
        ImportError::Store(_) => "what was imported stays: run the same command again, and it goes on",
        ImportError::Old(_) => {
            "is it a database of taxbudget? It needs allocator_budgetcategory, allocator_allocationsubmission and \
             allocator_userallocation"
        }
        ImportError::Categories(_) => "correct them there first",
        ImportError::Budget(_) => "choose --budget, --title or --currency, or correct the categories there first",
        ImportError::OtherCategories(..) => "choose another slug with --budget; a new one makes a new budget",
        ImportError::Ambiguous(_) => "choose one of them with --budget",
    };
    Failure::new(error.to_string(), hint)
}

fn text(imported: &Imported) -> String {
    let mut text = String::new();
    let made = if imported.made_budget { "made" } else { "matched by its categories" };
    // Writing to a string does not fail.
    let _ = writeln!(text, "{}: {made}", imported.budget);
    let _ = writeln!(text, "{} imported, {} were here already", imported.added, imported.known);
    if imported.deleted > 0 {
        let _ = writeln!(text, "{} were deleted here since they were imported", imported.deleted);
    }
    if imported.gone > 0 {
        let _ = writeln!(text, "{} were imported before and are archived, or deleted long ago", imported.gone);
    }
    let left_out: u64 = imported.left_out.values().sum();
    let _ = writeln!(text, "{left_out} left out");
    for (reason, count) in &imported.left_out {
        let _ = writeln!(text, "  {count} {reason}");
    }
    if imported.missing > 0 {
        let _ = writeln!(text, "{} are MISSING", imported.missing);
    }
    let _ = writeln!(text, "sums in percent     taxbudget           here");
    for category in &imported.compared {
        let (old, new) = (format_hundredths(category.old), format_hundredths(category.new));
        let verdict = if old == new { "" } else { "  DIFFERS" };
        let _ = writeln!(text, "  {old:>27} {new:>14}  {}{verdict}", category.name);
    }
    let verdict = if imported.exact { "are" } else { "are NOT" };
    let _ = writeln!(text, "The totals of {} {verdict} what its submissions say.", imported.budget);
    text
}

/// Writes down what is left out and moves the bar.
struct Report {
    file: Option<(BufWriter<File>, String)>,
    failed: Option<std::io::Error>,
    bar: ProgressBar,
}

impl Report {
    /// The file names sessions, so nobody else may read it.
    fn begin(path: Option<&PathBuf>) -> Result<Self, Failure> {
        let mut report = Self { file: None, failed: None, bar: output::counter("reading") };
        if let Some(path) = path {
            let name = path.display().to_string();
            let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
            report.file = Some((BufWriter::new(file.map_err(Failure::io(&name))?), name));
            report.line("session_key", "reason");
        }
        Ok(report)
    }

    fn line(&mut self, key: &str, reason: &str) {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        if let Some((file, _)) = &mut self.file
            && let Err(error) = writeln!(file, "{},{}", quoted(key), quoted(reason))
        {
            self.failed.get_or_insert(error);
        }
    }

    fn end(self) -> Result<(), Failure> {
        let Some((mut file, name)) = self.file else { return Ok(()) };
        let written = self.failed.map_or_else(|| file.flush(), Err);
        written.map_err(Failure::io(&name))
    }
}

impl Listener for Report {
    fn left_out(&mut self, session: &LeftOut) {
        let reason = session.reason.to_string();
        self.line(session.session_key.as_deref().unwrap_or_default(), &reason);
    }

    fn read(&mut self, sessions: u64, checking: bool) {
        if checking {
            self.bar.set_message("checking");
        }
        self.bar.set_position(sessions);
    }
}
