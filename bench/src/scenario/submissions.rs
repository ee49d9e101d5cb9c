//! Durable submissions over HTTP, and whether every acknowledged one was counted.

use super::{BUDGET, Context, categories, counted, inserts::Inserts};
use crate::{
    load::{self, Plan, Report},
    process::{Allot, Server, usage},
    report::{Aim, Row, Unit},
    requests::{Ids, Submissions},
    rounds::Spread,
};
use anyhow::{Result, ensure};
use std::time::{Duration, Instant};

const CONNECTIONS: [usize; 3] = [16, 64, 256];
pub(super) const CREATED: u16 = 201;

/// On SQLite, every commit on disk (`synchronous=FULL`) before it is answered.
pub(super) fn sqlite(context: &Context<'_>) -> Result<Vec<Row>> {
    let allot = Allot::new(context.allot, context.scratch, "data")?;
    let mut inserts = Inserts::open(&context.scratch.join("inserts.sqlite"))?;
    // All cores: group commit is a matter of several threads.
    let server = allot.serve(None)?;
    let before = counted(server.target())?;
    let mut pairs: [Vec<(Report, f64)>; 3] = Default::default();
    for _ in 0..context.scale.rounds {
        let baseline = inserts.run(context.scale.measure)?;
        eprintln!("  single-row commits {baseline:.0} a second");
        for (pairs, connections) in pairs.iter_mut().zip(CONNECTIONS) {
            pairs.push((submit(&context.shared(&server, connections))?, baseline));
        }
    }
    let acknowledged: u64 = pairs.iter().flatten().map(|(report, _)| report.answered(CREATED)).sum();
    let [peak, own] = [usage::peak_memory(server.pid())?, usage::own_memory(server.pid())?].map(mebibytes);
    wait_for_count(&server, before + acknowledged)?;
    server.stop()?;
    verify(&allot, before + acknowledged)?;
    let stored = allot.bytes_on_disk()? as f64 / (before + acknowledged) as f64;

    let mut rows: Vec<_> = pairs.iter().zip(CONNECTIONS).map(|(pairs, connections)| row(pairs, connections)).collect();
    rows.push(Row::new("peak memory of the server", Spread::of([peak]), Unit::Mebibytes).note(format!(
        "{own:.0} MiB at the end apart from mapped files; {acknowledged} submissions acknowledged, as many \
             counted, `aggregates verify` exit 0"
    )));
    rows.push(Row::new("bytes on disk a submission, over HTTP", Spread::of([stored]), Unit::Bytes));
    Ok(rows)
}

/// Exit code 0, or this fails: it counts the stored submissions themselves.
///
/// # Errors
/// Another count.
pub(super) fn verify(allot: &Allot, counted: u64) -> Result<()> {
    let (_, verdict) = allot.run(&["aggregates", "verify"])?;
    let exact = format!("{BUDGET}: exact, {counted} counted");
    ensure!(verdict.contains(&exact), "not `{exact}`, but: {verdict}");
    Ok(())
}

pub(super) fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / 1_048_576.0
}

/// One round.
///
/// # Errors
/// Anything but acknowledgements.
pub(super) fn submit(plan: &Plan) -> Result<Report> {
    let categories = categories(plan.target, BUDGET)?;
    let report = load::run(plan, || Submissions::new(plan.target, BUDGET, &categories, Ids::Client))?;
    let pace = plan.pace.map(|rate| format!(", {rate:.0} a second")).unwrap_or_default();
    eprintln!("  {} connections{pace}: {report}", plan.connections);
    report.expect_only(CREATED)?;
    Ok(report)
}

fn row(pairs: &[(Report, f64)], connections: usize) -> Row {
    Row {
        baseline: Some(Spread::of(pairs.iter().map(|(_, baseline)| *baseline))),
        ratio: Some(Spread::of(pairs.iter().map(|(report, baseline)| report.rate() / baseline))),
        ..Row::new(
            format!("durable submissions, SQLite, {connections} connections"),
            Spread::of(pairs.iter().map(|(report, _)| report.rate())),
            Unit::PerSecond,
        )
    }
    .aim(Aim::AtLeast(10_000.0))
    .note(note(pairs))
}

/// Latency, and how busy either side was.
pub(super) fn note(pairs: &[(Report, f64)]) -> String {
    let of = |measure: fn(&Report) -> f64| Spread::of(pairs.iter().map(|(report, _)| measure(report))).median;
    let latency = |quantile: f64| {
        let spread = Spread::of(pairs.iter().map(|(report, _)| report.latency_micros(quantile) / 1e3));
        format!("{:.1} ms", spread.median)
    };
    format!(
        "p50 {}, p99 {}; generator {:.0} %, server {:.0} % of a core",
        latency(0.5),
        latency(0.99),
        of(|report| report.generator_cores) * 100.0,
        of(|report| report.server_cores) * 100.0
    )
}

/// The aggregate may be a moment behind; it must end at exactly what was acknowledged.
///
/// # Errors
/// It doesn't.
pub(super) fn wait_for_count(server: &Server, expected: u64) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(5);
    loop {
        let seen = counted(server.target())?;
        if seen == expected {
            return Ok(());
        }
        ensure!(seen < expected && Instant::now() < deadline, "{seen} counted, but {expected} acknowledged");
        std::thread::sleep(Duration::from_millis(20));
    }
}
