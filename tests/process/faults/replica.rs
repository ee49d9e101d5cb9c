//! The replica lags or is gone: whoever submitted finds it at once, from any process, and nobody sees an error.

use super::{Account, Load, RECOVERY, Turn, felt::until_all_say, load::Bearable, scale, under_load_for};
use crate::{
    fleet::{Fleet, Postgres},
    program::Connection,
    traffic::{JSON, Random, SUBMIT, submission},
};
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

const COUNT: &str = "SELECT count(*) FROM submission";

fn while_replica(name: &'static str, fault: impl FnOnce(&Postgres, &[SocketAddr], &mut dyn FnMut())) {
    let _turn = Turn::take();
    let primary = Postgres::start();
    let replica = Postgres::replica_of(&primary);
    let fleet = Fleet::start_with(primary, |_, _, settings| {
        settings.push(("DATABASE_READ_URL".to_owned(), replica.url()));
    });
    let addresses = fleet.addresses();
    let (mut random, mut found) = (Random(1_000_000), Vec::new());
    let load = Load::start(&addresses, Bearable::Nothing);
    // One that nobody reads from can go without anybody's notice.
    until_all_say(&addresses, "replica", "ok");
    let account = Account::of(name, load, || {
        let mut look_up = || found.push(submit_and_find(&addresses, &mut random));
        fault(&replica, &addresses, &mut look_up);
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
    while_replica("replica lags", |replica, _, look_up| {
        replica.sql("SELECT pg_wal_replay_pause()");
        let deadline = Instant::now() + RECOVERY;
        while replica.sql("SELECT pg_get_wal_replay_pause_state()") != "paused" {
            assert!(Instant::now() < deadline, "the replica does not pause");
        }
        let before = replica.sql(COUNT);
        for_a_while(look_up);
        assert_eq!(replica.sql(COUNT), before, "the replica has what was sent meanwhile");
        replica.sql("SELECT pg_wal_replay_resume()");
    });
}

#[test]
fn nobody_notices_that_the_replica_is_gone() {
    while_replica("replica gone", |replica, addresses, look_up| {
        replica.control(&["stop", "--mode", "immediate"]);
        until_all_say(addresses, "replica", "unavailable");
        for_a_while(look_up);
        replica.control(&["start"]);
        look_up();
    });
}
