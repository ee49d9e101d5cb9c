//! What nginx, as shipped, does with answers: keeps what is public, passes on what must not wait.

use crate::{
    fleet::{Fleet, Nginx},
    program::Connection,
    traffic::{JSON, Random, SUBMIT, submission},
};
use serde_json::Value;
use std::{
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

const AGGREGATE: &str = "/api/v1/budgets/us-fy2024/aggregate";

#[test]
fn every_event_comes_through_at_once() {
    let fleet = Fleet::start();
    let nginx = Nginx::start(&fleet.addresses());
    let mut events = Events::open(nginx.address);
    // The first one while nothing else happens: whoever waited for more would wait for ever.
    let first = events.next_version();
    let mut connection = Connection::open(nginx.address).unwrap();
    let (status, receipt) = connection.send("POST", SUBMIT, JSON, &submission(&mut Random(1)).body).unwrap();
    assert_eq!(status, 201, "{receipt}");
    let submitted = serde_json::from_str::<Value>(&receipt).unwrap()["version"].as_i64().unwrap();
    let mut newest = first;
    while newest < submitted {
        newest = events.next_version();
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

/// A stream of events.
struct Events(BufReader<TcpStream>);

impl Events {
    fn open(address: SocketAddr) -> Self {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.write_all(b"GET /api/v1/budgets/us-fy2024/live HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
        Self(BufReader::new(stream))
    }

    /// Of the next event.
    fn next_version(&mut self) -> i64 {
        let mut version = None;
        loop {
            let mut line = String::new();
            assert!(self.0.read_line(&mut line).unwrap() > 0, "the stream ended");
            if let Some(id) = line.strip_prefix("id: ") {
                version = id.trim().parse().ok();
            }
            // The event's end, after its data.
            if let (Some(version), "\n") = (version, line.as_str()) {
                return version;
            }
        }
    }
}
