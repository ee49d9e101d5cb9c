//! The aggregate as a stream of events.

use crate::support::{AGGREGATE, Server, submission};
use allot::config::Key;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde_json::Value;
use std::time::{Duration, Instant};
use tokio::time::timeout;

const LIVE: &str = "/api/v1/budgets/tax-dollars/live";
/// Long enough for a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A client that reads events.
struct Events {
    body: Incoming,
    read: String,
}

/// One event, field by field.
#[derive(Debug)]
struct Event {
    id: i64,
    aggregate: Value,
}

impl Events {
    async fn open(server: &Server, last: Option<i64>) -> Self {
        let mut call = server.get(LIVE);
        if let Some(last) = last {
            call = call.header("last-event-id", &last.to_string());
        }
        let response = call.open().await;
        assert_eq!(response.status(), 200);
        for (name, value) in
            [("content-type", "text/event-stream"), ("cache-control", "no-store"), ("x-accel-buffering", "no")]
        {
            assert_eq!(response.headers()[name], value);
        }
        assert!(!response.headers().contains_key("content-encoding"));
        Self { body: response.into_body(), read: String::new() }
    }

    /// The next event; `None` at the end of the stream.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((block, rest)) = self.read.split_once("\n\n") {
                let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
                assert_eq!(field("event"), Some("snapshot"), "{block}");
                let event = Event {
                    id: field("id").unwrap().parse().unwrap(),
                    aggregate: serde_json::from_str(field("data").unwrap()).unwrap(),
                };
                self.read = rest.to_owned();
                return Some(event);
            }
            let frame = timeout(PATIENCE, self.body.frame()).await.expect("something comes")?.unwrap();
            self.read.push_str(std::str::from_utf8(frame.data_ref().unwrap()).unwrap());
        }
    }
}

#[tokio::test]
async fn a_follower_gets_the_aggregate_at_once_and_every_newer_state() {
    let server = Server::start().await;
    let mut events = Events::open(&server, None).await;
    let first = events.next().await.unwrap();
    assert_eq!(first.aggregate["submissions"], 0);
    assert_eq!(first.id, first.aggregate["version"].as_i64().unwrap());
    let (mut last, began) = (first, Instant::now());
    for n in 1..=2 {
        let version = server.submit(&submission(&[n])).await["version"].as_i64().unwrap();
        let event = events.next().await.unwrap();
        assert!(event.id >= version && event.id > last.id);
        assert_eq!(event.aggregate["submissions"], n);
        last = event;
    }
    assert!(began.elapsed() >= Duration::from_millis(1900), "at most one a second");
    let same = server.get(AGGREGATE).header("accept-encoding", "identity").send().await.json();
    assert_eq!(last.aggregate, same);
}

#[tokio::test]
async fn a_reader_who_shows_the_last_event_gets_no_older_one_from_another_server() {
    let one = Server::start().await;
    let folder = one.folder().to_str().unwrap().to_owned();
    let two = Server::start_with(&[(Key::Data, &folder)]).await;
    Events::open(&two, None).await.next().await.unwrap();
    for n in 1..=5 {
        let version = one.submit(&submission(&[n])).await["version"].as_i64().unwrap();
        let event = Events::open(&two, Some(version)).await.next().await.unwrap();
        assert!(event.id >= version);
        assert_eq!(event.aggregate["submissions"], n);
    }
    let event = Events::open(&two, Some(i64::MAX)).await.next().await.unwrap();
    assert_eq!(event.aggregate["submissions"], 5, "an id that nobody gave is no reason to wait");
}

#[tokio::test]
async fn above_the_bound_a_follower_is_told_to_come_back_and_a_place_is_free_when_somebody_leaves() {
    let server = Server::start_with(&[(Key::LiveStreams, "2")]).await;
    let mut one = Events::open(&server, None).await;
    let two = Events::open(&server, None).await;
    let refused = server.get(LIVE).send().await;
    refused.problem(503, "overloaded");
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
    assert!(one.next().await.is_some());
    assert!(server.get("/metrics").send().await.text().contains("allot_live_streams 2\n"));
    drop(two);
    let deadline = Instant::now() + PATIENCE;
    while server.get(LIVE).open().await.status() != 200 {
        assert!(Instant::now() < deadline, "the place is not given back");
    }
    server.get("/api/v1/budgets/nowhere/live").send().await.problem(404, "not-found");
}

#[tokio::test]
async fn one_network_can_not_take_all_places() {
    let server = Server::start_with(&[(Key::LiveStreams, "40"), (Key::TrustedProxies, "127.0.0.1")]).await;
    let follow = |address: &'static str| server.get(LIVE).header("x-forwarded-for", address).open();
    let mut school = Vec::new();
    for _ in 0..16 {
        school.push(follow("192.0.2.1").await);
    }
    assert!(school.iter().all(|response| response.status() == 200));
    let refused = server.get(LIVE).header("x-forwarded-for", "192.0.2.1").send().await;
    assert!(refused.problem(503, "overloaded")["detail"].as_str().unwrap().contains("network"));
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
    assert_eq!(follow("192.0.2.2").await.status(), 200, "others still find a place");
    school.pop();
    let deadline = Instant::now() + PATIENCE;
    while follow("192.0.2.1").await.status() != 200 {
        assert!(Instant::now() < deadline, "the place is not given back");
    }
}

#[tokio::test]
async fn a_stopping_server_ends_its_streams_and_stops() {
    let mut server = Server::start().await;
    let mut events = Events::open(&server, None).await;
    events.next().await.unwrap();
    server.ask_to_stop();
    assert!(events.next().await.is_none());
    timeout(PATIENCE, server.stop()).await.unwrap();
}
