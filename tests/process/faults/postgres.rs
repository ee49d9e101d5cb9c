//! PostgreSQL goes away in all its ways: submissions are refused or delayed, readers are answered from memory.

use super::{Account, Load, Turn, load::Bearable, scale, under_load_for};
use crate::fleet::{Fleet, Postgres};
use std::{
    io::Write,
    net::TcpStream,
    time::{Duration, Instant},
};

const KILL: &str = "pg_terminate_backend(pid)";

fn while_postgres(name: &'static str, fault: impl FnOnce(&Postgres)) {
    let _turn = Turn::take();
    let fleet = Fleet::start();
    let load = Load::start(&fleet.addresses(), Bearable::Refusals);
    let account = Account::of(name, load, || fault(&fleet.postgres));
    account.check(&fleet);
}

#[test]
fn a_restart_of_postgresql_loses_nothing() {
    while_postgres("PostgreSQL restarted", |postgres| {
        for _ in 0..2 * scale() {
            postgres.control(&["restart", "--mode", "fast"]);
            under_load_for(Duration::from_millis(500));
        }
    });
}

#[test]
fn a_crash_of_postgresql_loses_nothing() {
    while_postgres("PostgreSQL crashed (immediate)", |postgres| {
        for _ in 0..2 * scale() {
            postgres.control(&["restart", "--mode", "immediate"]);
            under_load_for(Duration::from_millis(500));
        }
    });
}

#[test]
fn ten_seconds_without_postgresql_lose_nothing_and_readers_do_not_notice() {
    while_postgres("PostgreSQL stopped for 10 s", |postgres| {
        postgres.control(&["stop", "--mode", "fast"]);
        under_load_for(Duration::from_secs(10));
        postgres.control(&["start"]);
    });
}

#[test]
fn connections_that_are_killed_lose_nothing() {
    while_postgres("connections killed", |postgres| {
        for _ in 0..10 * scale() {
            postgres.sql(&format!("SELECT {KILL} FROM pg_stat_activity WHERE application_name = 'allot'"));
            under_load_for(Duration::from_millis(100));
        }
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
        let mut taken = Vec::new();
        let until = Instant::now() + Duration::from_secs(3) * scale();
        while Instant::now() < until {
            // Whoever comes first gets the places that become free; these are many.
            taken.extend((0..40).filter_map(|_| connect(&fleet.postgres).ok()));
            session.sql(&format!("SELECT count({KILL}) FROM pg_stat_activity WHERE application_name = 'allot'"));
            under_load_for(Duration::from_millis(20));
            taken.drain(..taken.len().saturating_sub(200));
        }
    });
    account.check(&fleet);
}

/// A session that does nothing but take a place (PostgreSQL's protocol, "StartupMessage").
fn connect(postgres: &Postgres) -> std::io::Result<TcpStream> {
    let mut stream = TcpStream::connect(("127.0.0.1", postgres.port()))?;
    let words = b"user\0allot\0database\0postgres\0application_name\0taker\0\0";
    let length = u32::try_from(words.len() + 8).map_err(std::io::Error::other)?;
    stream.write_all(&[&length.to_be_bytes()[..], &196_608u32.to_be_bytes(), words].concat())?;
    Ok(stream)
}
