//! `GET /ops/performance`: how quick this server is, in one look, computed from the same counts as `/metrics`.

use super::{
    cache::{TierStats, hit_rates},
    samples::{Samples, Times},
};
use crate::router::Shared;
use axum::{Json, extract::State};
use serde::Serialize;
use std::{collections::BTreeMap, sync::Arc};

/// Since this server started.
#[derive(Serialize)]
pub(super) struct Performance {
    /// The busiest first.
    routes: Vec<Route>,
    writer: Writer,
    database: Pool,
    tiers: Vec<TierStats>,
}

/// From a request's head until the head of its answer.
#[derive(Serialize)]
struct Route {
    route: String,
    #[serde(flatten)]
    times: Quantiles,
}

/// Milliseconds, interpolated within the histogram's buckets; `null` when there was none.
#[derive(Serialize)]
struct Quantiles {
    count: u64,
    p50_ms: Option<f64>,
    p95_ms: Option<f64>,
    p99_ms: Option<f64>,
}

impl Quantiles {
    fn of(times: &Times) -> Self {
        let at = |quantile| times.quantile(quantile).map(|seconds| (seconds * 1e6).round() / 1e3);
        Self { count: times.count(), p50_ms: at(0.5), p95_ms: at(0.95), p99_ms: at(0.99) }
    }
}

#[derive(Serialize)]
struct Writer {
    /// Submissions that wait for a writer now.
    queue: u64,
    /// How long the oldest of them has waited.
    oldest_s: Option<f64>,
    /// From a batch's beginning until it has outcomes.
    commits: Quantiles,
    /// How long submissions waited for their batch to begin.
    waits: Quantiles,
}

/// Connections of this process to the database.
#[derive(Serialize)]
struct Pool {
    busy: Option<f64>,
    idle: Option<f64>,
    most: Option<f64>,
}

pub(super) async fn show(State(shared): State<Arc<Shared>>) -> Json<Performance> {
    let samples = Samples::parse(&shared.metrics.encode(&shared.allot, shared.redis.as_deref()));
    let mut by_route: BTreeMap<String, Times> = BTreeMap::new();
    for (labels, bound, count) in samples.buckets("allot_http_request_seconds") {
        let route = labels.get("route").cloned().unwrap_or_default();
        by_route.entry(route).or_default().add(bound, count);
    }
    let mut routes: Vec<Route> =
        by_route.into_iter().map(|(route, times)| Route { route, times: Quantiles::of(&times) }).collect();
    routes.sort_by_key(|route| std::cmp::Reverse(route.times.count));
    Json(Performance {
        routes,
        writer: Writer {
            queue: shared.allot.queued() as u64,
            oldest_s: samples.value("allot_writer_oldest_seconds"),
            commits: Quantiles::of(&samples.times("allot_writer_commit_seconds")),
            waits: Quantiles::of(&samples.times("allot_writer_wait_seconds")),
        },
        database: Pool {
            busy: samples.value("allot_database_connections_busy"),
            idle: samples.value("allot_database_connections_idle"),
            most: samples.value("allot_database_connections_max"),
        },
        tiers: hit_rates(&shared),
    })
}
