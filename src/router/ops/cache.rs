//! `POST /ops/cache/warm` and `GET /ops/cache/stats`: this server's own caches, which no other process can see.

use crate::router::{
    Shared,
    problem::{Kind, Problem},
};
use app::locale::Language;
use axum::{
    Json,
    body::Body,
    extract::{Query, State, rejection::QueryRejection},
    http::{Request, header},
};
use serde::{Deserialize, Serialize};
use service::{
    Encoding, Tier,
    port::{StoreError, StoreResult},
    tiers::{Standing, State as TierState, Tiers},
    warm::{Choice, Warmed},
};
use std::{
    sync::{Arc, Weak},
    time::Duration,
};
use tokio::time::sleep;
use tower::ServiceExt;

/// How often a server warms itself.
const EVERY: Duration = Duration::from_hours(1);
/// The same after it could not.
const AGAIN: Duration = Duration::from_secs(10);
/// Budgets that it warms by itself, those that changed last.
const AT_MOST: u32 = 100;

/// What to warm, and of which budgets; the same words as `allot cache warm`.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Asked {
    mode: Mode,
    limit: Option<u32>,
    days: Option<u32>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mode {
    #[default]
    Full,
    Budgets,
    Aggregates,
    Pages,
}

impl Mode {
    fn has(self, other: Self) -> bool {
        self == Self::Full || self == other
    }
}

/// What was done.
#[derive(Serialize)]
pub(super) struct Report {
    /// Budgets whose definitions were read anew.
    budgets: usize,
    warmed: Vec<Warmed>,
    /// Budgets that could not be warmed; the log says why.
    failed: Vec<String>,
    /// Addresses of pages that are kept now.
    pages: u32,
}

pub(super) async fn warm(
    State(shared): State<Arc<Shared>>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<Report>, Problem> {
    let Query(asked) = asked.map_err(|_| {
        Problem::from(Kind::Malformed).detail("Known are mode (full, budgets, aggregates, pages), limit and days.")
    })?;
    warm_now(&shared, &asked).await.map(Json).map_err(unavailable)
}

/// Until the server is gone, from its start on: has in memory what no other process can put there. The job of this kind
/// warms the memory of the worker that takes it, and no pages.
pub(crate) async fn stay_warm(shared: Weak<Shared>) {
    let asked = Asked { limit: Some(AT_MOST), ..Asked::default() };
    while let Some(alive) = shared.upgrade() {
        let pause = match warm_now(&alive, &asked).await {
            Ok(_) => EVERY,
            Err(error) => {
                tracing::warn!(%error, "memory could not be warmed; it will be tried again");
                AGAIN
            }
        };
        drop(alive);
        sleep(pause).await;
    }
}

async fn warm_now(shared: &Shared, asked: &Asked) -> StoreResult<Report> {
    let choice = Choice { limit: asked.limit.map(|limit| limit as usize), days: asked.days };
    let chosen = shared.allot.chosen_to_warm(&choice).await?;
    let mut report = Report { budgets: chosen.len(), warmed: Vec::new(), failed: Vec::new(), pages: 0 };
    if asked.mode.has(Mode::Aggregates) {
        let done = shared.allot.warm(&choice, &|_| {}).await?;
        for (budget, reason) in &done.failed {
            tracing::warn!(budget, reason, "a budget could not be warmed");
        }
        report.failed = done.failed.into_iter().map(|(budget, _)| budget).collect();
        report.warmed = done.warmed;
    }
    if asked.mode.has(Mode::Pages) {
        let slugs = chosen.iter().map(|record| format!("/b/{}/aggregate", record.budget.slug));
        for path in slugs.chain(["/aggregate".to_owned(), "/about".to_owned()]) {
            report.pages += keep(shared, &path).await;
        }
    }
    Ok(report)
}

/// Has a page rendered at its neutral and its explicit addresses, and compressed; answers how many there are now.
async fn keep(shared: &Shared, path: &str) -> u32 {
    let Some(pages) = shared.pages.get() else { return 0 };
    let mut kept = 0;
    for prefix in std::iter::once("").chain(Language::ALL.map(Language::prefix)) {
        let mut is_kept = true;
        for coding in Encoding::ALL {
            let request = Request::get(format!("{prefix}{path}")).header(header::ACCEPT_ENCODING, coding.as_str());
            let Ok(request) = request.body(Body::empty()) else { return kept };
            let Ok(answer) = pages.clone().oneshot(request).await;
            is_kept &= answer.status().is_success();
        }
        kept += u32::from(is_kept);
    }
    kept
}

/// Hits and misses since the start, and how new everything is.
#[derive(Serialize)]
pub(super) struct Stats {
    tiers: Vec<TierStats>,
    budgets: Vec<OfBudget>,
}

/// A miss asks the next tier.
#[derive(Serialize)]
pub(super) struct TierStats {
    tier: &'static str,
    hits: u64,
    misses: u64,
    /// Hits of all; `null` when nobody asked.
    hit_rate: Option<f64>,
}

#[derive(Serialize)]
struct OfBudget {
    #[serde(flatten)]
    tiers: Tiers,
    memory: Standing,
}

pub(super) async fn stats(State(shared): State<Arc<Shared>>) -> Result<Json<Stats>, Problem> {
    let found = shared.allot.tiers().await.map_err(unavailable)?;
    let budgets = found.into_iter().map(|tiers| {
        let version = shared.allot.aggregate_in_memory(&tiers.budget, None).map(|snapshot| snapshot.version.0);
        let state = match version {
            None => TierState::Cold,
            Some(version) if version < tiers.head => TierState::Stale,
            Some(_) => TierState::Current,
        };
        OfBudget { memory: Standing { version, state }, tiers }
    });
    Ok(Json(Stats { tiers: hit_rates(&shared), budgets: budgets.collect() }))
}

/// Of every tier, since this server started.
pub(super) fn hit_rates(shared: &Shared) -> Vec<TierStats> {
    let reads = |tier| shared.metrics.tier(tier).get();
    let loads = |tier| shared.allot.snapshot_loads().from_tier(tier);
    let below = reads(Tier::Redis) + reads(Tier::Summary) + reads(Tier::Raw);
    let (summary, raw) = (loads(Tier::Summary), loads(Tier::Raw));
    let of = |tier: Tier, hits: u64, misses: u64| TierStats {
        tier: tier.as_str(),
        hits,
        misses,
        hit_rate: (hits + misses > 0).then(|| hits as f64 / (hits + misses) as f64),
    };
    vec![
        of(Tier::Memory, reads(Tier::Memory), below),
        of(Tier::Redis, loads(Tier::Redis), summary + raw),
        of(Tier::Summary, summary, raw),
        of(Tier::Raw, raw, 0),
    ]
}

fn unavailable(error: StoreError) -> Problem {
    tracing::error!(%error, "the caches can't be looked at");
    Kind::Unavailable.into()
}
