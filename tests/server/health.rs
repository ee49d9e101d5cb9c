//! For those who run the server.

use crate::support::{AGGREGATE, SUBMIT, Server, submission};

#[tokio::test]
async fn a_server_says_how_its_parts_are() {
    let server = Server::start().await;
    let live = server.get("/health/live").send().await;
    assert_eq!((live.status.as_u16(), &live.json()["status"]), (200, &"ok".into()));
    for path in ["/health", "/health/ready"] {
        let answer = server.get(path).send().await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("cache-control"), "no-store");
        let health = answer.json();
        assert_eq!((&health["status"], &health["database"]["state"]), (&"ok".into(), &"ok".into()));
        assert!(health["database"]["latency_ms"].as_f64().unwrap() >= 0.0);
        assert_eq!(health["redis"]["state"], "not configured");
        assert_eq!(health["replica"], serde_json::json!({ "state": "not configured" }));
    }
}

#[tokio::test]
async fn metrics_count_reads_by_tier_and_submissions_by_outcome() {
    let server = Server::start().await;
    server.submit(&submission(&[1])).await;
    server.post(SUBMIT, &serde_json::json!({})).send().await;
    for _ in 0..3 {
        server.get(AGGREGATE).send().await;
    }
    let answer = server.get("/metrics").send().await;
    assert_eq!(answer.status, 200);
    let text = answer.text();
    let value = |line: &str| {
        let found = text.lines().find_map(|l| l.strip_prefix(line)).unwrap_or_else(|| panic!("{line} in\n{text}"));
        found.trim().parse::<u64>().unwrap()
    };
    assert!(value("allot_aggregate_reads_total{tier=\"memory\"}") >= 2);
    assert_eq!(value("allot_submissions_total{outcome=\"stored\"}"), 1);
    assert_eq!(value("allot_submissions_total{outcome=\"invalid\"}"), 1);
    assert!(value("allot_http_requests_total{area=\"aggregate\",status=\"2xx\"}") >= 2);
    assert!(value("allot_http_connections") >= 1);
}
