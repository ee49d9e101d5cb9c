//! `allot cache stats`

use crate::{
    cli::{
        failure::Failure,
        output,
        running::Running,
        table::{Column, Table, bytes, known, share},
    },
    config::Config,
    start,
};
use clap::Args;
use serde::Serialize;
use service::tiers::Tiers;
use std::{process::ExitCode, time::Duration};

/// Show how well each tier serves, and what Redis holds
///
/// Hits and misses since the server started come from its /metrics (the operations address, if one is set, else
/// ALLOT_ADDR); names, sizes and lifetimes from Redis itself; versions from the database.
#[derive(Args)]
#[command(after_help = "Example:\n  allot cache stats\n  allot cache stats --server 127.0.0.1:3001 --json")]
pub(in crate::cli) struct Stats {
    /// A server to ask, host:port; may be repeated [default: ALLOT_OPS_ADDR, else ALLOT_ADDR]
    #[arg(long, value_name = "ADDRESS")]
    server: Vec<String>,
    /// As JSON, for programs
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    servers: Vec<ServerStats>,
    redis: Option<RedisStats>,
    versions: Vec<Tiers>,
}

#[derive(Serialize)]
struct ServerStats {
    server: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    tiers: Vec<TierStats>,
}

/// A miss asks the next tier.
#[derive(Serialize)]
struct TierStats {
    tier: &'static str,
    hits: u64,
    misses: u64,
}

#[derive(Default, Serialize)]
struct RedisStats {
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    version: String,
    used_bytes: u64,
    most_bytes: u64,
    policy: String,
    evicted: u64,
    keys: Vec<Keys>,
}

#[derive(Serialize)]
struct Keys {
    kind: &'static str,
    keys: u64,
    bytes: u64,
    shortest_s: Option<u64>,
    longest_s: Option<u64>,
    immortal: u64,
}

