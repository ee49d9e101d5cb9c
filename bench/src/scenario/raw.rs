//! The last tier: an aggregate computed from the submissions, because the summary can't be read.

use super::BUDGET;
use crate::{
    capture,
    process::Allot,
    report::{Aim, Row, Unit},
    rounds::Spread,
};
use anyhow::{Result, ensure};
use rusqlite::Connection;
use std::time::Instant;

/// Starts of the server; each has nothing in memory, so that its first read goes down to the submissions.
const TIMES: usize = 3;

/// Makes the summary unreadable and times the first read of a server.
///
/// # Errors
/// The server doesn't start, or answers from another tier.
pub(super) fn read(allot: &Allot, submissions: u64) -> Result<Row> {
    Connection::open(allot.database())?.execute_batch(
        "UPDATE summary_cell SET cell = x'ff'; UPDATE summary_delta SET correction = x'ff' WHERE correction NOT NULL;",
    )?;
    let path = format!("/api/v1/budgets/{BUDGET}/aggregate");
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let server = allot.serve(None)?;
        let started = Instant::now();
        let response = capture::get(server.target(), &path, None)?;
        let took = started.elapsed();
        let tier = response.header("x-allot-tier").unwrap_or_default();
        ensure!(
            response.status == 200 && tier == "raw",
            "the first read was answered {} from `{tier}`",
            response.status
        );
        eprintln!("  raw tier: {:.2} s", took.as_secs_f64());
        times.push(took.as_secs_f64());
    }
    let row = Row::new(format!("raw tier, {submissions}"), Spread::of(times), Unit::Seconds).aim(Aim::AtMost(5.0));
    Ok(row.note("first read of a server whose summary is unreadable, over HTTP"))
}
