//! Servers over one database that share a Redis, and what becomes of them without it.

use crate::{
    redis_server::RedisServer,
    support::{AGGREGATE, SUBMIT, Server, new_id, points, submission},
};
use allot::config::Key;
use serde_json::json;
use std::time::{Duration, Instant};

/// Long enough for a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// Two servers over the database of the first.
async fn two(redis: &RedisServer, settings: &[(Key, &str)]) -> (Server, Server) {
    let url = redis.url();
    let mut settings = settings.to_vec();
    // A healthy Redis on a busy machine is not to be mistaken for a slow one.
    settings.extend([(Key::RedisUrl, url.as_str()), (Key::RedisTimeout, "1000")]);
    let one = Server::start_with(&settings).await;
    until_redis_is(&one, "ok").await;
    let folder = one.folder().to_owned();
    settings.push((Key::Data, folder.to_str().unwrap()));
    let two = Server::start_with(&settings).await;
    until_redis_is(&two, "ok").await;
    (one, two)
}

/// Asks until Redis has this state.
async fn until_redis_is(server: &Server, state: &str) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let health = server.get("/health/ready").send().await;
        assert_eq!(health.status, 200, "a server without Redis is ready: {}", health.text());
        if health.json()["redis"]["state"] == state {
            return;
        }
        assert!(Instant::now() < deadline, "{}", health.text());
    }
}

/// Reads until this many are counted.
async fn until_counted(server: &Server, submissions: u64) {
    let deadline = Instant::now() + PATIENCE;
    while server.counted().await != submissions {
        assert!(Instant::now() < deadline, "{} instead of {submissions}", server.counted().await);
    }
}

/// A line of `/metrics`.
async fn metric(server: &Server, name: &str) -> u64 {
    let text = server.get("/metrics").send().await.text();
    text.lines()
        .find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
        .unwrap_or_else(|| panic!("{name}: {text}"))
}

#[tokio::test]
async fn what_one_server_was_told_the_other_shows_and_takes_it_from_redis() {
    let redis = RedisServer::start();
    let (one, two) = two(&redis, &[]).await;
    for n in 1..=5 {
        one.submit(&submission(&[n])).await;
        until_counted(&two, n).await;
    }
    assert!(metric(&two, "allot_snapshot_loads_total{tier=\"redis\"}").await >= 1);
    assert!(metric(&one, "allot_redis_calls_total{operation=\"put\",outcome=\"answered\"}").await >= 1);
}

#[tokio::test]
async fn a_reader_who_shows_a_version_gets_it_from_the_other_server_also_after_a_flush() {
    let redis = RedisServer::start();
    let (one, two) = two(&redis, &[]).await;
    for n in 1..=20 {
        let version = one.submit(&submission(&[n])).await["version"].as_i64().unwrap();
        if n % 3 == 0 {
            redis.ask(&["FLUSHALL"]);
        }
        let answer = two.get(AGGREGATE).header("if-none-match", &format!("\"1-{version:x}-br\"")).send().await;
        assert!(answer.json()["version"].as_i64().unwrap() >= version, "{}", answer.text());
        assert_eq!(answer.json()["submissions"], n);
    }
}

#[tokio::test]
async fn while_redis_is_paused_everything_goes_on_and_the_server_says_so() {
    let redis = RedisServer::start();
    let (one, two) = two(&redis, &[(Key::AddressSubmissionsPerHour, "1000")]).await;
    one.submit(&submission(&[1])).await;
    until_counted(&two, 1).await;
    redis.pause();
    for n in 2..=10 {
        one.submit(&submission(&[n])).await;
        assert_eq!(one.counted().await, n, "what is acknowledged is shown");
    }
    until_counted(&two, 10).await;
    until_redis_is(&one, "unavailable").await;
    let health = one.get("/health").send().await;
    assert_eq!((health.status.as_u16(), &health.json()["status"]), (200, &json!("degraded")));
    assert_ne!(health.json()["redis"]["breaker"], "closed");
    assert!(metric(&one, "allot_redis_breaker_openings_total").await >= 1);
    redis.resume();
    until_redis_is(&one, "ok").await;
    until_redis_is(&two, "ok").await;
    one.submit(&submission(&[11])).await;
    until_counted(&two, 11).await;
}

#[tokio::test]
async fn a_redis_that_restarts_or_refuses_writes_loses_nobody_a_submission() {
    let mut redis = RedisServer::start();
    let (one, two) = two(&redis, &[(Key::AddressSubmissionsPerHour, "1000")]).await;
    one.submit(&submission(&[1])).await;
    redis.kill();
    one.submit(&submission(&[2])).await;
    until_counted(&two, 2).await;
    redis.restart();
    until_redis_is(&one, "ok").await;
    for refuse in [&["REPLICAOF", "127.0.0.1", "1"][..], &["CONFIG", "SET", "maxmemory", "1"]] {
        redis.ask(refuse);
    }
    for n in 3..=8 {
        one.submit(&submission(&[n])).await;
        until_counted(&two, n).await;
    }
}

#[tokio::test]
async fn a_limit_holds_over_both_servers_and_survives_the_loss_of_redis() {
    let mut redis = RedisServer::start();
    let (one, two) = two(&redis, &[(Key::AddressSubmissionsPerHour, "4")]).await;
    let submit = async |server: &Server| server.post(SUBMIT, &submission(&[1])).send().await.status.as_u16();
    let replay = json!({ "id": new_id(), "points": points(&[1]) });
    one.submit(&replay).await;
    for server in [&one, &two, &two] {
        assert_eq!(server.post(SUBMIT, &replay).send().await.status, 200, "a replay costs nothing anywhere");
    }
    assert_eq!([submit(&one).await, submit(&two).await, submit(&two).await], [201, 201, 201]);
    for server in [&one, &two] {
        let refused = server.post(SUBMIT, &submission(&[2])).send().await;
        refused.problem(429, "rate-limited");
        assert!((1..=900).contains(&refused.header("retry-after").parse::<u64>().unwrap()));
        assert_eq!(server.post(SUBMIT, &replay).send().await.status, 200);
        assert_eq!(submit(server).await, 429, "replaying over the limit earns nothing");
    }
    redis.kill();
    until_redis_is(&one, "unavailable").await;
    until_redis_is(&two, "unavailable").await;
    // Each server has let two through and now goes by its own count.
    for server in [&one, &two] {
        assert_eq!([submit(server).await, submit(server).await, submit(server).await], [201, 201, 429]);
    }
}
