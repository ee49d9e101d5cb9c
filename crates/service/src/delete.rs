//! Use case: delete a submission.

use crate::{
    allot::Allot,
    caller::Authority,
    port::{BudgetId, Deletion, Lookup, StoreError, StoreResult, StoredSubmission, Version},
    repeat::repeated,
};
use domain::SubmissionId;
use std::sync::atomic::{AtomicBool, Ordering};

/// Why nothing was deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteError {
    /// No such id.
    #[error("there is no such submission")]
    Unknown,
    /// It was deleted before.
    #[error("the submission was deleted before")]
    AlreadyDeleted,
    /// Neither its participant nor in possession of its manage token.
    #[error("this submission belongs to somebody else")]
    Forbidden,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Allot {
    /// Whether somebody may delete or export this submission. The shareable id alone never suffices; who knows the points
    /// too gets the token from a replay.
    #[must_use]
    pub fn may_manage(&self, submission: &StoredSubmission, authority: &Authority) -> bool {
        match authority {
            Authority::Participant(participant) => submission.participant == Some(*participant),
            Authority::Manage(token) => self.keys().verify_manage(submission.id, token),
            Authority::Operator => true,
        }
    }

    /// Deletes it; answers the version of the aggregate without it, which this process shows from now on.
    ///
    /// # Errors
    /// See [`DeleteError`].
    pub async fn delete(&self, id: SubmissionId, authority: &Authority) -> Result<Version, DeleteError> {
        // What decides is never read from a replica.
        match self.store().lookup(&[id]).await?.pop().flatten() {
            None => Err(DeleteError::Unknown),
            Some(Lookup::Deleted) => Err(DeleteError::AlreadyDeleted),
            Some(Lookup::Found(submission)) if !self.may_manage(&submission, authority) => Err(DeleteError::Forbidden),
            Some(Lookup::Found(submission)) => self.delete_known(id, submission.budget).await,
        }
    }

    async fn delete_known(&self, id: SubmissionId, budget: BudgetId) -> Result<Version, DeleteError> {
        let unknown = AtomicBool::new(false);
        let deletion = repeated(|| async {
            let deletion = self.store().delete(id, self.now()).await;
            unknown.fetch_or(matches!(deletion, Err(StoreError::OutcomeUnknown(_))), Ordering::Relaxed);
            deletion
        });
        let version = match deletion.await? {
            Deletion::Deleted { version, .. } => version,
            // It was there a moment ago, so the attempt of unknown outcome has deleted it.
            Deletion::AlreadyDeleted if unknown.into_inner() => self.head(budget).await?,
            Deletion::AlreadyDeleted => return Err(DeleteError::AlreadyDeleted),
            Deletion::Unknown => return Err(DeleteError::Unknown),
        };
        self.aggregates().require(budget, version);
        Ok(version)
    }

    async fn head(&self, budget: BudgetId) -> StoreResult<Version> {
        let heads = self.store().heads().await?;
        Ok(heads.into_iter().find(|head| head.budget == budget).map(|head| head.version).unwrap_or_default())
    }
}
