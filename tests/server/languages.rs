//! The language of an answer: from its address, else from `Accept-Language`, and what caches are told of it.

use crate::{
    client::Answer,
    support::{Server, new_id},
};
use allot::config::Key;
use http::Method;

/// All values of `Vary`.
fn vary(answer: &Answer) -> Vec<String> {
    let values = answer.headers.get_all("vary").iter().map(|value| value.to_str().unwrap().to_ascii_lowercase());
    values.flat_map(|value| value.split(", ").map(str::to_owned).collect::<Vec<_>>()).collect()
}

async fn get(server: &Server, path: &str, preferred: &str) -> Answer {
    server.get(path).header("accept-language", preferred).send().await
}

#[tokio::test]
async fn a_neutral_address_is_answered_in_place_in_the_preferred_language() {
    let server = Server::start().await;
    for path in ["/", "/budgets", "/b/us-fy2024", "/aggregate", "/b/us-fy2024/aggregate", "/history", "/about"] {
        for (preferred, language) in [("es-AR, en;q=0.5", "es"), ("en;q=0.5, es;q=0.4", "en"), ("de", "en"), ("", "en")]
        {
            let answer = get(&server, path, preferred).await;
            assert_eq!(answer.status, 200, "{path}");
            assert_eq!(answer.header("content-language"), language, "{path} for {preferred}");
            assert!(answer.text().contains(&format!("<html lang=\"{language}\"")), "{path} for {preferred}");
            assert!(vary(&answer).contains(&"accept-language".to_owned()), "{path}: {:?}", vary(&answer));
        }
    }
}

#[tokio::test]
async fn an_explicit_address_is_in_its_language_whatever_is_preferred() {
    let server = Server::start().await;
    for path in ["", "/budgets", "/b/us-fy2024", "/aggregate", "/b/us-fy2024/aggregate", "/history", "/about"] {
        for language in ["en", "es"] {
            let answer = get(&server, &format!("/{language}{path}"), "es, en").await;
            assert_eq!((answer.status.as_u16(), answer.header("content-language")), (200, language), "{path}");
            assert!(!vary(&answer).contains(&"accept-language".to_owned()), "{path}");
        }
    }
    for path in ["/fr", "/es/es", "/es/api/v1/budgets", "/es/sitemap.xml", "/ES"] {
        assert_eq!(server.get(path).send().await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn failures_of_every_kind_speak_the_language_of_their_address() {
    let server = Server::start().await;
    let nowhere = server.get("/es/nowhere").send().await;
    assert_eq!((nowhere.status.as_u16(), nowhere.header("content-language")), (404, "es"));
    let form = "application/x-www-form-urlencoded";
    let large = server.request(Method::POST, "/es").header("content-type", form).body("x".repeat(20_000)).send().await;
    assert_eq!((large.status.as_u16(), large.header("content-language")), (413, "es"));
    assert!(large.text().contains("<html lang=\"es\"") && large.text().contains("href=\"/es/aggregate\""));
    let call = server.request(Method::POST, "/").header("origin", "https://evil.example");
    let foreign = call.header("accept-language", "es").send().await;
    assert_eq!((foreign.status.as_u16(), foreign.header("content-language")), (403, "es"));
    assert!(vary(&foreign).contains(&"accept-language".to_owned()));
}

#[tokio::test]
async fn a_form_leads_to_the_results_under_the_same_kind_of_address() {
    let server = Server::start().await;
    for (path, results) in [("/", "/results/"), ("/es", "/es/results/"), ("/en/b/tax-dollars", "/en/results/")] {
        let call = server.request(Method::POST, path).header("content-type", "application/x-www-form-urlencoded");
        let call = call.header("accept-language", "es");
        let answer = call.body(format!("id={}&points.healthcare=12,5&points.other=87.5", new_id())).send().await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        assert!(answer.header("location").starts_with(results), "{}", answer.header("location"));
        assert_eq!(server.get(answer.header("location")).send().await.status, 200);
    }
    let consent =
        server.request(Method::POST, "/es/consent").header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(consent.body("choice=give").send().await.header("location"), "/es/history#device");
}

#[tokio::test]
async fn kept_pages_have_an_entity_tag_for_each_language_and_kind_of_address() {
    let server = Server::start().await;
    for path in ["/aggregate", "/about"] {
        let english = get(&server, path, "en").await;
        let spanish = get(&server, path, "es").await;
        let explicit = get(&server, &format!("/es{path}"), "en").await;
        let tags = [&english, &spanish, &explicit].map(|answer| answer.header("etag").to_owned());
        assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2], "{tags:?}");
        let again = |language: &'static str, tag: &str| {
            server.get(path).header("accept-language", language).header("if-none-match", tag).send()
        };
        assert_eq!(again("es", &tags[1]).await.status, 304);
        assert_eq!(again("es", &tags[0]).await.status, 200);
        assert_eq!(again("en", &tags[0]).await.status, 304);
    }
}

#[tokio::test]
async fn what_is_public_depends_on_nothing_but_its_address_and_the_language() {
    let server = Server::start().await;
    for path in ["/aggregate", "/about", "/budgets", "/es/aggregate", "/es/about", "/es/budgets"] {
        let plain = get(&server, path, "es").await;
        let odd = get(&server, &format!("{path}?code=secret&preset=even"), "es-UY;q=0.9, fr").await;
        assert!(plain.header("cache-control").contains("public"), "{path}");
        assert_eq!(plain.text(), odd.text(), "{path}");
    }
}

#[tokio::test]
async fn the_script_is_told_what_is_wrong_in_the_language_of_its_page() {
    let server = Server::start().await;
    let call = |lines: &str| {
        let call = server.request(Method::POST, "/api/page/submit-allocation");
        let call = call.header("content-type", "application/vnd.allot.lines").header("accept-language", "en");
        call.body(format!("budget tax-dollars\nid {}\n{lines}", new_id())).send()
    };
    let spanish = call("language es\npoints.healthcare 20000\n").await;
    assert_eq!(spanish.status, 422);
    assert!(spanish.text().contains("Sanidad: debe estar entre 0 y 100."), "{}", spanish.text());
    // Pages of the version before say no language.
    let english = call("points.healthcare 20000\n").await;
    assert!(english.text().contains("Healthcare must be from 0 to 100."), "{}", english.text());
}

#[tokio::test]
async fn the_sitemap_lists_every_page_in_every_language() {
    let server = Server::start_with(&[(Key::PublicUrl, "https://allot.example")]).await;
    let sitemap = server.get("/sitemap.xml").send().await.text();
    for path in ["/about", "/en/about", "/es/about", "/es", "/en", "/es/b/us-fy2024"] {
        assert!(sitemap.contains(&format!("<loc>https://allot.example{path}</loc>")), "{path}: {sitemap}");
    }
    let link = "<xhtml:link rel=\"alternate\" hreflang=\"es\" href=\"https://allot.example/es/about\"/>";
    assert_eq!(sitemap.matches(link).count(), 3);
}

#[tokio::test]
async fn the_api_speaks_english_to_everyone() {
    let server = Server::start().await;
    for path in ["/api/v1/budgets/tax-dollars", "/api/v1/nowhere", "/api/v1/openapi.json"] {
        let english = get(&server, path, "en").await;
        assert_eq!(english.body, get(&server, path, "es").await.body, "{path}");
        assert!(!english.text().contains("translations") && !english.text().contains("Sanidad"), "{path}");
    }
}
