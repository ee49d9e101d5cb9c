//! Requests that another site makes in somebody's browser.

use crate::support::{AGGREGATE, SUBMIT, Server, submission};
use allot::config::Key;

#[tokio::test]
async fn changes_from_another_site_are_refused() {
    let server = Server::start().await;
    let own = format!("http://{}", server.address());
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", "http://127.0.0.1:1"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        server.post(SUBMIT, &submission(&[1])).header(name, value).send().await.problem(403, "cross-origin");
        let page = server.request(http::Method::POST, "/consent").header(name, value).send().await;
        assert_eq!(page.status, 403);
        assert!(page.header("content-type").starts_with("text/html"));
        assert_eq!(page.header("set-cookie"), "");
    }
    let disguised =
        server.post(SUBMIT, &submission(&[1])).header("origin", &own).header("sec-fetch-site", "cross-site");
    disguised.send().await.problem(403, "cross-origin");
    assert_eq!(server.counted().await, 0);
    let call = server.post(SUBMIT, &submission(&[1])).header("origin", &own).header("sec-fetch-site", "same-origin");
    assert_eq!(call.send().await.status, 201);
}

#[tokio::test]
async fn with_a_public_address_only_its_pages_may_change_anything() {
    let server = Server::start_with(&[(Key::PublicUrl, "https://allot.example")]).await;
    let own = format!("http://{}", server.address());
    server.post(SUBMIT, &submission(&[1])).header("origin", &own).send().await.problem(403, "cross-origin");
    let call = server.post(SUBMIT, &submission(&[1])).header("origin", "https://allot.example");
    assert_eq!(call.send().await.status, 201);
}

#[tokio::test]
async fn reading_is_open_to_everybody() {
    let server = Server::start().await;
    let answer = server.get(AGGREGATE).header("origin", "https://elsewhere.example").send().await;
    assert_eq!(answer.status, 200);
}
