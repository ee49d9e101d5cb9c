//! Limits over all processes.

use crate::{CALL, process, server::RedisServer};
use domain::Timestamp;
use proptest::{prelude::*, test_runner::TestRunner};
use service::{
    limits::Limiter,
    port::{LimitCharge, LimitKey, SharedLimits},
};
use shared_redis::Shared;
use std::time::Duration;

/// A moment of 2026, so that numbers are as large as they are.
const START: i64 = 1_795_257_045_006_001;

/// Ten an hour and 300 an hour.
pub(crate) async fn charge_both(shared: &Shared) {
    let charges = [
        LimitCharge { key: LimitKey::Participant(0xab), cost: 360_000_000 },
        LimitCharge { key: LimitKey::Address(0xcd), cost: 12_000_000 },
    ];
    assert_eq!(shared.charge(&charges, Timestamp::from_micros(START)).await, Ok(Ok(())));
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Charge { who: u64 },
    Refund { who: u64 },
    Wait { micros: i64 },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0u64..3).prop_map(|who| Step::Charge { who }),
        2 => (0u64..3).prop_map(|who| Step::Refund { who }),
        3 => (0i64..2_000_000_000).prop_map(|micros| Step::Wait { micros }),
    ];
    prop::collection::vec(step, 1..40)
}

#[test]
fn the_script_answers_what_the_limiter_in_the_process_answers() {
    let redis = RedisServer::start();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let shared = runtime.block_on(process(&redis.url(), "one", CALL));
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 80, failure_persistence: None, ..ProptestConfig::default() });
    // At most a hundred an hour: Redis's own clock, which ends a key's life, must not get ahead of the test's.
    let agreed = runner.run(&(steps(), 1u32..=100), |(steps, per_hour)| {
        redis.ask(&["FLUSHALL"]);
        let limiter = Limiter::new(per_hour);
        let charge = |who| [LimitCharge { key: LimitKey::Participant(who), cost: limiter.cost() }];
        let mut now = START;
        for step in steps {
            match step {
                Step::Wait { micros } => now += micros,
                Step::Refund { who } => {
                    limiter.refund(who);
                    runtime.block_on(shared.refund(&charge(who))).unwrap();
                }
                Step::Charge { who } => {
                    let answer = runtime.block_on(shared.charge(&charge(who), Timestamp::from_micros(now))).unwrap();
                    prop_assert_eq!(answer, limiter.charge(who, now), "{} at {}", who, now);
                }
            }
        }
        Ok(())
    });
    agreed.unwrap();
}

#[tokio::test]
async fn all_limits_are_charged_or_none_and_the_longest_wait_is_told() {
    let redis = RedisServer::start();
    let shared = process(&redis.url(), "one", CALL).await;
    let hour = 3_600_000_000;
    let participant = LimitCharge { key: LimitKey::Participant(1), cost: hour };
    let address = LimitCharge { key: LimitKey::Address(1), cost: hour / 2 };
    let now = Timestamp::from_micros(START);
    assert_eq!(shared.charge(&[participant, address], now).await, Ok(Ok(())));
    for _ in 0..5 {
        assert_eq!(shared.charge(&[participant, address], now).await, Ok(Err(Duration::from_secs(3600))));
    }
    assert_eq!(shared.charge(&[address], now).await, Ok(Ok(())), "the refused ones did not charge it");
    assert_eq!(shared.charge(&[address], now).await, Ok(Err(Duration::from_secs(1800))));
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_charge_at_once_get_as_many_as_the_limit_allows_together() {
    let redis = RedisServer::start();
    let mut processes = tokio::task::JoinSet::new();
    for _ in 0..3 {
        let shared = process(&redis.url(), "one", CALL).await;
        processes.spawn(async move {
            let charge = [LimitCharge { key: LimitKey::Participant(1), cost: 36_000_000 }];
            let mut allowed = 0;
            for _ in 0..80 {
                allowed += usize::from(shared.charge(&charge, Timestamp::from_micros(START)).await.unwrap().is_ok());
            }
            allowed
        });
    }
    assert_eq!(processes.join_all().await.into_iter().sum::<usize>(), 100);
}
