//! Many people at once: keep-alive clients who mostly read, sometimes submit, and think in between.

use super::{BUDGET, Context, categories, submissions};
use crate::{
    load::{self, Plan},
    process::{Allot, Postgres, usage},
    report::{Aim, Row, Unit},
    requests::{Fixed, Ids, Mixed, Submissions},
    rounds::Spread,
};
use anyhow::Result;

const CLIENTS: usize = 10_000;
/// Requests a second of all of them: each thinks for two seconds.
const RATE: f64 = 5_000.0;
const READ: u16 = 200;
const SUBMITTED: u16 = 201;

pub(super) fn run(context: &Context<'_>) -> Result<Vec<Row>> {
    let postgres = Postgres::start()?;
    let allot = Allot::on_postgres(context.allot, context.scratch, "data", &postgres.database("allot")?, None)?;
    let server = allot.serve(None)?;
    let target = server.target();
    let categories = categories(target, BUDGET)?;
    let path = format!("/api/v1/budgets/{BUDGET}/aggregate");
    let mut reports = Vec::new();
    for _ in 0..context.scale.rounds.min(3) {
        let plan = Plan { pace: Some(RATE), measure: context.scale.measure * 3, ..context.shared(&server, CLIENTS) };
        let report = load::run(&plan, || {
            let submit = Submissions::new(target, BUDGET, &categories, Ids::Client)?;
            Ok(Mixed::new(Fixed::get(target, &path, Some("br")), submit))
        })?;
        report.expect_each(&[READ, SUBMITTED])?;
        eprintln!("  {CLIENTS} clients: {report}");
        reports.push(report);
    }
    let acknowledged: u64 = reports.iter().map(|report| report.answered(SUBMITTED)).sum();
    let peak = usage::peak_memory(server.pid())?;
    submissions::wait_for_count(&server, acknowledged)?;
    server.stop()?;
    submissions::verify(&allot, acknowledged)?;
    let quantile = |quantile: f64| Spread::of(reports.iter().map(|report| report.latency_micros(quantile)));
    let cores = Spread::of(reports.iter().map(|report| report.server_cores)).median;
    let generator = Spread::of(reports.iter().map(|report| report.generator_cores)).median;
    Ok(vec![
        Row::new(format!("{CLIENTS} clients, p50"), quantile(0.5), Unit::Micros),
        Row::new(format!("{CLIENTS} clients, p99"), quantile(0.99), Unit::Micros).aim(Aim::AtMost(100_000.0)).note(
            format!(
                "{RATE} requests a second, due at fixed times; nine of ten read; no errors; {acknowledged} submissions \
             counted; generator {:.0} %, server {:.0} % of a core",
                generator * 100.0,
                cores * 100.0
            ),
        ),
        Row::new(
            format!("peak memory of the server, {CLIENTS} clients"),
            Spread::of([submissions::mebibytes(peak)]),
            Unit::Mebibytes,
        )
        .aim(Aim::AtMost(submissions::mebibytes(150_000_000))),
    ])
}
