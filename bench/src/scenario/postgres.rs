//! On PostgreSQL: durable submissions over HTTP against single-row inserts, their latency at half the highest rate,
//! what they take on disk and in memory, and what many millions take.

use super::{
    Context, audits, counted, growth, raw,
    submissions::{self, CREATED},
};
use crate::{
    load::{Plan, Report},
    process::{Allot, Postgres, usage},
    report::{Aim, Row, Unit},
    rounds::Spread,
    steadiness,
};
use anyhow::{Context as _, Result, ensure};
use std::time::Duration;

const CONNECTIONS: [usize; 2] = [16, 256];
/// What is compared with: a table like ours, empty at first, in a database of its own.
const BASELINE: &str = "baseline";
const OURS: &str = "allot";
/// With few submissions.
const SMALL: &str = "small";

/// One row of the server's own table, with an id of now. No validation, no summary, no network.
const INSERT: &str = "INSERT INTO submission (version, budget, standing, id, points) VALUES \
    (1, 1, 'C', (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7' \
    || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid, '\\x03e803e803e803e803e803e803e803e803e803e8');\n";

/// Rates, latency at half the rate, memory, disk.
pub(super) fn submit(context: &Context<'_>) -> Result<Vec<Row>> {
    let postgres = Postgres::start()?;
    let allot = new(context, &postgres, OURS)?;
    // It makes the tables; nobody serves from there.
    new(context, &postgres, BASELINE)?;
    let server = allot.serve(None)?;
    let before = counted(server.target())?;
    let mut pairs: [Vec<(Report, f64)>; 2] = Default::default();
    for round in 0..context.scale.rounds {
        for (pairs, connections) in pairs.iter_mut().zip(CONNECTIONS) {
            let ours = || submissions::submit(&context.shared(&server, connections));
            let theirs = || inserts(context, &postgres, connections);
            pairs.push(if round % 2 == 0 {
                let first = ours()?;
                (first, theirs()?)
            } else {
                let first = theirs()?;
                (ours()?, first)
            });
        }
    }
    let highest = pairs.iter().map(|pairs| Spread::of(pairs.iter().map(|(report, _)| report.rate())).median);
    let highest = highest.fold(0.0, f64::max);
    let inserts = Spread::of(pairs[0].iter().map(|(_, inserts)| *inserts)).median;
    let paces = [highest / 2.0, inserts / 2.0];
    let plan = Plan { pace: Some(paces[0]), ..context.shared(&server, CONNECTIONS[1]) };
    let at_rest = steadiness::at_rest(context.scale.measure)?;
    let mut paced = Vec::new();
    for _ in 0..context.scale.rounds {
        let theirs = inserts_p99(context, &postgres, paces[1])?;
        paced.push((submissions::submit(&plan)?, theirs));
    }
    let reports = pairs.iter().flatten().chain(&paced).map(|(report, _)| report);
    let acknowledged: u64 = reports.map(|report| report.answered(CREATED)).sum();
    let peak = usage::peak_memory(server.pid())?;
    submissions::wait_for_count(&server, before + acknowledged)?;
    server.stop()?;
    submissions::verify(&allot, before + acknowledged)?;
    let bytes = bytes(&postgres)? as f64 / (before + acknowledged) as f64;

    let mut rows: Vec<_> =
        pairs.iter().zip(CONNECTIONS).map(|(pairs, connections)| rate_row(pairs, connections)).collect();
    rows.extend(pace_rows(&paced, paces, at_rest));
    rows.push(
        Row::new("peak memory of the server, PostgreSQL", Spread::of([submissions::mebibytes(peak)]), Unit::Mebibytes)
            .aim(Aim::AtMost(submissions::mebibytes(150_000_000)))
            .note(format!("{acknowledged} submissions acknowledged, as many counted, `aggregates verify` exit 0")),
    );
    rows.push(
        Row::new("bytes on disk a submission, PostgreSQL, over HTTP", Spread::of([bytes]), Unit::Bytes)
            .aim(Aim::AtMost(180.0))
            .note("the table's months with their indexes"),
    );
    Ok(rows)
}

