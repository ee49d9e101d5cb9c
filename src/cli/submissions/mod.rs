//! `allot submissions find|show|delete`: a person asks about what is stored of them.

mod address;
mod delete;
mod find;
mod show;
mod time;

use super::{
    failure::Failure,
    table::{Column, Table},
};
use crate::config::Config;
use address::Address;
use clap::Subcommand;
use domain::format_points;
use serde::Serialize;
use service::{
    Allot, Authority,
    port::{Lookup, StoredSubmission},
};
use std::process::ExitCode;

/// Find, show and delete single submissions, when somebody asks for it
///
/// Nothing stored says who somebody is: a submission is found by its address, by the link on its receipt, or by its time.
/// docs/operations/requests-of-people.md says what can't be found and why.
#[derive(Subcommand)]
pub(super) enum Submissions {
    Find(find::Find),
    Show(show::Show),
    Delete(delete::Delete),
}

pub(super) async fn execute(config: &Config, command: Submissions) -> Result<ExitCode, Failure> {
    match command {
        Submissions::Find(command) => find::execute(config, command).await,
        Submissions::Show(command) => show::execute(config, command).await,
        Submissions::Delete(command) => delete::execute(config, command).await,
    }
}

/// One submission without anything that tells whose it is.
#[derive(Serialize)]
struct Shown {
    id: String,
    budget: String,
    at: String,
    /// Whether it counts now.
    counted: bool,
    /// Whether a cookie connects it with others.
    has_participant: bool,
    points: std::collections::BTreeMap<String, u16>,
    /// What they said of themselves, if anything.
    segments: std::collections::BTreeMap<String, String>,
}

impl Shown {
    fn of(allot: &Allot, stored: &StoredSubmission) -> Self {
        let catalogue = allot.catalogue();
        let budget = catalogue.by_id(stored.budget).map(|record| &record.budget);
        let points = budget.map(|budget| {
            let slugs = budget.categories.iter().map(|category| category.slug.clone());
            slugs.zip(stored.allocation.points().iter().copied()).collect()
        });
        let segments = budget.map(|budget| {
            let answer = |(segment, &number): (&domain::Segment, &u8)| {
                let value = segment.values.get(usize::from(number).checked_sub(1)?)?;
                Some((segment.slug.clone(), value.slug.clone()))
            };
            budget.segments.iter().zip(stored.segments.iter()).filter_map(answer).collect()
        });
        Self {
            id: stored.id.to_string(),
            budget: budget.map_or_else(|| format!("number {}", stored.budget.0), |budget| budget.slug.clone()),
            at: stored.effective.to_rfc3339(),
            counted: stored.counted,
            has_participant: stored.participant.is_some(),
            points: points.unwrap_or_default(),
            segments: segments.unwrap_or_default(),
        }
    }
}

/// What is stored under an address, or why there is nothing.
async fn found(allot: &Allot, address: &Address) -> Result<StoredSubmission, Failure> {
    match allot.store().lookup(&[address.id]).await?.pop().flatten() {
        Some(Lookup::Found(stored)) => Ok(*stored),
        Some(Lookup::Deleted) => Err(Failure::new(
            format!("{} was deleted in the last 92 days", address.id),
            "nothing of it is stored but its id, so that it is not sent again",
        )),
        None => Err(Failure::new(
            format!("there is no submission {}", address.id),
            "it was never stored, deleted more than 92 days ago, or archived: what is archived counts, but is no longer \
             anybody's",
        )),
    }
}

/// Whether the link that somebody showed proves that they hold the receipt; `None` = it has no code.
fn proof(allot: &Allot, stored: &StoredSubmission, address: &Address) -> Option<bool> {
    let code = address.code.clone()?;
    Some(allot.may_manage(stored, &Authority::Manage(code)))
}

/// All that the same participant has, newest first; only this one without a participant.
async fn with_history(allot: &Allot, stored: StoredSubmission) -> Result<Vec<StoredSubmission>, Failure> {
    match stored.participant {
        Some(participant) => Ok(allot.store().history(participant, u32::MAX).await?),
        None => Ok(vec![stored]),
    }
}

/// A line a submission, without what it says.
fn table(shown: &[Shown]) -> String {
    let mut table = Table::new(&[
        Column::Text("id"),
        Column::Text("time (UTC)"),
        Column::Text("budget"),
        Column::Text("counts"),
        Column::Text("participant"),
    ]);
    let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
    for one in shown {
        table.row([one.id.clone(), one.at.clone(), one.budget.clone(), yes(one.counted), yes(one.has_participant)]);
    }
    let mut text = String::new();
    table.write_to(&mut text);
    text
}

/// What it says, category by category.
fn details(one: &Shown) -> String {
    let mut table = Table::new(&[Column::Text("category"), Column::Number("share")]);
    for (slug, points) in &one.points {
        table.row([slug.clone(), format!("{} %", format_points(*points))]);
    }
    let mut text = String::new();
    table.write_to(&mut text);
    for (segment, value) in &one.segments {
        text.push_str(&format!("said of themselves: {segment} = {value}\n"));
    }
    text
}
