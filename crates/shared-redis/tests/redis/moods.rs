//! A Redis that is away, slow, forgetful or stubborn.

use crate::{CALL, PATIENCE, answers, process, server::RedisServer, until, until_true};
use service::port::{BudgetId, Head, SnapshotCache, Version};
use shared_redis::{Address, Condition, Operation, Outcome, Shared};
use std::time::{Duration, Instant};
use tokio::time::timeout;

const BUDGET: BudgetId = BudgetId(1);

#[tokio::test]
async fn without_a_redis_a_start_does_not_fail_and_calls_fail_at_once() {
    let mut redis = RedisServer::start();
    redis.kill();
    let shared = Shared::start(&Address::parse(&redis.url()).unwrap(), "one", CALL).await.unwrap();
    assert!(!answers(&shared).await);
    assert_eq!(shared.meter().calls(Operation::Get, Outcome::Skipped), 1);
    assert_ne!(shared.breaker(), Condition::Closed);
    redis.restart();
    until(&shared, Condition::Closed).await;
    assert!(answers(&shared).await);
}

#[tokio::test]
async fn a_paused_redis_is_given_up_after_a_few_calls_and_taken_back_by_a_probe() {
    let redis = RedisServer::start();
    let patience = Duration::from_millis(50);
    let shared = process(&redis.url(), "one", patience).await;
    assert!(answers(&shared).await);
    redis.pause();
    let began = Instant::now();
    while shared.breaker() == Condition::Closed {
        assert!(!answers(&shared).await, "nobody answered");
    }
    let failed = shared.meter().calls(Operation::Get, Outcome::Failed);
    assert_eq!(failed, 3, "in {:?}", began.elapsed());
    for _ in 0..100 {
        assert!(!answers(&shared).await);
    }
    assert_eq!(shared.meter().calls(Operation::Get, Outcome::Failed), failed, "nobody waits for an open breaker");
    assert_eq!(shared.meter().calls(Operation::Get, Outcome::Skipped), 100);
    // A probe is made, and its failure alone keeps the breaker open.
    until(&shared, Condition::HalfOpen).await;
    until(&shared, Condition::Open).await;
    redis.resume();
    until(&shared, Condition::Closed).await;
    assert!(answers(&shared).await);
    assert_eq!(shared.meter().openings(), 1);
}

#[tokio::test]
async fn after_a_restart_scripts_and_announcements_work_again() {
    let mut redis = RedisServer::start();
    let (one, two) = (process(&redis.url(), "one", CALL).await, process(&redis.url(), "one", CALL).await);
    assert_eq!(one.put_if_newer(BUDGET, Version(9), b"nine").await, Ok(true));
    timeout(PATIENCE, two.news()).await.unwrap();
    redis.kill();
    for shared in [&one, &two] {
        until_true(|| shared.breaker() != Condition::Closed).await;
    }
    redis.restart();
    for shared in [&one, &two] {
        until(shared, Condition::Closed).await;
    }
    assert_eq!(two.get(BUDGET).await, Ok(None), "what it held is gone");
    assert_eq!(one.put_if_newer(BUDGET, Version(8), b"eight").await, Ok(true));
    assert_eq!(timeout(PATIENCE, two.news()).await.unwrap(), [Head { budget: BUDGET, version: Version(8) }]);
}

#[tokio::test]
async fn a_flush_of_data_and_scripts_goes_unnoticed() {
    let redis = RedisServer::start();
    let shared = process(&redis.url(), "one", CALL).await;
    shared.put_if_newer(BUDGET, Version(9), b"nine").await.unwrap();
    redis.ask(&["FLUSHALL"]);
    redis.ask(&["SCRIPT", "FLUSH"]);
    assert_eq!(shared.get(BUDGET).await, Ok(None));
    assert_eq!(shared.put_if_newer(BUDGET, Version(1), b"one").await, Ok(true));
    assert_eq!(shared.breaker(), Condition::Closed);
}

#[tokio::test]
async fn redis_tells_its_memory_and_a_user_who_may_not_ask_is_none_the_worse() {
    let redis = RedisServer::start();
    redis.ask(&["CONFIG", "SET", "maxmemory", "64mb"]);
    let shared = process(&redis.url(), "one", CALL).await;
    let memory = shared.memory().await.unwrap();
    assert!(memory.used > 100_000 && memory.most == 64 << 20, "{memory:?}");
    redis.ask(&["ACL", "SETUSER", "default", "-info"]);
    for _ in 0..10 {
        assert_eq!(shared.memory().await, None);
    }
    assert_eq!(shared.breaker(), Condition::Closed);
}

/// Refuses writes by `refuse`, takes them again by `allow`.
async fn refused_writes(refuse: &[&str], allow: &[&str]) {
    let redis = RedisServer::start();
    let shared = process(&redis.url(), "one", CALL).await;
    redis.ask(refuse);
    while shared.breaker() == Condition::Closed {
        assert!(shared.put_if_newer(BUDGET, Version(1), b"one").await.is_err());
    }
    // The probe writes, so it is not fooled by a Redis that answers reads.
    until(&shared, Condition::HalfOpen).await;
    until(&shared, Condition::Open).await;
    redis.ask(allow);
    until(&shared, Condition::Closed).await;
    assert_eq!(shared.put_if_newer(BUDGET, Version(1), b"one").await, Ok(true));
}

#[tokio::test]
async fn a_replica_that_refuses_writes_is_left_until_it_takes_them() {
    refused_writes(&["REPLICAOF", "127.0.0.1", "1"], &["REPLICAOF", "NO", "ONE"]).await;
}

#[tokio::test]
async fn a_full_redis_that_refuses_writes_is_left_until_it_takes_them() {
    refused_writes(&["CONFIG", "SET", "maxmemory", "1"], &["CONFIG", "SET", "maxmemory", "0"]).await;
}
