//! `aggregates verify` and `aggregates rebuild` on many submissions in PostgreSQL: alone, and while more arrive.

use super::{
    Context, counted,
    submissions::{self, CREATED},
};
use crate::{
    load::{Plan, Report},
    process::{Allot, Server},
    report::{Row, Unit},
    rounds::Spread,
};
use anyhow::{Result, anyhow};
use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

const COMMANDS: [&str; 2] = ["verify", "rebuild"];
/// Submissions a second meanwhile: many people, and far from what a server takes.
const RATE: f64 = 200.0;
/// Enough that none waits for a connection.
const CONNECTIONS: usize = 64;
const NOTE: &str = "with the start of the program; exit 0";

/// Nothing else runs.
///
/// # Errors
/// Another exit code than 0.
pub(super) fn alone(allot: &Allot, number: u64) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for command in COMMANDS {
        let took = allot.run(&["aggregates", command])?.0;
        rows.push(time(format!("aggregates {command}, PostgreSQL, {number}"), took).note(NOTE));
    }
    Ok(rows)
}

/// Beside a server that gets submissions, all of which must be counted afterwards.
///
/// # Errors
/// Another exit code than 0, a submission that was not acknowledged, another count.
pub(super) fn beside_submissions(context: &Context<'_>, allot: &Allot, number: u64) -> Result<Vec<Row>> {
    let server = allot.serve(None)?;
    let before = counted(server.target())?;
    let mut measured = Vec::new();
    for command in COMMANDS {
        measured.push((command, beside(context, allot, &server, command)?));
    }
    let reports = measured.iter().flat_map(|(_, (_, reports))| reports);
    let acknowledged: u64 = reports.map(|report| report.answered(CREATED)).sum();
    submissions::wait_for_count(&server, before + acknowledged)?;
    server.stop()?;
    submissions::verify(allot, before + acknowledged)?;

    let exact = format!("{before} counted before, {acknowledged} acknowledged, exactly their sum counted afterwards");
    let mut rows = Vec::new();
    for (command, (took, reports)) in &measured {
        let name = format!("aggregates {command} beside {RATE} submissions a second, PostgreSQL, {number}");
        rows.push(time(name, *took).note(format!("{NOTE}; {exact}")));
        let p99 = Spread::of(reports.iter().map(|report| report.latency_micros(0.99)));
        rows.push(
            Row::new(format!("submit p99 beside aggregates {command}, PostgreSQL, {number}"), p99, Unit::Micros)
                .note(format!("{RATE} a second, due at fixed times on {CONNECTIONS} connections")),
        );
    }
    Ok(rows)
}

/// Runs a command while submissions arrive; answers its time, and what each few seconds of them saw.
fn beside(context: &Context<'_>, allot: &Allot, server: &Server, command: &str) -> Result<(Duration, Vec<Report>)> {
    let plan = Plan { pace: Some(RATE), warm_up: Duration::ZERO, ..context.shared(server, CONNECTIONS) };
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let load = scope.spawn(|| -> Result<Vec<Report>> {
            let mut reports = Vec::new();
            // How long the command takes isn't known before: round after round until it has ended.
            loop {
                reports.push(submissions::submit(&plan)?);
                if done.load(Ordering::Relaxed) {
                    return Ok(reports);
                }
            }
        });
        let ran = allot.run(&["aggregates", command]);
        done.store(true, Ordering::Relaxed);
        let reports = load.join().map_err(|_| anyhow!("the thread of the submissions panicked"))??;
        Ok((ran?.0, reports))
    })
}

fn time(name: String, took: Duration) -> Row {
    Row::new(name, Spread::of([took.as_secs_f64()]), Unit::Seconds)
}
