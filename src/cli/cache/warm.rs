//! `allot cache warm`

use super::servers;
use crate::{
    cli::{
        failure::Failure,
        output,
        running::Running,
        table::{Column, Table},
    },
    config::Config,
    start,
};
use clap::{Args, ValueEnum};
use serde::Serialize;
use service::{
    port::Version,
    warm::{Choice, Warmed},
};
use std::process::ExitCode;

/// Have answers ready before somebody asks
///
/// Folds what is not folded, puts the newest snapshots into Redis, and asks the running server for snapshots and pages,
/// so that it holds them in memory, compressed. Budgets that changed last come first. It changes no number, and may run
/// at any time; a server that is not running is left out and named.
#[derive(Args)]
#[command(
    after_help = "Example:\n  allot cache warm --days 30\n  allot cache warm --mode pages --server 127.0.0.1:3001 --server 127.0.0.1:3002"
)]
pub(in crate::cli) struct Warm {
    /// What to warm
    #[arg(long, value_enum, default_value = "full")]
    mode: Mode,
    /// At most so many budgets, those that changed last [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
    /// Only budgets with submissions in the last N days (UTC, with today) [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=36_600))]
    days: Option<u32>,
    /// A server to warm, host:port; may be repeated [default: ALLOT_ADDR]
    #[arg(long, value_name = "ADDRESS")]
    server: Vec<String>,
    /// As JSON, for programs
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Mode {
    /// All of the following
    Full,
    /// Definitions of budgets, in the server
    Budgets,
    /// Snapshots, in the summary, in Redis and in the server's memory
    Aggregates,
    /// Pages that are the same for everyone, in the server's memory
    Pages,
}

impl Mode {
    fn has(self, other: Self) -> bool {
        self == Self::Full || self == other
    }
}

/// What was done, for programs.
#[derive(Serialize)]
struct Report {
    /// In the database and in Redis, by this command.
    shared: Vec<Warmed>,
    servers: Vec<ServerReport>,
    failed: Vec<String>,
}

#[derive(Serialize)]
struct ServerReport {
    server: String,
    /// Why nothing could be warmed there.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    budgets: Vec<InServer>,
    /// Addresses of pages that it keeps now.
    pages: u32,
}

#[derive(Serialize)]
struct InServer {
    budget: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i64>,
    /// The tier that answered first: `memory` = it was warm.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
}

pub(super) async fn execute(config: &Config, command: Warm) -> Result<ExitCode, Failure> {
    let servers = Running::chosen(config, &command.server)?;
    let (allot, redis) = start::for_command_beside(config).await?;
    let choice = Choice { limit: command.limit.map(|limit| limit as usize), days: command.days };
    let mut report = Report { shared: Vec::new(), servers: Vec::new(), failed: Vec::new() };
    let chosen = allot.chosen_to_warm(&choice).await?;
    if command.mode.has(Mode::Aggregates) {
        let bar = output::bar(chosen.len() as u64, "warming");
        let done = allot.warm(&choice, &|budgets| bar.set_position(budgets)).await?;
        bar.finish_and_clear();
        report.shared = done.warmed;
        report.failed = done.failed.into_iter().map(|(budget, reason)| format!("{budget}: {reason}")).collect();
    }
    let heads = allot.store().heads().await?;
    let chosen: Vec<(String, Version)> = chosen
        .iter()
        .map(|record| {
            let head = heads.iter().find(|head| head.budget == record.id);
            (record.budget.slug.clone(), head.map_or(record.head, |head| head.version))
        })
        .collect();
    for server in &servers {
        report.servers.push(warm_server(server, command.mode, &chosen).await);
    }
    if command.json {
        output::json(&report)?;
    } else {
        output::result(&text(&report, redis.is_some()))?;
    }
    // A server that nobody named may well not be running.
    let missed = !command.server.is_empty() && report.servers.iter().any(|server| server.error.is_some());
    if missed || !report.failed.is_empty() {
        return Err(Failure::new(
            "not everything could be warmed",
            "what is above says what; running it again is safe",
        ));
    }
    Ok(ExitCode::SUCCESS)
}

async fn warm_server(server: &Running, mode: Mode, chosen: &[(String, Version)]) -> ServerReport {
    let mut report = ServerReport { server: server.address.clone(), error: None, budgets: Vec::new(), pages: 0 };
    if let Err(error) = warm_parts(server, mode, chosen, &mut report).await {
        report.error = Some(error);
    }
    report
}

async fn warm_parts(
    server: &Running,
    mode: Mode,
    chosen: &[(String, Version)],
    report: &mut ServerReport,
) -> Result<(), String> {
    for (slug, head) in chosen {
        let mut done = InServer { budget: slug.clone(), version: None, from: None };
        if mode.has(Mode::Budgets) {
            servers::warm_budget(server, slug).await?;
        }
        if mode.has(Mode::Aggregates) {
            let found = servers::warm_snapshot(server, slug, *head).await?;
            (done.version, done.from) = (found.version.map(|version| version.0), Some(found.tier));
        }
        if mode.has(Mode::Pages) {
            report.pages += servers::warm_pages(server, Some(slug)).await?;
        }
        report.budgets.push(done);
    }
    if mode.has(Mode::Pages) {
        report.pages += servers::warm_pages(server, None).await?;
    }
    Ok(())
}

fn text(report: &Report, with_redis: bool) -> String {
    let mut text = String::new();
    if !report.shared.is_empty() {
        use Column::{Number, Text};
        let mut table = Table::new(&[
            Text("budget"),
            Number("submissions"),
            Number("version"),
            Number("folded"),
            Text("read from"),
            Text("redis"),
        ]);
        for one in &report.shared {
            table.row([
                one.budget.clone(),
                one.submissions.to_string(),
                one.version.to_string(),
                one.folded.to_string(),
                one.from.to_owned(),
                one.redis.as_str().to_owned(),
            ]);
        }
        table.write_to(&mut text);
        if !with_redis {
            text.push_str("No REDIS_URL is set: nothing is shared between processes.\n");
        }
        text.push('\n');
    }
    for failed in &report.failed {
        text.push_str(&format!("not warmed: {failed}\n"));
    }
    for server in &report.servers {
        text.push_str(&of_server(server));
    }
    text
}

fn of_server(server: &ServerReport) -> String {
    if let Some(error) = &server.error {
        return format!(
            "Server {}: not warmed ({error}). Its memory and pages fill with their first readers; --server names \
             another.\n",
            server.server
        );
    }
    let warm_before = server.budgets.iter().filter(|budget| budget.from.as_deref() == Some("memory")).count();
    let snapshots = server.budgets.iter().filter(|budget| budget.from.is_some()).count();
    format!(
        "Server {}: {} budgets; {snapshots} snapshots in memory, {warm_before} of them before; {} addresses of pages \
         kept.\n",
        server.server,
        server.budgets.len(),
        server.pages
    )
}