/// What many submissions take.
pub(super) fn growth(context: &Context<'_>) -> Result<Vec<Row>> {
    let number = context.scale.large;
    let postgres = Postgres::start()?;
    let small = new(context, &postgres, SMALL)?;
    small.simulate(growth::SMALL)?;
    let allot = new(context, &postgres, OURS)?;
    let simulated = allot.simulate(number)?;
    eprintln!("  {number} submissions made in {:.0} s", simulated.as_secs_f64());
    let one = |seconds: f64| Spread::of([seconds]);
    let mut rows = vec![
        Row::new(format!("simulate {number}, PostgreSQL"), one(simulated.as_secs_f64()), Unit::Seconds),
        Row::new(
            format!("bytes on disk a submission, PostgreSQL, {number}"),
            one(bytes(&postgres)? as f64 / number as f64),
            Unit::Bytes,
        )
        .aim(Aim::AtMost(180.0)),
    ];
    let aim = Aim::RatioAtMost(1.05);
    rows.extend(growth::latency(context, "aggregate latency, PostgreSQL", &allot, &small, aim)?);
    rows.extend(audits::alone(&allot, number)?);
    rows.extend(audits::beside_submissions(context, &allot, number)?);
    // Last: it spoils the data.
    rows.extend(raw::postgres(&allot, &postgres, OURS, number)?);
    Ok(rows)
}

/// A database of that name, with its tables.
fn new(context: &Context<'_>, postgres: &Postgres, name: &str) -> Result<Allot> {
    Allot::on_postgres(context.allot, context.scratch, name, &postgres.database(name)?, None)
}

fn inserts(context: &Context<'_>, postgres: &Postgres, connections: usize) -> Result<f64> {
    let rate = postgres.pgbench(BASELINE, INSERT, connections, context.scale.measure)?;
    eprintln!("  {connections} connections: pgbench inserts {rate:.0} a second");
    Ok(rate)
}

/// At a pace, on few connections, where its rate is highest: many are as many processes, which take turns.
fn inserts_p99(context: &Context<'_>, postgres: &Postgres, pace: f64) -> Result<f64> {
    let p99 = postgres.pgbench_p99(BASELINE, INSERT, CONNECTIONS[0], context.scale.measure, pace)?;
    eprintln!("  {} connections: pgbench inserts {pace:.0} a second, p99 {p99:.0} µs", CONNECTIONS[0]);
    Ok(p99)
}

fn bytes(postgres: &Postgres) -> Result<u64> {
    let sum = "SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'submission'::regclass";
    let bytes = postgres.sql(OURS, sum)?;
    let bytes = bytes.parse().with_context(|| format!("no size: {bytes}"))?;
    ensure!(bytes > 0, "nothing is stored");
    Ok(bytes)
}

fn rate_row(pairs: &[(Report, f64)], connections: usize) -> Row {
    Row {
        baseline: Some(Spread::of(pairs.iter().map(|(_, baseline)| *baseline))),
        ratio: Some(Spread::of(pairs.iter().map(|(report, baseline)| report.rate() / baseline))),
        ..Row::new(
            format!("durable submissions, PostgreSQL, {connections} connections"),
            Spread::of(pairs.iter().map(|(report, _)| report.rate())),
            Unit::PerSecond,
        )
    }
    .aim(Aim::RatioAtLeast(1.0))
    .note(submissions::note(pairs))
}

/// Pairs of what a round saw, and of the p99 of single-row inserts right before; `paces` are of these two.
fn pace_rows(paced: &[(Report, f64)], paces: [f64; 2], at_rest: f64) -> [Row; 2] {
    let name = "submit p99 at half the highest rate, PostgreSQL";
    let p99s = || paced.iter().map(|(report, inserts)| (report.latency_micros(0.99), *inserts));
    let reports = || paced.iter().map(|(report, _)| report);
    let median = |of: fn(&Report) -> Option<f64>| Spread::of(reports().filter_map(of)).median * 100.0;
    let all = Row {
        baseline: Some(Spread::of(p99s().map(|(_, inserts)| inserts))),
        ratio: Some(Spread::of(p99s().map(|(ours, inserts)| ours / inserts))),
        ..Row::new(name, Spread::of(p99s().map(|(ours, _)| ours)), Unit::Micros)
    };
    let undisturbed = Spread::of(reports().filter_map(|report| report.undisturbed_micros(0.99)));
    [
        all.aim(Aim::AtMost(Duration::from_millis(10).as_micros() as f64)).note(format!(
            "{:.0} a second, due at fixed times on {} connections; baseline: single-row inserts by pgbench at half of their \
             highest rate, {:.0} a second, on {}",
            paces[0], CONNECTIONS[1], paces[1], CONNECTIONS[0]
        )),
        Row::new(format!("{name}, while the machine kept its pace"), undisturbed, Unit::Micros).note(format!(
            "the same runs: the {:.1} % of the requests during which it did; for {:.1} % of the time the machine itself \
             took over five times as long as usual for the same work, and for {:.1} % of it at rest, just before",
            median(Report::undisturbed_share),
            median(Report::slow_share),
            at_rest * 100.0
        )),
    ]
}
