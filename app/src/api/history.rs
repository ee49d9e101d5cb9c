//! A participant's own submissions.

use super::{Listed, budget};
use crate::locale::Language;
use domain::dto::SubmissionView;
use service::{
    Allot,
    port::{Participant, StoreResult, StoredSubmission},
};

/// So many are listed, and asked for when looking for the last of a budget.
const LIMIT: u32 = 200;

/// One submission of a participant.
#[derive(Clone, Debug)]
pub(crate) struct Past {
    pub listed: Listed,
    pub view: SubmissionView,
    /// In category order.
    pub points: Vec<u16>,
}

impl Past {
    /// With its budget; `None` when that is not in the catalogue.
    pub(crate) fn of(allot: &Allot, language: Language, stored: &StoredSubmission) -> Option<Self> {
        let view = allot.submission_view(stored)?;
        let listed = budget(allot, language, &view.budget)?;
        Some(Self { listed, view, points: stored.allocation.points().to_vec() })
    }

    /// All that a participant has, however many, newest first: to take along, or to delete.
    pub(crate) async fn all(allot: &Allot, language: Language, participant: Participant) -> StoreResult<Vec<Self>> {
        let stored = allot.history(participant, u32::MAX).await?;
        Ok(stored.iter().filter_map(|stored| Self::of(allot, language, stored)).collect())
    }
}

/// A participant's newest submissions, newest first.
pub(crate) async fn history(allot: &Allot, language: Language, participant: Participant) -> StoreResult<Vec<Past>> {
    let stored = allot.history(participant, LIMIT).await?;
    Ok(stored.iter().filter_map(|stored| Past::of(allot, language, stored)).collect())
}

/// The points of the participant's counted submission to a budget.
pub(crate) fn last_points(history: &[Past], slug: &str) -> Option<Vec<u16>> {
    history.iter().find(|past| past.view.budget == slug && past.view.counted).map(|past| past.points.clone())
}
