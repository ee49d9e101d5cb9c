//! The bulk path: who counts among many new rows, and what that changes.

use crate::port::{BudgetId, BulkSubmission, Participant, StoredSubmission, Version};
use domain::{Allocation, summary::Summary};
use std::collections::{HashMap, hash_map::Entry};

/// New rows of one budget. Within them, the newest of each participant counts.
#[derive(Debug)]
pub struct Load {
    rows: Vec<StoredSubmission>,
    /// The place of each participant's newest row.
    newest: HashMap<Participant, usize>,
}

/// Rows to insert, and what they do to what was there.
#[derive(Debug)]
pub struct Loaded {
    /// As they are to be stored.
    pub rows: Vec<StoredSubmission>,
    /// Rows from before that no longer count.
    pub uncounted: Vec<StoredSubmission>,
    /// What the summary gets.
    pub change: Summary,
}

impl Load {
    /// # Errors
    /// Which submission's points do not fit, and how.
    pub fn new(
        budget: BudgetId,
        version: Version,
        batch: Vec<BulkSubmission>,
        categories: usize,
    ) -> Result<Self, String> {
        let row = |new| row(budget, version, new, categories);
        let mut load = Self { rows: batch.into_iter().map(row).collect::<Result<_, _>>()?, newest: HashMap::new() };
        for at in 0..load.rows.len() {
            load.supersede_within(at);
        }
        Ok(load)
    }

    fn supersede_within(&mut self, at: usize) {
        let Some(participant) = self.rows[at].participant else { return };
        match self.newest.entry(participant) {
            Entry::Vacant(first) => {
                first.insert(at);
            }
            Entry::Occupied(mut other) => {
                let known = *other.get();
                let known_is_newer = self.rows[known].rank() > self.rows[at].rank();
                let (older, newer) = if known_is_newer { (at, known) } else { (known, at) };
                self.rows[older].counted = false;
                other.insert(newer);
            }
        }
    }

    /// As they will be stored, except for who counted before.
    #[must_use]
    pub fn rows(&self) -> &[StoredSubmission] {
        &self.rows
    }

    /// Whose counted submissions from before [`Self::settle`] needs.
    pub fn participants(&self) -> impl Iterator<Item = Participant> {
        self.newest.keys().copied()
    }

    /// Decides between the new rows and what counted before.
    #[must_use]
    pub fn settle(mut self, counted_before: Vec<StoredSubmission>) -> Loaded {
        let mut uncounted = Vec::new();
        for before in counted_before {
            let Some(&at) = before.participant.as_ref().and_then(|known| self.newest.get(known)) else { continue };
            if before.rank() > self.rows[at].rank() {
                self.rows[at].counted = false;
            } else {
                uncounted.push(before);
            }
        }
        let mut change = Summary::default();
        uncounted.iter().for_each(|row| change.count(&row.entry(), -1));
        self.rows.iter().filter(|row| row.counted).for_each(|row| change.count(&row.entry(), 1));
        Loaded { rows: self.rows, uncounted, change }
    }
}

fn row(budget: BudgetId, version: Version, new: BulkSubmission, categories: usize) -> Result<StoredSubmission, String> {
    let allocation = Allocation::from_points(&new.points, categories)
        .map_err(|error| format!("{}: {} {}", new.id, error.field, error.message))?;
    Ok(StoredSubmission {
        id: new.id,
        budget,
        participant: new.participant,
        effective: new.id.time(),
        version,
        allocation,
        segments: new.segments,
        counted: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{SubmissionId, Timestamp, summary::CellKey};

    fn new(at: i64, participant: Option<u64>, points: [u16; 2]) -> BulkSubmission {
        let id = SubmissionId::from_parts(Timestamp::from_millis(at), [0; 10]);
        BulkSubmission {
            id,
            participant: participant.map(Participant),
            points: points.into(),
            segments: Box::default(),
        }
    }

    fn load(batch: Vec<BulkSubmission>) -> Load {
        Load::new(BudgetId(1), Version(9), batch, 2).unwrap()
    }

    #[test]
    fn the_newest_of_each_participant_counts_in_whatever_order_they_come() {
        let whole = [10_000, 0];
        let load =
            load(vec![new(2, Some(1), whole), new(1, Some(1), whole), new(3, Some(2), whole), new(1, None, whole)]);
        let counted: Vec<_> = load.rows().iter().map(|row| row.counted).collect();
        assert_eq!(counted, [true, false, true, true]);
        assert_eq!(load.settle(Vec::new()).change.cell(CellKey::Total).unwrap().people(), 3);
    }

    #[test]
    fn what_counted_before_stays_only_if_it_is_newer() {
        let before = |at| load(vec![new(at, Some(1), [0, 10_000])]).rows;
        let batch = || vec![new(5, Some(1), [10_000, 0])];
        let older = load(batch()).settle(before(4));
        assert_eq!((older.uncounted.len(), older.rows[0].counted), (1, true));
        assert_eq!(older.change.cell(CellKey::Total).unwrap().categories()[0].sum, 10_000);
        let newer = load(batch()).settle(before(6));
        assert_eq!((newer.uncounted.len(), newer.rows[0].counted), (0, false));
        assert!(newer.change.is_empty());
    }

    #[test]
    fn points_that_do_not_fit_are_named_by_their_submission() {
        let error = Load::new(BudgetId(1), Version(9), vec![new(5, None, [1, 2])], 2).unwrap_err();
        assert!(error.starts_with(&new(5, None, [1, 2]).id.to_string()), "{error}");
    }
}
