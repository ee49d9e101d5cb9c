//! `allot submissions find`

use super::{Address, Shown, found, proof, table, time, with_history};
use crate::{
    cli::{failure::Failure, output},
    config::Config,
    start,
};
use clap::Args;
use domain::Timestamp;
use service::{
    Allot,
    port::{Between, StoredSubmission},
};
use std::process::ExitCode;

/// Find submissions by the link of a receipt, or by their time
///
/// With the link of a receipt: that submission, and all others of the same participant. With a time: those of that
/// budget and time, without what they say. There is nothing else to find them by: no name, no e-mail address, and no
/// network address is stored.
#[derive(Args)]
#[command(
    after_help = "Example:\n  allot submissions find --link 'https://allot.example/results/019ac6f2-…/manage?code=…'\n  allot submissions find --from 2026-11-21T10:30 --to 2026-11-21T10:45 --budget tax-dollars"
)]
pub(in crate::cli) struct Find {
    /// The link of a receipt, with its code
    #[arg(long, value_name = "LINK", conflicts_with_all = ["from", "to", "budget"], required_unless_present = "from")]
    link: Option<Address>,
    /// Made at this time (UTC) or later
    #[arg(long, value_name = "TIME", value_parser = time::parse, requires = "to")]
    from: Option<Timestamp>,
    /// Made before this time (UTC)
    #[arg(long, value_name = "TIME", value_parser = time::parse, requires = "from")]
    to: Option<Timestamp>,
    /// Slug of the budget [default: all]
    #[arg(long, value_name = "BUDGET")]
    budget: Option<String>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
    /// As JSON, for programs
    #[arg(long)]
    json: bool,
}

pub(super) async fn execute(config: &Config, command: Find) -> Result<ExitCode, Failure> {
    let allot = start::for_command(config).await?;
    let mut stored = match (&command.link, command.from, command.to) {
        (Some(link), ..) => by_link(&allot, link).await?,
        (None, Some(from), Some(to)) => by_time(config, &allot, &command, from, to).await?,
        _ => return Err(Failure::new("nothing to look for", "give --link, or --from and --to")),
    };
    let is_cut = stored.len() > command.limit as usize;
    stored.truncate(command.limit as usize);
    let shown: Vec<Shown> = stored.iter().map(|stored| Shown::of(&allot, stored)).collect();
    if command.json {
        let rows: Vec<_> = shown.iter().map(row).collect();
        output::json(&serde_json::json!({ "submissions": rows, "there_are_more": is_cut }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut text = if shown.is_empty() { "none was found\n".to_owned() } else { table(&shown) };
    if is_cut {
        text.push_str(&format!("There are more than {}: narrow the time, or raise --limit.\n", command.limit));
    }
    output::result(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Without what it says: who looks through a span of time looks for one of them.
fn row(one: &Shown) -> serde_json::Value {
    serde_json::json!({
        "id": one.id, "at": one.at, "budget": one.budget, "counted": one.counted,
        "has_participant": one.has_participant,
    })
}

/// The code decides: the address alone would tell whoever was shown one result all others of the same person.
async fn by_link(allot: &Allot, link: &Address) -> Result<Vec<StoredSubmission>, Failure> {
    let stored = found(allot, link).await?;
    match proof(allot, &stored, link) {
        Some(true) => with_history(allot, stored).await,
        Some(false) => Err(Failure::new(
            "the code of the link does not fit its submission",
            "ask for the whole link of the receipt; was ALLOT_SECRET changed since? Then no old link fits any more",
        )),
        None => Err(Failure::new(
            "the link has no code",
            "the link is on the receipt, and ends with ?code=…; `allot submissions show` shows one by its address",
        )),
    }
}

async fn by_time(
    config: &Config,
    allot: &Allot,
    command: &Find,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<StoredSubmission>, Failure> {
    if from >= to {
        return Err(Failure::new("--from is not before --to", "both are in UTC, such as 2026-11-21T10:30"));
    }
    let catalogue = allot.catalogue();
    let budget = match &command.budget {
        None => None,
        Some(slug) => Some(catalogue.find(slug).map(|record| record.id).ok_or_else(|| {
            Failure::new(format!("there is no budget {slug:?}"), "`allot budget list` shows which there are")
        })?),
    };
    // One more tells whether there are more.
    let span = Between { from, to, budget, limit: command.limit + 1 };
    Ok(start::inspect(&config.database, &config.connections).await?.between(&span).await?)
}
