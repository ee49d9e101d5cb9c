//! What is compared with what. One file for each kind of scenario; another store or tier adds entries to [`ALL`].

mod audits;
mod clients;
mod generator;
mod growth;
mod inserts;
mod pages;
mod postgres;
mod propagation;
mod raw;
mod reads;
mod submissions;
mod tiers;

use crate::{
    capture,
    cli::CompareOptions,
    load::{Plan, Target},
    pin::Cores,
    process::Server,
    report::Row,
};
use anyhow::{Context as _, Result};
use std::{path::Path, time::Duration};

/// Something to run by name.
#[derive(Debug)]
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) run: fn(&Context<'_>) -> Result<Vec<Row>>,
}

/// Every scenario, in the order of the table.
pub(crate) const ALL: &[Scenario] = &[
    Scenario {
        name: "generator",
        about: "the load generator against a bare handler: it must not be the bottleneck",
        run: generator::run,
    },
    Scenario {
        name: "aggregate-json",
        about: "the aggregate route from memory against a bare handler with the same bytes",
        run: reads::aggregate_json,
    },
    Scenario {
        name: "aggregate-page",
        about: "the aggregate page against a bare handler with the same bytes",
        run: pages::aggregate,
    },
    Scenario {
        name: "allocate-page",
        about: "the allocate page against a bare handler with the same bytes",
        run: pages::allocate,
    },
    Scenario {
        name: "results-page",
        about: "the results page against a bare handler with the same bytes",
        run: pages::results,
    },
    Scenario {
        name: "submissions-sqlite",
        about: "durable submissions on SQLite against a loop of single-row commits",
        run: submissions::sqlite,
    },
    Scenario {
        name: "tiers",
        about: "reads that memory can't answer yet, from Redis and from the summary, against a bare handler",
        run: tiers::run,
    },
    Scenario {
        name: "submissions-postgres",
        about: "durable submissions on PostgreSQL against pgbench's single-row inserts; latency at half the rate",
        run: postgres::submit,
    },
    Scenario {
        name: "clients",
        about: "ten thousand keep-alive clients with time to think, nine of ten requests read",
        run: clients::run,
    },
    Scenario {
        name: "growth-postgres",
        about: "many submissions on PostgreSQL: aggregate latency against few; bytes; verify and rebuild; raw tier",
        run: postgres::growth,
    },
    Scenario {
        name: "growth-sqlite",
        about: "aggregate latency with many submissions against few; raw tier; bytes on disk",
        run: growth::sqlite,
    },
    Scenario {
        name: "propagation",
        about: "how soon a second process on PostgreSQL shows a submission, with Redis and without; Redis paused",
        run: propagation::run,
    },
];

/// The budget that is loaded.
pub(crate) const BUDGET: &str = "tax-dollars";

/// What a scenario gets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    pub(crate) allot: &'a Path,
    pub(crate) bare: &'a Path,
    /// Removed afterwards.
    pub(crate) scratch: &'a Path,
    pub(crate) scale: Scale,
    pub(crate) cores: Cores,
}

/// How long and how much.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    pub(crate) rounds: u32,
    pub(crate) warm_up: Duration,
    pub(crate) measure: Duration,
    /// Submissions in the large data set.
    pub(crate) large: u64,
}

impl Scale {
    pub(crate) fn of(options: &CompareOptions) -> Self {
        let millis = Duration::from_millis;
        let scale = if options.quick {
            Self { rounds: 3, warm_up: millis(200), measure: millis(600), large: 100_000 }
        } else {
            Self { rounds: 7, warm_up: millis(500), measure: millis(3_000), large: 10_000_000 }
        };
        Self { rounds: options.rounds.unwrap_or(scale.rounds), large: options.large.unwrap_or(scale.large), ..scale }
    }
}

impl Context<'_> {
    /// Four rounds for one, each a quarter as long: where two sides are nearly alike, they have to be measured within a
    /// moment of each other.
    pub(crate) fn finely(self) -> Self {
        let Scale { rounds, warm_up, measure, .. } = self.scale;
        let scale = Scale { rounds: rounds * 4, warm_up: warm_up / 4, measure: measure / 4, ..self.scale };
        Self { scale, ..self }
    }

    /// A run against a server that has a core of its own.
    pub(crate) fn pinned(&self, server: &Server, connections: usize) -> Plan {
        Plan { core: self.cores.generator, ..self.shared(server, connections) }
    }

    /// A run in which server and generator share all cores.
    pub(crate) fn shared(&self, server: &Server, connections: usize) -> Plan {
        Plan {
            target: server.target(),
            connections,
            threads: 1,
            warm_up: self.scale.warm_up,
            measure: self.scale.measure,
            pace: None,
            core: None,
            watch: Some(server.pid()),
        }
    }
}

/// The slugs of a budget's categories.
///
/// # Errors
/// No such budget, or another answer than the contract's.
pub(crate) fn categories(target: Target, budget: &str) -> Result<Vec<String>> {
    let definition = capture::get(target, &format!("/api/v1/budgets/{budget}"), None)?.json(200)?;
    let categories = definition["categories"].as_array().context("a budget without categories")?;
    let slug = |category: &serde_json::Value| Some(category["slug"].as_str()?.to_owned());
    categories.iter().map(|category| slug(category).context("a category without slug")).collect()
}

/// How many submissions the aggregate counts.
///
/// # Errors
/// Another answer than the contract's.
pub(crate) fn counted(target: Target) -> Result<u64> {
    let aggregate = capture::get(target, &format!("/api/v1/budgets/{BUDGET}/aggregate"), None)?.json(200)?;
    aggregate["submissions"].as_u64().context("an aggregate without a count")
}
