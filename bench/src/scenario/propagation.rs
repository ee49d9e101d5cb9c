//! How soon a second process over the same PostgreSQL shows what the first acknowledged, and what readers notice while
//! Redis is paused.

use super::{BUDGET, Context, categories};
use crate::{
    capture, interrupt,
    load::Target,
    process::{Allot, Postgres, Redis, Server},
    report::{Aim, Row, Unit},
    requests::{Ids, Requests, Submissions},
    rounds::Spread,
};
use anyhow::{Context as _, Result, ensure};
use std::time::{Duration, Instant};

/// Submissions of a round; each waits until it is shown.
const SUBMISSIONS: u64 = 100;
/// Submissions differ in when they come, relative to whatever runs at intervals.
const LONGEST_PAUSE: u64 = 250;
const PATIENCE: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(1);
const CREATED: u16 = 201;

pub(super) fn run(context: &Context<'_>) -> Result<Vec<Row>> {
    let postgres = Postgres::start()?;
    let database = postgres.database("shared")?;
    let allot = Allot::on_postgres(context.allot, context.scratch, "shared", &database, None)?;
    let mut rows = Vec::new();
    match Redis::start(context.scratch)? {
        None => eprintln!("  redis-server is not installed: only polling is measured"),
        Some(redis) => {
            let url = redis.url();
            let settings = [("REDIS_URL", url.as_str())];
            let pair = Pair::start(&allot, &settings)?;
            let shown = rounds(context, || pair.shown())?;
            rows.push(row("shown by another process, with Redis, p99", &shown).aim(Aim::AtMost(250_000.0)));
            let read = rounds(context, || pair.read_while_paused(&redis))?;
            let row = row("read after a submission, Redis paused, p99", &read).aim(Aim::AtMost(50_000.0));
            rows.push(row.note("both processes, from the moment of the pause on"));
            pair.stop()?;
        }
    }
    let pair = Pair::start(&allot, &[])?;
    let shown = rounds(context, || pair.shown())?;
    rows.push(row("shown by another process, without Redis, p99", &shown).note("the heads are polled twice a second"));
    pair.stop()?;
    Ok(rows)
}

fn rounds(context: &Context<'_>, mut round: impl FnMut() -> Result<Vec<f64>>) -> Result<Vec<Vec<f64>>> {
    // The tail of few values is no tail: rounds are few and long instead.
    (0..context.scale.rounds.min(3)).map(|_| round()).collect()
}

/// The p99 of each round, and the median of all.
fn row(name: &str, rounds: &[Vec<f64>]) -> Row {
    let quantile = |values: &[f64], part: f64| {
        let mut values = values.to_vec();
        values.sort_by(f64::total_cmp);
        let rank = (values.len() as f64 * part).ceil() as usize;
        values.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
    };
    let spread = Spread::of(rounds.iter().map(|round| quantile(round, 0.99)));
    let all: Vec<f64> = rounds.iter().flatten().copied().collect();
    eprintln!("  {name}: {:.1} ms, p50 {:.1} ms", spread.median / 1e3, quantile(&all, 0.5) / 1e3);
    Row::new(name, spread, Unit::Micros).note(format!("p50 {:.1} ms", quantile(&all, 0.5) / 1e3))
}

/// Two processes over one database.
struct Pair {
    one: Server,
    two: Server,
    categories: Vec<String>,
}

impl Pair {
    fn start(allot: &Allot, settings: &[(&str, &str)]) -> Result<Self> {
        let (one, two) = (allot.serve_with(None, settings)?, allot.serve_with(None, settings)?);
        let categories = categories(one.target(), BUDGET)?;
        Ok(Self { one, two, categories })
    }

    fn stop(self) -> Result<()> {
        self.one.stop()?;
        self.two.stop()
    }

    fn submissions(&self) -> Result<Submissions> {
        Submissions::new(self.one.target(), BUDGET, &self.categories, Ids::Client)
    }

    /// Microseconds from each acknowledgement until the other process shows it.
    fn shown(&self) -> Result<Vec<f64>> {
        let mut submissions = self.submissions()?;
        let mut latencies = Vec::new();
        for n in 0..SUBMISSIONS {
            interrupt::check()?;
            std::thread::sleep(Duration::from_millis(n * 97 % LONGEST_PAUSE));
            let version = submit(self.one.target(), &mut submissions)?;
            let acknowledged = Instant::now();
            while shown(self.two.target())? < version {
                ensure!(acknowledged.elapsed() < PATIENCE, "not shown after {PATIENCE:?}");
                std::thread::sleep(POLL);
            }
            latencies.push(acknowledged.elapsed().as_secs_f64() * 1e6);
        }
        Ok(latencies)
    }

    /// Microseconds that readers wait, who read right after each submission.
    fn read_while_paused(&self, redis: &Redis) -> Result<Vec<f64>> {
        let mut submissions = self.submissions()?;
        let mut latencies = Vec::new();
        redis.pause()?;
        for _ in 0..SUBMISSIONS {
            interrupt::check()?;
            let version = submit(self.one.target(), &mut submissions)?;
            for server in [&self.one, &self.two] {
                let started = Instant::now();
                let read = shown(server.target())?;
                latencies.push(started.elapsed().as_secs_f64() * 1e6);
                ensure!(read >= version || server.pid() != self.one.pid(), "{read} is shown after {version}");
            }
        }
        redis.resume()?;
        for server in [&self.one, &self.two] {
            let started = Instant::now();
            while capture::get(server.target(), "/health/ready", None)?.json(200)?["redis"]["state"] != "ok" {
                ensure!(started.elapsed() < PATIENCE, "Redis is not taken back");
                std::thread::sleep(POLL);
            }
        }
        Ok(latencies)
    }
}

/// Submits; answers the version of the receipt.
fn submit(target: Target, submissions: &mut Submissions) -> Result<i64> {
    let mut request = Vec::new();
    submissions.write_next(&mut request);
    capture::send(target, &request)?.json(CREATED)?["version"].as_i64().context("a receipt without a version")
}

/// The version that the aggregate shows.
fn shown(target: Target) -> Result<i64> {
    let aggregate = capture::get(target, &format!("/api/v1/budgets/{BUDGET}/aggregate"), None)?.json(200)?;
    aggregate["version"].as_i64().context("an aggregate without a version")
}
