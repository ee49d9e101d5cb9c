//! Submitting, from the form and from the page's script.

use super::{AppState, cookies, visit::Visit};
use crate::{
    api::{self, SubmitFailure, Taken},
    locale::{Language, Locale},
    pages::allocate::{about_share, about_total},
    say,
};
use domain::{
    Complaint, FieldError, Timestamp,
    dto::{Receipt, SubmitRequest},
};
use http::{
    HeaderValue, StatusCode,
    header::{RETRY_AFTER, SET_COOKIE},
};
use leptos::context::use_context;
use leptos_axum::ResponseOptions;
use service::{SubmitError, Submitted, port::Participant};
use std::{collections::BTreeMap, time::Duration};

/// For so many microseconds after it was stored a form that comes again makes its sender whom it names.
const SAME_SENDER: i64 = 600_000_000;

/// An accepted submission and the cookies that go with its answer.
pub(crate) struct Accepted {
    pub receipt: Receipt,
    pub cookies: Vec<HeaderValue>,
}

/// Submits for whoever visits. A visitor without a cookie who consents becomes the participant of that consent.
pub(crate) async fn submit(
    state: &AppState,
    mut visit: Visit,
    budget: &str,
    request: &SubmitRequest,
    consent: Option<Participant>,
) -> Result<Accepted, SubmitError> {
    let secure = state.site.secure_cookies;
    let newcomer = consent.filter(|_| visit.participant.is_none());
    visit.participant = visit.participant.or(newcomer);
    let answer = state.allot.submit(budget, request, &visit.caller()).await;
    (state.answered)(answer.as_ref());
    let submitted = answer?;
    let is_late = is_late(&submitted, state.allot.now());
    let remembered = newcomer.map(|named| if is_late { state.allot.new_participant() } else { named });
    let receipt = submitted.receipt;
    let mut set = Vec::new();
    set.extend(remembered.and_then(|participant| cookies::remember(state.allot.keys(), participant, secure)));
    set.extend(cookies::hand_over(&receipt.id, &receipt.manage, secure));
    Ok(Accepted { receipt, cookies: set })
}

/// Whether this was stored long before it came again: a form that somebody found in the history of a shared device must
/// not make them whoever sent it first, and has perhaps been forgotten there since.
fn is_late(submitted: &Submitted, now: Timestamp) -> bool {
    submitted.replayed && now.as_micros().saturating_sub(submitted.receipt.version) > SAME_SENDER
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
    let consent = remember.then(|| state.allot.new_participant());
    match submit(&state, Visit::of(&parts, &state), budget, &request, consent).await {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_form_that_comes_again_soon_makes_its_sender_whom_it_names() {
        let stored = Timestamp::from_millis(1_795_257_045_006);
        let is_late = |replayed, seconds: i64| {
            let (id, budget, manage) = (String::new(), String::new(), String::new());
            let receipt = Receipt { id, budget, counted: true, version: stored.as_micros(), manage };
            is_late(&Submitted { receipt, replayed }, Timestamp::from_micros(stored.as_micros() + seconds * 1_000_000))
        };
        assert!(!is_late(true, 0) && !is_late(true, 600), "a double click");
        assert!(is_late(true, 601), "somebody else may have gone back to it");
        assert!(!is_late(false, 601), "a version may be behind a clock");
    }
}
