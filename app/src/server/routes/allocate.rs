//! `GET` and `POST` of `/` and `/b/{budget}`

use crate::{
    api::{self, Found, Listed},
    locale::Locale,
    pages::{
        allocate::{Ballot, head},
        failure::Failure,
    },
    say,
    server::{
        AppState, Asked,
        extract::{Form, Path, Query},
        render::Caching,
        submission::{retry_after, seconds, status, submit as send},
        visit::Visit,
    },
    stream::{PATIENCE, when_known},
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    Allocation, FieldError, SubmissionId, WHOLE, apportion::largest_remainder, dto::SubmitRequest,
    percent::parse_percent,
};
use http::{
    HeaderValue,
    header::{RETRY_AFTER, SET_COOKIE},
};
use serde::Deserialize;
use service::{
    SubmitError,
    port::{Attendance, Participant, StoredSubmission},
};
use std::{collections::BTreeMap, time::Duration};
use tracing::Instrument;

/// So long the sliders wait for what a visitor did before.
const WELCOME: Duration = Duration::from_secs(1);

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
    let head = head(asked.locale, &listed, false);
    // For a stranger nothing has to be read: the sliders are in the first part that is sent. Else the head is, so that
    // the browser fetches what it names meanwhile.
    let (state_of_it, asked_for) = (state.clone(), asked.clone());
    let ballot = async move { begun(&state_of_it, &asked_for, listed, visit, wish).await.view() };
    state.streamed(asked, Caching::Personal, head, || when_known(ballot.in_current_span()))
}

/// The ballot as the address asks for it.
async fn begun(state: &AppState, asked: &Asked, listed: Listed, visit: Visit, wish: Wish) -> Ballot {
    let past = past(state, visit, &listed).await;
    let mut ballot = blank(state, asked, listed, past.as_ref());
    let own = past.as_ref().and_then(|past| past.counted.as_ref());
    let wished = wished(state, asked, &ballot, own, wish);
    if let Ok(Some(points)) = tokio::time::timeout(PATIENCE, wished).await {
        ballot.values = points.into_iter().map(|points| asked.locale.share(points)).collect();
    }
    ballot
}

/// What the visitor has submitted; nothing if that can't be read soon, as the ballot works without the welcome. `None`
/// without consent to being remembered.
async fn past(state: &AppState, visit: Visit, listed: &Listed) -> Option<Attendance> {
    let attendance = state.allot.attendance(visit.participant?, &listed.budget.slug);
    match tokio::time::timeout(WELCOME, attendance).await {
        Ok(Ok(attendance)) => Some(attendance),
        Ok(Err(error)) => {
            tracing::warn!(%error, "what a participant has submitted could not be read");
            Some(Attendance::default())
        }
        Err(_) => {
            tracing::warn!("what a participant has submitted came too late");
            Some(Attendance::default())
        }
    }
}

/// An empty ballot with what is known of the visitor.
fn blank(state: &AppState, asked: &Asked, listed: Listed, past: Option<&Attendance>) -> Ballot {
    let id = state.allot.new_id();
    Ballot {
        id: id.to_string(),
        newcomer: past.is_none().then(|| state.allot.keys().sign_newcomer(state.allot.new_participant(), id)),
        values: vec!["0".to_owned(); listed.budget.categories.len()],
        errors: Vec::new(),
        refusal: None,
        last: past.and_then(|past| past.counted.as_ref()).map(|last| last.allocation.points().to_vec()),
        known: past.map(|past| past.submissions),
        with_actual: api::with_actual_instead(&state.allot, asked.locale.language(), &listed.budget),
        listed,
    }
}

/// The points that the address asks for. One's own that counts is there already.
async fn wished(
    state: &AppState,
    asked: &Asked,
    ballot: &Ballot,
    own: Option<&StoredSubmission>,
    wish: Wish,
) -> Option<Vec<u16>> {
    let budget = &ballot.listed.budget;
    if let Some(id) = wish.from.and_then(|from| from.parse::<SubmissionId>().ok()) {
        if let Some(own) = own.filter(|own| own.id == id) {
            return Some(own.allocation.points().to_vec());
        }
        return match api::submission(&state.allot, asked.locale.language(), id, None).await {
            Ok(Found::Submission(found)) if found.view.budget == budget.slug => Some(found.points),
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
        let consents = fields.get("consent").is_some_and(|consent| consent == "yes");
        let consent = consents.then(|| newcomer(state, &fields).unwrap_or_else(|| state.allot.new_participant()));
        match send(state, visit, &listed.budget.slug, &request, consent).await {
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

/// Whom the form makes of a stranger, if it is one of ours: sent twice before an answer has brought the cookie, it must
/// not make two of them.
fn newcomer(state: &AppState, fields: &BTreeMap<String, String>) -> Option<Participant> {
    let id = fields.get("id")?.parse::<SubmissionId>().ok()?;
    state.allot.keys().read_newcomer(fields.get("newcomer")?, id)
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
    let past = past(state, visit, &listed).await;
    let mut ballot = blank(state, asked, listed, past.as_ref());
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
        let named = newcomer(state, fields).unwrap_or_else(|| state.allot.new_participant());
        let id = id.parse::<SubmissionId>().ok();
        ballot.newcomer = ballot.newcomer.and(id).map(|id| state.allot.keys().sign_newcomer(named, id));
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
