//! The last tier: an aggregate computed from the submissions, because the summary can't be read.
//!
//! A process begins to compute as soon as it runs, so by the time of a first read it may be in memory already, and the
//! answer's `X-Allot-Tier` says `memory`. What is measured is therefore the time from the start of the process until it
//! answers a read: nothing else could be answered from, as the log of the process must say, too. That is a little more
//! than the tier itself takes.

use super::BUDGET;
use crate::{
    capture, interrupt,
    process::{Allot, Postgres},
    report::{Aim, Row, Unit},
    rounds::Spread,
};
use anyhow::{Result, ensure};
use rusqlite::Connection;
use std::time::{Duration, Instant};

/// Starts of the server.
const TIMES: usize = 3;
/// The longest computation that is waited for; a single request gives up earlier.
const PATIENCE: Duration = Duration::from_secs(180);
/// What a process logs that computes from the submissions.
const LOGGED: &str = "computing from the submissions";

/// On SQLite: makes the summary unreadable and times first reads.
///
/// # Errors
/// The server doesn't start, or answers from somewhere else.
pub(super) fn sqlite(allot: &Allot, submissions: u64) -> Result<Row> {
    Connection::open(allot.database())?.execute_batch(
        "UPDATE summary_cell SET cell = x'ff'; UPDATE summary_delta SET correction = x'ff' WHERE correction NOT NULL;",
    )?;
    Ok(row(format!("raw tier, SQLite, {submissions}"), Spread::of(first_reads(allot)?)).aim(Aim::AtMost(5.0)))
}

/// On PostgreSQL, and against the same sums in plain SQL.
///
/// # Errors
/// The same, or PostgreSQL fails.
pub(super) fn postgres(allot: &Allot, postgres: &Postgres, database: &str, submissions: u64) -> Result<Vec<Row>> {
    let spoil = "UPDATE summary_cell SET cell = '\\xff'; \
                 UPDATE summary_delta SET correction = '\\xff' WHERE correction IS NOT NULL";
    postgres.sql(database, spoil)?;
    let mut plain = Vec::new();
    for _ in 0..TIMES {
        let started = Instant::now();
        postgres.sql(database, &sums())?;
        plain.push(started.elapsed().as_secs_f64());
        eprintln!("  the sums in plain SQL: {:.2} s", started.elapsed().as_secs_f64());
    }
    let times = first_reads(allot)?;
    let ratio = Spread::of(times.iter().zip(&plain).map(|(ours, plain)| ours / plain));
    let against = Row {
        baseline: Some(Spread::of(plain)),
        ratio: Some(ratio),
        ..row(format!("raw tier, PostgreSQL, {submissions}, against plain SQL"), Spread::of(times.iter().copied()))
    };
    let alone = row(format!("raw tier, PostgreSQL, {submissions}"), Spread::of(times)).aim(Aim::AtMost(5.0));
    Ok(vec![alone, against.aim(Aim::RatioAtMost(1.0))])
}

/// People and points of each category of the default budget: less than the aggregate has.
fn sums() -> String {
    let sum = |category: usize| format!("sum(get_byte(points, {0}) * 256 + get_byte(points, {0} + 1))", 2 * category);
    let sums: Vec<_> = (0..10).map(sum).collect();
    format!(
        "SELECT count(*), {} FROM submission \
         WHERE standing < 'a' AND budget = (SELECT id FROM budget WHERE slug = '{BUDGET}')",
        sums.join(", ")
    )
}

fn first_reads(allot: &Allot) -> Result<Vec<f64>> {
    let path = format!("/api/v1/budgets/{BUDGET}/aggregate");
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let started = Instant::now();
        let server = allot.serve(None)?;
        loop {
            interrupt::check()?;
            let response = capture::get(server.target(), &path, None)?;
            if response.status == 200 {
                break;
            }
            ensure!(response.status == 503 && started.elapsed() < PATIENCE, "answered {}", response.status);
        }
        times.push(started.elapsed().as_secs_f64());
        ensure!(server.log().contains(LOGGED), "the answer did not come from the submissions");
        eprintln!("  raw tier: {:.2} s", started.elapsed().as_secs_f64());
        server.stop()?;
    }
    Ok(times)
}

fn row(name: String, times: Spread) -> Row {
    Row::new(name, times, Unit::Seconds)
        .note("from the start of a process whose summary is unreadable to its first answer")
}
