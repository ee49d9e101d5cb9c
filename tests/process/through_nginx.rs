//! What nginx, as shipped, does with answers: keeps what is public, passes on what must not wait.

use crate::{
    events::Events,
    fleet::{Fleet, Nginx},
    program::Connection,
    traffic::{JSON, Random, SUBMIT, submission},
};
use serde_json::Value;

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
