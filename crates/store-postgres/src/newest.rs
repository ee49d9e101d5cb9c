//! Which of a participant's submissions counts.

use domain::{SubmissionId, Timestamp};
use service::port::{StoredSubmission, Version};

/// The newest is the greatest.
pub(crate) type Rank = (Timestamp, Version, SubmissionId);

pub(crate) fn rank(submission: &StoredSubmission) -> Rank {
    (submission.effective, submission.version, submission.id)
}
