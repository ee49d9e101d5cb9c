//! One session of taxbudget: a submission, or why it is none.

use super::ballot::Ballot;
use crate::port::{OldRow, OldShare};
use core::fmt;
use domain::{Allocation, SubmissionId, Timestamp, WHOLE, decimal::parse_hundredths};
use sha2::{Digest, Sha256};

/// More shares than a ballot can have categories, and one to see that there are too many.
const MOST_SHARES: usize = domain::budget::MAX_CATEGORIES + 1;
/// 2005-01-01T00:00:00Z: Django is younger.
const EARLIEST: Timestamp = Timestamp::from_millis(1_104_537_600_000);

/// Why a session is left out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Rows without the name of a session.
    NoKey,
    /// A name that is longer than taxbudget makes any.
    LongKey,
    /// Shares without a submission.
    NotSubmitted,
    /// No time, one in the future, or one before there was Django.
    BadTime,
    /// A submission without shares.
    NoShares,
    /// A share that is no number from 0 to 100 with up to two decimals.
    BadShare(String),
    /// A share of a category that isn't there (any more).
    UnknownCategory(String),
    /// A category twice.
    DuplicateCategory(String),
    /// Not every category has a share.
    Incomplete(usize, usize),
    /// Hundredths of a percent that aren't 100 % together.
    Unbalanced(u64),
    /// It was imported before with other content, or to another budget.
    Changed,
    /// New, but of a month that is archived here: nobody can tell any more whether it counted.
    Archived,
}

impl Reason {
    /// All sessions with the same kind of reason are counted together.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::NoKey => "have no session key",
            Self::LongKey => "have a session key that is too long",
            Self::NotSubmitted => "were not submitted",
            Self::BadTime => "have no valid time",
            Self::NoShares => "have no allocations",
            Self::BadShare(_) => "have a percentage that is none",
            Self::UnknownCategory(_) => "have a category that does not exist",
            Self::DuplicateCategory(_) => "have a category twice",
            Self::Incomplete(..) => "do not have every category",
            Self::Unbalanced(_) => "do not sum to 100 %",
            Self::Changed => "were imported before with other content, or to another budget",
            Self::Archived => "are of a month that is archived here",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadShare(what) => write!(f, "the percentage {what} is not from 0 to 100 with up to two decimals"),
            Self::UnknownCategory(id) => write!(f, "there is no category {id}"),
            Self::DuplicateCategory(name) => write!(f, "{name} comes twice"),
            Self::Incomplete(has, of) => write!(f, "has {has} of {of} categories"),
            Self::Unbalanced(sum) => write!(f, "sums to {}.{:02} %", sum / 100, sum % 100),
            Self::NoKey => f.write_str("a row without a session key"),
            Self::LongKey => f.write_str("the session key is longer than 255 bytes"),
            Self::NotSubmitted => f.write_str("was not submitted"),
            Self::BadTime => f.write_str("the time is missing, in the future or before 2005"),
            Self::NoShares => f.write_str("has no allocations"),
            Self::Changed => f.write_str("was imported before with other content, or to another budget"),
            Self::Archived => f.write_str("is of a month that is archived here"),
        }
    }
}

/// The rows of one session.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) key: Option<String>,
    submitted: bool,
    at: Option<Timestamp>,
    shares: Vec<OldShare>,
}

/// What a session says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Submission {
    pub(super) key: String,
    pub(super) id: SubmissionId,
    pub(super) allocation: Allocation,
}

impl Session {
    pub(super) fn begin(row: OldRow) -> Self {
        let shares = row.share.into_iter().collect();
        Self { key: row.session_key, submitted: row.submitted, at: row.at, shares }
    }

    /// Whether the row is of this session. Each row without a key stands alone.
    pub(super) fn has(&self, row: &OldRow) -> bool {
        self.key.is_some() && self.key == row.session_key
    }

    pub(super) fn add(&mut self, row: OldRow) {
        self.submitted |= row.submitted;
        self.at = self.at.max(row.at);
        if self.shares.len() < MOST_SHARES {
            self.shares.extend(row.share);
        }
    }

