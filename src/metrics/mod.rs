//! What is counted for `/metrics`. Counting is an atomic addition; nothing here waits.

mod redis;

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};
use redis::RedisMetrics;
use service::{Allot, Tier};

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByTier {
    tier: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByOutcome {
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByArea {
    area: &'static str,
    status: &'static str,
}

/// The counters of one server.
pub(crate) struct Metrics {
    registry: Registry,
    tiers: [Counter; 4],
    submissions: Family<ByOutcome, Counter>,
    requests: Family<ByArea, Counter>,
    connections: Gauge,
    queued: Gauge,
    loads: Family<ByTier, Counter>,
    live_streams: Gauge,
    redis: Option<RedisMetrics>,
}

impl Metrics {
    /// `with_redis`: whether there is anything to tell about it.
    pub(crate) fn new(with_redis: bool) -> Self {
        let mut registry = Registry::with_prefix("allot");
        let tiers: Family<ByTier, Counter> = Family::default();
        let (submissions, requests) = (Family::default(), Family::default());
        let (connections, queued, live_streams) = (Gauge::default(), Gauge::default(), Gauge::default());
        let loads = Family::default();
        registry.register("aggregate_reads", "Aggregates read, by the tier that answered", tiers.clone());
        registry.register("submissions", "Submissions answered, by outcome", submissions.clone());
        registry.register("http_requests", "Requests answered, by area and class of status", requests.clone());
        registry.register("http_connections", "Open connections", connections.clone());
        registry.register("writer_queue", "Submissions that wait for a writer", queued.clone());
        registry.register("snapshot_loads", "Snapshots loaded, also in the background, by tier", loads.clone());
        registry.register("live_streams", "Open streams of live aggregates", live_streams.clone());
        let redis = with_redis.then(|| RedisMetrics::register(&mut registry));
        let of = |tier: Tier| tiers.get_or_create_owned(&ByTier { tier: tier.as_str() });
        let tiers = [of(Tier::Memory), of(Tier::Redis), of(Tier::Summary), of(Tier::Raw)];
        Self { registry, tiers, submissions, requests, connections, queued, loads, live_streams, redis }
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

    /// `area` is the first part of the path, from a fixed set.
    pub(crate) fn request(&self, area: &'static str, status: u16) {
        let status = match status {
            ..200 => "1xx",
            200..300 => "2xx",
            300..400 => "3xx",
            400..500 => "4xx",
            _ => "5xx",
        };
        self.requests.get_or_create(&ByArea { area, status }).inc();
    }

    pub(crate) fn connections(&self) -> &Gauge {
        &self.connections
    }

    pub(crate) fn live_streams(&self) -> &Gauge {
        &self.live_streams
    }

    /// All of it as text.
    pub(crate) fn encode(&self, allot: &Allot, shared: Option<&shared_redis::Shared>) -> String {
        self.queued.set(i64::try_from(allot.queued()).unwrap_or(i64::MAX));
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
