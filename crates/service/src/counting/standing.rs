//! Whether every participant has exactly one counted submission, the newest; in 16 bytes each.

use crate::port::{Participant, StoredSubmission};
use domain::Timestamp;
use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    hash::{BuildHasherDefault, Hasher},
};

/// What is known of one participant while the rows pass by: the newest effective time in milliseconds (48
/// bits, as in a UUID v7), whether that row counts, and how many rows count (up to "more than one").
#[derive(Clone, Copy)]
struct Standing(u64);

impl Standing {
    const NEWEST_COUNTS: u64 = 1 << 48;
    const ONE: u64 = 1 << 49;
    const MORE: u64 = 1 << 50;
    const TIME: u64 = Self::NEWEST_COUNTS - 1;

    fn first(at: u64, counts: bool) -> Self {
        Self(at).newest_counts(counts).one_more(counts)
    }

    fn newest_counts(self, counts: bool) -> Self {
        if counts { Self(self.0 | Self::NEWEST_COUNTS) } else { self }
    }

    fn one_more(self, counts: bool) -> Self {
        match (counts, self.0 & Self::ONE) {
            (false, _) => self,
            (true, 0) => Self(self.0 | Self::ONE),
            (true, _) => Self(self.0 | Self::MORE),
        }
    }

    /// A row that is newer than all before.
    fn newer(self, at: u64, counts: bool) -> Self {
        Self(self.0 & (Self::ONE | Self::MORE) | at).newest_counts(counts)
    }

    fn is_right(self) -> bool {
        self.0 & !Self::TIME == Self::NEWEST_COUNTS | Self::ONE
    }
}

/// Participants are random numbers already; this only spreads their bits (Fibonacci hashing, Knuth, The Art
/// of Computer Programming 3, 6.4).
#[derive(Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, value: u64) {
        let spread = (self.0 ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = spread ^ (spread >> 32);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Everybody who was met in a scan over one budget.
#[derive(Default)]
pub struct Participants {
    known: HashMap<u64, Standing, BuildHasherDefault<Spread>>,
    /// Who has two rows of the same millisecond, where version and id decide: looked up one by one.
    ties: HashSet<u64>,
}

impl Participants {
    /// A row of theirs passes by.
    pub fn meet(&mut self, Participant(participant): Participant, effective: Timestamp, counts: bool) {
        let at = effective.as_millis().max(0).cast_unsigned() & Standing::TIME;
        match self.known.entry(participant) {
            Entry::Vacant(new) => {
                new.insert(Standing::first(at, counts));
            }
            Entry::Occupied(mut known) => {
                let standing = known.get_mut();
                let newest = standing.0 & Standing::TIME;
                if at == newest {
                    self.ties.insert(participant);
                } else if at > newest {
                    *standing = standing.newer(at, counts);
                }
                *standing = standing.one_more(counts);
            }
        }
    }

    /// How many are wrong for sure, without those of [`Self::ties`].
    #[must_use]
    pub fn wrong(&self) -> u64 {
        let clear = self.known.iter().filter(|(participant, _)| !self.ties.contains(participant));
        clear.filter(|(_, standing)| !standing.is_right()).count() as u64
    }

    /// Whose rows the store must look at by [`is_right`], in the snapshot whose rows were met.
    pub fn ties(&self) -> impl Iterator<Item = Participant> {
        self.ties.iter().copied().map(Participant)
    }
}

/// Whether of all rows of one participant to one budget exactly the newest counts.
#[must_use]
pub fn is_right(mut rows: Vec<StoredSubmission>) -> bool {
    rows.sort_unstable_by_key(StoredSubmission::rank);
    rows.pop().is_some_and(|newest| newest.counted) && !rows.iter().any(|older| older.counted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::port::{BudgetId, Version};
    use domain::{Allocation, SubmissionId};

    fn wrong(rows: &[(u64, i64, bool)]) -> u64 {
        let mut participants = Participants::default();
        for &(participant, at, counts) in rows {
            participants.meet(Participant(participant), Timestamp::from_millis(at), counts);
        }
        assert!(participants.ties.is_empty());
        participants.wrong()
    }

    #[test]
    fn exactly_the_newest_has_to_count_in_whatever_order_the_rows_come() {
        assert_eq!(wrong(&[(1, 5, true), (u64::MAX, 5, true), (2, 7, false), (2, 9, true)]), 0);
        assert_eq!(wrong(&[(2, 9, true), (2, 7, false), (2, 8, false)]), 0);
        assert_eq!(wrong(&[(1, 5, false)]), 1, "nothing counts");
        assert_eq!(wrong(&[(1, 5, true), (1, 6, true)]), 1, "two count");
        assert_eq!(wrong(&[(1, 6, true), (1, 5, true)]), 1, "two count, the older met later");
        assert_eq!(wrong(&[(1, 5, true), (1, 6, false)]), 1, "the older counts");
        assert_eq!(wrong(&[(1, 6, false), (1, 5, true)]), 1, "the older counts, met later");
        assert_eq!(wrong(&[(1, 4, true), (1, 5, true), (1, 6, true)]), 1, "three count");
    }

    #[test]
    fn the_same_millisecond_is_left_to_version_and_id() {
        let mut participants = Participants::default();
        for counts in [true, false] {
            participants.meet(Participant(1), Timestamp::from_millis(5), counts);
        }
        assert_eq!(participants.ties().collect::<Vec<_>>(), [Participant(1)]);
        assert_eq!(participants.wrong(), 0, "nobody knows yet");
    }

    #[test]
    fn of_the_same_millisecond_the_greater_version_and_then_the_greater_id_has_to_count() {
        let row = |version, id, counted| StoredSubmission {
            id: SubmissionId::from_parts(Timestamp::from_millis(5), [id; 10]),
            budget: BudgetId(1),
            participant: Some(Participant(1)),
            effective: Timestamp::from_millis(5),
            version: Version(version),
            allocation: Allocation::from_points(&[4000, 6000], 2).unwrap(),
            segments: Box::default(),
            counted,
        };
        assert!(is_right(vec![row(2, 1, true), row(1, 9, false)]));
        assert!(!is_right(vec![row(2, 1, false), row(1, 9, true)]));
        assert!(is_right(vec![row(1, 2, true), row(1, 1, false)]));
        assert!(!is_right(vec![row(1, 2, true), row(1, 1, true)]));
        assert!(!is_right(Vec::new()));
    }
}
