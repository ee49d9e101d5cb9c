//! Limits over all processes.

use crate::{CALL, process, server::RedisServer};
use proptest::{prelude::*, test_runner::TestRunner};
use service::{
    limits::Limiter,
    port::{LimitCharge, LimitKey, SharedLimits},
};
use shared_redis::Shared;
use std::time::Duration;

/// Sets all that the limits remember back by so many microseconds: to them the time has passed.
const PASS: &str = "
    for _, key in ipairs(redis.call('KEYS', '*:limit:*')) do
        redis.call('SET', key, tonumber(redis.call('GET', key)) - tonumber(ARGV[1]), 'KEEPTTL')
    end";

/// What two looks at Redis's clock may be apart.
const SLACK: Duration = CALL.saturating_mul(2);

/// Redis's clock, in microseconds.
fn time(redis: &RedisServer) -> i64 {
    let digits = "local time = redis.call('TIME') return time[1] .. string.format('%06d', time[2])";
    redis.ask(&["EVAL", digits, "0"]).parse().unwrap()
}

/// Whether it is told to wait so long, less what the test itself takes.
fn about(told: Result<(), Duration>, seconds: u64) -> bool {
    told.is_err_and(|wait| (Duration::from_secs(seconds - 20)..=Duration::from_secs(seconds)).contains(&wait))
}

/// Ten an hour and 300 an hour.
pub(crate) async fn charge_both(shared: &Shared) {
    let charges = [
        LimitCharge { key: LimitKey::Participant(0xab), cost: 360_000_000 },
        LimitCharge { key: LimitKey::Address(0xcd), cost: 12_000_000 },
    ];
    assert_eq!(shared.charge(&charges).await, Ok(Ok(())));
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
    // At most a hundred an hour: what one costs is much more than the slack.
    let agreed = runner.run(&(steps(), 1u32..=100), |(steps, per_hour)| {
        redis.ask(&["FLUSHALL"]);
        let limiter = Limiter::new(per_hour);
        let charge = |who| [LimitCharge { key: LimitKey::Participant(who), cost: limiter.cost() }];
        let mut passed = 0;
        for step in steps {
            match step {
                Step::Wait { micros } => {
                    redis.ask(&["EVAL", PASS, "0", &micros.to_string()]);
                    passed += micros;
                }
                Step::Refund { who } => {
                    limiter.refund(who);
                    runtime.block_on(shared.refund(&charge(who))).unwrap();
                }
                Step::Charge { who } => {
                    let now = time(&redis);
                    let answer = runtime.block_on(shared.charge(&charge(who))).unwrap();
                    match (answer, limiter.charge_at(who, now + passed)) {
                        (Ok(()), Ok(())) => {}
                        (Err(told), Err(wait)) => {
                            prop_assert!(told.abs_diff(wait) < SLACK, "{who} waits {told:?}, not {wait:?}");
                        }
                        // The moment of one of them was past the end of a wait: from here on they may differ.
                        (Ok(()), Err(wait)) | (Err(wait), Ok(())) => {
                            prop_assert!(wait < SLACK, "{who} is told different things, {wait:?} apart");
                            return Ok(());
                        }
                    }
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
    assert_eq!(shared.charge(&[participant, address]).await, Ok(Ok(())));
    for _ in 0..5 {
        assert!(about(shared.charge(&[participant, address]).await.unwrap(), 3600));
    }
    assert_eq!(shared.charge(&[address]).await, Ok(Ok(())), "the refused ones did not charge it");
    assert!(about(shared.charge(&[address]).await.unwrap(), 1800));
}

#[tokio::test]
async fn a_charge_is_timed_by_redis_itself() {
    let redis = RedisServer::start();
    let shared = process(&redis.url(), "one", CALL).await;
    let charge = LimitCharge { key: LimitKey::Participant(1), cost: 360_000_000 };
    let before = time(&redis);
    assert_eq!(shared.charge(&[charge]).await, Ok(Ok(())));
    let key = "allot:{one}:limit:participant:0000000000000001";
    let arrival: i64 = redis.ask(&["GET", key]).parse().unwrap();
    assert!((before..=time(&redis)).contains(&(arrival - charge.cost)), "{arrival}");
    let left: i64 = redis.ask(&["PTTL", key]).parse().unwrap();
    assert!((0..=360_000).contains(&left), "{left}");
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
                allowed += usize::from(shared.charge(&charge).await.unwrap().is_ok());
            }
            allowed
        });
    }
    assert_eq!(processes.join_all().await.into_iter().sum::<usize>(), 100);
}
