//! Use case: delete a submission.

use crate::{
    allot::Allot,
    caller::Authority,
    port::{Deletion, Lookup, StoreError, StoredSubmission, Version},
};
use domain::SubmissionId;

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
    /// Whether somebody may delete or export this submission. The shareable id alone never suffices.
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
        match self.submission(id).await? {
            None => return Err(DeleteError::Unknown),
            Some(Lookup::Deleted) => return Err(DeleteError::AlreadyDeleted),
            Some(Lookup::Found(submission)) if !self.may_manage(&submission, authority) => {
                return Err(DeleteError::Forbidden);
            }
            Some(Lookup::Found(_)) => {}
        }
        match self.store().delete(id, self.now()).await? {
            Deletion::Deleted { budget, version } => {
                self.aggregates().require(budget, version);
                Ok(version)
            }
            Deletion::AlreadyDeleted => Err(DeleteError::AlreadyDeleted),
            Deletion::Unknown => Err(DeleteError::Unknown),
        }
    }
}
