//! The replica lags or is gone: whoever submitted finds it at once, from any process, and nobody sees an error.

use super::{Account, Load, Turn, load::Bearable, scale, under_load_for};
use crate::{
    fleet::{Fleet, Postgres},
    program::Connection,
    traffic::{JSON, Random, SUBMIT, submission},
};
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

fn while_replica(name: &'static str, fault: impl FnOnce(&Postgres, &mut dyn FnMut())) {
    let _turn = Turn::take();
    let primary = Postgres::start();
    let replica = Postgres::replica_of(&primary);
    let fleet = Fleet::start_with(primary, |_, _, settings| {
        settings.push(("DATABASE_READ_URL".to_owned(), replica.url()));
    });
    let addresses = fleet.addresses();
    let (mut random, mut found) = (Random(1_000_000), Vec::new());
    let load = Load::start(&addresses, Bearable::Nothing);
    let account = Account::of(name, load, || {
        let mut look_up = || found.push(submit_and_find(&addresses, &mut random));
        fault(&replica, &mut look_up);
    });
    account.also(found).check(&fleet);
}

/// Submits to one process and looks it up with another; answers the id.
fn submit_and_find(addresses: &[SocketAddr], random: &mut Random) -> String {
    let sent = submission(random);
    let open = |number: usize| Connection::open(addresses[number]).unwrap();
    let (status, body) = open(0).send("POST", SUBMIT, JSON, &sent.body).unwrap();
    assert_eq!(status, 201, "{body}");
    let (status, body) = open(1).send("GET", &format!("/api/v1/submissions/{}", sent.id), "", "").unwrap();
    assert_eq!(status, 200, "{body}");
    sent.id
}

/// Again and again for a while.
fn for_a_while(look_up: &mut dyn FnMut()) {
    let until = Instant::now() + Duration::from_secs(2) * scale();
    while Instant::now() < until {
        look_up();
        under_load_for(Duration::from_millis(20));
    }
}

#[test]
fn nobody_misses_what_they_sent_while_the_replica_lags() {
    while_replica("replica lags", |replica, look_up| {
        replica.sql("SELECT pg_wal_replay_pause()");
        for_a_while(look_up);
        replica.sql("SELECT pg_wal_replay_resume()");
    });
}

#[test]
fn nobody_notices_that_the_replica_is_gone() {
    while_replica("replica gone", |replica, look_up| {
        replica.control(&["stop", "--mode", "immediate"]);
        for_a_while(look_up);
        replica.control(&["start"]);
        look_up();
    });
}
