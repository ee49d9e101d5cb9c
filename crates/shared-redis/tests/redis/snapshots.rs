//! The tier `redis`.

use crate::{CALL, PATIENCE, process, server::RedisServer};
use proptest::{prelude::*, test_runner::TestRunner};
use service::port::{BudgetId, Head, SnapshotCache, Version};
use std::{
    sync::atomic::{AtomicI32, Ordering},
    time::Duration,
};
use tokio::{task::JoinSet, time::timeout};

const BUDGET: BudgetId = BudgetId(7);

fn bytes(version: Version) -> Vec<u8> {
    // Any bytes will do, those that texts can't hold included.
    format!("\0\u{ff}\r\n{}", version.0).into_bytes()
}

#[test]
fn the_newest_is_kept_whatever_the_order() {
    let redis = RedisServer::start();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let shared = runtime.block_on(process(&redis.url(), "one", CALL));
    // Near each other, around a change of length, and as large as they get.
    let version = prop_oneof![0i64..30, 95i64..105, (i64::MAX - 3)..=i64::MAX, any::<u32>().prop_map(i64::from)];
    let budgets = AtomicI32::new(0);
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() });
    let kept = runner.run(&prop::collection::vec(version, 1..20), |versions| {
        let budget = budgets.fetch_add(1, Ordering::Relaxed);
        runtime.block_on(async {
            let mut newest = None;
            for version in versions {
                let version = Version(version);
                let is_newer = newest.is_none_or(|newest| version > newest);
                prop_assert_eq!(shared.put_if_newer(BudgetId(budget), version, &bytes(version)).await, Ok(is_newer));
                newest = newest.max(Some(version));
                let kept = shared.get(BudgetId(budget)).await.unwrap();
                prop_assert_eq!(kept, newest.map(|version| (version, bytes(version))));
            }
            Ok(())
        })
    });
    kept.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_processes_that_race_the_newest_wins_and_no_older_one_is_ever_read() {
    let redis = RedisServer::start();
    let mut racers = JoinSet::new();
    for racer in 0..4i64 {
        let shared = process(&redis.url(), "one", CALL).await;
        racers.spawn(async move {
            let mut seen = Version(0);
            for n in 0..200 {
                // Every racer has versions of its own, up and down.
                let version = Version((n * 37 % 200) * 4 + racer + 1);
                shared.put_if_newer(BUDGET, version, &bytes(version)).await.unwrap();
                let (kept, content) = shared.get(BUDGET).await.unwrap().unwrap();
                assert!(kept >= version && kept >= seen, "{kept:?} after {version:?} and {seen:?}");
                assert_eq!(content, bytes(kept));
                seen = kept;
            }
            seen
        });
    }
    let last = racers.join_all().await.into_iter().max();
    assert_eq!(last, Some(Version(199 * 4 + 4)));
}

#[tokio::test]
async fn what_one_process_keeps_the_others_hear_of_and_another_database_does_not() {
    let redis = RedisServer::start();
    let (one, two) = (process(&redis.url(), "one", CALL).await, process(&redis.url(), "one", CALL).await);
    let stranger = process(&redis.url(), "restored", CALL).await;
    assert_eq!(one.put_if_newer(BUDGET, Version(5), b"five").await, Ok(true));
    assert_eq!(timeout(PATIENCE, two.news()).await.unwrap(), [Head { budget: BUDGET, version: Version(5) }]);
    assert_eq!(two.get(BUDGET).await, Ok(Some((Version(5), b"five".to_vec()))));
    assert_eq!(one.put_if_newer(BUDGET, Version(4), b"four").await, Ok(false), "nothing to tell");
    assert_eq!(one.put_if_newer(BudgetId(8), Version(1), b"one").await, Ok(true));
    assert_eq!(timeout(PATIENCE, two.news()).await.unwrap(), [Head { budget: BudgetId(8), version: Version(1) }]);
    assert_eq!(stranger.get(BUDGET).await, Ok(None));
    assert_eq!(stranger.put_if_newer(BUDGET, Version(1), b"mine").await, Ok(true));
    assert_eq!(timeout(PATIENCE, stranger.news()).await.unwrap(), [Head { budget: BUDGET, version: Version(1) }]);
}

#[tokio::test]
async fn only_the_version_that_proved_wrong_is_discarded() {
    let redis = RedisServer::start();
    let shared = process(&redis.url(), "one", CALL).await;
    shared.put_if_newer(BUDGET, Version(9), b"phantom").await.unwrap();
    shared.discard(BUDGET, Version(8)).await.unwrap();
    assert!(shared.get(BUDGET).await.unwrap().is_some());
    shared.discard(BUDGET, Version(9)).await.unwrap();
    assert_eq!(shared.get(BUDGET).await, Ok(None));
    assert_eq!(shared.put_if_newer(BUDGET, Version(1), b"one").await, Ok(true));
}

#[tokio::test]
async fn a_value_that_nobody_of_us_wrote_is_replaced() {
    let redis = RedisServer::start();
    let shared = process(&redis.url(), "one", CALL).await;
    for value in ["", "short", "999999999999999999x and more", "zzzzzzzzzzzzzzzzzzzzzzzz"] {
        redis.ask(&["SET", "allot:{one}:snapshot:1:7", value]);
        assert_eq!(shared.get(BUDGET).await, Ok(None), "{value}");
        assert_eq!(shared.put_if_newer(BUDGET, Version(3), b"three").await, Ok(true), "{value}");
    }
}

#[tokio::test]
async fn every_key_has_a_lifetime() {
    let redis = RedisServer::start();
    let shared = process(&redis.url(), "one", CALL).await;
    shared.put_if_newer(BUDGET, Version(1), b"one").await.unwrap();
    crate::limits::charge_both(&shared).await;
    let keys = [
        ("allot:{one}:snapshot:1:7", Duration::from_secs(86_400)),
        ("allot:{one}:limit:participant:00000000000000ab", Duration::from_secs(360)),
        ("allot:{one}:limit:address:00000000000000cd", Duration::from_secs(12)),
        ("allot:{one}:probe", Duration::from_secs(60)),
    ];
    assert_eq!(redis.ask(&["DBSIZE"]), keys.len().to_string(), "a kind of key that this test does not know");
    for (key, longest) in keys {
        let left: u128 =
            redis.ask(&["PTTL", key]).parse().unwrap_or_else(|_| panic!("{key} lives for ever or not at all"));
        assert!(left > 0 && left <= longest.as_millis(), "{key}: {left} ms");
    }
}
