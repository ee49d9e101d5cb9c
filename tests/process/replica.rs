//! A streaming replica as an operator sees it: in the health of a server, and verified instead of the database.

use crate::{
    fleet::Postgres,
    program::{Connection, Serving, err, out, run},
};
use std::time::{Duration, Instant};

/// Long enough for a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
const SECRET: &str = "the-same-secret-in-every-process-of-a-test";

/// Asks until the server says this of its replica; the answer.
fn until_replica_is(server: &Serving, state: &str) -> String {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let mut connection = Connection::open(server.address).unwrap();
        let (status, body) = connection.send("GET", "/health/ready", "", "").unwrap();
        assert_eq!(status, 200, "whatever its replica does, a server is ready: {body}");
        if body.contains(&format!("\"replica\":{{\"state\":\"{state}\"")) {
            return body;
        }
        assert!(Instant::now() < deadline, "{body}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn an_operator_sees_how_the_replica_is_and_verifies_it_instead_of_the_database() {
    let primary = Postgres::start();
    let replica = Postgres::replica_of(&primary);
    let (primary_url, replica_url) = (primary.url(), replica.url());
    let environment = [("DATABASE_URL", &*primary_url), ("DATABASE_READ_URL", &*replica_url), ("ALLOT_SECRET", SECRET)];
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| run(folder.path(), arguments, &environment);
    let simulated = run(&["simulate", "--submissions", "50"]);
    assert!(simulated.status.success(), "{}", err(&simulated));
    let settings: Vec<_> = environment
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .chain([("RUST_LOG".to_owned(), "off".to_owned())])
        .collect();
    let server = Serving::start_at(folder.path(), "127.0.0.1:0", &settings);

    let health = until_replica_is(&server, "ok");
    assert!(health.starts_with("{\"status\":\"ok\"") && health.contains("\"lag_ms\":"), "{health}");
    let mut connection = Connection::open(server.address).unwrap();
    let (status, about) = connection.send("GET", "/about", "", "").unwrap();
    assert!(status == 200 && about.contains("a third cookie"), "people are told of what it takes: {about}");
    let verified = run(&["aggregates", "verify"]);
    assert!(verified.status.success(), "{}{}", out(&verified), err(&verified));
    assert_eq!(out(&verified).lines().last(), Some(&*format!("audited: the replica {replica_url}")));

    // What is behind is passed over, and so is what is away or another database's.
    replica.sql("SELECT pg_wal_replay_pause()");
    while replica.sql("SELECT pg_get_wal_replay_pause_state()") != "paused" {}
    assert!(run(&["simulate", "--submissions", "9", "--seed", "2"]).status.success());
    let health = until_replica_is(&server, "behind");
    assert!(health.starts_with("{\"status\":\"degraded\""), "{health}");
    let original = run(&["aggregates", "verify", "--primary"]);
    assert!(original.status.success(), "{}", err(&original));
    let of_all = out(&original).lines().next().unwrap().to_owned();
    assert_ne!(out(&verified).lines().next(), Some(&*of_all), "the replica has less");
    assert_eq!(out(&original).lines().last(), Some(&*format!("audited: {primary_url}")));
    let passed_over = |why: &str| {
        let verified = run(&["aggregates", "verify"]);
        let (said, failed) = (out(&verified), err(&verified));
        assert!(verified.status.success() && said.starts_with(&of_all), "{said}{failed}");
        let last = format!("audited: {primary_url}, not the replica {replica_url}: {why}");
        assert!(said.lines().last().unwrap().starts_with(&last), "{said}");
    };
    passed_over("it is behind");
    let named = run(&["aggregates", "verify", "--database-url", &primary_url]);
    assert_eq!(out(&named), out(&original), "the database that a flag names is meant itself");
    replica.sql("SELECT pg_wal_replay_resume()");
    until_replica_is(&server, "ok");

    let stranger = format!("{primary_url}_of_another_city");
    primary.sql(&format!("CREATE DATABASE {}", stranger.rsplit('/').next().unwrap()));
    assert!(run(&["migrate", "--database-url", &stranger]).status.success());
    let mistaken = [("DATABASE_URL", &*primary_url), ("DATABASE_READ_URL", &*stranger), ("ALLOT_SECRET", SECRET)];
    let verified = crate::program::run(folder.path(), &["aggregates", "verify"], &mistaken);
    let last = format!("audited: {primary_url}, not the replica {stranger}: it is a copy of another database");
    assert_eq!(out(&verified).lines().last(), Some(&*last), "{}", err(&verified));

    replica.control(&["stop", "--mode", "immediate"]);
    let health = until_replica_is(&server, "unavailable");
    assert!(health.starts_with("{\"status\":\"degraded\""), "{health}");
    passed_over("");
}
