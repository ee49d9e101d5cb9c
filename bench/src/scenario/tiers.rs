//! What a read takes that memory can't answer, because another process wrote what its reader has seen.

use super::{BUDGET, Context, categories};
use crate::{
    capture,
    load::Target,
    process::{Allot, Postgres, Redis},
    report::{Row, Unit},
    requests::{Ids, Requests, Submissions},
    rounds::Spread,
};
use anyhow::{Context as _, Result, ensure};
use std::{collections::BTreeMap, time::Instant};

/// Fewer answers from a tier than this say nothing about it.
const ENOUGH: usize = 10;

/// Two processes over one PostgreSQL, without Redis and with it.
pub(super) fn run(context: &Context<'_>) -> Result<Vec<Row>> {
    let postgres = Postgres::start()?;
    let redis = Redis::start(context.scratch)?.context("redis-server is not installed")?;
    let url = redis.url();
    let mut rows = Vec::new();
    for (name, redis) in [("alone", None), ("shared", Some(url.as_str()))] {
        let database = postgres.database(name)?;
        let allot = Allot::on_postgres(context.allot, context.scratch, name, &database, redis)?;
        let (writer, reader) = (allot.serve(None)?, allot.serve(None)?);
        let reads = if context.scale.rounds < 5 { 100 } else { 1000 };
        let took = follow(writer.target(), reader.target(), reads)?;
        let with = if redis.is_some() { "with Redis" } else { "without Redis" };
        for (tier, times) in took.into_iter().filter(|(_, times)| times.len() >= ENOUGH) {
            rows.extend(rows_of(&tier, with, times, reads));
        }
        writer.stop()?;
        reader.stop()?;
    }
    Ok(rows)
}

/// Submits to one process, then asks the other, showing the version that the first one told; microseconds by tier.
fn follow(writer: Target, reader: Target, reads: usize) -> Result<BTreeMap<String, Vec<f64>>> {
    let mut submissions = Submissions::new(writer, BUDGET, &categories(writer, BUDGET)?, Ids::Client)?;
    let path = format!("/api/v1/budgets/{BUDGET}/aggregate");
    let mut took: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for _ in 0..reads {
        let mut request = Vec::new();
        submissions.write_next(&mut request);
        let receipt = capture::send(writer, &request)?.json(201)?;
        let version = receipt["version"].as_i64().context("a receipt without version")?;
        // The writer's own snapshot first, which it shares where there is Redis.
        let known = |target: Target| {
            format!(
                "GET {path} HTTP/1.1\r\nhost: {}\r\nif-none-match: \"1-{version:x}-none\"\r\n\r\n",
                target.address()
            )
        };
        ensure!(capture::send(writer, known(writer).as_bytes())?.status == 200, "the writer lost what it wrote");
        let request = known(reader);
        let started = Instant::now();
        let response = capture::send(reader, request.as_bytes())?;
        let elapsed = started.elapsed().as_secs_f64() * 1e6;
        let seen = response.json(200)?["version"].as_i64().unwrap_or_default();
        ensure!(seen >= version, "version {seen} for a reader who has seen {version}");
        took.entry(response.header("x-allot-tier").unwrap_or("none").to_owned()).or_default().push(elapsed);
    }
    Ok(took)
}

fn rows_of(tier: &str, with: &str, mut times: Vec<f64>, reads: usize) -> [Row; 2] {
    times.sort_by(f64::total_cmp);
    let share = format!("{} of {reads} reads, each on a new connection", times.len());
    [(50, "p50"), (99, "p99")].map(|(percent, label)| {
        let value = times[(times.len() * percent / 100).min(times.len() - 1)];
        Row::new(
            format!("read after another process's write, {with}, tier {tier}, {label}"),
            Spread::of([value]),
            Unit::Micros,
        )
        .note(share.clone())
    })
}
