//! A submission that waits for its outcome, with what it was charged.

use crate::{
    limits::{Charged, SubmissionLimits},
    port::Outcome,
    writer::{Waiting, WriteError},
};
use std::sync::Arc;
use tokio::runtime::Handle;

/// The outcome settles the charge, also when whoever asked has gone away. Giving it back at once would make going away
/// free of charge, as what is queued may yet be counted; keeping it would charge for what never came about.
pub(crate) struct Pending<'a> {
    waiting: Option<Waiting>,
    /// `None` = it was not charged, or that is settled.
    charged: Option<Charged>,
    limits: &'a Arc<SubmissionLimits>,
}

impl<'a> Pending<'a> {
    pub(crate) fn new(waiting: Waiting, charged: Option<Charged>, limits: &'a Arc<SubmissionLimits>) -> Self {
        Self { waiting: Some(waiting), charged, limits }
    }

    /// What comes of it.
    pub(crate) async fn outcome(mut self) -> Result<Outcome, WriteError> {
        let Some(waiting) = &mut self.waiting else { return Err(WriteError::Failed) };
        let outcome = waiting.outcome().await;
        if let Some(charged) = self.charged.take() {
            settle(self.limits, charged, &outcome).await;
        }
        outcome
    }
}

impl Drop for Pending<'_> {
    fn drop(&mut self) {
        if let Some(charged) = self.charged.take()
            && let Some(mut waiting) = self.waiting.take()
            && let Ok(runtime) = Handle::try_current()
        {
            let limits = Arc::clone(self.limits);
            runtime.spawn(async move { settle(&limits, charged, &waiting.outcome().await).await });
        }
    }
}

/// Gives back what was charged for nothing.
async fn settle(limits: &SubmissionLimits, charged: Charged, outcome: &Result<Outcome, WriteError>) {
    let costs = match outcome {
        Ok(Outcome::Counted { .. } | Outcome::Superseded { .. }) => true,
        // These say something about a guess at an id: they cost, or guessing would be free.
        Ok(Outcome::Conflict | Outcome::Deleted) => true,
        Ok(Outcome::Replayed { .. } | Outcome::IdOutOfRange | Outcome::Closed | Outcome::UnknownBudget) | Err(_) => {
            false
        }
    };
    if !costs {
        limits.refund(charged).await;
    }
}
