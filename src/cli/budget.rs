//! `allot budget import|list|close|open|export`

use super::{export, failure::Failure, output};
use crate::{budget_file, config::Config, start};
use clap::Subcommand;
use domain::dto::BudgetView;
use service::{
    port::{Clock, ImportOutcome, SystemClock},
    repeated,
};
use std::{fmt::Write, path::PathBuf, process::ExitCode};

/// Import, list, close, open and export budgets
#[derive(Subcommand)]
pub(super) enum Budget {
    /// Import a budget from a TOML file, or update one
    ///
    /// The categories of a budget that has submissions are frozen; texts, colours and actual figures are not.
    #[command(after_help = "Example:\n  allot budget import budgets/us-fy2024.toml")]
    Import {
        /// The file; budgets/README.md describes its shape
        file: PathBuf,
    },
    /// List all budgets
    #[command(after_help = "Example:\n  allot budget list --json")]
    List {
        /// As JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Take no more submissions to a budget; what was submitted stays
    #[command(after_help = "Example:\n  allot budget close us-fy2024")]
    Close {
        /// Its slug, as `allot budget list` shows it
        slug: String,
    },
    /// Take submissions to a closed budget again
    #[command(after_help = "Example:\n  allot budget open us-fy2024")]
    Open {
        /// Its slug, as `allot budget list` shows it
        slug: String,
    },
    Export(export::Export),
}

pub(super) async fn execute(config: &Config, command: Budget) -> Result<ExitCode, Failure> {
    match command {
        Budget::Import { file } => import(config, file).await,
        Budget::List { json } => list(config, json).await,
        Budget::Close { slug } => set_closed(config, &slug, true).await,
        Budget::Open { slug } => set_closed(config, &slug, false).await,
        Budget::Export(command) => export::execute(config, command).await,
    }
}

/// Running servers notice within a second; what they accept is decided by the database at once.
async fn set_closed(config: &Config, slug: &str, closed: bool) -> Result<ExitCode, Failure> {
    let store = start::open_store(config).await?;
    let budgets = store.budgets().await?;
    let Some(record) = budgets.iter().find(|record| record.budget.slug == slug) else {
        return Err(Failure::new(format!("there is no budget {slug}"), "`allot budget list` lists all"));
    };
    repeated(|| store.set_closed(record.id, closed, SystemClock.now())).await?;
    output::result(&format!("{slug}: {}", if closed { "closed" } else { "open" }))?;
    Ok(ExitCode::SUCCESS)
}

async fn import(config: &Config, file: PathBuf) -> Result<ExitCode, Failure> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(&file).map_err(Failure::io(&name))?;
    let budget = budget_file::read(&text).map_err(|error| {
        Failure::new(format!("{name}: {error}"), "budgets/README.md describes the shape of the file")
    })?;
    let store = start::open_store(config).await?;
    let outcome = match repeated(|| store.import_budget(&budget, SystemClock.now())).await? {
        ImportOutcome::Created => "created",
        ImportOutcome::Updated => "updated",
        ImportOutcome::Unchanged => "unchanged",
        ImportOutcome::Frozen => {
            return Err(Failure::new(
                format!("{} has submissions: its categories and segments are frozen", budget.slug),
                "import it under another slug, as a new budget",
            ));
        }
    };
    output::result(&format!("{}: {outcome}", budget.slug))?;
    Ok(ExitCode::SUCCESS)
}

async fn list(config: &Config, json: bool) -> Result<ExitCode, Failure> {
    let budgets = start::open_store(config).await?.budgets().await?;
    let mut text = String::new();
    if json {
        let views: Vec<BudgetView> = budgets.iter().map(|record| BudgetView::from(&record.budget)).collect();
        text = serde_json::to_string_pretty(&views)
            .map_err(|error| Failure::new(error.to_string(), "this is a fault of the program: please report it"))?;
    } else if budgets.is_empty() {
        text.push_str("no budgets yet; `allot serve` imports the built-in ones");
    } else {
        for record in &budgets {
            let state = if record.closed { "closed" } else { "open" };
            let (slug, categories) = (&record.budget.slug, record.budget.categories.len());
            // Writing to a string does not fail.
            let _ = writeln!(text, "{slug:<24} {state:<7} {categories:>3} categories  {}", record.budget.title);
        }
    }
    output::result(&text)?;
    Ok(ExitCode::SUCCESS)
}
