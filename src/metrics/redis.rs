//! What is told about Redis.

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::{Registry, Unit},
};
use shared_redis::{Condition, Operation, Outcome, Shared};
use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByCall {
    operation: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByOperation {
    operation: &'static str,
}

/// Filled from the connection's own counts when they are asked for.
#[derive(Default)]
pub(super) struct RedisMetrics {
    calls: Family<ByCall, Counter>,
    seconds: Family<ByOperation, Counter<f64, AtomicU64>>,
    breaker: Gauge,
    openings: Counter,
}

impl RedisMetrics {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let all = Self::default();
        registry.register("redis_calls", "Questions to Redis, by outcome", all.calls.clone());
        registry.register_with_unit("redis_call", "Time spent on them", Unit::Seconds, all.seconds.clone());
        registry.register(
            "redis_breaker",
            "0 = Redis is asked, 1 = it is being tried, 2 = it is not",
            all.breaker.clone(),
        );
        registry.register("redis_breaker_openings", "How often Redis was given up", all.openings.clone());
        all
    }

    pub(super) fn fill(&self, redis: &Shared) {
        let meter = redis.meter();
        for operation in Operation::ALL {
            for outcome in Outcome::ALL {
                let labels = ByCall { operation: operation.as_str(), outcome: outcome.as_str() };
                set(&self.calls.get_or_create(&labels), meter.calls(operation, outcome));
            }
            let labels = ByOperation { operation: operation.as_str() };
            let seconds = meter.spent(operation).as_secs_f64();
            self.seconds.get_or_create(&labels).inner().store(seconds.to_bits(), Ordering::Relaxed);
        }
        self.breaker.set(match redis.breaker() {
            Condition::Closed => 0,
            Condition::HalfOpen => 1,
            Condition::Open => 2,
        });
        set(&self.openings, meter.openings());
    }
}

/// Takes over a count that somebody else keeps.
pub(super) fn set(counter: &Counter, value: u64) {
    counter.inner().store(value, Ordering::Relaxed);
}
