//! `GET` and `POST` of `/` and `/b/{budget}`

use crate::{
    api::{self, Found, Listed},
    pages::{allocate::Ballot, failure::Failure},
    server::{
        AppState,
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
    FieldError, SubmissionId, WHOLE,
    apportion::largest_remainder,
    dto::SubmitRequest,
    percent::{format_points, parse_percent},
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

pub(super) async fn first(State(state): State<AppState>, visit: Visit, Query(wish): Query<Wish>) -> Response {
    let listed = api::default_budget(&state.allot);
    get(&state, listed, visit, wish).await
}

pub(super) async fn show(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    visit: Visit,
    Query(wish): Query<Wish>,
) -> Response {
    let listed = api::budget(&state.allot, &slug);
    get(&state, listed, visit, wish).await
}

pub(super) async fn submit_first(
    State(state): State<AppState>,
    visit: Visit,
    Form(fields): Form<BTreeMap<String, String>>,
) -> Response {
    let listed = api::default_budget(&state.allot);
    post(&state, listed, visit, fields).await
}

pub(super) async fn submit(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    visit: Visit,
    Form(fields): Form<BTreeMap<String, String>>,
) -> Response {
    let listed = api::budget(&state.allot, &slug);
    post(&state, listed, visit, fields).await
}

async fn get(state: &AppState, listed: Option<Listed>, visit: Visit, wish: Wish) -> Response {
    let Some(listed) = listed else { return state.failure(Failure::NotFound) };
    let mut ballot = blank(state, listed, visit).await;
    if let Some(points) = wished(state, &ballot, wish).await {
        ballot.values = points.into_iter().map(format_points).collect();
    }
    let head = ballot.head();
    state.page(StatusCode::OK, Caching::Personal, head, || ballot.view())
}

/// An empty ballot with what is known of the visitor.
async fn blank(state: &AppState, listed: Listed, visit: Visit) -> Ballot {
    let history = match visit.participant {
        None => None,
        Some(participant) => match api::history(&state.allot, participant).await {
            Ok(history) => Some(history),
            Err(error) => {
                // The ballot works without the welcome.
                tracing::warn!(%error, "a participant's history could not be read");
                Some(Vec::new())
            }
        },
    };
    let with_actual = api::budgets(&state.allot)
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
async fn wished(state: &AppState, ballot: &Ballot, wish: Wish) -> Option<Vec<u16>> {
    let budget = &ballot.listed.budget;
    if let Some(id) = wish.from.and_then(|from| from.parse::<SubmissionId>().ok()) {
        return match api::comparison(&state.allot, id, None).await {
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

async fn post(state: &AppState, listed: Option<Listed>, visit: Visit, fields: BTreeMap<String, String>) -> Response {
    let Some(listed) = listed else { return state.failure(Failure::NotFound) };
    let (points, errors) = read(&listed, &fields);
    let id = fields.get("id").filter(|id| !id.is_empty()).cloned();
    let error = if errors.is_empty() {
        let request = SubmitRequest { id, points, segments: None };
        let remember = fields.get("consent").is_some_and(|consent| consent == "yes");
        match send(state, visit, &listed.budget.slug, &request, remember).await {
            Ok(accepted) => {
                let mut response = Redirect::to(&format!("/results/{}", accepted.receipt.id)).into_response();
                response.headers_mut().extend(accepted.cookies.into_iter().map(|cookie| (SET_COOKIE, cookie)));
                return response;
            }
            Err(error) => error,
        }
    } else {
        SubmitError::Invalid(errors)
    };
    refuse(state, listed, visit, &fields, error).await
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
    let total: i64 = points.values().sum();
    if errors.is_empty() && total != i64::from(WHOLE) {
        errors.push(FieldError::new("points", balance(total)));
    }
    (points, errors)
}

/// What a total other than the whole lacks or has too much.
fn balance(total: i64) -> String {
    let whole = i64::from(WHOLE);
    let percent = |points: i64| {
        let text = format!("{}.{:02}", points / 100, points % 100);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    if total < whole {
        format!("The areas add up to {}%: {}% is left to give.", percent(total), percent(whole - total))
    } else {
        format!("The areas add up to {}%: take away {}%.", percent(total), percent(total - whole))
    }
}

/// The form again, with what was typed and why it was not taken.
async fn refuse(
    state: &AppState,
    listed: Listed,
    visit: Visit,
    fields: &BTreeMap<String, String>,
    error: SubmitError,
) -> Response {
    let mut ballot = blank(state, listed, visit).await;
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
    ballot.refusal = refusal(&error, bad_id);
    match error {
        SubmitError::Invalid(errors) => ballot.errors = errors,
        SubmitError::Closed => ballot.listed.closed = true,
        SubmitError::UnknownBudget => return state.failure(Failure::NotFound),
        _ => {}
    }
    let head = ballot.head();
    let mut response = state.page(status, Caching::Nobody, head, || ballot.view());
    if let Some(wait) = wait {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds(wait)));
    }
    response
}

/// Title and sentence for what is not about a field.
fn refusal(error: &SubmitError, bad_id: bool) -> Option<(String, String)> {
    let (title, sentence) = match error {
        SubmitError::Invalid(_) if bad_id => {
            ("This form had grown too old", "Here it is again with your numbers. Please submit once more.".to_owned())
        }
        SubmitError::Invalid(errors) if errors.iter().all(|error| error.field == "points") => return None,
        SubmitError::Invalid(_) => {
            ("Some numbers can’t be read", "Each share is a number from 0 to 100 with up to two decimals.".to_owned())
        }
        SubmitError::Conflict | SubmitError::Deleted => {
            ("This form was sent before", "If you want to submit these numbers as well, submit once more.".to_owned())
        }
        SubmitError::RateLimited { retry_after } => (
            "Too many submissions from here",
            format!(
                "Please try again in about {} min. Your numbers are still below.",
                seconds(*retry_after).div_ceil(60)
            ),
        ),
        SubmitError::Overloaded { .. } | SubmitError::Unavailable { .. } => (
            "Too busy just now",
            "Your numbers are still below. Please submit again in a moment: it will count once.".to_owned(),
        ),
        SubmitError::Failed => (
            "Something went wrong on our side",
            "Your numbers are still below. Please submit again in a moment: it will count once.".to_owned(),
        ),
        SubmitError::Closed | SubmitError::UnknownBudget => return None,
    };
    Some((title.to_owned(), sentence))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_total_says_what_to_do() {
        assert_eq!(balance(8750), "The areas add up to 87.5%: 12.5% is left to give.");
        assert_eq!(balance(10_001), "The areas add up to 100.01%: take away 0.01%.");
        assert_eq!(balance(20_000), "The areas add up to 200%: take away 100%.");
    }
}
