//! Whether it stays as fast with millions of submissions as with a thousand.

use super::{BUDGET, Context, counted, raw, reads};
use crate::{
    interrupt,
    load::Report,
    process::Allot,
    report::{Aim, Row, Unit},
    rounds::{Spread, alternate},
};
use anyhow::{Result, ensure};

pub(super) const SMALL: u64 = 1_000;
/// Few, so that latency is what the server takes and not the queue before it.
const CONNECTIONS: usize = 4;

/// On SQLite.
pub(super) fn sqlite(context: &Context<'_>) -> Result<Vec<Row>> {
    let number = context.scale.large;
    let small = Allot::new(context.allot, context.scratch, "small")?;
    small.simulate(SMALL)?;
    let large = Allot::new(context.allot, context.scratch, "large")?;
    let simulated = large.simulate(number)?;
    eprintln!("  {number} submissions made in {:.0} s", simulated.as_secs_f64());
    let bytes = large.bytes_on_disk()? as f64 / number as f64;

    let mut rows = latency(context, "aggregate latency", &large, &small, Aim::RatioAtMost(1.1))?;
    let one = |seconds: f64| Spread::of([seconds]);
    rows.push(
        Row::new(format!("simulate {number}"), one(simulated.as_secs_f64()), Unit::Seconds).aim(Aim::AtMost(300.0)),
    );
    rows.push(
        Row::new(format!("bytes on disk a submission, {number}"), one(bytes), Unit::Bytes).aim(Aim::AtMost(120.0)),
    );
    for command in ["verify", "rebuild"] {
        let mut times = Vec::new();
        for _ in 0..3 {
            times.push(large.run(&["aggregates", command])?.0.as_secs_f64());
        }
        rows.push(
            Row::new(format!("aggregates {command}, {number}"), Spread::of(times), Unit::Seconds)
                .note("with the start of the program; exit 0"),
        );
    }
    // Last: it spoils the data. What was measured until then is kept if it fails.
    match raw::sqlite(&large, number) {
        Ok(row) => rows.push(row),
        Err(error) => {
            interrupt::check()?;
            eprintln!("  raw tier NOT MEASURED: {error:#}");
        }
    }
    Ok(rows)
}

/// Of the aggregate route with many submissions against few.
///
/// # Errors
/// A server doesn't start, or answers something else.
pub(super) fn latency(context: &Context<'_>, name: &str, large: &Allot, small: &Allot, aim: Aim) -> Result<Vec<Row>> {
    let context = &context.finely();
    let servers = [large.serve(context.cores.server)?, small.serve(context.cores.server)?];
    let counts = [counted(servers[0].target())?, counted(servers[1].target())?];
    // Some people return, so fewer are counted than submitted.
    ensure!(counts[0] > counts[1], "{counts:?} submissions counted: no difference to measure");
    let path = &format!("/api/v1/budgets/{BUDGET}/aggregate");
    let mut rows = Vec::new();
    for (name, encoding) in [(name.to_owned(), None), (format!("{name}, br"), Some("br"))] {
        let [of_large, of_small] = ["large", "small"].map(|size| format!("{name} {size}"));
        let route = |name| reads::Route { name, path, encoding, aim: None };
        let pairs = alternate(
            context.scale.rounds,
            || reads::read(context, &servers[0], &route(&of_large), CONNECTIONS),
            || reads::read(context, &servers[1], &route(&of_small), CONNECTIONS),
        )?;
        let note = format!("{} counted against {}", counts[0], counts[1]);
        for (quantile, label) in [(0.5, "p50"), (0.99, "p99")] {
            let row = Row::compared(format!("{name}, {label}"), &pairs, Unit::Micros, |report: &Report| {
                report.latency_micros(quantile)
            });
            rows.push(row.aim(aim).note(&note));
        }
    }
    for server in servers {
        server.stop()?;
    }
    Ok(rows)
}
