//! What everyone said: shape, codings, conditions, freshness.

use crate::support::{AGGREGATE, SUBMIT, Server, submission};
use http::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn an_empty_aggregate_has_no_people_and_no_statistics() {
    let server = Server::start().await;
    let aggregate = server.get(AGGREGATE).send().await.json();
    assert_eq!(aggregate["submissions"], 0);
    let categories = aggregate["categories"].as_array().unwrap();
    assert_eq!(categories.len(), 10);
    for category in categories {
        assert_eq!(category["sum_points"], 0);
        for statistic in ["mean_points", "median_points", "p25_points", "p75_points"] {
            assert_eq!(category[statistic], Value::Null);
        }
        assert_eq!(category["histogram"].as_array().unwrap().len(), 101);
    }
}

#[tokio::test]
async fn sums_means_and_histograms_follow_the_submissions() {
    let server = Server::start().await;
    for first in [1000, 2000, 2001] {
        server.submit(&submission(&[first])).await;
    }
    let aggregate = server.get(AGGREGATE).send().await.json();
    let healthcare = &aggregate["categories"][0];
    assert_eq!(aggregate["budget"], "tax-dollars");
    assert_eq!((&healthcare["slug"], &healthcare["sum_points"]), (&json!("healthcare"), &json!(5001)));
    assert_eq!(healthcare["mean_points"], 1667.0);
    assert_eq!((&healthcare["histogram"][10], &healthcare["histogram"][20]), (&json!(1), &json!(2)));
}

#[tokio::test]
async fn every_answer_to_a_submission_is_followed_by_snapshots_that_include_it() {
    let server = Server::start().await;
    for first in 0..20 {
        let receipt = server.submit(&submission(&[first])).await;
        let aggregate = server.get(AGGREGATE).send().await.json();
        assert!(aggregate["version"].as_i64() >= receipt["version"].as_i64());
        assert_eq!(aggregate["submissions"], first + 1);
    }
}

#[tokio::test]
async fn the_answer_may_be_kept_for_a_moment_and_says_where_it_came_from() {
    let server = Server::start().await;
    server.submit(&submission(&[1])).await;
    let first = server.get(AGGREGATE).send().await;
    let second = server.get(AGGREGATE).send().await;
    for answer in [&first, &second] {
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("cache-control"), "public, max-age=1, stale-while-revalidate=30");
        assert_eq!(answer.header("vary"), "Accept-Encoding");
        assert!(!answer.header("etag").is_empty());
    }
    assert!(["memory", "summary", "raw"].contains(&first.header("x-allot-tier")));
    assert_eq!(second.header("x-allot-tier"), "memory");
}

#[tokio::test]
async fn each_coding_has_its_own_tag_and_the_same_content() {
    let server = Server::start().await;
    server.submit(&submission(&[1])).await;
    let get = |accept: &'static str| server.get(AGGREGATE).header("accept-encoding", accept).send();
    let (plain, gzip, brotli) = (get("identity").await, get("gzip").await, get("gzip, br").await);
    assert_eq!(plain.header("content-encoding"), "");
    assert_eq!(gzip.header("content-encoding"), "gzip");
    assert_eq!(brotli.header("content-encoding"), "br");
    assert!(gzip.body.starts_with(&[0x1f, 0x8b]) && gzip.body.len() < plain.body.len());
    assert!(brotli.body.len() < plain.body.len() && !brotli.body.is_empty());
    let tags = std::collections::HashSet::from([plain.header("etag"), gzip.header("etag"), brotli.header("etag")]);
    assert_eq!(tags.len(), 3);
}

#[tokio::test]
async fn a_reader_that_has_the_newest_gets_304_with_the_same_headers() {
    let server = Server::start().await;
    server.submit(&submission(&[1])).await;
    let full = server.get(AGGREGATE).header("accept-encoding", "br").send().await;
    let etag = full.header("etag").to_owned();
    for shown in [etag.clone(), format!("W/{etag}"), format!("\"x\", {etag}"), "*".into()] {
        let call = server.get(AGGREGATE).header("accept-encoding", "br").header("if-none-match", &shown);
        let answer = call.send().await;
        assert_eq!(answer.status, 304, "{shown}");
        assert!(answer.body.is_empty());
        for name in ["etag", "cache-control", "vary"] {
            assert_eq!(answer.header(name), full.header(name), "{name}");
        }
        assert!(!answer.header("x-allot-tier").is_empty());
    }
    server.submit(&submission(&[2])).await;
    let answer = server.get(AGGREGATE).header("accept-encoding", "br").header("if-none-match", &etag).send().await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_head_request_gets_the_headers_of_the_answer_without_it() {
    let server = Server::start().await;
    server.submit(&submission(&[1])).await;
    let full = server.get(AGGREGATE).send().await;
    let head = server.request(Method::HEAD, AGGREGATE).send().await;
    assert_eq!(head.status, 200);
    assert!(head.body.is_empty());
    for name in ["etag", "content-length", "content-type", "cache-control"] {
        assert_eq!(head.header(name), full.header(name), "{name}");
    }
}

#[tokio::test]
async fn a_reader_never_gets_an_older_version_than_it_shows_also_after_a_restart() {
    let server = Server::start().await;
    server.submit(&submission(&[1])).await;
    let shown = server.get(AGGREGATE).send().await;
    let server = Server::start_in(server.stop().await, &[], |_| {}).await;
    let answer = server.get(AGGREGATE).header("if-none-match", shown.header("etag")).send().await;
    assert_eq!(answer.status, 304);
    server.post(SUBMIT, &submission(&[2])).send().await;
    let answer = server.get(AGGREGATE).header("if-none-match", shown.header("etag")).send().await;
    assert!(answer.json()["version"].as_i64() > shown.json()["version"].as_i64());
}

#[tokio::test]
async fn the_aggregate_of_no_budget_is_404() {
    let server = Server::start().await;
    for slug in ["atlantis", "%ff", "a%2Fb"] {
        server.get(&format!("/api/v1/budgets/{slug}/aggregate")).send().await.problem(404, "not-found");
    }
}
