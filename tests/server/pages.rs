//! Pages as far as the server binary is concerned: that they are there, work as forms, and fail as pages.

use crate::{
    client::Answer,
    support::{Server, new_id, submission},
};
use http::Method;

#[tokio::test]
async fn every_page_of_the_contract_is_html() {
    let server = Server::start().await;
    for path in ["/", "/budgets", "/b/us-fy2024", "/aggregate", "/b/us-fy2024/aggregate", "/history", "/about"] {
        let answer = server.get(path).send().await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.header("content-type").starts_with("text/html"), "{path}");
        assert!(answer.text().contains("/pkg/allot.1.css"), "{path}");
    }
}

#[tokio::test]
async fn a_page_with_sliders_fetches_their_script_and_wasm_side_by_side_before_anything_asks_for_them() {
    let server = Server::start().await;
    let html = server.get("/").send().await.text();
    let head = html.split("</head>").next().unwrap();
    let links: Vec<_> = head.split("<link ").skip(1).map(|link| link.split('>').next().unwrap()).collect();
    let find = |part: &str| *links.iter().find(|link| link.contains(part)).unwrap_or_else(|| panic!("{part}: {head}"));
    assert!(find("rel=\"modulepreload\"").contains("href=\"/pkg/allot.1.js\""));
    let wasm = find("/pkg/allot.1.wasm");
    // Otherwise the browser takes it for another request than the script's, and fetches it twice.
    for part in ["rel=\"preload\"", "as=\"fetch\"", "type=\"application/wasm\"", "crossorigin"] {
        assert!(wasm.contains(part), "{wasm}");
    }
    let script = head.find("<script").unwrap();
    assert!(head.find("modulepreload").unwrap() < script && head.find("/pkg/allot.1.wasm").unwrap() < script);
    assert!(!server.get("/about").send().await.text().contains(".wasm"), "a page without sliders loads no such code");
}

#[tokio::test]
async fn pages_of_a_budget_without_actual_spending_say_so_and_point_to_one_with_it() {
    let server = Server::start().await;
    let says_so = async |path: &str| {
        let html = server.get(path).send().await.text();
        let sentence = html.split("This ballot has no official figures to compare with.").nth(1);
        let Some(rest) = sentence else { return false };
        let link = rest.split("</p>").next().unwrap();
        assert!(link.contains("<a href=\"/b/us-fy2024\">United States, federal outlays 2024</a>"), "{path}: {link}");
        true
    };
    assert!(says_so("/").await);
    assert!(says_so("/aggregate").await, "also while nobody has submitted");
    let receipt = server.submit(&submission(&[10_000])).await;
    assert!(says_so("/aggregate").await);
    assert!(says_so(&format!("/results/{}", receipt["id"].as_str().unwrap())).await);
    for path in ["/b/us-fy2024", "/b/us-fy2024/aggregate", "/about"] {
        assert!(!says_so(path).await, "{path}");
    }
}

#[tokio::test]
async fn what_is_nowhere_is_a_page_too() {
    let server = Server::start().await;
    for path in ["/nowhere", "/b/atlantis", "/results/nothing"] {
        let answer = server.get(path).send().await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.header("content-type").starts_with("text/html"), "{path}");
    }
}

#[tokio::test]
async fn what_can_not_be_read_is_a_page_in_the_language_of_its_address() {
    let server = Server::start().await;
    let (id, form) = (new_id(), "application/x-www-form-urlencoded");
    let get = |path: &str| server.get(path).send();
    let post = |path: &str, kind: &str, body: &'static str| {
        server.request(Method::POST, path).header("content-type", kind).body(body).send()
    };
    let is_page = |answer: &Answer, status: u16, what: &str| {
        assert_eq!((answer.status.as_u16(), answer.header("content-language")), (status, "es"), "{what}");
        assert!(answer.header("content-type").starts_with("text/html"), "{what}: {}", answer.text());
        assert!(answer.text().contains("/pkg/allot.1.css"), "{what}: {}", answer.text());
    };
    for path in ["/b/%ff", "/b/%ff/aggregate", "/results/%ff", "/results/%ff/delete", "/results/%ff/export.json"] {
        is_page(&get(&format!("/es{path}")).await, 404, path);
    }
    is_page(&post("/es/b/%ff", form, "points.other=100").await, 404, "a form at no address");
    let twice = "code=a&code=b";
    for path in ["/es?preset=even&preset=even".to_owned(), format!("/es/results/{id}/manage?{twice}")] {
        is_page(&get(&path).await, 400, &path);
    }
    for path in ["/es".to_owned(), "/es/consent".to_owned(), format!("/es/results/{id}/delete")] {
        is_page(&post(&path, "text/plain", "choice=give").await, 400, &path);
    }
    is_page(&post("/es/consent", form, "choice=perhaps").await, 400, "a choice that there is not");
    is_page(&post(&format!("/es/results/{id}/delete"), form, "manage=a&manage=b").await, 400, "a field twice");
}

