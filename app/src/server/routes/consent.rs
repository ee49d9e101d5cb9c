//! `POST /consent`: to be remembered on this device, or not any more.

use crate::server::{AppState, Asked, cookies, extract::Form, visit::Visit};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::header::SET_COOKIE;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Choice {
    Give,
    Withdraw,
}

#[derive(Deserialize)]
pub(super) struct Consent {
    choice: Choice,
}

/// Who is remembered already stays who they are.
pub(super) async fn choose(
    State(state): State<AppState>,
    asked: Asked,
    visit: Visit,
    Form(consent): Form<Consent>,
) -> Response {
    let secure = state.site.secure_cookies;
    let cookie = match consent.choice {
        Choice::Withdraw => cookies::forget(secure),
        Choice::Give => {
            let participant = visit.participant.unwrap_or_else(|| state.allot.new_participant());
            cookies::remember(state.allot.keys(), participant, secure)
        }
    };
    let mut response = Redirect::to(&asked.locale.href("/history#device")).into_response();
    response.headers_mut().extend(cookie.map(|cookie| (SET_COOKIE, cookie)));
    response
}
