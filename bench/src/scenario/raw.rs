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
    rounds::{Spread, alternate},
};
use anyhow::{Result, ensure};
use rusqlite::Connection;
use std::time::{Duration, Instant};

/// Each is one start of the server.
const ROUNDS: u32 = 5;
/// The longest computation that is waited for; a single request gives up earlier.
const PATIENCE: Duration = Duration::from_secs(180);
/// What a process logs that computes from the submissions.
const LOGGED: &str = "computing from the submissions";
const NOTE: &str = "from the start of a process whose summary is unreadable to its first answer";

/// On SQLite: makes the summary unreadable and times first reads.
///
/// # Errors
/// The server doesn't start, or answers from somewhere else.
pub(super) fn sqlite(allot: &Allot, submissions: u64) -> Result<Row> {
    Connection::open(allot.database())?.execute_batch(
        "UPDATE summary_cell SET cell = x'ff'; UPDATE summary_delta SET correction = x'ff' WHERE correction NOT NULL;",
    )?;
    let times = (0..ROUNDS).map(|_| first_read(allot)).collect::<Result<Vec<_>>>()?;
    Ok(Row::new(format!("raw tier, SQLite, {submissions}"), Spread::of(times), Unit::Seconds)
        .aim(Aim::AtMost(5.0))
        .note(NOTE))
}

/// On PostgreSQL, in turn with the same sums in plain SQL.
///
/// # Errors
/// The same, or PostgreSQL fails.
pub(super) fn postgres(allot: &Allot, postgres: &Postgres, database: &str, submissions: u64) -> Result<Vec<Row>> {
    let spoil = "UPDATE summary_cell SET cell = '\\xff'; \
                 UPDATE summary_delta SET correction = '\\xff' WHERE correction IS NOT NULL";
    postgres.sql(database, spoil)?;
    let pairs = alternate(ROUNDS, || first_read(allot), || plain(postgres, database))?;
    let compared = |name: String| Row::compared(name, &pairs, Unit::Seconds, |seconds| *seconds).note(NOTE);
    let name = format!("raw tier, PostgreSQL, {submissions}");
    let against = compared(format!("{name}, against plain SQL")).aim(Aim::RatioAtMost(1.0));
    let alone = Row { baseline: None, ratio: None, ..compared(name) };
    Ok(vec![alone.aim(Aim::AtMost(5.0)), against])
}

fn plain(postgres: &Postgres, database: &str) -> Result<f64> {
    interrupt::check()?;
    let started = Instant::now();
    postgres.sql(database, &sums())?;
    let seconds = started.elapsed().as_secs_f64();
    eprintln!("  the sums in plain SQL: {seconds:.2} s");
    Ok(seconds)
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

fn first_read(allot: &Allot) -> Result<f64> {
    let path = format!("/api/v1/budgets/{BUDGET}/aggregate");
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
    let seconds = started.elapsed().as_secs_f64();
    ensure!(server.log().contains(LOGGED), "the answer did not come from the submissions");
    eprintln!("  raw tier: {seconds:.2} s");
    server.stop()?;
    Ok(seconds)
}
