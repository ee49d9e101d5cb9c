//! The form of answers: codings, entity tags, and what the reader has already.

use crate::{
    client::Answer,
    support::{AGGREGATE, SUBMIT, Server, submission},
};
use allot::config::Key;
use http::Method;

/// Everything that a cache or a browser may keep, as far as the test's small site has it. Pages that are sent part by part
/// are not among it: their end is not known when their head goes out.
async fn cacheable(server: &Server) -> Vec<String> {
    let id = server.submit(&submission(&[1])).await["id"].as_str().unwrap().to_owned();
    let page = server.get("/").send().await.text();
    let palette = page.split('"').find(|part| part.starts_with("/palette/")).unwrap().to_owned();
    let fixed = [
        AGGREGATE,
        "/api/v1/budgets",
        "/api/v1/budgets/us-fy2024",
        "/api/v1/openapi.json",
        "/aggregate",
        "/es/aggregate",
        "/b/us-fy2024/aggregate",
        "/about",
        "/offline",
        "/budgets",
        "/history",
        "/sitemap.xml",
        "/robots.txt",
        "/favicon.svg",
        "/pkg/allot.1.js",
        "/problems/not-found",
    ];
    let own = [format!("/api/v1/submissions/{id}"), palette];
    fixed.into_iter().map(str::to_owned).chain(own).collect()
}

async fn start() -> Server {
    Server::start_with(&[(Key::PublicUrl, "https://allot.example")]).await
}

async fn get(server: &Server, path: &str, coding: &str) -> Answer {
    server.get(path).header("accept-encoding", coding).send().await
}

#[tokio::test]
async fn everything_that_may_be_kept_has_a_tag_and_is_not_sent_twice() {
    let server = start().await;
    for path in cacheable(&server).await {
        for coding in ["identity", "gzip", "br", "zstd"] {
            let full = get(&server, &path, coding).await;
            assert_eq!(full.status, 200, "{path}");
            let etag = full.header("etag");
            assert!(etag.starts_with('"') && etag.ends_with('"'), "{path}: {etag}");
            let again = server.get(&path).header("accept-encoding", coding).header("if-none-match", etag).send().await;
            assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{path} {coding}");
            for name in ["etag", "cache-control", "content-language"] {
                assert_eq!(again.header(name), full.header(name), "{path} {coding} {name}");
            }
            assert_eq!(varies(&again), varies(&full), "{path} {coding}");
            let other = server.get(&path).header("accept-encoding", coding).header("if-none-match", "\"x\"");
            assert_eq!(other.send().await.status, 200, "{path}");
        }
    }
}

