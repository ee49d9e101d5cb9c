//! One submission beside everyone's and the actual spending.

use super::{Everyone, Listed, budget, everyone};
use crate::locale::Language;
use domain::{
    Budget, SubmissionId,
    dto::SubmissionView,
    statistics::{agreement, percentile},
};
use service::{
    Allot, Authority,
    port::{Lookup, Participant, StoreResult, Version},
};

/// What is behind an id.
pub(crate) enum Found {
    /// A submission.
    Submission(Box<Mine>),
    /// It was deleted.
    Deleted,
    /// Nothing.
    Nothing,
}

/// One submission.
pub(crate) struct Mine {
    pub listed: Listed,
    pub view: SubmissionView,
    /// In category order.
    pub points: Vec<u16>,
    /// Whether the visitor's cookie is that of the submission.
    pub is_own: bool,
    version: Version,
}

/// Mine, everyone's and the actual shares of one budget, all in category order.
pub(crate) struct Comparison {
    pub listed: Listed,
    pub view: SubmissionView,
    pub mine: Vec<u16>,
    pub everyone: Everyone,
    /// The mean of everyone; `None` when nobody counts.
    pub mean: Option<Vec<u16>>,
    /// Per category, in hundredths of a percent of the people.
    pub percentiles: Vec<Option<u16>>,
    pub actual: Option<Vec<u16>>,
}

impl Comparison {
    pub(crate) fn budget(&self) -> &Budget {
        &self.listed.budget
    }

    /// Agreement with everyone's mean, in hundredths of a percent.
    pub(crate) fn agreement_with_everyone(&self) -> Option<u16> {
        self.mean.as_ref().map(|mean| agreement(&self.mine, mean))
    }

    /// Agreement with the actual spending, in hundredths of a percent.
    pub(crate) fn agreement_with_actual(&self) -> Option<u16> {
        self.actual.as_ref().map(|actual| agreement(&self.mine, actual))
    }
}

/// The submission of an id.
pub(crate) async fn submission(
    allot: &Allot,
    language: Language,
    id: SubmissionId,
    visitor: Option<Participant>,
) -> StoreResult<Found> {
    let stored = match allot.submission(id).await? {
        None => return Ok(Found::Nothing),
        Some(Lookup::Deleted) => return Ok(Found::Deleted),
        Some(Lookup::Found(stored)) => stored,
    };
    let Some(view) = allot.submission_view(&stored) else { return Ok(Found::Nothing) };
    let Some(listed) = budget(allot, language, &view.budget) else { return Ok(Found::Nothing) };
    Ok(Found::Submission(Box::new(Mine {
        is_own: visitor.is_some_and(|visitor| allot.may_manage(&stored, &Authority::Participant(visitor))),
        points: stored.allocation.points().to_vec(),
        version: stored.version,
        listed,
        view,
    })))
}

impl Mine {
    /// Beside what everyone said, this submission included; `None` when its budget is gone.
    pub(crate) async fn beside_everyone(self, allot: &Allot) -> StoreResult<Option<Comparison>> {
        let Some(everyone) = everyone(allot, &self.view.budget, Some(self.version)).await? else { return Ok(None) };
        let totals = everyone.total.categories().iter();
        let percentiles = totals.zip(&self.points).map(|(totals, &points)| percentile(totals, points)).collect();
        Ok(Some(Comparison {
            actual: self.listed.budget.actual_points(),
            mean: everyone.mean(),
            listed: self.listed,
            view: self.view,
            mine: self.points,
            everyone,
            percentiles,
        }))
    }
}
