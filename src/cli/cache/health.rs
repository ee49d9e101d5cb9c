//! `allot cache health`

use super::servers;
use crate::{
    cli::{
        failure::Failure,
        output,
        running::Running,
        table::{Column, Table, known},
    },
    config::Config,
    start,
};
use clap::Args;
use serde::Serialize;
use service::{
    Allot,
    port::Version,
    tiers::{State, Tiers},
};
use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

/// How long a tier may take to follow the database: processes do within a second.
const FOLLOWING: Duration = Duration::from_secs(3);
/// How often it is looked again.
const AGAIN: Duration = Duration::from_millis(200);

/// Check that every tier follows the database; exit code 1 when one does not
///
/// Compares the newest version of each budget with what the summary, Redis and the running server have. A tier that is
/// behind gets three seconds to follow. Cold is healthy: the next reader fills it.
#[derive(Args)]
#[command(
    after_help = "Example:\n  allot cache health\n  allot cache health --server 127.0.0.1:3001 --server 127.0.0.1:3002 --json"
)]
pub(in crate::cli) struct Health {
    /// A server to check, host:port; may be repeated [default: ALLOT_ADDR]
    #[arg(long, value_name = "ADDRESS", conflicts_with = "no_server")]
    server: Vec<String>,
    /// Check no server, only what all of them share
    #[arg(long)]
    no_server: bool,
    /// As JSON, for programs
    #[arg(long)]
    json: bool,
}

/// One tier of one budget.
#[derive(Clone, Serialize)]
struct Line {
    budget: String,
    /// `summary`, `redis`, or `memory of` a server.
    tier: String,
    head: i64,
    version: Option<i64>,
    state: State,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

pub(super) async fn execute(config: &Config, command: Health) -> Result<ExitCode, Failure> {
    let servers = if command.no_server { Vec::new() } else { Running::chosen(config, &command.server)? };
    let (allot, _redis) = start::for_command_beside(config).await?;
    let begun = Instant::now();
    let lines = loop {
        let lines = look(&allot, &servers).await?;
        let is_behind = lines.iter().any(|line| line.state == State::Stale);
        if !is_behind || begun.elapsed() >= FOLLOWING {
            break lines;
        }
        tokio::time::sleep(AGAIN).await;
    };
    if command.json {
        output::json(&lines)?;
    } else {
        output::result(&text(&lines))?;
    }
    let wrong: Vec<&Line> = lines.iter().filter(|line| line.state.is_wrong()).collect();
    match wrong.first() {
        None => Ok(ExitCode::SUCCESS),
        Some(line) => Err(Failure::new(
            format!("{} of {} tiers are not as they should be", wrong.len(), lines.len()),
            advice(line),
        )),
    }
}

async fn look(allot: &Allot, servers: &[Running]) -> Result<Vec<Line>, Failure> {
    let mut lines = Vec::new();
    for Tiers { budget, head, summary, redis } in allot.tiers().await? {
        let line = |tier: &str, version, state| Line {
            budget: budget.clone(),
            tier: tier.to_owned(),
            head,
            version,
            state,
            error: None,
        };
        lines.push(line("summary", summary.version, summary.state));
        lines.push(line("redis", redis.version, redis.state));
        for server in servers {
            let tier = format!("memory of {}", server.address);
            lines.push(match servers::look(server, &budget).await {
                Ok(found) => {
                    let after = head_of(allot, &budget).await?.unwrap_or(Version(head));
                    let state = found.version.map_or(State::Cold, |version| State::of(version, Version(head), after));
                    line(&tier, found.version.map(|version| version.0), state)
                }
                Err(error) => Line { error: Some(error), ..line(&tier, None, State::Unavailable) },
            });
        }
    }
    Ok(lines)
}

async fn head_of(allot: &Allot, slug: &str) -> Result<Option<Version>, Failure> {
    let Some(id) = allot.catalogue().find(slug).map(|record| record.id) else { return Ok(None) };
    let heads = allot.store().heads().await?;
    Ok(heads.into_iter().find(|head| head.budget == id).map(|head| head.version))
}

fn text(lines: &[Line]) -> String {
    let mut table = Table::new(&[
        Column::Text("budget"),
        Column::Text("tier"),
        Column::Number("head"),
        Column::Number("version"),
        Column::Text("state"),
    ]);
    for line in lines {
        let state = match &line.error {
            Some(error) => format!("{} ({error})", line.state.as_str()),
            None => line.state.as_str().to_owned(),
        };
        table.row([line.budget.clone(), line.tier.clone(), line.head.to_string(), known(line.version), state]);
    }
    if table.is_empty() {
        return "no budgets yet; `allot serve` imports the built-in ones".to_owned();
    }
    let mut text = String::new();
    table.write_to(&mut text);
    text
}

fn advice(line: &Line) -> &'static str {
    match (line.state, line.tier.as_str()) {
        (State::Unavailable, "redis") => "is Redis running? Without it everything works, only slower; see REDIS_URL",
        (State::Unavailable, "summary") => "the database does not answer in time: `allot doctor` tells more",
        (State::Unavailable, _) => "is the server running there? --server names another, --no-server leaves it out",
        (State::Damaged, "summary") => "`allot aggregates verify` tells what is wrong, `rebuild` mends it",
        (State::Damaged, _) => "do all processes have the same ALLOT_SECRET? `allot cache warm` replaces it",
        (State::Phantom, "redis") => {
            "after a restore by other means, `allot backup renew` gives the database a new instance id; `allot cache \
             warm` replaces what is there"
        }
        (State::Phantom, _) => "the server was started before the database was restored: restart it",
        (State::Stale, "redis") => "no running server fills it: `allot cache warm` does",
        _ => "does the server reach the same database? Its log says why it does not follow",
    }
}
