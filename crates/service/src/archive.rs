//! Use case: take old submissions out of the database without changing what is counted.
//!
//! A month is archived when nothing of it can be submitted any more. What counts of it and belongs to nobody becomes
//! archived cells; what a participant has superseded is forgotten; what counts for a participant stays, because a
//! newer submission or a deletion must find it. So the submissions and the archived cells still add up to the summary.

use crate::{
    allot::Allot,
    port::{Archivable, Archived, StoreError},
    repeat::repeated,
};
use domain::{Month, Timestamp, submission_id};

/// Days after the end of a month until it may be archived.
pub const AFTER_DAYS: i64 = 120;

/// An archived id is unknown, and must be too old to be taken as a new one. The days between are for clocks that
/// differ.
const _: () = assert!(AFTER_DAYS >= submission_id::OLDEST_DAYS + 30);

/// Submissions of one step: the writers of the budget wait for it.
const STEP: u32 = 5000;

/// Why nothing was archived, or not all of it.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// Ids of the month before may still come.
    #[error("only what was submitted before {newest} can be archived yet")]
    TooNew {
        /// The newest month that may be given.
        newest: Month,
    },
    /// The database. What was archived before stays so.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archiving {
    /// Slug.
    pub budget: String,
    /// What was found before.
    pub found: Archivable,
}

/// The newest month before which everything may be archived at `now`.
#[must_use]
pub fn newest(now: Timestamp) -> Month {
    Month::of(now.plus_days(-AFTER_DAYS).day())
}

impl Allot {
    fn bound(&self, before: Option<Month>) -> Result<Month, ArchiveError> {
        let newest = newest(self.now());
        match before {
            Some(before) if before > newest => Err(ArchiveError::TooNew { newest }),
            before => Ok(before.unwrap_or(newest)),
        }
    }

    /// What [`Self::archive`] would do.
    ///
    /// # Errors
    /// See [`ArchiveError`].
    pub async fn archivable(&self, before: Option<Month>) -> Result<(Month, Vec<Archiving>), ArchiveError> {
        let before = self.bound(before)?;
        let mut found = Vec::new();
        for record in self.catalogue().all() {
            let one = self.store().archivable(record.id, before).await?;
            found.push(Archiving { budget: record.budget.slug.clone(), found: one });
        }
        Ok((before, found))
    }

    /// Archives what is from before this month (the newest possible one, if none is given), of all budgets. Submissions
    /// go on meanwhile. May be stopped at any moment: what is done is done, and the next run goes on. `progress`
    /// gets the number of submissions taken away so far.
    ///
    /// # Errors
    /// See [`ArchiveError`].
    pub async fn archive(&self, before: Option<Month>, progress: &(dyn Fn(u64) + Sync)) -> Result<u64, ArchiveError> {
        let before = self.bound(before)?;
        let mut archived = 0;
        for record in self.catalogue().all() {
            let mut after = None;
            loop {
                let step = repeated(|| self.store().archive(record.id, before, after, STEP)).await?;
                let Archived { counted, superseded, last: Some(last) } = step else { break };
                archived += counted + superseded;
                progress(archived);
                after = Some(last);
            }
        }
        Ok(archived)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_may_be_archived_120_days_after_its_end() {
        let july = "2026-07".parse::<Month>().unwrap().start();
        let later = |millis: i64| Timestamp::from_millis(july.as_millis() + AFTER_DAYS * 86_400_000 + millis);
        assert_eq!(newest(later(0)).to_string(), "2026-07");
        assert_eq!(newest(later(-1)).to_string(), "2026-06");
    }
}
