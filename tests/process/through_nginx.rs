//! What nginx, as shipped, does with answers: keeps what is public, passes on what must not wait. And what it does when a
//! process gives none.

use crate::{
    events::Events,
    fleet::{Fleet, Nginx},
    program::Connection,
    traffic::{JSON, Random, SUBMIT, submission},
};
use serde_json::Value;
use std::{
    collections::HashSet,
    io::{BufRead, BufReader, Result, Write},
    net::{SocketAddr, TcpListener},
    thread,
};

const AGGREGATE: &str = "/api/v1/budgets/us-fy2024/aggregate";

#[test]
fn every_event_comes_through_at_once() {
    let fleet = Fleet::start();
    let nginx = Nginx::start(&fleet.addresses());
    let mut events = Events::open(nginx.address, None);
    // The first one while nothing else happens: whoever waited for more would wait for ever.
    let first = events.next_version().expect("an event");
    let mut connection = Connection::open(nginx.address).unwrap();
    let (status, receipt) = connection.send("POST", SUBMIT, JSON, &submission(&mut Random(1)).body).unwrap();
    assert_eq!(status, 201, "{receipt}");
    let submitted = serde_json::from_str::<Value>(&receipt).unwrap()["version"].as_i64().unwrap();
    let mut newest = first;
    while newest < submitted {
        newest = events.next_version().expect("the stream goes on");
    }
    assert!(first < submitted);
}

#[test]
fn what_is_public_is_kept_and_who_shows_a_version_is_not_answered_from_there() {
    let fleet = Fleet::start();
    let nginx = Nginx::start(&fleet.addresses());
    let mut connection = Connection::open(nginx.address).unwrap();
    let mut get = |headers: &str| connection.ask("GET", AGGREGATE, headers, "").unwrap();
    assert_eq!(get("").header("x-cache-status"), Some("MISS"));
    let kept = get("");
    assert!(matches!(kept.header("x-cache-status"), Some("HIT" | "STALE")));
    // Another coding is another answer.
    assert_eq!(get("accept-encoding: gzip\r\n").header("x-cache-status"), Some("MISS"));
    let tag = kept.header("etag").unwrap();
    assert_eq!(get(&format!("if-none-match: {tag}\r\n")).status, 304);
    let other = get("if-none-match: \"1-1-none\"\r\n");
    assert_eq!((other.status, other.header("x-cache-status")), (200, Some("BYPASS")));
    // What is personal, and what is for those who run it.
    let page = connection.ask("GET", "/b/us-fy2024", "", "").unwrap();
    assert_eq!((page.status, page.header("x-cache-status")), (200, Some("MISS")));
    let page = connection.ask("GET", "/b/us-fy2024", "", "").unwrap();
    assert_eq!((page.status, page.header("x-cache-status")), (200, Some("MISS")));
    assert_eq!(connection.ask("GET", "/metrics", "", "").unwrap().status, 404);
}

#[test]
fn with_every_process_away_public_pages_stay_for_everybody_and_totals_never_run_backwards() {
    let mut fleet = Fleet::start();
    let nginx = Nginx::start(&fleet.addresses());
    let mut connection = Connection::open(nginx.address).unwrap();
    let mut get = |path: &str, headers: &str| connection.ask("GET", path, headers, "").unwrap();
    let tag = get("/en/about", "").header("etag").unwrap().to_owned();
    assert_eq!(get(AGGREGATE, "").status, 200);
    for process in &mut fleet.processes {
        process.kill();
    }
    // A browser that comes back shows what it has.
    let other = "if-none-match: \"1-1-none\"\r\n";
    assert_eq!(get("/en/about", "").status, 200);
    assert_eq!(get("/en/about", &format!("if-none-match: {tag}\r\n")).status, 304);
    let kept = get("/en/about", other);
    assert_eq!(kept.status, 200);
    assert!(matches!(kept.header("x-cache-status"), Some("HIT" | "STALE" | "UPDATING")));
    // Nobody asked for it before.
    assert_eq!(get("/es/about", other).status, 503);
    // Nobody knows whether what is kept is older than what this reader has seen.
    assert_eq!(get(AGGREGATE, "").status, 200);
    assert_eq!(get(AGGREGATE, other).status, 503);
}

#[test]
fn what_may_come_twice_comes_again_when_its_process_goes_away_in_the_middle() {
    let nginx = Nginx::start(&[away_at_first()]);
    let mut connection = Connection::open(nginx.address).unwrap();
    let mut post = |path: &str, body: &str| connection.send("POST", path, JSON, body).unwrap().0;
    for path in [
        "/api/v1/batch",
        "/api/v1/participant",
        "/consent",
        "/es/consent",
        "/history/delete",
        "/results/1/delete",
        "/en/results/1/manage",
        "/results/1/export.json",
        "/es/results/1/export.csv",
    ] {
        assert_eq!(post(path, "{}"), 204, "{path}");
    }
    assert_eq!(post("/api/v1/budgets/with-an-id/submissions", &submission(&mut Random(1)).body), 204);
    // These would count again.
    assert_eq!(post("/api/v1/budgets/without/submissions", "{}"), 503);
    assert_eq!(post("/vitals", "{}"), 503);
}

/// A process that goes away in the middle of the first request to an address, and answers when it comes again.
fn away_at_first() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    // Ends with the test's process.
    thread::spawn(move || {
        let mut seen = HashSet::new();
        for stream in listener.incoming().flatten() {
            let mut stream = BufReader::new(stream);
            let Ok(request) = take_request(&mut stream) else { continue };
            if !seen.insert(request) {
                let _ = stream.get_mut().write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
            }
        }
    });
    address
}

/// Reads a whole request; its first line.
fn take_request(stream: &mut impl BufRead) -> Result<String> {
    let (mut first, mut line, mut length) = (String::new(), String::new(), 0);
    stream.read_line(&mut first)?;
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.trim().split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    stream.read_exact(&mut vec![0; length])?;
    Ok(first)
}
