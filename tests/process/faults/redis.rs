//! Redis goes, stops answering, forgets or refuses: a matter of speed, never of correctness, so nobody notices.

use super::{
    Account, Away, Load, Turn,
    felt::{until_all_counted, until_all_say},
    load::Bearable,
    scale, under_load_for,
};
use crate::fleet::Fleet;
use std::time::Duration;

/// How often a process gave Redis up.
const GIVEN_UP: &str = "allot_redis_breaker_openings_total";
/// How often a snapshot was not kept.
const NOT_KEPT: &str = r#"allot_redis_calls_total{operation="put",outcome="failed"}"#;
/// Asks how many snapshots are kept.
const SNAPSHOTS: &str = r#"EVAL "return #redis.call('keys', 'allot:*:snapshot:*')" 0"#;

/// `fault` tells when Redis was away, if it was for a while.
fn while_redis(name: &'static str, fault: impl FnOnce(&mut Fleet) -> Option<Away>) {
    let _turn = Turn::take();
    let mut fleet = Fleet::start();
    let load = Load::start(&fleet.addresses(), Bearable::Nothing);
    let mut away = None;
    let account = Account::of(name, load, || away = fault(&mut fleet));
    if let Some(away) = away {
        account.check_without(&["redis"], away);
    }
    account.check(&fleet);
}

/// Lets the load run for a while, in which every process says that Redis is away.
fn away(fleet: &Fleet) -> Away {
    Away::during(|| {
        until_all_say(&fleet.addresses(), "redis", "unavailable");
        under_load_for(a_while());
    })
}

fn a_while() -> Duration {
    Duration::from_secs(2) * scale()
}

#[test]
fn nobody_notices_that_redis_is_gone() {
    while_redis("Redis stopped", |fleet| {
        fleet.redis.stop();
        Some(away(fleet))
    });
}

#[test]
fn nobody_notices_that_redis_does_not_answer() {
    while_redis("Redis paused (SIGSTOP)", |fleet| {
        fleet.redis.pause();
        let away = away(fleet);
        fleet.redis.resume();
        Some(away)
    });
}

#[test]
fn nobody_notices_that_redis_is_empty() {
    while_redis("Redis flushed", |fleet| {
        let mut forgotten = 0;
        for _ in 0..10 * scale() {
            let kept = fleet.redis.ask(SNAPSHOTS).unwrap();
            let number = kept.strip_prefix(':').and_then(|number| number.parse::<u32>().ok());
            forgotten += number.unwrap_or_else(|| panic!("{kept}"));
            assert_eq!(fleet.redis.ask("FLUSHALL").unwrap(), "+OK");
            under_load_for(Duration::from_millis(100));
        }
        assert!(forgotten > 0, "there was nothing to forget");
        None
    });
}

#[test]
fn nobody_notices_that_redis_is_restarted() {
    while_redis("Redis restarted", |fleet| {
        for _ in 0..2 * scale() {
            // Who has no connection can lose none.
            until_all_say(&fleet.addresses(), "redis", "ok");
            until_all_counted(&fleet.addresses(), GIVEN_UP, || {
                fleet.redis.stop();
                fleet.redis.start_again();
                under_load_for(Duration::from_millis(500));
            });
        }
        None
    });
}

#[test]
fn nobody_notices_that_redis_takes_nothing() {
    while_redis("Redis refuses writes (maxmemory)", |fleet| {
        until_all_counted(&fleet.addresses(), NOT_KEPT, || {
            for setting in ["maxmemory-policy noeviction", "maxmemory 1"] {
                assert_eq!(fleet.redis.ask(&format!("CONFIG SET {setting}")).unwrap(), "+OK");
            }
            assert!(fleet.redis.ask("SET a b").unwrap().starts_with("-OOM"));
            under_load_for(a_while());
        });
        assert_eq!(fleet.redis.ask("CONFIG SET maxmemory 0").unwrap(), "+OK");
        None
    });
}
