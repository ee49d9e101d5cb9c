//! What is counted for `/metrics`. Counting is an atomic addition; nothing here waits.

mod histogram;
mod jobs;
mod process;
mod redis;
mod requests;
mod sampled;
mod vitals;
mod writing;

pub(crate) use vitals::VitalsMetrics;

pub(crate) use jobs::JobMetrics;

pub(crate) use requests::name_route;
pub(crate) use sampled::start as start_sampling;

use crate::front::Area;
use process::ProcessMetrics;
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, info::Info},
    registry::Registry,
};
use redis::RedisMetrics;
use requests::Requests;
use sampled::Sampled;
use service::{Allot, Tier};
use std::{sync::Arc, time::Duration};
use writing::Writing;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByTier {
    tier: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByOutcome {
    outcome: &'static str,
}

/// The counters of one server.
pub(crate) struct Metrics {
    registry: Registry,
    tiers: [Counter; 4],
    submissions: Family<ByOutcome, Counter>,
    requests: Requests,
    connections: Gauge,
    loads: Family<ByTier, Counter>,
    live_streams: Gauge,
    jobs: JobMetrics,
    process: ProcessMetrics,
    sampled: Sampled,
    redis: Option<RedisMetrics>,
    vitals: VitalsMetrics,
}

impl Metrics {
    /// `with_redis`: whether there is anything to tell about it.
    pub(crate) fn new(allot: &Arc<Allot>, with_redis: bool) -> Self {
        let mut registry = Registry::with_prefix("allot");
        registry.register("build", "The version that runs", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        let requests = Requests::register(&mut registry);
        let (tiers, submissions) = (Family::<ByTier, Counter>::default(), Family::<ByOutcome, Counter>::default());
        let (connections, live_streams) = (Gauge::default(), Gauge::default());
        let loads = Family::<ByTier, Counter>::default();
        registry.register("aggregate_reads", "Aggregates read, by the tier that answered", tiers.clone());
        registry.register("submissions", "Submissions answered, by outcome", submissions.clone());
        registry.register("http_connections", "Open connections", connections.clone());
        registry.register("snapshot_loads", "Snapshots loaded, also in the background, by tier", loads.clone());
        registry.register("live_streams", "Open streams of live aggregates", live_streams.clone());
        let jobs = JobMetrics::register(&mut registry);
        registry.register_collector(Box::new(Writing::of(allot)));
        let process = ProcessMetrics::register(&mut registry);
        let sampled = Sampled::register(&mut registry, with_redis);
        let redis = with_redis.then(|| RedisMetrics::register(&mut registry));
        let vitals = VitalsMetrics::register(&mut registry);
        let of = |tier: Tier| tiers.get_or_create_owned(&ByTier { tier: tier.as_str() });
        let tiers = [of(Tier::Memory), of(Tier::Redis), of(Tier::Summary), of(Tier::Raw)];
        Self {
            registry,
            tiers,
            submissions,
            requests,
            connections,
            loads,
            live_streams,
            jobs,
            process,
            sampled,
            redis,
            vitals,
        }
    }

    pub(crate) fn tier(&self, tier: Tier) -> &Counter {
        let [memory, redis, summary, raw] = &self.tiers;
        match tier {
            Tier::Memory => memory,
            Tier::Redis => redis,
            Tier::Summary => summary,
            Tier::Raw => raw,
        }
    }

    pub(crate) fn submission(&self, outcome: &'static str) {
        self.submissions.get_or_create(&ByOutcome { outcome }).inc();
    }

    /// What counts submissions, for those who have no metrics.
    pub(crate) fn submissions_counter(&self) -> impl Fn(&'static str) + Send + Sync + use<> {
        let submissions = self.submissions.clone();
        move |outcome| _ = submissions.get_or_create(&ByOutcome { outcome }).inc()
    }

    /// Counts a request that was answered within this time.
    pub(crate) fn request(&self, area: Area, response: &http::Response<impl Sized>, took: Duration) {
        self.requests.count(area, response, took);
    }

    pub(crate) fn connections(&self) -> &Gauge {
        &self.connections
    }

    pub(crate) fn jobs(&self) -> &JobMetrics {
        &self.jobs
    }

    pub(crate) fn vitals(&self) -> &VitalsMetrics {
        &self.vitals
    }

    pub(crate) fn live_streams(&self) -> &Gauge {
        &self.live_streams
    }

    /// All of it as text.
    pub(crate) fn encode(&self, allot: &Allot, shared: Option<&shared_redis::Shared>) -> String {
        self.process.fill();
        for tier in [Tier::Redis, Tier::Summary, Tier::Raw] {
            let loads = self.loads.get_or_create(&ByTier { tier: tier.as_str() });
            redis::set(&loads, allot.snapshot_loads().from_tier(tier));
        }
        if let (Some(metrics), Some(shared)) = (&self.redis, shared) {
            metrics.fill(shared);
        }
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
