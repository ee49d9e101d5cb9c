//! Redis: optional, so that nothing here makes more than slow.

use super::clocks;
use crate::config::Config;
use service::port::{Clock, Finding, SystemClock};
use shared_redis::{Condition, Keyspace, Server, Shared};
use std::time::Duration;

/// The oldest that has what Allot uses.
const OLDEST: u32 = 6;
const PATIENCE: Duration = Duration::from_secs(1);

pub(super) async fn checks(config: &Config, instance: Option<&str>) -> Vec<Finding> {
    let Some(address) = &config.redis else { return vec![Finding::ok("not configured; nothing needs it")] };
    // Without the database's name nothing of it can be found, but Redis can be asked.
    let instance = instance.unwrap_or("doctor");
    let away = |error: String| {
        let advice =
            "start it, or check REDIS_URL; until then everything works, only slower, and limits count per process";
        vec![Finding::fail(format!("Redis at {address}: {error}"), advice)]
    };
    let keyspace = match Keyspace::open(address, instance).await {
        Ok(keyspace) => keyspace,
        Err(error) => return away(error.to_string()),
    };
    let mut found = vec![writes(config, instance).await];
    match keyspace.server().await {
        Ok(server) => found.extend(of_server(&server)),
        Err(error) => {
            found.push(Finding::warn(format!("Redis does not say how it is: {error}"), "its user lacks +info"))
        }
    }
    let asked = SystemClock.now();
    match keyspace.clock().await {
        Ok(clock) => found.push(clocks::compare("Redis's", clock, asked)),
        Err(error) => {
            found.push(Finding::warn(format!("Redis does not tell its time: {error}"), "its user lacks +time"))
        }
    }
    found
}

/// As a server would: connects, loads the scripts, writes.
async fn writes(config: &Config, instance: &str) -> Finding {
    let Some(address) = &config.redis else { return Finding::ok("not configured") };
    let patience = config.redis_timeout.max(PATIENCE);
    let shared = match Shared::start(address, instance, patience).await {
        Ok(shared) => shared,
        Err(error) => return Finding::fail(format!("Redis can't be used: {error}"), "check REDIS_URL"),
    };
    let health = shared.health().await;
    let latency = health.latency.as_secs_f64() * 1e3;
    match (health.answer, health.breaker) {
        (Ok(()), Condition::Closed) if health.latency > config.redis_timeout => Finding::warn(
            format!("Redis at {address} takes writes, but answers only after {latency:.1} ms"),
            "servers wait ALLOT_REDIS_TIMEOUT_MS and then do without: bring it nearer, or raise that",
        ),
        (Ok(()), Condition::Closed) => {
            Finding::ok(format!("Redis at {address} takes writes, and answers within {latency:.1} ms"))
        }
        _ => Finding::fail(
            format!(
                "Redis at {address} answers, but is of no use: it takes no writes, or its user may not do what is needed"
            ),
            "is it a replica, or full? docs/operations.md, Redis, lists what its user needs",
        ),
    }
}

fn of_server(server: &Server) -> Vec<Finding> {
    let major = server.version.split('.').next().and_then(|major| major.parse().ok()).unwrap_or(0);
    let what = format!("Redis {}", server.version);
    let mut found =
        vec![if major < OLDEST { Finding::fail(what, "Allot needs 6 or newer") } else { Finding::ok(what) }];
    if server.most_bytes > 0 && server.used_bytes * 10 > server.most_bytes * 9 {
        let what = format!("Redis uses {} of {} bytes (maxmemory)", server.used_bytes, server.most_bytes);
        found.push(if server.policy == "noeviction" {
            Finding::warn(what, "it will refuse writes soon: raise maxmemory, or set maxmemory-policy to allkeys-lru")
        } else {
            Finding::ok(format!("{what}, and makes room by {}", server.policy))
        });
    }
    found
}
