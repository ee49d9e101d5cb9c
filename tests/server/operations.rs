//! The address for operators alone.

use crate::{client::Http, support::Server};
use allot::config::Key;
use std::net::{SocketAddr, TcpListener};

const TOKEN: &str = "a-token-of-operators-that-is-long-enough";

/// An address that is free now.
fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

async fn start(settings: &[(Key, &str)]) -> (Server, Http) {
    let address = free();
    let text = address.to_string();
    let settings: Vec<_> = settings.iter().copied().chain([(Key::OpsAddr, text.as_str())]).collect();
    let server = Server::start_with(&settings).await;
    // It listens before the public address answers.
    assert_eq!(server.get("/health/live").send().await.status, 200);
    (server, Http::new(address))
}

#[tokio::test]
async fn with_an_address_for_operators_metrics_are_there_and_not_in_public() {
    let (server, operators) = start(&[]).await;
    assert!(operators.get("/metrics").send().await.text().contains("allot_http_requests_total"));
    let squeezed = operators.get("/metrics").header("accept-encoding", "gzip").send().await;
    assert_eq!((squeezed.header("content-encoding"), squeezed.header("vary")), ("gzip", "accept-encoding"));
    assert_eq!(server.get("/metrics").send().await.status, 404);
    for path in ["/health", "/health/live", "/health/ready"] {
        assert_eq!(operators.get(path).send().await.status, 200);
        assert_eq!(server.get(path).send().await.status, 200);
    }
    for path in ["/", "/api/v1/budgets", "/nothing"] {
        operators.get(path).send().await.problem(404, "not-found");
    }
    let lured = operators.get("/metrics").header("host", "evil.example").send().await;
    lured.problem(421, "misdirected");
    server.stop().await;
}

#[tokio::test]
async fn what_operators_do_needs_their_token() {
    let (server, operators) = start(&[(Key::OpsToken, TOKEN)]).await;
    let ask = |token: &str| operators.get("/ops/nothing").header("authorization", &format!("Bearer {token}")).send();
    operators.get("/ops/nothing").send().await.problem(403, "forbidden");
    ask("another-token-of-operators-of-a-length").await.problem(403, "forbidden");
    ask(TOKEN).await.problem(404, "not-found");
    // In a browser: a page, with the token as the password (base64 of "me:" and it).
    let page = operators.get("/ops/jobs").header("accept", "text/html").send().await;
    assert_eq!(page.status, 401);
    assert!(page.header("www-authenticate").starts_with("Basic "));
    let basic = "Basic bWU6YS10b2tlbi1vZi1vcGVyYXRvcnMtdGhhdC1pcy1sb25nLWVub3VnaA==";
    let page = operators.get("/ops/jobs").header("authorization", basic).send().await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("<h1>Background jobs</h1>"), "{}", page.text());
    assert!(page.header("content-security-policy").contains("style-src 'self'"));
    let lured = operators.request(http::Method::POST, "/ops/jobs/1/cancel").header("authorization", basic);
    lured.header("origin", "https://evil.example").send().await.problem(403, "cross-origin");
    assert_eq!(server.get("/ops/nothing").header("authorization", &format!("Bearer {TOKEN}")).send().await.status, 404);
    server.stop().await;
    let (_server, operators) = start(&[]).await;
    let open = operators.get("/ops/nothing").header("authorization", "Bearer ").send().await;
    assert!(open.problem(403, "forbidden")["detail"].as_str().unwrap().contains("ALLOT_OPS_TOKEN"));
}
