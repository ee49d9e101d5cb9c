//! `GET /history/export.json`, `GET` and `POST /results/{id}/export.json`, and `.csv` of each.
//!
//! A file to download. Who may have it is who may delete it: the participant's cookie, or the code of the
//! receipt, which comes in a form's body so that no log and no history keeps it.

mod csv;

use super::manage;
use crate::{
    api::Past,
    server::{
        AppState, Asked, WithoutSecret,
        extract::{Form, Path},
        render::Caching,
        visit::Visit,
    },
};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use domain::dto::SubmissionView;
use http::{
    HeaderMap, HeaderValue, Uri,
    header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE},
};
use serde::Serialize;

/// All submissions of a participant.
#[derive(Serialize)]
struct Everything<'a> {
    /// Newest first.
    submissions: Vec<&'a SubmissionView>,
}

/// All of the visitor's submissions.
pub(super) async fn all(State(state): State<AppState>, asked: Asked, visit: Visit, uri: Uri) -> Response {
    let Some(participant) = visit.participant else {
        return Redirect::to(&asked.locale.href("/history")).into_response();
    };
    match Past::all(&state.allot, asked.locale.language(), participant).await {
        Ok(past) if is_csv(&uri) => download("allot-history.csv", csv::table(&past)),
        Ok(past) => {
            let submissions = past.iter().map(|past| &past.view).collect();
            download("allot-history.json", Json(Everything { submissions }))
        }
        Err(error) => state.store_failure(&asked, &error),
    }
}

/// One submission, for whom a cookie speaks.
pub(super) async fn one(
    State(state): State<AppState>,
    asked: Asked,
    Path(id): Path<String>,
    visit: Visit,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    export(&state, &asked, &id, visit, &headers, None, &uri).await
}

/// One submission, for whoever has its code.
pub(super) async fn one_with_code(
    State(state): State<AppState>,
    asked: Asked,
    Path(id): Path<String>,
    visit: Visit,
    headers: HeaderMap,
    uri: Uri,
    Form(order): Form<manage::Typed>,
) -> Response {
    export(&state, &asked, &id, visit, &headers, order.code(), &uri).await
}

async fn export(
    state: &AppState,
    asked: &Asked,
    id: &str,
    visit: Visit,
    headers: &HeaderMap,
    code: Option<String>,
    uri: &Uri,
) -> Response {
    let management = match manage::management(state, asked, id, visit, headers, code).await {
        Ok(management) => management,
        Err(failure) => return failure,
    };
    if !management.is_open() {
        return manage::page(state, asked, management, true);
    }
    let past = management.past;
    if is_csv(uri) {
        let name = format!("allot-{}.csv", past.view.id);
        download(&name, csv::table(&[past]))
    } else {
        download(&format!("allot-{}.json", past.view.id), Json(past.view))
    }
}

fn is_csv(uri: &Uri) -> bool {
    uri.path().ends_with(".csv")
}

/// A file that nobody keeps on the way. `name` has no character that needs quoting. No code is in it, and nothing that the
/// request says.
fn download(name: &str, content: impl IntoResponse) -> Response {
    let mut response = content.into_response();
    response.extensions_mut().insert(WithoutSecret);
    let headers = response.headers_mut();
    if name.ends_with(".csv") {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8; header=present"));
    }
    headers.insert(CACHE_CONTROL, Caching::Nobody.header());
    if let Ok(disposition) = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")) {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    response
}
