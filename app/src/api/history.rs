//! A participant's own submissions.

use super::{Listed, budget};
use crate::locale::Language;
use domain::dto::SubmissionView;
use service::{
    Allot,
    port::{Participant, StoreResult, StoredSubmission},
};

/// So many are on a page.
const LENGTH: u32 = 200;

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

/// One page of a participant's submissions.
pub(crate) struct HistoryPage {
    /// Newest first.
    pub past: Vec<Past>,
    /// How many are newer than the page before this one begins with, if there is one.
    pub newer: Option<u32>,
    /// How many are newer than the page after this one begins with, if there is one.
    pub older: Option<u32>,
}

/// A participant's submissions after the newest `skip`.
pub(crate) async fn history(
    allot: &Allot,
    language: Language,
    participant: Participant,
    skip: u32,
) -> StoreResult<HistoryPage> {
    let next = skip.saturating_add(LENGTH);
    // One more tells whether there is another page.
    let stored = allot.history(participant, next.saturating_add(1)).await?;
    let page = stored.iter().skip(skip as usize).take(LENGTH as usize);
    Ok(HistoryPage {
        past: page.filter_map(|stored| Past::of(allot, language, stored)).collect(),
        newer: (skip > 0).then(|| skip.saturating_sub(LENGTH)),
        older: (stored.len() > next as usize).then_some(next),
    })
}
