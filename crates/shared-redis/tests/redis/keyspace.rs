//! What operators see of the names in Redis, and may take away.

use crate::{CALL, limits::charge_both, process, server::RedisServer};
use service::port::{BudgetId, SnapshotCache, Version};
use shared_redis::{Address, Cleared, Keyspace};

async fn keyspace(redis: &RedisServer, instance: &str) -> Keyspace {
    Keyspace::open(&Address::parse(&redis.url()).unwrap(), instance).await.unwrap()
}

#[tokio::test]
async fn everything_of_this_instance_is_counted_and_nothing_of_another() {
    let redis = RedisServer::start();
    let (one, other) = (process(&redis.url(), "one", CALL).await, process(&redis.url(), "other", CALL).await);
    for budget in 1..=1500 {
        one.put_if_newer(BudgetId(budget), Version(1), &[0; 100]).await.unwrap();
    }
    charge_both(&one).await;
    other.put_if_newer(BudgetId(1), Version(1), b"theirs").await.unwrap();
    redis.ask(&["SET", "allot:{one}:unknown", "1"]);
    let keyspace = keyspace(&redis, "one").await;
    let found = keyspace.survey().await.unwrap();
    let counts: Vec<_> = found.iter().map(|group| (group.kind, group.keys)).collect();
    let expected =
        [("snapshots", 1500), ("limits of participants", 1), ("limits of networks", 1), ("probes", 1), ("other", 1)];
    assert_eq!(counts, expected);
    assert!(found[0].bytes > 1500 * 100, "{:?}", found[0]);
    assert!(found[0].shortest <= found[0].longest && found[0].longest.is_some_and(|left| left.as_secs() <= 86_400));
    assert_eq!((found[0].immortal, found[4].immortal), (0, 1));
}

#[tokio::test]
async fn what_is_cleared_is_of_this_instance_and_limits_go_only_by_their_name() {
    let redis = RedisServer::start();
    let (one, other) = (process(&redis.url(), "one", CALL).await, process(&redis.url(), "other", CALL).await);
    for process in [&one, &other] {
        for budget in 1..=3 {
            process.put_if_newer(BudgetId(budget), Version(1), b"x").await.unwrap();
        }
        charge_both(process).await;
    }
    let keyspace = keyspace(&redis, "one").await;
    assert_eq!(keyspace.clear("snapshot:1:2").await.unwrap(), Cleared { keys: 1, spared: 0 });
    assert_eq!(one.get(BudgetId(2)).await, Ok(None));
    assert!(one.get(BudgetId(1)).await.unwrap().is_some());
    // Two snapshots and the probe.
    assert_eq!(keyspace.clear("*").await.unwrap(), Cleared { keys: 3, spared: 2 });
    assert_eq!(keyspace.clear("allot:{one}:limit:*").await.unwrap(), Cleared { keys: 2, spared: 0 });
    assert!(keyspace.survey().await.unwrap().is_empty());
    assert_eq!(
        keyspace.clear("allot:{other}:*").await.unwrap(),
        Cleared::default(),
        "a pattern can't leave the instance"
    );
    assert!(other.get(BudgetId(1)).await.unwrap().is_some());
}

#[tokio::test]
async fn redis_tells_its_version_and_its_clock_and_one_that_is_away_is_an_error() {
    let mut redis = RedisServer::start();
    let keyspace = keyspace(&redis, "one").await;
    let server = keyspace.server().await.unwrap();
    assert!(!server.version.is_empty() && !server.policy.is_empty() && server.used_bytes > 0, "{server:?}");
    assert!(keyspace.clock().await.unwrap().as_micros() > 1_700_000_000_000_000);
    redis.kill();
    assert!(keyspace.survey().await.is_err());
    assert!(Keyspace::open(&Address::parse(&redis.url()).unwrap(), "one").await.is_err());
}
