//! How many submissions one participant and one network may send.

use crate::support::{SUBMIT, Server, new_id, points, submission};
use allot::config::Key;
use serde_json::json;

#[tokio::test]
async fn a_participant_over_the_limit_is_told_when_to_come_back_and_others_are_not_hurt() {
    let server = Server::start_with(&[(Key::SubmissionsPerHour, "3")]).await;
    let (mine, other) = (server.consent().await, server.consent().await);
    let submit = |cookie: &str, first| server.post(SUBMIT, &submission(&[first])).header("cookie", cookie).send();
    for first in 0..3 {
        assert_eq!(submit(&mine, first).await.status, 201);
    }
    let refused = submit(&mine, 4).await;
    refused.problem(429, "rate-limited");
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=1200).contains(&wait), "{wait}");
    assert_eq!(submit(&other, 5).await.status, 201);
}

#[tokio::test]
async fn replays_and_refusals_cost_nothing() {
    let server = Server::start_with(&[(Key::AddressSubmissionsPerHour, "2")]).await;
    let body = json!({ "id": new_id(), "points": points(&[1]) });
    server.submit(&body).await;
    for _ in 0..10 {
        assert_eq!(server.post(SUBMIT, &body).send().await.status, 200);
        assert_eq!(server.post(SUBMIT, &json!({ "points": {} })).send().await.status, 422);
    }
    server.submit(&submission(&[2])).await;
    server.post(SUBMIT, &submission(&[3])).send().await.problem(429, "rate-limited");
    for _ in 0..3 {
        assert_eq!(server.post(SUBMIT, &body).send().await.status, 200, "over the limit a replay is still answered");
    }
    let refused = server.post(SUBMIT, &submission(&[3])).send().await;
    refused.problem(429, "rate-limited");
}

#[tokio::test]
async fn a_forwarded_address_is_believed_from_a_trusted_proxy_only() {
    let limit = (Key::AddressSubmissionsPerHour, "1");
    let submit = async |server: &Server, address: &str| {
        server.post(SUBMIT, &submission(&[1])).header("x-forwarded-for", address).send().await.status.as_u16()
    };
    let server = Server::start_with(&[limit]).await;
    assert_eq!(submit(&server, "192.0.2.1").await, 201);
    assert_eq!(submit(&server, "192.0.2.2").await, 429);

    let server = Server::start_with(&[limit, (Key::TrustedProxies, "127.0.0.1")]).await;
    assert_eq!(submit(&server, "192.0.2.1").await, 201);
    assert_eq!(submit(&server, "192.0.2.1").await, 429);
    assert_eq!(submit(&server, "192.0.2.2").await, 201);
    assert_eq!(submit(&server, "192.0.2.3, 192.0.2.2").await, 429, "what a client adds in front is hearsay");
    assert_eq!(submit(&server, "2001:db8:0:1::1").await, 201);
    assert_eq!(submit(&server, "2001:db8:0:1::2").await, 429, "an IPv6 network counts as one");
    assert_eq!(submit(&server, "2001:db8:0:2::1").await, 201);
}