/// What an answer depends on, whatever the number of headers that say it.
fn varies(answer: &Answer) -> Vec<String> {
    let values = answer.headers.get_all("vary").into_iter().map(|value| value.to_str().unwrap().to_lowercase());
    let mut names: Vec<_> =
        values.flat_map(|value| value.split(',').map(|name| name.trim().to_owned()).collect::<Vec<_>>()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn what_is_long_is_compressed_as_asked_under_a_tag_of_its_own() {
    let server = start().await;
    for path in cacheable(&server).await {
        let plain = get(&server, &path, "identity").await;
        assert_eq!(plain.header("content-encoding"), "", "{path}");
        // The test's files are no real ones.
        if plain.body.len() <= 1024 || path.starts_with("/pkg/") {
            continue;
        }
        let mut tags = std::collections::HashSet::from([plain.header("etag").to_owned()]);
        for coding in ["gzip", "br", "zstd"] {
            let answer = get(&server, &path, coding).await;
            assert_eq!(answer.header("content-encoding"), coding, "{path}");
            assert!(varies(&answer).contains(&"accept-encoding".to_owned()), "{path}");
            assert!(answer.body.len() < plain.body.len(), "{path} {coding}");
            assert_eq!(answer.header("content-length"), answer.body.len().to_string(), "{path} {coding}");
            assert!(tags.insert(answer.header("etag").to_owned()), "{path} {coding}: a tag names one coding");
        }
        let refused = get(&server, &path, "zstd;q=0, br;q=0, gzip;q=0.001").await;
        assert_eq!(refused.header("content-encoding"), "gzip", "{path}");
        let neither = get(&server, &path, "*;q=0").await;
        assert_eq!((neither.status.as_u16(), neither.header("content-encoding")), (200, ""), "{path}");
    }
    let page = get(&server, "/", "*;q=0").await;
    assert_eq!((page.status.as_u16(), page.header("content-encoding")), (200, ""), "sent part by part");
}

#[tokio::test]
async fn a_head_request_gets_the_headers_of_any_answer_without_it() {
    let server = start().await;
    for path in ["/about", "/history", "/api/v1/budgets", "/api/v1/openapi.json", "/nowhere"] {
        let full = get(&server, path, "br").await;
        let head = server.request(Method::HEAD, path).header("accept-encoding", "br").send().await;
        assert_eq!((head.status, head.body.len()), (full.status, 0), "{path}");
        for name in ["etag", "content-length", "content-encoding", "content-type", "cache-control"] {
            assert_eq!(head.header(name), full.header(name), "{path} {name}");
        }
    }
}

#[tokio::test]
async fn a_page_that_shows_a_token_is_not_compressed() {
    let server = start().await;
    let receipt = server.submit(&submission(&[1])).await;
    let (id, token) = (receipt["id"].as_str().unwrap(), receipt["manage"].as_str().unwrap());
    let results = server.get(&format!("/results/{id}")).header("accept-encoding", "gzip, br, zstd");
    let shown = results.header("cookie", &format!("allot_receipt={token}")).send().await;
    assert!(shown.text().contains(token), "the receipt is on the page");
    let manage = get(&server, &format!("/results/{id}/manage?code={token}"), "gzip, br, zstd").await;
    assert!(manage.text().contains(token));
    for answer in [shown, manage] {
        assert_eq!((answer.header("content-encoding"), answer.header("etag")), ("", ""));
        assert!(answer.header("cache-control").contains("no-store"));
    }
}

#[tokio::test]
async fn what_nobody_may_keep_is_compressed_where_it_holds_no_secret() {
    let server = start().await;
    let cookie = server.consent().await;
    for n in 0..5 {
        assert_eq!(server.post(SUBMIT, &submission(&[n])).header("cookie", &cookie).send().await.status, 201);
    }
    let asked = async |method: Method, path: &str, coding: &str| {
        let call = server.request(method, path).header("cookie", &cookie).header("accept-encoding", coding);
        call.header("origin", "https://evil.example").send().await
    };
    for (method, path) in [
        (Method::GET, "/history/export.json"),
        (Method::GET, "/history/export.csv"),
        (Method::GET, "/metrics"),
        (Method::GET, "/nowhere"),
        // Refused before any page is asked.
        (Method::POST, "/"),
    ] {
        let plain = asked(method.clone(), path, "identity").await;
        assert!(plain.header("cache-control").contains("no-store") && plain.body.len() > 1024, "{path}: {plain:?}");
        for coding in ["gzip", "br", "zstd"] {
            let answer = asked(method.clone(), path, coding).await;
            assert_eq!((answer.status, answer.header("content-encoding")), (plain.status, coding), "{path}");
            assert!(answer.body.len() < plain.body.len() && answer.header("etag").is_empty(), "{path} {coding}");
        }
    }
    for path in ["/history/export.json?guess=1", "/nowhere?code=1"] {
        assert_eq!(asked(Method::GET, path, "br").await.header("content-encoding"), "", "{path}");
    }
}

#[tokio::test]
async fn what_a_link_on_another_site_adds_to_an_address_is_not_compressed_beside_what_is_personal() {
    let server = start().await;
    let cookie = server.consent().await;
    let personal = async |path: &str| {
        let call = server.get(path).header("accept-encoding", "br").header("cookie", &cookie);
        call.send().await.header("content-encoding").to_owned()
    };
    for path in ["/history", "/"] {
        assert_eq!(personal(path).await, "br", "{path}");
    }
    assert_eq!(personal("/?guess=1").await, "");
    assert_eq!(personal("/history?guess=1").await, "");
    assert_eq!(get(&server, "/history?guess=1", "br").await.header("content-encoding"), "br", "nobody's history");
}
