//! What search engines and link previews are told.

use crate::support::{Server, submission};
use allot::config::Key;

#[tokio::test]
async fn without_an_address_of_its_own_a_server_links_to_the_host_that_was_asked_also_on_kept_pages() {
    let server = Server::start().await;
    let own = server.address().to_string();
    for path in ["/", "/about", "/aggregate", "/b/us-fy2024/aggregate", "/budgets", "/es/about", "/es/aggregate"] {
        for host in [own.as_str(), "localhost:1234", own.as_str(), "LOCALHOST:1234"] {
            let answer = server.get(path).header("host", host).send().await;
            let (html, origin) = (answer.text(), format!("http://{}", host.to_lowercase()));
            assert!(html.contains(&format!("<link rel=\"canonical\" href=\"{origin}{path}\">")), "{path}: {html}");
            assert!(html.contains(&format!("content=\"{origin}{path}\" property=\"og:url\"")), "{path}: {html}");
            assert!(html.contains(&format!("content=\"{origin}/icons/preview.png\"")), "{path}: {html}");
            let elsewhere = if host == own { "localhost:1234" } else { own.as_str() };
            assert!(!html.contains(elsewhere), "{path} for {host}: {html}");
        }
    }
}

#[tokio::test]
async fn with_an_address_of_its_own_a_server_links_there_whichever_host_was_asked() {
    let server = Server::start_with(&[(Key::PublicUrl, "https://allot.example")]).await;
    for host in ["localhost", "inner.example"] {
        for path in ["/about", "/aggregate"] {
            let html = server.get(path).header("host", host).send().await.text();
            let link = format!("<link rel=\"canonical\" href=\"https://allot.example{path}\">");
            assert!(html.contains(&link) && !html.contains(host), "{path}: {html}");
        }
    }
}

#[tokio::test]
async fn the_receipt_and_the_sitemap_say_whole_addresses_without_a_setting() {
    let server = Server::start().await;
    let origin = format!("http://{}", server.address());
    let receipt = server.submit(&submission(&[1])).await;
    let (id, token) = (receipt["id"].as_str().unwrap(), receipt["manage"].as_str().unwrap());
    let call = server.get(&format!("/results/{id}")).header("cookie", &format!("allot_receipt={token}"));
    let results = call.send().await.text();
    assert!(results.contains(&format!(">{origin}/results/{id}/manage?code={token}<")), "{results}");
    let sitemap = server.get("/sitemap.xml").send().await;
    assert!(sitemap.text().contains(&format!("<loc>{origin}/es/about</loc>")), "{}", sitemap.text());
}

#[tokio::test]
async fn crawlers_find_the_sitemap_and_may_read_on_a_shared_result_that_it_is_not_to_be_listed() {
    let known = Server::start_with(&[(Key::PublicUrl, "https://allot.example")]).await;
    let local = Server::start().await;
    for (server, origin) in
        [(&known, "https://allot.example".to_owned()), (&local, format!("http://{}", local.address()))]
    {
        let robots = server.get("/robots.txt").send().await;
        assert_eq!((robots.status.as_u16(), robots.header("content-type")), (200, "text/plain; charset=utf-8"));
        assert_eq!(robots.header("cache-control"), "public, max-age=3600");
        let expected = format!("User-agent: *\nDisallow: /api/\nSitemap: {origin}/sitemap.xml\n");
        assert_eq!(robots.text(), expected);
        let id = server.submit(&submission(&[1])).await["id"].as_str().unwrap().to_owned();
        let shared = server.get(&format!("/results/{id}")).send().await.text();
        assert!(shared.contains("<meta name=\"robots\" content=\"noindex\">"), "{shared}");
    }
}
