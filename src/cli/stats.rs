//! `allot db stats`

use super::{
    failure::Failure,
    output,
    table::{Column, Table, bytes, known, share},
};
use crate::{config::Config, start};
use clap::Args;
use domain::dto::CategoryAggregate;
use serde::Serialize;
use service::{
    Snapshot,
    port::{BudgetRecord, Inspect, Participation, TotalAt, Version},
};
use std::process::ExitCode;

/// Show what the database holds: totals, days, categories, who came back
///
/// Reads every submission once to tell how many participants came back; the server may run meanwhile.
#[derive(Args)]
#[command(after_help = "Example:\n  allot db stats --days 30\n  allot db stats --budget tax-dollars --json")]
pub(super) struct Stats {
    /// Days to list
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=3660))]
    days: u32,
    /// Slug of the budget [default: all]
    #[arg(long, value_name = "BUDGET")]
    budget: Option<String>,
    /// As JSON, for programs
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    bytes: u64,
    unfolded_deltas: u64,
    budgets: Vec<Of>,
}

/// One budget.
#[derive(Serialize)]
struct Of {
    budget: String,
    closed: bool,
    version: i64,
    /// Counted: one a participant, and everybody without.
    counted: u64,
    participation: Participation,
    days: Vec<OfDay>,
    categories: Vec<CategoryAggregate>,
}

#[derive(Serialize)]
struct OfDay {
    day: String,
    /// Counted or not.
    submissions: u64,
}

pub(super) async fn execute(config: &Config, command: Stats) -> Result<ExitCode, Failure> {
    // Tables are made on an empty database, as with every command that reads totals.
    start::open_store(config).await?;
    let store = start::inspect(&config.database, &config.connections).await?;
    let records = store.budgets().await?;
    if let Some(slug) = &command.budget
        && !records.iter().any(|record| record.budget.slug == *slug)
    {
        return Err(Failure::new(format!("there is no budget {slug:?}"), "`allot budget list` shows which there are"));
    }
    let chosen = records.iter().filter(|record| command.budget.as_ref().is_none_or(|slug| *slug == record.budget.slug));
    let mut report =
        Report { bytes: store.bytes_on_disk().await?, unfolded_deltas: store.unfolded().await?, budgets: Vec::new() };
    let bar = output::counter("reading");
    for record in chosen {
        report.budgets.push(of_budget(&*store, record, command.days).await?);
        bar.inc(1);
    }
    bar.finish_and_clear();
    if command.json {
        output::json(&report)?;
    } else {
        output::result(&text(config, &report))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn of_budget(store: &dyn Inspect, record: &BudgetRecord, days: u32) -> Result<Of, Failure> {
    let empty =
        || TotalAt { version: Version::default(), total: domain::summary::Cell::empty(record.budget.categories.len()) };
    let total = store.total(record.id).await?.unwrap_or_else(empty);
    let per_day = store.submissions_per_day(record.id, days).await?;
    let snapshot = Snapshot::new(&record.budget, total);
    Ok(Of {
        budget: record.budget.slug.clone(),
        closed: record.closed,
        version: snapshot.version.0,
        counted: snapshot.view.submissions,
        participation: store.participation(record.id).await?,
        days: per_day.into_iter().map(|(day, submissions)| OfDay { day: day.to_string(), submissions }).collect(),
        categories: snapshot.view.categories,
    })
}

fn text(config: &Config, report: &Report) -> String {
    let mut text =
        format!("{}: {}, {} deltas not folded\n", config.database, bytes(Some(report.bytes)), report.unfolded_deltas);
    for of in &report.budgets {
        let state = if of.closed { ", closed" } else { "" };
        text.push_str(&format!("\n{}: {} counted, version {}{state}\n", of.budget, of.counted, of.version));
        let who = &of.participation;
        text.push_str(&format!(
            "{} submissions stored; {} of them without a participant; {} participants, of whom {} came back ({})\n",
            who.submissions,
            who.without_participant,
            who.participants,
            who.returning,
            share(who.returning, who.participants)
        ));
        let mut days = Table::new(&[Column::Text("day (UTC)"), Column::Number("submissions")]);
        for day in &of.days {
            days.row([day.day.clone(), day.submissions.to_string()]);
        }
        if !days.is_empty() {
            days.write_to(&mut text);
        }
        categories(of, &mut text);
    }
    text
}

fn categories(of: &Of, text: &mut String) {
    use Column::{Number, Text};
    let percent = |points: f64| format!("{:.2} %", points / 100.0);
    let mut table = Table::new(&[Text("category"), Number("mean"), Number("median"), Number("25th"), Number("75th")]);
    for category in &of.categories {
        let points = |points: Option<f64>| known(points.map(percent));
        table.row([
            category.slug.clone(),
            points(category.mean_points),
            points(category.median_points),
            points(category.p25_points),
            points(category.p75_points),
        ]);
    }
    table.write_to(text);
}