pub(super) async fn execute(config: &Config, command: Stats) -> Result<ExitCode, Failure> {
    let mut servers = Running::chosen(config, &command.server)?;
    if command.server.is_empty() {
        servers = Running::metrics(config).map_or(servers, |operations| vec![operations]);
    }
    let (allot, _redis) = start::for_command_beside(config).await?;
    let mut report = Report { servers: Vec::new(), redis: of_redis(config).await, versions: allot.tiers().await? };
    for server in &servers {
        report.servers.push(of_server(server).await);
    }
    if command.json {
        output::json(&report)?;
    } else {
        output::result(&text(&report))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn of_server(server: &Running) -> ServerStats {
    let name = server.address.clone();
    match server.get("/metrics").await {
        Ok(answer) if answer.is_success() => ServerStats { server: name, error: None, tiers: tiers(&answer.text()) },
        Ok(answer) => {
            let error = format!("/metrics was answered with {}", answer.status);
            ServerStats { server: name, error: Some(error), tiers: Vec::new() }
        }
        Err(error) => ServerStats { server: name, error: Some(error.to_string()), tiers: Vec::new() },
    }
}

/// From Prometheus's text.
fn tiers(metrics: &str) -> Vec<TierStats> {
    let value = |name: &str, tier: &str| {
        let begin = format!("{name}{{tier=\"{tier}\"}} ");
        metrics.lines().find_map(|line| line.strip_prefix(&begin)?.trim().parse::<u64>().ok()).unwrap_or_default()
    };
    let reads = |tier| value("allot_aggregate_reads_total", tier);
    let loads = |tier| value("allot_snapshot_loads_total", tier);
    let (summary, raw) = (loads("summary"), loads("raw"));
    vec![
        TierStats { tier: "memory", hits: reads("memory"), misses: reads("redis") + reads("summary") + reads("raw") },
        TierStats { tier: "redis", hits: loads("redis"), misses: summary + raw },
        TierStats { tier: "summary", hits: summary, misses: raw },
        TierStats { tier: "raw", hits: raw, misses: 0 },
    ]
}

/// `None` without REDIS_URL. A Redis that does not answer is no reason to show nothing else.
async fn of_redis(config: &Config) -> Option<RedisStats> {
    let keyspace = match super::keyspace(config).await {
        Ok(keyspace) => keyspace?,
        Err(failure) => return Some(RedisStats { error: Some(failure.what().to_owned()), ..RedisStats::default() }),
    };
    let groups = match keyspace.survey().await {
        Ok(groups) => groups,
        Err(error) => return Some(RedisStats { error: Some(error.to_string()), ..RedisStats::default() }),
    };
    // A user that may not ask for INFO sees the names all the same.
    let server = keyspace.server().await.unwrap_or_default();
    let seconds = |left: Option<Duration>| left.map(|left| left.as_secs());
    let keys = groups.into_iter().map(|group| Keys {
        kind: group.kind,
        keys: group.keys,
        bytes: group.bytes,
        shortest_s: seconds(group.shortest),
        longest_s: seconds(group.longest),
        immortal: group.immortal,
    });
    Some(RedisStats {
        error: None,
        version: server.version,
        used_bytes: server.used_bytes,
        most_bytes: server.most_bytes,
        policy: server.policy,
        evicted: server.evicted,
        keys: keys.collect(),
    })
}

fn text(report: &Report) -> String {
    use Column::{Number, Text};
    let mut text = String::new();
    for server in &report.servers {
        if let Some(error) = &server.error {
            text.push_str(&format!(
                "Server {}: no counts ({error}); --server names another, ALLOT_OPS_ADDR its operations \
                 address\n\n",
                server.server
            ));
            continue;
        }
        text.push_str(&format!("Server {}, since it started:\n", server.server));
        let mut table = Table::new(&[Text("tier"), Number("hits"), Number("misses"), Number("hit rate")]);
        for tier in &server.tiers {
            let rate = share(tier.hits, tier.hits + tier.misses);
            table.row([tier.tier.to_owned(), tier.hits.to_string(), tier.misses.to_string(), rate]);
        }
        table.write_to(&mut text);
        text.push('\n');
    }
    match &report.redis {
        None => text.push_str("Redis: not configured (REDIS_URL)\n\n"),
        Some(RedisStats { error: Some(error), .. }) => text.push_str(&format!("Redis: {error}\n\n")),
        Some(redis) => of_keys(redis, &mut text),
    }
    let mut table =
        Table::new(&[Text("budget"), Number("head"), Number("summary"), Number("redis"), Text("state of redis")]);
    for tiers in &report.versions {
        table.row([
            tiers.budget.clone(),
            tiers.head.to_string(),
            known(tiers.summary.version),
            known(tiers.redis.version),
            tiers.redis.state.as_str().to_owned(),
        ]);
    }
    text.push_str("Versions:\n");
    table.write_to(&mut text);
    text
}

fn of_keys(redis: &RedisStats, text: &mut String) {
    use Column::{Number, Text};
    let most = if redis.most_bytes == 0 { "no limit".to_owned() } else { bytes(Some(redis.most_bytes)) };
    text.push_str(&format!(
        "Redis {}: {} in use over all that it holds, of {most} ({}), {} keys thrown away for lack of room\n",
        redis.version,
        bytes(Some(redis.used_bytes)),
        redis.policy,
        redis.evicted
    ));
    let mut table =
        Table::new(&[Text("of this database"), Number("keys"), Number("size"), Number("live from s"), Number("to s")]);
    for group in &redis.keys {
        table.row([
            group.kind.to_owned(),
            group.keys.to_string(),
            bytes(Some(group.bytes)),
            known(group.shortest_s),
            known(group.longest_s),
        ]);
    }
    table.write_to(text);
    for group in redis.keys.iter().filter(|group| group.immortal > 0) {
        text.push_str(&format!("{} keys ({}) would live for ever: they are not Allot's\n", group.immortal, group.kind));
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_and_misses_of_a_tier_come_from_the_counts_of_a_server() {
        let metrics = "allot_aggregate_reads_total{tier=\"memory\"} 90\n\
                       allot_aggregate_reads_total{tier=\"redis\"} 4\n\
                       allot_aggregate_reads_total{tier=\"summary\"} 6\n\
                       allot_snapshot_loads_total{tier=\"redis\"} 30\n\
                       allot_snapshot_loads_total{tier=\"summary\"} 10\n";
        let found: Vec<_> = tiers(metrics).into_iter().map(|tier| (tier.tier, tier.hits, tier.misses)).collect();
        assert_eq!(found, [("memory", 90, 10), ("redis", 30, 10), ("summary", 10, 0), ("raw", 0, 0)]);
    }
}
