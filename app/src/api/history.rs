//! A participant's own submissions.

use super::{Listed, budget};
use domain::dto::SubmissionView;
use service::{
    Allot,
    port::{Participant, StoreResult},
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

/// All of a participant's submissions, newest first.
pub(crate) async fn history(allot: &Allot, participant: Participant) -> StoreResult<Vec<Past>> {
    let stored = allot.history(participant, LIMIT).await?;
    Ok(stored
        .into_iter()
        .filter_map(|stored| {
            let view = allot.submission_view(&stored)?;
            let listed = budget(allot, &view.budget)?;
            Some(Past { listed, view, points: stored.allocation.points().to_vec() })
        })
        .collect())
}

/// The points of the participant's counted submission to a budget.
pub(crate) fn last_points(history: &[Past], slug: &str) -> Option<Vec<u16>> {
    history.iter().find(|past| past.view.budget == slug && past.view.counted).map(|past| past.points.clone())
}
