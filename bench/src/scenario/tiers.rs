//! What a read takes that memory can't answer, because another process wrote what its reader has seen; against a bare
//! handler with the same bytes.

use super::{BUDGET, Context, categories, reads};
use crate::{
    capture::{self, Response},
    interrupt,
    load::Target,
    process::{Allot, Postgres, Redis, start_bare},
    report::{Row, Unit},
    requests::{Ids, Requests, Submissions},
    rounds::alternate,
};
use anyhow::{Context as _, Result, ensure};
use std::{collections::BTreeMap, time::Instant};

/// Reads of a round.
const READS: u32 = 150;
/// Fewer answers from a tier than this say nothing about it.
const ENOUGH: usize = 10;

/// Microseconds of reads, and of the bare handler right before or after each of them.
type Times = (Vec<f64>, Vec<f64>);

/// Two processes over one PostgreSQL, without Redis and with it.
pub(super) fn run(context: &Context<'_>) -> Result<Vec<Row>> {
    let postgres = Postgres::start()?;
    let redis = Redis::start(context.scratch)?.context("redis-server is not installed")?;
    let url = redis.url();
    let mut rows = Vec::new();
    for (name, redis) in [("alone", None), ("shared", Some(url.as_str()))] {
        let database = postgres.database(name)?;
        let allot = Allot::on_postgres(context.allot, context.scratch, name, &database, redis)?;
        // Then what is submitted here hardly changes how many bytes an answer has.
        allot.simulate(reads::SUBMISSIONS)?;
        let (writer, reader) = (allot.serve(None)?, allot.serve(None)?);
        let took = follow(context, writer.target(), reader.target())?;
        let with = if redis.is_some() { "with Redis" } else { "without Redis" };
        for (tier, rounds) in took {
            rows.extend(rows_of(&format!("{with}, tier {tier}"), &rounds, READS * context.scale.rounds));
        }
        writer.stop()?;
        reader.stop()?;
    }
    Ok(rows)
}

/// The rounds of each tier.
fn follow(context: &Context<'_>, writer: Target, reader: Target) -> Result<BTreeMap<String, Vec<Times>>> {
    let mut submissions = Submissions::new(writer, BUDGET, &categories(writer, BUDGET)?, Ids::Client)?;
    let (captured, _) = read_after_write(&mut submissions, writer, reader)?;
    let bare = start_bare(context.bare, &path(), &captured, None, context.scratch)?;
    let mut took: BTreeMap<String, Vec<Times>> = BTreeMap::new();
    for _ in 0..context.scale.rounds {
        let pairs = alternate(READS, || read_after_write(&mut submissions, writer, reader), || read(bare.target(), 0))?;
        let mut round: BTreeMap<String, Times> = BTreeMap::new();
        for ((response, micros), (_, baseline)) in pairs {
            let tier = response.header("x-allot-tier").unwrap_or("none").to_owned();
            let times = round.entry(tier).or_default();
            times.0.push(micros);
            times.1.push(baseline);
        }
        for (tier, times) in round {
            took.entry(tier).or_default().push(times);
        }
    }
    Ok(took)
}

/// Submits to one process, then asks the other, showing the version that the first one told.
fn read_after_write(submissions: &mut Submissions, writer: Target, reader: Target) -> Result<(Response, f64)> {
    interrupt::check()?;
    let mut request = Vec::new();
    submissions.write_next(&mut request);
    let receipt = capture::send(writer, &request)?.json(201)?;
    let version = receipt["version"].as_i64().context("a receipt without version")?;
    // The writer's own snapshot first, which it shares where there is Redis.
    read(writer, version)?;
    let (response, micros) = read(reader, version)?;
    let seen = response.json(200)?["version"].as_i64().unwrap_or_default();
    ensure!(seen >= version, "version {seen} for a reader who has seen {version}");
    Ok((response, micros))
}

/// Reads on a new connection, as somebody who has seen a version; with the microseconds that it took.
fn read(target: Target, version: i64) -> Result<(Response, f64)> {
    let request = format!(
        "GET {} HTTP/1.1\r\nhost: {}\r\nif-none-match: \"1-{version:x}-none\"\r\n\r\n",
        path(),
        target.address()
    );
    let started = Instant::now();
    let response = capture::send(target, request.as_bytes())?;
    let micros = started.elapsed().as_secs_f64() * 1e6;
    ensure!(response.status == 200, "answered {}", response.status);
    Ok((response, micros))
}

fn path() -> String {
    format!("/api/v1/budgets/{BUDGET}/aggregate")
}

/// The p50 of each round, and the p99 of all, as a round has too few for a tail.
fn rows_of(which: &str, rounds: &[Times], reads: u32) -> Vec<Row> {
    let all: Times = rounds.iter().flat_map(|(ours, bare)| ours.iter().copied().zip(bare.iter().copied())).unzip();
    let answered = all.0.len();
    if answered < ENOUGH {
        return Vec::new();
    }
    let row = |label: &str, rounds: &[Times], percent: usize| {
        let name = format!("read after another process's write, {which}, {label}");
        Row::compared(name, rounds, Unit::Micros, |times| percentile(times, percent))
            .note(format!("{answered} of {reads} reads, each on a new connection; baseline: bare handler, same bytes"))
    };
    vec![row("p50", rounds, 50), row("p99", &[all], 99)]
}

/// Of at least one value.
fn percentile(times: &[f64], percent: usize) -> f64 {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    times[(times.len() * percent / 100).min(times.len() - 1)]
}
