//! `GET` and `POST` of `/` and `/b/{budget}`

use crate::{
    api::{self, Found, Listed},
    locale::Locale,
    pages::{allocate::Ballot, failure::Failure},
    say,
    server::{
        AppState, Asked,
        render::Caching,
        submission::{retry_after, seconds, status, submit as send},
        visit::Visit,
    },
};
use axum::{
    extract::{Form, Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    Allocation, FieldError, SubmissionId, WHOLE, apportion::largest_remainder, dto::SubmitRequest,
    percent::parse_percent,
};
use http::{
    HeaderValue, StatusCode,
    header::{RETRY_AFTER, SET_COOKIE},
};
use serde::Deserialize;
use service::SubmitError;
use std::collections::BTreeMap;

/// What the address may ask for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wish {
    /// `even`, `actual`, `last` or `clear`.
    preset: Option<String>,
    /// The id of a submission to begin with.
    from: Option<String>,
}

pub(super) async fn first(
    State(state): State<AppState>,
    asked: Asked,
    visit: Visit,
    Query(wish): Query<Wish>,
) -> Response {
    let listed = api::default_budget(&state.allot, asked.locale.language());
    get(&state, &asked, listed, visit, wish).await
}

pub(super) async fn show(
    State(state): State<AppState>,
    asked: Asked,
    Path(slug): Path<String>,
    visit: Visit,
    Query(wish): Query<Wish>,
) -> Response {
    let listed = api::budget(&state.allot, asked.locale.language(), &slug);
    get(&state, &asked, listed, visit, wish).await
}

pub(super) async fn submit_first(
    State(state): State<AppState>,
    asked: Asked,
    visit: Visit,
    Form(fields): Form<BTreeMap<String, String>>,
) -> Response {
    let listed = api::default_budget(&state.allot, asked.locale.language());
    post(&state, &asked, listed, visit, fields).await
}

pub(super) async fn submit(
    State(state): State<AppState>,
    asked: Asked,
    Path(slug): Path<String>,
    visit: Visit,
    Form(fields): Form<BTreeMap<String, String>>,
) -> Response {
    let listed = api::budget(&state.allot, asked.locale.language(), &slug);
    post(&state, &asked, listed, visit, fields).await
}

async fn get(state: &AppState, asked: &Asked, listed: Option<Listed>, visit: Visit, wish: Wish) -> Response {
    let Some(listed) = listed else { return state.failure(asked, Failure::NotFound) };
    let mut ballot = blank(state, asked, listed, visit).await;
    if let Some(points) = wished(state, asked, &ballot, wish).await {
        ballot.values = points.into_iter().map(|points| asked.locale.share(points)).collect();
    }
    let head = ballot.head(asked.locale);
    state.page(asked, StatusCode::OK, Caching::Personal, head, || ballot.view())
}

/// An empty ballot with what is known of the visitor.
async fn blank(state: &AppState, asked: &Asked, listed: Listed, visit: Visit) -> Ballot {
    let history = match visit.participant {
        None => None,
        Some(participant) => match api::history(&state.allot, asked.locale.language(), participant).await {
            Ok(history) => Some(history),
            Err(error) => {
                // The ballot works without the welcome.
                tracing::warn!(%error, "a participant's history could not be read");
                Some(Vec::new())
            }
        },
    };
    let with_actual = api::budgets(&state.allot, asked.locale.language())
        .into_iter()
        .find(|other| other.budget.actual.is_some())
        .map(|other| (other.budget.title, other.path));
    Ballot {
        id: state.allot.new_id().to_string(),
        values: vec!["0".to_owned(); listed.budget.categories.len()],
        errors: Vec::new(),
        refusal: None,
        last: history.as_ref().and_then(|history| api::last_points(history, &listed.budget.slug)),
        known: history.map(|history| history.len()),
        with_actual,
        listed,
    }
}

/// The points that the address asks for.
async fn wished(state: &AppState, asked: &Asked, ballot: &Ballot, wish: Wish) -> Option<Vec<u16>> {
    let budget = &ballot.listed.budget;
    if let Some(id) = wish.from.and_then(|from| from.parse::<SubmissionId>().ok()) {
        return match api::comparison(&state.allot, asked.locale.language(), id, None).await {
            Ok(Found::Submission(found)) if found.view.budget == budget.slug => Some(found.mine),
            _ => None,
        };
    }
    match wish.preset?.as_str() {
        "even" => Some(largest_remainder(&vec![1; budget.categories.len()], WHOLE)),
        "actual" => budget.actual_points(),
        "last" => ballot.last.clone(),
        _ => None,
    }
}

