//! What deploy/monitoring watches is what a server tells.

use crate::{
    redis_server::RedisServer,
    support::{AGGREGATE, Server, submission},
};
use allot::config::Key;
use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

/// Long enough for a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

const WATCHED: [&str; 2] = [
    include_str!("../../deploy/monitoring/allot.rules.yml"),
    include_str!("../../deploy/monitoring/grafana-dashboard.json"),
];

/// Only told where the operating system sets a limit.
const DEPENDING: [&str; 1] = ["allot_process_memory_limit_bytes"];

/// Words that begin with `allot_`.
fn names(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words.filter(|word| word.strip_prefix("allot_").is_some_and(|name| !name.is_empty())).map(Into::into).collect()
}

async fn metrics(server: &Server) -> String {
    server.get("/metrics").send().await.text()
}

#[tokio::test]
async fn every_metric_of_the_alerts_and_the_dashboard_is_one_of_the_server() {
    let redis = RedisServer::start();
    let url = redis.url();
    let server = Server::start_with(&[(Key::RedisUrl, url.as_str()), (Key::RedisTimeout, "1000")]).await;
    server.submit(&submission(&[1])).await;
    server.get(AGGREGATE).send().await;
    server.get("/").send().await;
    let told: BTreeSet<String> = metrics(&server)
        .await
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(['{', ' ']).next().map(Into::into))
        .collect();
    let watched: BTreeSet<String> = WATCHED.iter().flat_map(|text| names(text)).collect();
    assert!(watched.len() > 20, "{watched:?}");
    let missing: Vec<_> =
        watched.iter().filter(|name| !told.contains(*name) && !DEPENDING.contains(&name.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?} are not among {told:#?}");
}

#[tokio::test]
async fn routes_are_told_by_their_patterns_and_never_by_what_people_ask_for() {
    let server = Server::start().await;
    let id = server.submit(&submission(&[1])).await["id"].as_str().unwrap().to_owned();
    server.get(&format!("/results/{id}")).send().await;
    server.get("/no/such/page/at/all").send().await;
    server.get(AGGREGATE).send().await;
    let text = metrics(&server).await;
    assert!(text.contains(r#"area="page",route="/results/{"#), "{text}");
    assert!(text.contains(r#"area="aggregate",route="/api/v1/budgets/{budget}/aggregate",status="2xx""#), "{text}");
    assert!(text.contains(r#"route="other""#), "{text}");
    assert!(!text.contains(&id) && !text.contains("such"), "{text}");
}

#[tokio::test]
async fn batches_connections_redis_and_the_process_are_told() {
    let redis = RedisServer::start();
    let url = redis.url();
    redis.ask(&["CONFIG", "SET", "maxmemory", "64mb"]);
    let server = Server::start_with(&[(Key::RedisUrl, url.as_str()), (Key::RedisTimeout, "1000")]).await;
    for n in 0..5 {
        server.submit(&submission(&[n])).await;
    }
    let value = |text: &str, name: &str| -> f64 {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("{name}: {text}")).parse().unwrap()
    };
    let deadline = Instant::now() + PATIENCE;
    // Redis is asked when the server starts, and the connection may have come a moment later.
    let text = loop {
        let text = metrics(&server).await;
        if value(&text, "allot_database_up") > 0.0 {
            break text;
        }
        assert!(Instant::now() < deadline, "{text}");
    };
    assert!((value(&text, "allot_writer_batch_size_sum") - 5.0).abs() < 1e-9);
    assert!(value(&text, "allot_writer_commit_seconds_count") >= 1.0);
    assert!(value(&text, "allot_database_connections_max") >= 1.0);
    assert!(value(&text, "allot_process_resident_memory_bytes") > 1e6);
    assert!(value(&text, "allot_writer_queue").abs() < 1e-9);
    assert!(value(&text, "allot_backup_newest_timestamp_seconds").abs() < 1e-9, "there is no backup");
}
