//! Pages arrive in the order in which they are needed: each part is sent before the next one is made.

use crate::support::{Server, submission};
use std::io::Read;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The head of an answer, and its parts as they are framed on the wire (RFC 9112, section 7.1): a client library would
/// hand out whatever it happens to read at once.
async fn chunks(server: &Server, path: &str, headers: &str) -> (String, Vec<Vec<u8>>) {
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{headers}\r\n", server.address());
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let (head, mut rest) = split(&answer, b"\r\n\r\n");
    let mut chunks = Vec::new();
    loop {
        let (length, after) = split(rest, b"\r\n");
        let length = usize::from_str_radix(std::str::from_utf8(length).unwrap(), 16).unwrap();
        if length == 0 {
            return (String::from_utf8(head.to_vec()).unwrap(), chunks);
        }
        chunks.push(after[..length].to_vec());
        rest = &after[length + 2..];
    }
}

fn split<'a>(bytes: &'a [u8], at: &[u8]) -> (&'a [u8], &'a [u8]) {
    let end = bytes.windows(at.len()).position(|window| window == at).unwrap();
    (&bytes[..end], &bytes[end + at.len()..])
}

/// The parts of a page.
async fn parts(server: &Server, path: &str, headers: &str) -> Vec<String> {
    let (head, chunks) = chunks(server, path, headers).await;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(head.contains("x-accel-buffering: no"), "nginx passes each part on: {head}");
    chunks.into_iter().map(|part| String::from_utf8(part).unwrap()).collect()
}

#[tokio::test]
async fn the_sliders_are_in_the_first_part_and_what_can_wait_is_not() {
    let server = Server::start().await;
    for path in ["/", "/b/us-fy2024", "/b/us-fy2024?preset=actual"] {
        let parts = parts(&server, path, "").await;
        assert!(parts.len() > 1, "{path} comes in one piece");
        let first = &parts[0];
        assert!(first.contains("/pkg/allot.1.css") && first.contains("<h1"), "{first}");
        assert!(first.contains("type=\"range\"") && first.contains("class=\"button button-main submit\""), "{first}");
        assert!(!first.contains("<footer"), "{first}");
        assert!(parts.concat().ends_with("</html>"));
    }
}

#[tokio::test]
async fn results_begin_with_what_was_submitted_then_the_verdict_and_the_charts_come_after() {
    let server = Server::start().await;
    server.submit(&submission(&[5000, 100])).await;
    let id = server.submit(&submission(&[2000, 3000])).await["id"].as_str().unwrap().to_owned();
    // The first look may wait for what everyone said; then it is in memory.
    let path = format!("/results/{id}");
    let waited = parts(&server, &path, "").await;
    assert!(waited[0].contains("<h1"), "{}", waited[0]);
    let parts = parts(&server, &path, "").await;
    assert!(parts.len() > 1);
    assert!(parts[0].contains("<h1") && parts[0].contains("class=\"verdict\""), "{}", parts[0]);
    assert!(!parts[0].contains("class=\"bars\"") && !parts[0].contains("<table"), "{}", parts[0]);
    let rest = parts[1..].concat();
    assert!(rest.contains("class=\"bars\"") && rest.contains("<table") && rest.ends_with("</html>"), "{rest}");
}

#[tokio::test]
async fn a_part_is_sent_before_the_next_is_made_when_it_is_compressed_too() {
    let server = Server::start().await;
    for coding in ["br", "gzip", "zstd"] {
        let (head, chunks) = chunks(&server, "/", &format!("accept-encoding: {coding}\r\n")).await;
        assert!(head.contains(&format!("content-encoding: {coding}")), "{head}");
        let mut read = Vec::new();
        // As a browser does: whatever can be decoded of what has come.
        let sliders = chunks.iter().find_map(|chunk| {
            read.extend_from_slice(chunk);
            Some(begun(coding, &read)).filter(|html| html.contains("class=\"button button-main submit\""))
        });
        assert!(!sliders.unwrap().contains("<footer"), "{coding}: all came at once");
        assert!(begun(coding, &chunks.concat()).ends_with("</html>"));
    }
}

/// What can be read of an answer that has not ended. Byte by byte: with the error at the end, a reader drops what it has
/// decoded into a larger buffer.
fn begun(coding: &str, bytes: &[u8]) -> String {
    let decoder: Box<dyn Read> = match coding {
        "br" => Box::new(brotli::Decompressor::new(bytes, 4096)),
        "zstd" => Box::new(zstd::Decoder::new(bytes).unwrap()),
        _ => Box::new(flate2::read::GzDecoder::new(bytes)),
    };
    #[expect(clippy::unbuffered_bytes, reason = "a buffer would lose what came before the end")]
    let html: Vec<u8> = decoder.bytes().map_while(Result::ok).collect();
    String::from_utf8_lossy(&html).into_owned()
}

#[tokio::test]
async fn who_is_known_gets_the_same_page_with_their_welcome() {
    let server = Server::start().await;
    let cookie = server.consent().await;
    let sent = server.post(crate::support::SUBMIT, &submission(&[10_000])).header("cookie", &cookie).send().await;
    assert_eq!(sent.status, 201);
    let parts = parts(&server, "/", &format!("cookie: {cookie}\r\n")).await;
    assert!(parts.concat().contains("value=\"last\""), "the last split is offered");
    // Its head does not wait for what has to be read.
    assert!(parts[0].contains("/pkg/allot.1.css"), "{}", parts[0]);
}

/// A page may begin in one thread and end in another, where nothing that belongs to the first may be dropped.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_page_that_waits_ends_in_whichever_thread() {
    let server = Server::start().await;
    let cookie = server.consent().await;
    server.post(crate::support::SUBMIT, &submission(&[10_000])).header("cookie", &cookie).send().await;
    for _ in 0..200 {
        let parts = parts(&server, "/", &format!("cookie: {cookie}\r\n")).await;
        assert!(parts.concat().ends_with("</html>"));
    }
}

#[tokio::test]
async fn pages_that_are_kept_come_whole() {
    let server = Server::start().await;
    for path in ["/aggregate", "/about"] {
        let answer = server.get(path).send().await;
        assert!(answer.headers.contains_key("content-length"), "{path}");
        assert!(!answer.headers.contains_key("x-accel-buffering"), "{path}");
        assert!(answer.text().ends_with("</html>"));
    }
}
