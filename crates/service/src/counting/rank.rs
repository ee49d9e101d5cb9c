//! Which of a participant's submissions counts.

use crate::port::{StoredSubmission, Version};
use domain::{SubmissionId, Timestamp, summary::Entry};

/// The newest is the greatest.
pub type Rank = (Timestamp, Version, SubmissionId);

impl StoredSubmission {
    /// Decides which one of a participant's counts: the greatest.
    #[must_use]
    pub fn rank(&self) -> Rank {
        (self.effective, self.version, self.id)
    }

    /// What it adds to a summary while it counts.
    #[must_use]
    pub fn entry(&self) -> Entry {
        Entry { day: self.effective.day(), segments: self.segments.clone(), points: self.allocation.points().into() }
    }
}
