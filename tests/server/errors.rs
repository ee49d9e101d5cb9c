//! Whatever is wrong with a request, the API answers a problem.

use crate::support::{SUBMIT, Server, submission};
use http::Method;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

#[tokio::test]
async fn unknown_addresses_under_the_api_are_problems() {
    let server = Server::start().await;
    for path in ["/api", "/api/v1", "/api/v2/budgets", "/api/v1/nothing", "/api/v1/budgets/tax-dollars/nothing"] {
        server.get(path).send().await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn unknown_methods_are_405_and_say_which_are_allowed() {
    let server = Server::start().await;
    for (method, path, allowed) in [
        (Method::DELETE, "/api/v1/budgets", "GET,HEAD"),
        (Method::POST, crate::support::AGGREGATE, "GET,HEAD"),
        (Method::GET, SUBMIT, "POST"),
        (Method::PUT, "/api/v1/submissions/x", "GET,HEAD,DELETE"),
        (Method::PATCH, "/api/v1/participant", "POST,DELETE"),
        (Method::OPTIONS, "/api/v1/budgets", "GET,HEAD"),
        (Method::TRACE, "/api/v1/budgets", "GET,HEAD"),
    ] {
        let answer = server.request(method, path).send().await;
        answer.problem(405, "method-not-allowed");
        assert_eq!(answer.header("allow"), allowed, "{path}");
    }
}

#[tokio::test]
async fn a_body_over_16_kib_is_413_whether_it_says_its_length_or_not() {
    let server = Server::start().await;
    let padded = |bytes: usize| {
        let body = submission(&[1]).to_string();
        format!("{body}{}", " ".repeat(bytes - body.len()))
    };
    let send = |body: String| {
        server.request(Method::POST, SUBMIT).header("content-type", "application/json").body(body).send()
    };
    assert_eq!(send(padded(16 * 1024)).await.status, 201);
    send(padded(16 * 1024 + 1)).await.problem(413, "too-large");

    let answer = raw(&server, &chunked(20 * 1024)).await;
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("/problems/too-large"), "{answer}");
}

fn chunked(bytes: usize) -> Vec<u8> {
    let head = format!(
        "POST {SUBMIT} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n"
    );
    let chunk = format!("{bytes:x}\r\n{}\r\n0\r\n\r\n", " ".repeat(bytes));
    [head.into_bytes(), chunk.into_bytes()].concat()
}

/// Sends bytes and answers everything that comes back.
async fn raw(server: &Server, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn only_plain_json_is_taken() {
    let server = Server::start().await;
    let body = submission(&[1]).to_string();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""] {
        let call = server.request(Method::POST, SUBMIT).header("content-type", kind).body(body.clone());
        call.send().await.problem(415, "unsupported-media-type");
    }
    server.request(Method::POST, SUBMIT).body(body.clone()).send().await.problem(415, "unsupported-media-type");
    let zipped = server.request(Method::POST, SUBMIT).header("content-type", "application/json");
    zipped.header("content-encoding", "gzip").body(body.clone()).send().await.problem(415, "unsupported-media-type");
    let call =
        server.request(Method::POST, SUBMIT).header("content-type", "Application/JSON; charset=utf-8").body(body);
    assert_eq!(call.send().await.status, 201);
}

#[tokio::test]
async fn what_is_not_json_is_400() {
    let server = Server::start().await;
    for body in [&b""[..], b"{", b"points", b"{\"points\":{}}{}", b"\xff\xfe", b"{\"points\":{\"a\":\"\xff\"}}", b"\0"]
    {
        let call = server.request(Method::POST, SUBMIT).header("content-type", "application/json");
        call.body(body.to_vec()).send().await.problem(400, "malformed");
    }
}

#[tokio::test]
async fn a_body_that_comes_too_slowly_is_408() {
    let server = Server::start_in(tempfile::tempdir().unwrap(), &[], |config| {
        config.limits.request = Duration::from_millis(300);
    })
    .await;
    let head = format!(
        "POST {SUBMIT} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{{"
    );
    let answer = raw(&server, head.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("/problems/request-timeout"), "{answer}");
}

#[tokio::test]
async fn a_head_that_comes_too_slowly_or_is_too_large_ends_the_connection() {
    let server = Server::start_in(tempfile::tempdir().unwrap(), &[], |config| {
        config.limits.head = Duration::from_millis(300);
    })
    .await;
    let answer = raw(&server, b"GET / HTTP/1.1\r\nhost: local").await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408 "), "{answer}");
    let many: String = (0..100).map(|n| format!("x-{n}: 1\r\n")).collect();
    let answer = raw(&server, format!("GET / HTTP/1.1\r\nhost: localhost\r\n{many}\r\n").as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
}

#[tokio::test]
async fn the_addresses_of_problems_explain_them() {
    let server = Server::start().await;
    let answer = server.get("/problems/rate-limited").send().await;
    assert_eq!(answer.status, 200);
    assert!(answer.text().starts_with("429: Too many submissions"));
    server.get("/problems/nonsense").send().await.problem(404, "not-found");
}
