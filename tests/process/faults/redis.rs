//! Redis goes, stops answering, forgets or refuses: a matter of speed, never of correctness, so nobody notices.

use super::{Account, Load, Turn, load::Bearable, scale, under_load_for};
use crate::fleet::Fleet;
use std::time::Duration;

fn while_redis(name: &'static str, fault: impl FnOnce(&mut Fleet)) {
    let _turn = Turn::take();
    let mut fleet = Fleet::start();
    let load = Load::start(&fleet.addresses(), Bearable::Nothing);
    let account = Account::of(name, load, || fault(&mut fleet));
    account.check(&fleet);
}

fn a_while() -> Duration {
    Duration::from_secs(2) * scale()
}

#[test]
fn nobody_notices_that_redis_is_gone() {
    while_redis("Redis stopped", |fleet| {
        fleet.redis.stop();
        under_load_for(a_while());
    });
}

#[test]
fn nobody_notices_that_redis_does_not_answer() {
    while_redis("Redis paused (SIGSTOP)", |fleet| {
        fleet.redis.pause();
        under_load_for(a_while());
        fleet.redis.resume();
    });
}

#[test]
fn nobody_notices_that_redis_is_empty() {
    while_redis("Redis flushed", |fleet| {
        for _ in 0..10 * scale() {
            assert_eq!(fleet.redis.ask("FLUSHALL").unwrap(), "+OK");
            under_load_for(Duration::from_millis(100));
        }
    });
}

#[test]
fn nobody_notices_that_redis_is_restarted() {
    while_redis("Redis restarted", |fleet| {
        for _ in 0..2 * scale() {
            fleet.redis.stop();
            fleet.redis.start_again();
            under_load_for(Duration::from_millis(500));
        }
    });
}

#[test]
fn nobody_notices_that_redis_takes_nothing() {
    while_redis("Redis refuses writes (maxmemory)", |fleet| {
        for setting in ["maxmemory-policy noeviction", "maxmemory 1"] {
            assert_eq!(fleet.redis.ask(&format!("CONFIG SET {setting}")).unwrap(), "+OK");
        }
        assert!(fleet.redis.ask("SET a b").unwrap().starts_with("-OOM"));
        under_load_for(a_while());
        assert_eq!(fleet.redis.ask("CONFIG SET maxmemory 0").unwrap(), "+OK");
    });
}