    pub(super) fn judge(&self, ballot: &Ballot, now: Timestamp) -> Result<Submission, Reason> {
        let key = self.key.as_deref().filter(|key| !key.is_empty()).ok_or(Reason::NoKey)?;
        if key.len() > crate::moving::legacy::LONGEST_NAME {
            return Err(Reason::LongKey);
        }
        if !self.submitted {
            return Err(Reason::NotSubmitted);
        }
        let at = self.at.filter(|at| (EARLIEST..=now).contains(at)).ok_or(Reason::BadTime)?;
        let allocation = self.allocation(ballot)?;
        Ok(Submission { key: key.to_owned(), id: id(key, at), allocation })
    }

    fn allocation(&self, ballot: &Ballot) -> Result<Allocation, Reason> {
        if self.shares.is_empty() {
            return Err(Reason::NoShares);
        }
        let mut points: Vec<Option<u16>> = vec![None; ballot.len()];
        for share in &self.shares {
            let named = || share.category.map_or_else(|| "NULL".to_owned(), |id| id.to_string());
            let place = share.category.and_then(|id| ballot.position(id));
            let place =
                place.and_then(|place| points.get_mut(place)).ok_or_else(|| Reason::UnknownCategory(named()))?;
            let text = share.percentage.as_deref().unwrap_or("NULL");
            let value = hundredths(text).ok_or_else(|| Reason::BadShare(shortened(text)))?;
            if place.replace(value).is_some() {
                return Err(Reason::DuplicateCategory(named()));
            }
        }
        let given: Vec<u16> = points.iter().copied().flatten().collect();
        if given.len() != points.len() {
            return Err(Reason::Incomplete(given.len(), points.len()));
        }
        let sum = given.iter().map(|&points| u64::from(points)).sum();
        Allocation::from_points(&given, given.len()).map_err(|_| Reason::Unbalanced(sum))
    }
}

/// Both databases write a number as they like: `25`, `25.0`, `25.00`.
fn hundredths(text: &str) -> Option<u16> {
    let text = text.trim();
    let text = match text.split_once('.') {
        Some((_, decimals)) if decimals.len() > 2 => {
            let rest = decimals.len() - decimals.trim_end_matches('0').len();
            &text[..text.len() - rest.min(decimals.len() - 2)]
        }
        _ => text,
    };
    // A comma is nothing that a database writes.
    let value = parse_hundredths(text).ok().filter(|_| !text.contains(','))?;
    u16::try_from(value).ok().filter(|value| *value <= WHOLE)
}

/// What a report may quote of a field that can hold anything.
fn shortened(text: &str) -> String {
    text.chars().take(20).flat_map(char::escape_debug).collect()
}

/// The same session always gets the same id.
fn id(key: &str, at: Timestamp) -> SubmissionId {
    let mut hash = Sha256::new();
    hash.update(b"allot id of a taxbudget session\0");
    hash.update(key.as_bytes());
    let mut random = [0; 10];
    random.copy_from_slice(&hash.finalize()[..10]);
    SubmissionId::from_parts(at, random)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_read_as_both_databases_write_it() {
        for (text, points) in [
            ("25", Some(2500)),
            ("25.0", Some(2500)),
            ("33.33", Some(3333)),
            ("33.3300", Some(3333)),
            ("0.00", Some(0)),
            ("100.00", Some(10_000)),
            ("100.01", None),
            ("33.333", None),
            ("-5", None),
            ("NaN", None),
            ("NULL", None),
            ("", None),
            ("1e1", None),
            ("12,5", None),
        ] {
            assert_eq!(hundredths(text), points, "{text}");
        }
    }

    #[test]
    fn an_id_says_when_and_is_the_same_every_time() {
        let at = Timestamp::from_millis(1_766_000_000_123);
        assert_eq!(id("a", at).time(), at);
        assert_eq!(id("a", at), id("a", at));
        assert_ne!(id("a", at), id("b", at));
    }
}
