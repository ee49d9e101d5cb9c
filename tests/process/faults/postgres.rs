//! PostgreSQL goes away in all its ways: submissions are refused or delayed, readers are answered from memory.

use super::{Account, Away, Load, Turn, felt::until_all_say, load::Bearable, scale, under_load_for};
use crate::fleet::{Fleet, Postgres};
use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

/// Ends the connections of all processes, and answers how many that were.
const KILL: &str = "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) \
                    FROM pg_stat_activity WHERE application_name = 'allot'";
/// What PostgreSQL says to one session too many (SQLSTATE).
const TOO_MANY: &[u8] = b"53300";

/// `fault` tells when PostgreSQL was away, if it was for a while.
fn while_postgres(name: &'static str, fault: impl FnOnce(&Fleet) -> Option<Away>) {
    let _turn = Turn::take();
    let fleet = Fleet::start();
    let load = Load::start(&fleet.addresses(), Bearable::Refusals);
    let mut away = None;
    let account = Account::of(name, load, || away = fault(&fleet));
    if let Some(away) = away {
        // From memory, then; at first perhaps what another process had just given to Redis.
        account.check_without(&["summary", "raw"], away);
    }
    account.check(&fleet);
}

/// Some times under load.
fn restart_in(postgres: &Postgres, mode: &str) {
    let started = || postgres.sql("SELECT pg_postmaster_start_time()");
    for _ in 0..2 * scale() {
        let before = started();
        postgres.control(&["restart", "--mode", mode]);
        assert_ne!(started(), before, "it was not restarted");
        under_load_for(Duration::from_millis(500));
    }
}

#[test]
fn a_restart_of_postgresql_loses_nothing() {
    while_postgres("PostgreSQL restarted", |fleet| {
        restart_in(&fleet.postgres, "fast");
        None
    });
}

#[test]
fn a_crash_of_postgresql_loses_nothing() {
    while_postgres("PostgreSQL crashed (immediate)", |fleet| {
        restart_in(&fleet.postgres, "immediate");
        None
    });
}

#[test]
fn ten_seconds_without_postgresql_lose_nothing_and_readers_do_not_notice() {
    while_postgres("PostgreSQL stopped for 10 s", |fleet| {
        fleet.postgres.control(&["stop", "--mode", "fast"]);
        let until = Instant::now() + Duration::from_secs(10);
        let away = Away::during(|| {
            until_all_say(&fleet.addresses(), "database", "unavailable");
            under_load_for(until.saturating_duration_since(Instant::now()));
        });
        fleet.postgres.control(&["start"]);
        Some(away)
    });
}

#[test]
fn connections_that_are_killed_lose_nothing() {
    while_postgres("connections killed", |fleet| {
        let mut killed = 0;
        for _ in 0..10 * scale() {
            killed += fleet.postgres.sql(KILL).parse::<u64>().unwrap();
            under_load_for(Duration::from_millis(100));
        }
        assert!(killed > 0, "there was no connection to kill");
        None
    });
}

#[test]
fn a_postgresql_without_free_connections_is_waited_for() {
    let _turn = Turn::take();
    // Few enough to be taken, and more than the processes need at the start.
    let fleet = Fleet::start_with(Postgres::start_with("max_connections = 40"), |_, _, _| {});
    let load = Load::start(&fleet.addresses(), Bearable::Refusals);
    let account = Account::of("PostgreSQL out of connections", load, || {
        let mut session = fleet.postgres.session();
        let (mut taken, mut refused, mut killed) = (Vec::new(), 0, 0);
        let until = Instant::now() + Duration::from_secs(3) * scale();
        while Instant::now() < until {
            // Whoever comes first gets the places that become free; these are many.
            taken.extend((0..40).filter_map(|_| connect(&fleet.postgres).ok()));
            refused += u32::from(is_refused(&fleet.postgres));
            killed += session.sql(KILL).parse::<u64>().unwrap();
            under_load_for(Duration::from_millis(20));
            taken.drain(..taken.len().saturating_sub(200));
        }
        assert!(refused > 0 && killed > 0, "{refused} sessions were refused and {killed} lost their place");
    });
    account.check(&fleet);
}

/// Whether there is no place for another session.
fn is_refused(postgres: &Postgres) -> bool {
    let Ok(mut stream) = connect(postgres) else { return false };
    let mut answer = [0; 512];
    let read = stream.set_read_timeout(Some(Duration::from_secs(5))).and_then(|()| stream.read(&mut answer));
    read.is_ok_and(|length| answer[..length].windows(TOO_MANY.len()).any(|part| part == TOO_MANY))
}

/// A session that does nothing but take a place (PostgreSQL's protocol, "StartupMessage").
fn connect(postgres: &Postgres) -> std::io::Result<TcpStream> {
    let mut stream = TcpStream::connect(("127.0.0.1", postgres.port()))?;
    let words = b"user\0allot\0database\0postgres\0application_name\0taker\0\0";
    let length = u32::try_from(words.len() + 8).map_err(std::io::Error::other)?;
    stream.write_all(&[&length.to_be_bytes()[..], &196_608u32.to_be_bytes(), words].concat())?;
    Ok(stream)
}
