//! Submitting, from the form and from the page's script.

use super::{AppState, cookies, visit::Visit};
use crate::{
    api::{self, SubmitFailure, Taken},
    locale::{Language, Locale},
    pages::allocate::{about_share, about_total},
    say,
};
use domain::{
    Complaint, FieldError,
    dto::{Receipt, SubmitRequest},
};
use http::{
    HeaderValue, StatusCode,
    header::{RETRY_AFTER, SET_COOKIE},
};
use leptos::context::use_context;
use leptos_axum::ResponseOptions;
use service::SubmitError;
use std::{collections::BTreeMap, time::Duration};

/// An accepted submission and the cookies that go with its answer.
pub(crate) struct Accepted {
    pub receipt: Receipt,
    pub cookies: Vec<HeaderValue>,
}

/// Submits for whoever visits. With `remember`, a visitor without a cookie gets one.
pub(crate) async fn submit(
    state: &AppState,
    mut visit: Visit,
    budget: &str,
    request: &SubmitRequest,
    remember: bool,
) -> Result<Accepted, SubmitError> {
    let secure = state.site.secure_cookies;
    let newcomer = remember && visit.participant.is_none();
    if newcomer {
        visit.participant = Some(state.allot.new_participant());
    }
    let answer = state.allot.submit(budget, request, &visit.caller()).await;
    (state.answered)(answer.as_ref());
    let receipt = answer?.receipt;
    let remembered = visit.participant.filter(|_| newcomer);
    let mut set = Vec::new();
    set.extend(remembered.and_then(|participant| cookies::remember(state.allot.keys(), participant, secure)));
    set.extend(cookies::hand_over(&receipt.id, &receipt.manage, secure));
    Ok(Accepted { receipt, cookies: set })
}

/// The server function's side of it: the same, with its status, cookies and errors.
pub(crate) async fn from_script(
    budget: &str,
    id: String,
    points: BTreeMap<String, i64>,
    remember: bool,
    language: Option<&str>,
) -> Result<Taken, SubmitFailure> {
    let (Some(state), Some(parts), Some(answer)) =
        (use_context::<AppState>(), use_context::<http::request::Parts>(), use_context::<ResponseOptions>())
    else {
        return Err(SubmitFailure::Failed);
    };
    let request = SubmitRequest { id: Some(id), points, segments: None };
    match submit(&state, Visit::of(&parts, &state), budget, &request, remember).await {
        Ok(accepted) => {
            answer.set_status(StatusCode::CREATED);
            for cookie in accepted.cookies {
                answer.append_header(SET_COOKIE, cookie);
            }
            Ok(Taken { id: accepted.receipt.id })
        }
        Err(error) => {
            answer.set_status(status(&error));
            if let Some(wait) = retry_after(&error) {
                answer.insert_header(RETRY_AFTER, HeaderValue::from(seconds(wait)));
            }
            let language = language.and_then(Language::from_tag).unwrap_or_default();
            Err(failure(&state, language, budget, error))
        }
    }
}

/// The HTTP status of a refusal.
pub(crate) fn status(error: &SubmitError) -> StatusCode {
    match error {
        SubmitError::UnknownBudget => StatusCode::NOT_FOUND,
        SubmitError::Closed | SubmitError::Conflict => StatusCode::CONFLICT,
        SubmitError::Deleted => StatusCode::GONE,
        SubmitError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        SubmitError::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
        SubmitError::Overloaded { .. } | SubmitError::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
        SubmitError::Failed => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// How long to wait, where a refusal says so.
pub(crate) fn retry_after(error: &SubmitError) -> Option<Duration> {
    match error {
        SubmitError::RateLimited { retry_after }
        | SubmitError::Overloaded { retry_after }
        | SubmitError::Unavailable { retry_after } => Some(*retry_after),
        _ => None,
    }
}

/// Whole seconds, rounded up, as headers and people want them.
pub(crate) fn seconds(wait: Duration) -> u64 {
    (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1)
}

fn failure(state: &AppState, language: Language, budget: &str, error: SubmitError) -> SubmitFailure {
    match error {
        SubmitError::Closed => SubmitFailure::Closed,
        SubmitError::Conflict | SubmitError::Deleted => {
            SubmitFailure::Used { fresh_id: state.allot.new_id().to_string() }
        }
        SubmitError::Invalid(errors) => {
            let sentences: Vec<_> = errors.iter().map(|error| sentence(state, language, budget, error)).collect();
            SubmitFailure::Invalid { message: sentences.join(" ") }
        }
        SubmitError::RateLimited { retry_after } => {
            SubmitFailure::RateLimited { seconds: u32::try_from(seconds(retry_after)).unwrap_or(u32::MAX) }
        }
        SubmitError::Overloaded { .. } | SubmitError::Unavailable { .. } => SubmitFailure::Busy,
        SubmitError::UnknownBudget | SubmitError::Failed => SubmitFailure::Failed,
    }
}

/// What is wrong, for whoever reads the page.
fn sentence(state: &AppState, language: Language, budget: &str, error: &FieldError) -> String {
    let locale = Locale::explicit(language);
    let budget = api::budget(&state.allot, language, budget).map(|listed| listed.budget);
    let category = budget.as_ref().and_then(|budget| {
        let slug = error.field.strip_prefix("points.")?;
        budget.categories.get(budget.position(slug)?)
    });
    match (error.complaint, category) {
        (Complaint::Total(total), _) => about_total(locale, total),
        (_, Some(category)) => format!("{}.", about_share(locale, &category.name, error)),
        // The page is older than its budget, or than an id may be.
        _ => say!(locale, "say-old"),
    }
}
