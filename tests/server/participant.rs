//! Consent.

use crate::support::{SUBMIT, Server, submission};
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
