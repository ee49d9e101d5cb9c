//! What pages measured of themselves: who may tell, how much, and what becomes of it.

use crate::support::Server;
use allot::config::Key;
use serde_json::json;

async fn metrics(server: &Server) -> String {
    let text = server.get("/metrics").send().await.text();
    text.lines().filter(|line| line.starts_with("allot_web_vital")).fold(String::new(), |all, line| all + line + "\n")
}

#[tokio::test]
async fn what_a_page_measured_is_in_the_histograms_of_its_kind() {
    let server = Server::start().await;
    let report = json!({"page": "allocate", "lcp": 900, "fcp": 400.5, "ttfb": 30, "inp": 40, "cls": 0.02});
    assert_eq!(server.post("/vitals", &report).send().await.status, 204);
    assert_eq!(server.post("/vitals", &json!({"page": "about", "ttfb": 5})).send().await.status, 204);
    let found = metrics(&server).await;
    for line in [
        "allot_web_vital_seconds_sum{name=\"lcp\",page=\"allocate\"} 0.9",
        "allot_web_vital_seconds_bucket{le=\"0.8\",name=\"lcp\",page=\"allocate\"} 0",
        "allot_web_vital_seconds_bucket{le=\"1.2\",name=\"lcp\",page=\"allocate\"} 1",
        "allot_web_vital_seconds_count{name=\"ttfb\",page=\"about\"} 1",
        "allot_web_vital_cls_sum{page=\"allocate\"} 0.02",
    ] {
        assert!(found.contains(line), "{line} in\n{found}");
    }
}

#[tokio::test]
async fn a_report_is_small_strict_and_of_a_page_of_ours() {
    let server = Server::start().await;
    let long = json!({"page": "allocate", "lcp": 1, "note": "x".repeat(1100)});
    server.post("/vitals", &long).send().await.problem(413, "too-large");
    for wrong in
        [json!({"page": "allocate", "who": 1}), json!({"page": "/results/1"}), json!({"page": "about", "lcp": -1})]
    {
        server.post("/vitals", &wrong).send().await.problem(400, "malformed");
    }
    let plain = server.request(http::Method::POST, "/vitals").header("content-type", "text/plain").body("{}");
    plain.send().await.problem(415, "unsupported-media-type");
    server.get("/vitals").send().await.problem(405, "method-not-allowed");
    let stranger = server.post("/vitals", &json!({"page": "about"})).header("origin", "https://evil.example");
    stranger.send().await.problem(403, "cross-origin");
    assert!(!metrics(&server).await.contains("_count"), "nothing of it is counted");
}

#[tokio::test]
async fn who_asks_not_to_be_followed_is_not_counted() {
    let server = Server::start().await;
    for header in ["sec-gpc", "dnt"] {
        let answer = server.post("/vitals", &json!({"page": "about", "lcp": 1})).header(header, "1").send().await;
        assert_eq!(answer.status, 204);
    }
    assert!(!metrics(&server).await.contains("_count"));
}

#[tokio::test]
async fn one_network_can_tell_only_so_much() {
    let server = Server::start().await;
    let report = json!({"page": "about", "ttfb": 1});
    for _ in 0..600 {
        assert_eq!(server.post("/vitals", &report).send().await.status, 204);
    }
    let refused = server.post("/vitals", &report).send().await;
    refused.problem(429, "rate-limited");
    assert!(!refused.header("retry-after").is_empty());
}

#[tokio::test]
async fn switched_off_there_is_no_script_no_address_and_no_word_of_it() {
    let server = Server::start().await;
    let page = server.get("/about").send().await.text();
    assert!(page.contains("data-vitals=\"/pkg/vitals.1.js\" data-vitals-percent=\"10\" data-vitals-page=\"about\""));
    assert!(page.contains("10% of visits"), "{page}");
    let server = Server::start_with(&[(Key::WebVitals, "0")]).await;
    let page = server.get("/about").send().await.text();
    assert!(!page.contains("vitals") && !page.contains("of visits"), "{page}");
    server.post("/vitals", &json!({"page": "about"})).send().await.problem(404, "not-found");
}
