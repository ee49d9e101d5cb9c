//! The built site's files.

use crate::support::Server;
use http::Method;

#[tokio::test]
async fn content_hashed_files_are_immutable_and_compressed_ahead() {
    let server = Server::start().await;
    for (accept, coding, body) in
        [("br, gzip", "br", "brotli bytes"), ("gzip", "gzip", "gzip bytes"), ("", "", "export default 1")]
    {
        let answer = server.get("/pkg/allot.1.js").header("accept-encoding", accept).send().await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-encoding"), coding);
        assert_eq!(answer.text(), body);
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        assert!(answer.header("content-type").starts_with("text/javascript"), "{}", answer.header("content-type"));
        assert_eq!(answer.header("vary"), "Accept-Encoding");
    }
    assert_eq!(server.get("/pkg/allot.1.wasm").send().await.header("content-type"), "application/wasm");
    assert!(server.get("/pkg/allot.1.css").send().await.header("content-type").starts_with("text/css"));
}

#[tokio::test]
async fn a_file_that_the_browser_has_is_not_sent_again() {
    let server = Server::start().await;
    let first = server.get("/pkg/allot.1.js").send().await;
    let since = first.header("last-modified");
    let again = server.get("/pkg/allot.1.js").header("if-modified-since", since).send().await;
    assert_eq!(again.status, 304);
    let head = server.request(Method::HEAD, "/pkg/allot.1.js").send().await;
    assert_eq!((head.status.as_u16(), head.header("content-length")), (200, "16"));
}

#[tokio::test]
async fn other_files_are_kept_for_an_hour() {
    let server = Server::start().await;
    let answer = server.get("/favicon.svg").send().await;
    assert_eq!(answer.text(), "<svg/>");
    assert_eq!(answer.header("cache-control"), "public, max-age=3600");
}

#[tokio::test]
async fn nothing_else_in_or_around_the_folder_can_be_read() {
    let server = Server::start().await;
    for path in [
        "/assets.json",
        "/unlisted.txt",
        "/pkg",
        "/pkg/missing.js",
        "/pkg/allot.1.js.br",
        "/pkg/../assets.json",
        "/pkg/%2e%2e/assets.json",
        "/pkg/..%2fassets.json",
        "/..%2f..%2fsecret",
        "/pkg//allot.1.js",
    ] {
        let answer = server.get(path).send().await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text());
        assert!(!answer.text().contains("not for browsers"));
    }
}
