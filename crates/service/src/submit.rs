//! Use case: submit an allocation.

use crate::{
    allot::Allot,
    caller::Caller,
    limits::Charged,
    pending::Pending,
    port::{BudgetRecord, Lookup, NewSubmission, Outcome, StoredSubmission, Version},
    writer::WriteError,
};
use domain::{
    Allocation, FieldError, SubmissionId,
    dto::{Receipt, SubmitRequest},
};
use std::time::Duration;

/// When to come back after a refusal for load.
const LATER: Duration = Duration::from_secs(1);

/// An accepted submission, durable and counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Submitted {
    /// The same for a replay as the first time.
    pub receipt: Receipt,
    /// It was known already.
    pub replayed: bool,
}

/// Why a submission was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// No budget has this slug.
    #[error("there is no such budget")]
    UnknownBudget,
    /// The budget takes no submissions any more.
    #[error("the budget is closed")]
    Closed,
    /// Something about the request; every complaint at once.
    #[error("the submission is not valid")]
    Invalid(Vec<FieldError>),
    /// The id is known with other content.
    #[error("the id belongs to another submission")]
    Conflict,
    /// The id was deleted.
    #[error("the submission was deleted")]
    Deleted,
    /// Too many from this participant or network.
    #[error("too many submissions")]
    RateLimited {
        /// When the next one is allowed.
        retry_after: Duration,
    },
    /// The queue is full: nothing was accepted.
    #[error("too busy")]
    Overloaded {
        /// When to try again.
        retry_after: Duration,
    },
    /// The database did not take it in time: sending the same id again is safe.
    #[error("the database is not available")]
    Unavailable {
        /// When to try again.
        retry_after: Duration,
    },
    /// Our fault; the log says what.
    #[error("internal error")]
    Failed,
}

impl Allot {
    /// Validates, limits, commits and answers. Safe to repeat with the same id.
    ///
    /// # Errors
    /// See [`SubmitError`]; only `Unavailable` leaves open whether it was stored.
    pub async fn submit(
        &self,
        budget_slug: &str,
        request: &SubmitRequest,
        caller: &Caller,
    ) -> Result<Submitted, SubmitError> {
        let catalogue = self.catalogue();
        let record = catalogue.find(budget_slug).ok_or(SubmitError::UnknownBudget)?;
        let submission = self.read_request(record, request, caller)?;
        let charged = self.charge(caller, &submission, request.id.is_some()).await?;
        let id = submission.id;
        let waiting = self.writers().send(submission);
        match Pending::new(waiting, charged, self.limits()).outcome().await {
            Ok(outcome) => self.answer(record, id, outcome),
            Err(WriteError::Refused) => Err(SubmitError::Overloaded { retry_after: LATER }),
            Err(WriteError::Unavailable) => Err(SubmitError::Unavailable { retry_after: LATER }),
            Err(WriteError::Failed) => Err(SubmitError::Failed),
        }
    }

    fn read_request(
        &self,
        record: &BudgetRecord,
        request: &SubmitRequest,
        caller: &Caller,
    ) -> Result<NewSubmission, SubmitError> {
        let mut errors = Vec::new();
        let id = match request.id.as_deref() {
            None => Ok(self.new_id()),
            Some(text) => text.parse::<SubmissionId>().map_err(|error| vec![FieldError::new("id", error.to_string())]),
        };
        let id = keep(id, &mut errors);
        let allocation = keep(Allocation::from_map(&record.budget, &request.points), &mut errors);
        let segments = keep(record.budget.read_segments(&request.segments), &mut errors);
        match (id, allocation, segments) {
            (Some(id), Some(allocation), Some(segments)) => {
                Ok(NewSubmission { id, budget: record.id, participant: caller.participant, allocation, segments })
            }
            _ => Err(SubmitError::Invalid(errors)),
        }
    }

    /// Whoever is over a limit may still repeat what is stored already; `None` = that was not charged.
    async fn charge(
        &self,
        caller: &Caller,
        submission: &NewSubmission,
        brought_id: bool,
    ) -> Result<Option<Charged>, SubmitError> {
        let retry_after = match self.limits().charge(caller).await {
            Ok(charged) => return Ok(Some(charged)),
            Err(retry_after) => retry_after,
        };
        if brought_id {
            let known = self.store().lookup(&[submission.id]).await;
            if let Ok([Some(Lookup::Found(stored))]) = known.as_deref()
                && is_replay(stored, submission)
            {
                return Ok(None);
            }
        }
        Err(SubmitError::RateLimited { retry_after })
    }

    fn answer(&self, record: &BudgetRecord, id: SubmissionId, outcome: Outcome) -> Result<Submitted, SubmitError> {
        let submitted = |version: Version, counted, replayed| {
            let receipt = Receipt {
                id: id.to_string(),
                budget: record.budget.slug.clone(),
                counted,
                version: version.0,
                manage: self.keys().manage_token(id),
            };
            Ok(Submitted { receipt, replayed })
        };
        match outcome {
            Outcome::Counted { version } => submitted(version, true, false),
            Outcome::Superseded { version } => submitted(version, false, false),
            Outcome::Replayed { version, counted } => submitted(version, counted, true),
            Outcome::Conflict => Err(SubmitError::Conflict),
            Outcome::Deleted => Err(SubmitError::Deleted),
            Outcome::IdOutOfRange => Err(SubmitError::Invalid(vec![FieldError::new(
                "id",
                "must carry a time from 90 days ago to one day ahead; check the clock of the device",
            )])),
            Outcome::Closed => Err(SubmitError::Closed),
            Outcome::UnknownBudget => Err(SubmitError::UnknownBudget),
        }
    }
}

/// The value, or its complaints onto the others'.
fn keep<T>(result: Result<T, Vec<FieldError>>, errors: &mut Vec<FieldError>) -> Option<T> {
    result.map_err(|more| errors.extend(more)).ok()
}

fn is_replay(stored: &StoredSubmission, sent: &NewSubmission) -> bool {
    stored.budget == sent.budget && stored.allocation == sent.allocation && stored.segments == sent.segments
}