async fn post(
    state: &AppState,
    asked: &Asked,
    listed: Option<Listed>,
    visit: Visit,
    fields: BTreeMap<String, String>,
) -> Response {
    let Some(listed) = listed else { return state.failure(asked, Failure::NotFound) };
    let (points, errors) = read(&listed, &fields);
    let id = fields.get("id").filter(|id| !id.is_empty()).cloned();
    let error = if errors.is_empty() {
        let request = SubmitRequest { id, points, segments: None };
        let remember = fields.get("consent").is_some_and(|consent| consent == "yes");
        match send(state, visit, &listed.budget.slug, &request, remember).await {
            Ok(accepted) => {
                let results = asked.locale.href(&format!("/results/{}", accepted.receipt.id));
                let mut response = Redirect::to(&results).into_response();
                response.headers_mut().extend(accepted.cookies.into_iter().map(|cookie| (SET_COOKIE, cookie)));
                return response;
            }
            Err(error) => error,
        }
    } else {
        SubmitError::Invalid(errors)
    };
    refuse(state, asked, listed, visit, &fields, error).await
}

/// The points that the fields say, by category, and what is wrong with them. An empty field is zero.
fn read(listed: &Listed, fields: &BTreeMap<String, String>) -> (BTreeMap<String, i64>, Vec<FieldError>) {
    let (mut points, mut errors) = (BTreeMap::new(), Vec::new());
    for category in &listed.budget.categories {
        let field = format!("points.{}", category.slug);
        let text = fields.get(&field).map_or("", |text| text.trim());
        match parse_percent(if text.is_empty() { "0" } else { text }) {
            Ok(share) => _ = points.insert(category.slug.clone(), i64::from(share)),
            Err(error) => errors.push(error.into_field_error(field)),
        }
    }
    // Each is from 0 to 10 000.
    let total = points.values().map(|share| share.unsigned_abs()).sum();
    if errors.is_empty() && total != u64::from(WHOLE) {
        errors.push(Allocation::wrong_total(total));
    }
    (points, errors)
}

/// The form again, with what was typed and why it was not taken.
async fn refuse(
    state: &AppState,
    asked: &Asked,
    listed: Listed,
    visit: Visit,
    fields: &BTreeMap<String, String>,
    error: SubmitError,
) -> Response {
    let mut ballot = blank(state, asked, listed, visit).await;
    ballot.values = ballot
        .listed
        .budget
        .categories
        .iter()
        .map(|category| fields.get(&format!("points.{}", category.slug)).cloned().unwrap_or_default())
        .collect();
    // The same id again, so that a second try is not a second submission; another where this one is spent.
    let bad_id = matches!(&error, SubmitError::Invalid(errors) if errors.iter().any(|error| error.field == "id"));
    if let (false, Some(id)) =
        (bad_id || matches!(error, SubmitError::Conflict | SubmitError::Deleted), fields.get("id"))
    {
        ballot.id.clone_from(id);
    }
    let (status, wait) = (status(&error), retry_after(&error));
    ballot.refusal = refusal(asked.locale, &error, bad_id);
    match error {
        SubmitError::Invalid(errors) => ballot.errors = errors,
        SubmitError::Closed => ballot.listed.closed = true,
        SubmitError::UnknownBudget => return state.failure(asked, Failure::NotFound),
        _ => {}
    }
    let head = ballot.head(asked.locale);
    let mut response = state.page(asked, status, Caching::Nobody, head, || ballot.view());
    if let Some(wait) = wait {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds(wait)));
    }
    response
}

/// Title and sentence for what is not about a field.
fn refusal(locale: Locale, error: &SubmitError, bad_id: bool) -> Option<(String, String)> {
    Some(match error {
        SubmitError::Invalid(_) if bad_id => (say!(locale, "refused-old"), say!(locale, "refused-old-about")),
        SubmitError::Invalid(errors) if errors.iter().all(|error| error.field == "points") => return None,
        SubmitError::Invalid(_) => (say!(locale, "refused-unreadable"), say!(locale, "refused-unreadable-about")),
        SubmitError::Conflict | SubmitError::Deleted => {
            (say!(locale, "refused-sent"), say!(locale, "refused-sent-about"))
        }
        SubmitError::RateLimited { retry_after } => {
            let minutes = seconds(*retry_after).div_ceil(60);
            (say!(locale, "refused-limit"), say!(locale, "refused-limit-about", minutes = minutes))
        }
        SubmitError::Overloaded { .. } | SubmitError::Unavailable { .. } => {
            (say!(locale, "busy"), say!(locale, "refused-again"))
        }
        SubmitError::Failed => (say!(locale, "broken"), say!(locale, "refused-again")),
        SubmitError::Closed | SubmitError::UnknownBudget => return None,
    })
}