#[tokio::test]
async fn the_plain_form_submits_once_and_leads_to_the_results() {
    let server = Server::start().await;
    let form = format!(
        "id={}&points.healthcare=60.5&points.education=39.5&points.defense-military=0&points.infrastructure=0&\
         points.social-security=0&points.environment=0&points.science-research=0&points.public-safety=0&\
         points.housing-community=0&points.other=0",
        new_id()
    );
    let mut places = Vec::new();
    for _ in 0..2 {
        let call = server.request(Method::POST, "/").header("content-type", "application/x-www-form-urlencoded");
        let answer = call.body(form.clone()).send().await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        places.push(answer.header("location").to_owned());
    }
    assert_eq!(places[0], places[1]);
    assert!(places[0].starts_with("/results/"));
    assert_eq!(server.counted().await, 1);
    assert_eq!(server.get(&places[0]).send().await.status, 200);
}

#[tokio::test]
async fn a_form_that_is_too_large_is_a_page_with_413() {
    let server = Server::start().await;
    let call = server.request(Method::POST, "/").header("content-type", "application/x-www-form-urlencoded");
    let answer = call.body("x".repeat(20_000)).send().await;
    assert_eq!(answer.status, 413);
    assert!(answer.header("content-type").starts_with("text/html"));
    assert!(answer.text().contains("/pkg/allot.1.css"));
}

#[tokio::test]
async fn everyones_page_is_kept_until_a_submission_changes_it() {
    let server = Server::start().await;
    let first = server.get("/aggregate").header("accept-encoding", "br").send().await;
    assert_eq!(first.header("content-encoding"), "br");
    let vary: Vec<_> = first.headers.get_all("vary").iter().collect();
    assert_eq!(vary, ["accept-encoding", "accept-language"]);
    let etag = first.header("etag").to_owned();
    let again = server.get("/aggregate").header("accept-encoding", "br").header("if-none-match", &etag).send().await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));

    server.submit(&submission(&[10_000])).await;
    let changed = server.get("/aggregate").header("accept-encoding", "br").header("if-none-match", &etag).send().await;
    assert_eq!(changed.status, 200);
    let plain = server.get("/aggregate").send().await;
    assert!(plain.text().contains("1 person"), "{}", plain.text());
    assert_ne!(plain.header("etag"), changed.header("etag"));
}

#[tokio::test]
async fn a_page_from_memory_says_what_its_route_said_and_is_for_the_same_hosts() {
    let server = Server::start().await;
    let said = |answer: &Answer| {
        let mut headers = answer.headers.clone();
        headers.remove("x-request-id");
        headers.remove("date");
        headers
    };
    for path in ["/aggregate", "/es/aggregate", "/b/us-fy2024/aggregate", "/en/b/us-fy2024/aggregate"] {
        let first = server.get(path).header("accept-encoding", "gzip").send().await;
        assert_eq!(first.status, 200);
        for again in [path.to_owned(), format!("{path}?from=elsewhere")] {
            let again = server.get(&again).header("accept-encoding", "gzip").send().await;
            assert_eq!((again.status, said(&again), &again.body), (first.status, said(&first), &first.body), "{path}");
        }
        let head = server.request(Method::HEAD, path).header("accept-encoding", "gzip").send().await;
        assert_eq!((head.status, said(&head), head.body.len()), (first.status, said(&first), 0), "{path}");
        let lured = server.get(path).header("host", "evil.example").send().await;
        assert_eq!(lured.status, 421, "{path}");
        let form = server.request(Method::POST, path).send().await;
        assert_eq!(form.status, 405, "{path}");
    }
    for path in ["/b/atlantis/aggregate", "/b/b/us-fy2024/aggregate", "/b//aggregate", "/us-fy2024/aggregate"] {
        assert_eq!(server.get(path).send().await.status, 404, "{path}");
    }
    let metrics = server.get("/metrics").send().await.text();
    assert!(metrics.contains(r#"area="page",route="/b/{budget}/aggregate",status="2xx""#), "{metrics}");
}

#[tokio::test]
async fn pages_made_for_one_person_are_compressed_too() {
    let server = Server::start().await;
    let plain = server.get("/").send().await;
    for coding in ["br", "gzip"] {
        let answer = server.get("/").header("accept-encoding", coding).send().await;
        assert_eq!(answer.header("content-encoding"), coding);
        assert!(answer.body.len() * 3 < plain.body.len(), "{} of {}", answer.body.len(), plain.body.len());
    }
}
