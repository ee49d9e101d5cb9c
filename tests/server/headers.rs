//! What every answer carries.

use crate::support::{AGGREGATE, SUBMIT, Server, submission};
use allot::config::Key;
use http::Method;

#[tokio::test]
async fn every_answer_protects_browsers_and_can_be_found_in_the_log() {
    let server = Server::start().await;
    let mut ids = std::collections::HashSet::new();
    for path in [
        "/",
        "/about",
        "/nowhere",
        "/pkg/allot.1.js",
        "/pkg/x",
        "/health",
        "/metrics",
        "/api/v1/budgets",
        "/api/x",
        AGGREGATE,
        "/about/",
    ] {
        let answer = server.get(path).send().await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("referrer-policy"), "strict-origin-when-cross-origin", "{path}");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert!(answer.header("permissions-policy").contains("geolocation=()"), "{path}");
        assert_eq!(answer.header("strict-transport-security"), "", "{path}: not behind TLS");
        assert!(ids.insert(answer.header("x-request-id").to_owned()), "{path}: an id for each request");
    }
}

#[tokio::test]
async fn behind_tls_browsers_are_told_to_stay_there() {
    let server = Server::start_with(&[(Key::PublicUrl, "https://allot.example")]).await;
    for path in ["/", AGGREGATE, "/pkg/allot.1.js"] {
        assert!(server.get(path).send().await.header("strict-transport-security").starts_with("max-age="), "{path}");
    }
}

#[tokio::test]
async fn pages_say_what_they_may_run() {
    let server = Server::start().await;
    let answer = server.get("/").send().await;
    let policy = answer.header("content-security-policy");
    for part in
        ["default-src 'self'", "'wasm-unsafe-eval'", "object-src 'none'", "base-uri 'none'", "form-action 'self'"]
    {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("'unsafe-inline'") && !policy.contains("'unsafe-eval'"), "{policy}");
    assert!(policy.contains("'nonce-"), "{policy}");
    assert_ne!(policy, server.get("/").send().await.header("content-security-policy"), "a nonce is for one page");
    assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
}

#[tokio::test]
async fn what_is_public_has_no_cookie_and_no_nonce() {
    let server = Server::start().await;
    let cookie = server.consent().await;
    for path in ["/aggregate", "/about", "/b/tax-dollars/aggregate", AGGREGATE, "/api/v1/budgets", "/pkg/allot.1.js"] {
        let answer = server.get(path).header("cookie", &cookie).send().await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.header("cache-control").contains("public"), "{path}: {}", answer.header("cache-control"));
        assert_eq!(answer.header("set-cookie"), "", "{path}");
        assert!(!answer.header("content-security-policy").contains("nonce"), "{path}");
        let without = server.get(path).send().await;
        assert_eq!(answer.body, without.body, "{path} depends on the cookie");
    }
}

#[tokio::test]
async fn an_address_with_a_trailing_slash_redirects_and_keeps_its_query() {
    let server = Server::start().await;
    for (path, target) in [
        ("/about/", "/about"),
        ("/b/tax-dollars/?x=1&y=/", "/b/tax-dollars?x=1&y=/"),
        ("/api/v1/budgets/", "/api/v1/budgets"),
        ("/nowhere/", "/nowhere"),
        ("//evil.example/", "/evil.example"),
    ] {
        let answer = server.get(path).send().await;
        assert_eq!(answer.status, 308, "{path}");
        assert_eq!(answer.header("location"), target);
    }
    let answer = server.post(&format!("{SUBMIT}/"), &submission(&[1])).send().await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (308, SUBMIT));
    assert_eq!(server.get("/").send().await.status, 200);
}

#[tokio::test]
async fn only_a_trusted_proxy_may_name_a_request() {
    let name = "0192d3a4-58cc-7372-8567-0e02b2c3d479";
    let server = Server::start().await;
    assert_ne!(server.get(AGGREGATE).header("x-request-id", name).send().await.header("x-request-id"), name);
    let server = Server::start_with(&[(Key::TrustedProxies, "127.0.0.0/8")]).await;
    for path in [AGGREGATE, "/"] {
        assert_eq!(server.get(path).header("x-request-id", name).send().await.header("x-request-id"), name);
    }
}

#[tokio::test]
async fn a_server_on_the_loopback_address_answers_its_own_names_only() {
    let server = Server::start().await;
    server.get("/api/v1/budgets").header("host", "evil.example").send().await.problem(421, "misdirected");
    assert_eq!(server.request(Method::GET, "/").header("host", "evil.example").send().await.status, 421);
    for host in ["localhost:1234", "127.0.0.1", "[::1]:80"] {
        assert_eq!(server.get("/api/v1/budgets").header("host", host).send().await.status, 200);
    }
    let server = Server::start_with(&[(Key::PublicUrl, "https://allot.example")]).await;
    assert_eq!(server.get("/api/v1/budgets").header("host", "inner.example").send().await.status, 200);
}
