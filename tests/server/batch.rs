//! Several reads in one request.

use crate::support::{AGGREGATE, Server, new_id, submission};
use http::Method;
use serde_json::{Value, json};

const BATCH: &str = "/api/v1/batch";

async fn read(server: &Server, reads: Value) -> Vec<Value> {
    let answer = server.post(BATCH, &json!({ "requests": reads })).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "private, no-cache");
    answer.json()["responses"].as_array().unwrap().clone()
}

async fn complaint(server: &Server, body: &Value) -> (String, String) {
    let problem = server.post(BATCH, body).send().await.problem(422, "invalid");
    let first = &problem["errors"][0];
    (first["field"].as_str().unwrap().to_owned(), first["message"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn every_read_is_answered_in_its_place_as_it_would_be_alone() {
    let server = Server::start().await;
    let id = server.submit(&submission(&[2500])).await["id"].as_str().unwrap().to_owned();
    let deleted = server.submit(&submission(&[1])).await;
    let token = format!("Bearer {}", deleted["manage"].as_str().unwrap());
    let deleted = format!("/api/v1/submissions/{}", deleted["id"].as_str().unwrap());
    assert_eq!(server.delete(&deleted).header("authorization", &token).send().await.status, 204);
    let paths = [
        "/api/v1/budgets".to_owned(),
        "/api/v1/budgets/us-fy2024".to_owned(),
        AGGREGATE.to_owned(),
        format!("/api/v1/submissions/{}", id.replace('-', "%2D")),
        format!("/api/v1/submissions/{}", new_id()),
        deleted,
        "/api/v1/submissions/nothing".to_owned(),
        "/api/v1/budgets/atlantis/aggregate".to_owned(),
        "/api/v1/budgets/%ff".to_owned(),
        "/api/v1/nothing".to_owned(),
        "/api/v1/openapi.json".to_owned(),
        "/api/v1/participant".to_owned(),
    ];
    let answers = read(&server, paths.iter().map(|path| json!({ "path": path })).collect()).await;
    assert_eq!(answers.len(), paths.len());
    for (path, answer) in paths.iter().zip(&answers) {
        assert_eq!(&answer["path"], path);
        if path == "/api/v1/participant" {
            // It knows other methods, but nothing can be read there.
            assert_eq!(answer["status"], 404);
            continue;
        }
        let alone = server.get(path).header("accept-encoding", "identity").send().await;
        assert_eq!(answer["status"], alone.status.as_u16(), "{path}");
        assert_eq!(answer["body"], alone.json(), "{path}");
        for name in ["etag", "cache-control", "content-type"] {
            assert_eq!(answer["headers"][name].as_str().unwrap_or_default(), alone.header(name), "{path} {name}");
        }
        let kind = answer["headers"]["content-type"].as_str().unwrap();
        let error = alone.status.is_client_error();
        assert_eq!(kind, if error { "application/problem+json" } else { "application/json" }, "{path}");
    }
    let statuses: Vec<_> = answers.iter().map(|answer| answer["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [200, 200, 200, 200, 404, 410, 404, 404, 404, 404, 200, 404]);
}

#[tokio::test]
async fn what_a_reader_has_is_not_sent_again_and_never_answered_with_an_older_version() {
    let server = Server::start().await;
    server.submit(&submission(&[1])).await;
    let asked = [AGGREGATE, "/api/v1/budgets"];
    let first = read(&server, asked.map(|path| json!({ "path": path })).into_iter().collect()).await;
    let tags: Vec<_> = first.iter().map(|answer| answer["headers"]["etag"].clone()).collect();
    let again = |tags: &[Value]| {
        asked.iter().zip(tags).map(|(path, tag)| json!({ "path": path, "if_none_match": tag })).collect::<Value>()
    };
    for answer in read(&server, again(&tags)).await {
        assert_eq!((&answer["status"], &answer["body"]), (&json!(304), &Value::Null));
        assert!(answer["headers"]["etag"].is_string());
    }
    let version = server.submit(&submission(&[2])).await["version"].as_i64().unwrap();
    let last = read(&server, again(&tags)).await;
    assert_eq!((&last[0]["status"], &last[1]["status"]), (&json!(200), &json!(304)));
    assert!(last[0]["body"]["version"].as_i64().unwrap() >= version);
}

#[tokio::test]
async fn nothing_can_be_changed_followed_nested_or_reached_elsewhere() {
    let server = Server::start().await;
    for (path, message) in [
        (BATCH, "is a batch itself"),
        ("/api/v1/budgets/tax-dollars/live", "is a stream: ask for it by itself"),
        ("/health", "must begin with /api/v1/"),
        ("http://elsewhere.example/api/v1/budgets", "must begin with /api/v1/"),
        ("/api/v1/budgets?x=1", "must be a path without a query"),
    ] {
        let found = complaint(&server, &json!({ "requests": [{ "path": "/api/v1/budgets" }, { "path": path }] })).await;
        assert_eq!(found, ("requests.1.path".to_owned(), message.to_owned()));
    }
    let found = complaint(&server, &json!({ "requests": [{ "path": "/api/v1/budgets", "method": "DELETE" }] })).await;
    assert_eq!(found, ("requests.0.method".to_owned(), "is not a field of a batch".to_owned()));
    let id = server.submit(&submission(&[1])).await["id"].as_str().unwrap().to_owned();
    read(&server, json!([{ "path": format!("/api/v1/submissions/{id}") }])).await;
    assert_eq!(server.get(&format!("/api/v1/submissions/{id}")).send().await.status, 200, "it is still there");
}

#[tokio::test]
async fn a_batch_is_as_long_as_it_may_be_and_no_longer() {
    let server = Server::start().await;
    let requests =
        |count: u64| -> Value { (0..count).map(|n| json!({ "path": format!("/api/v1/budgets/{n}") })).collect() };
    assert_eq!(read(&server, requests(100)).await.len(), 100);
    for count in [0, 101] {
        let (field, message) = complaint(&server, &json!({ "requests": requests(count) })).await;
        assert_eq!((&*field, &*message), ("requests", "must be 1 to 100 reads"));
    }
    for otherwise in
        [AGGREGATE.to_owned(), AGGREGATE.replace('-', "%2D"), AGGREGATE.replace("/aggregate", "/%61ggregate")]
    {
        let twice = json!({ "requests": [{ "path": AGGREGATE }, { "path": otherwise }] });
        assert_eq!(complaint(&server, &twice).await, ("requests.1.path".to_owned(), "is asked for twice".to_owned()));
    }
    let long = json!({ "requests": [{ "path": format!("/api/v1/{}", "x".repeat(300)) }] });
    assert_eq!(complaint(&server, &long).await.1, "is too long");
    let body = json!({ "requests": requests(1), "padding": " ".repeat(17 * 1024) });
    server.post(BATCH, &body).send().await.problem(413, "too-large");
}

#[tokio::test]
async fn what_is_no_batch_is_a_problem() {
    let server = Server::start().await;
    for (body, field, message) in [
        (json!([]), "body", "must be an object"),
        (json!({}), "requests", "is missing"),
        (json!({ "requests": {} }), "requests", "must be a list"),
        (json!({ "requests": [7] }), "requests.0", "must be an object"),
        (json!({ "requests": [{}] }), "requests.0.path", "is missing"),
        (json!({ "requests": [{ "path": 7 }] }), "requests.0.path", "must be a text"),
        (
            json!({ "requests": [{ "path": AGGREGATE, "if_none_match": [] }] }),
            "requests.0.if_none_match",
            "must be a text",
        ),
        (
            json!({ "requests": [{ "path": AGGREGATE, "if_none_match": "a\nb" }] }),
            "requests.0.if_none_match",
            "must be what a header may hold",
        ),
    ] {
        assert_eq!(complaint(&server, &body).await, (field.to_owned(), message.to_owned()), "{body}");
    }
    let send = |kind: &'static str, body: &'static str| {
        server.request(Method::POST, BATCH).header("content-type", kind).body(body).send()
    };
    send("application/json", "{").await.problem(400, "malformed");
    send("text/plain", "{}").await.problem(415, "unsupported-media-type");
    server.get(BATCH).send().await.problem(405, "method-not-allowed");
    let other = server.post(BATCH, &json!({ "requests": [{ "path": AGGREGATE }] }));
    other.header("origin", "https://evil.example").send().await.problem(403, "cross-origin");
}
