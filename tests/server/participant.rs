//! Consent.

use crate::{
    client::Answer,
    support::{SUBMIT, Server, submission},
};
use allot::config::Key;
use http::Method;

#[tokio::test]
async fn consent_sets_a_signed_cookie_out_of_reach_of_scripts() {
    let server = Server::start().await;
    let answer = server.request(Method::POST, "/api/v1/participant").send().await;
    assert_eq!(answer.status, 204);
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("allot_participant="), "{cookie}");
    for part in ["; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age=34560000"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "{cookie}");
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn behind_tls_the_cookie_is_secure_and_bound_to_the_host() {
    let server = Server::start_with(&[(Key::PublicUrl, "https://allot.example")]).await;
    let answer = server.request(Method::POST, "/api/v1/participant").send().await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-allot_participant=") && cookie.ends_with("; Secure"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap().to_owned();
    for first in [1, 2] {
        server.post(SUBMIT, &submission(&[first])).header("cookie", &cookie).send().await;
    }
    assert_eq!(server.counted().await, 1);
}

#[tokio::test]
async fn who_consented_stays_who_they_are_and_a_forged_cookie_becomes_a_new_one() {
    let server = Server::start().await;
    let cookie = server.consent().await;
    let again = server.request(Method::POST, "/api/v1/participant").header("cookie", &cookie).send().await;
    assert!(again.header("set-cookie").starts_with(&format!("{cookie};")));
    let forged = "allot_participant=0123456789abcdef.0123456789abcdef0123456789abcdef";
    let fresh = server.request(Method::POST, "/api/v1/participant").header("cookie", forged).send().await;
    assert!(!fresh.header("set-cookie").starts_with("allot_participant=0123456789abcdef."));
}

#[tokio::test]
async fn withdrawing_expires_the_cookie() {
    let server = Server::start().await;
    let answer = server.delete("/api/v1/participant").send().await;
    assert_eq!(answer.status, 204);
    assert!(answer.header("set-cookie").starts_with("allot_participant=; Path=/; Max-Age=0"));
}

/// The value of a hidden field of a page's form.
fn field<'a>(html: &'a str, name: &str) -> &'a str {
    let (_, rest) = html.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("{name}: {html}"));
    rest.split_once('"').unwrap().0
}

/// Sends the plain form, with consent and without a cookie.
async fn send(server: &Server, id: &str, newcomer: &str, healthcare: &str) -> Answer {
    let form = format!("id={id}&newcomer={newcomer}&consent=yes&points.healthcare={healthcare}&points.other=40");
    let call = server.request(Method::POST, "/").header("content-type", "application/x-www-form-urlencoded");
    call.body(form).send().await
}

/// The participant's cookie that an answer sets.
fn given(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    let mut cookies = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let cookie = cookies.find(|cookie| cookie.starts_with("allot_participant=")).unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_form_with_consent_that_is_sent_twice_makes_one_participant() {
    let server = Server::start().await;
    let html = server.get("/").send().await.text();
    let (id, newcomer) = (field(&html, "id"), field(&html, "newcomer"));
    let (one, two) = tokio::join!(send(&server, id, newcomer, "60"), send(&server, id, newcomer, "60"));
    let cookie = given(&one);
    assert_eq!(cookie, given(&two));
    let history = server.get("/history").header("cookie", &cookie).send().await.text();
    assert!(history.contains(&format!("/results/{id}")), "{history}");
    assert_eq!(server.post(SUBMIT, &submission(&[1])).header("cookie", &cookie).send().await.status, 201);
    assert_eq!(server.counted().await, 1, "the newer one replaces it");
    let known = server.get("/").header("cookie", &cookie).send().await.text();
    assert!(!known.contains("name=\"newcomer\""), "who is known already stays who they are");
}

#[tokio::test]
async fn nobody_becomes_whoever_sent_a_form_by_what_a_shared_result_shows() {
    let server = Server::start().await;
    let html = server.get("/").send().await.text();
    let id = field(&html, "id");
    let cookie = given(&send(&server, id, field(&html, "newcomer"), "60").await);
    let html = server.get("/").send().await.text();
    let own = field(&html, "newcomer");
    let (number, signature) = own.split_once('.').unwrap();
    let value = cookie.split_once('=').unwrap().1;
    let forged = format!("{}.{signature}", value.split_once('.').unwrap().0);
    for newcomer in [own, "", number, &forged, value] {
        let stranger = given(&send(&server, id, newcomer, "60").await);
        assert_ne!(stranger, cookie, "{newcomer}");
    }
    assert_eq!(server.counted().await, 1);
}

#[tokio::test]
async fn a_form_that_comes_back_with_something_wrong_still_names_the_same_newcomer() {
    let server = Server::start().await;
    let html = server.get("/").send().await.text();
    let refused = send(&server, field(&html, "id"), field(&html, "newcomer"), "61").await;
    assert_eq!(refused.status, 422);
    let again = refused.text();
    for name in ["id", "newcomer"] {
        assert_eq!(field(&again, name), field(&html, name));
    }
    // A form from before this page knew newcomers gets one.
    let older = send(&server, field(&html, "id"), "", "61").await.text();
    assert_eq!(field(&older, "id"), field(&html, "id"));
    assert!(!field(&older, "newcomer").is_empty());
}
