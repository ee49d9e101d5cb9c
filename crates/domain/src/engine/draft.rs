//! What a browser keeps of a ballot over a reload.
//!
//! A draft names its categories, so that it still means the same when the budget has changed meanwhile. It
//! carries no history: undo begins anew after a reload. As JSON:
//! `{"auto":true,"shares":[["healthcare",2500,false],["education",0,true]]}`.

use super::{Ballot, State};
use crate::{WHOLE, budget::MAX_CATEGORIES};
use serde::{Deserialize, Serialize};

/// A ballot in its stored form. Whatever was stored deserialises or fails; nothing about it is trusted until
/// [`Draft::restore`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    auto: bool,
    /// Category, points, locked.
    shares: Vec<(String, u16, bool)>,
}

/// A ballot read from a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// As it was, without history.
    pub ballot: Ballot,
    /// The budget has other categories than the draft: new ones are at zero, and the points of those that
    /// are gone are left. Worth telling.
    pub categories_changed: bool,
}

impl Ballot {
    /// The draft of this ballot; `categories` are its budget's slugs in order.
    #[must_use]
    pub fn draft<'a>(&self, categories: impl IntoIterator<Item = &'a str>) -> Draft {
        let points = self.points().iter().enumerate();
        let share = |(slug, (i, &points)): (&str, (usize, &u16))| (slug.to_owned(), points, self.is_locked(i));
        Draft { auto: self.auto_balance(), shares: categories.into_iter().zip(points).map(share).collect() }
    }
}

impl Draft {
    /// The ballot for a budget with these categories, slugs in order. `None` when the draft is damaged: a
    /// category twice, or more than 10 000 points in all.
    #[must_use]
    pub fn restore<'a>(&self, categories: impl IntoIterator<Item = &'a str>) -> Option<Restored> {
        let sum: u64 = self.shares.iter().map(|(_, points, _)| u64::from(*points)).sum();
        let twice = |(i, share): (usize, &(String, u16, bool))| self.shares[..i].iter().any(|s| s.0 == share.0);
        if sum > WHOLE.into() || self.shares.len() > MAX_CATEGORIES || self.shares.iter().enumerate().any(twice) {
            return None;
        }
        let mut points = Vec::new();
        let mut locked = 0;
        let mut same_order = true;
        for (i, slug) in categories.into_iter().take(MAX_CATEGORIES).enumerate() {
            let kept = self.shares.iter().find(|share| share.0 == slug);
            same_order &= self.shares.get(i).is_some_and(|share| share.0 == slug);
            points.push(kept.map_or(0, |share| share.1));
            locked |= u64::from(kept.is_some_and(|share| share.2)) << i;
        }
        let categories_changed = !same_order || points.len() != self.shares.len();
        let ballot = Ballot::of(State { points: points.into(), locked, auto_balance: self.auto });
        Some(Restored { ballot, categories_changed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(json: &str) -> Draft {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_draft_survives_a_reload_as_it_was() {
        let mut ballot = Ballot::new(3);
        ballot.set(0, 2500);
        ballot.set(1, 1);
        ballot.toggle_lock(1);
        ballot.set_auto_balance(true);
        let json = serde_json::to_string(&ballot.draft(["a", "b", "c"])).unwrap();
        assert_eq!(json, r#"{"auto":true,"shares":[["a",2500,false],["b",1,true],["c",0,false]]}"#);
        let restored = draft(&json).restore(["a", "b", "c"]).unwrap();
        assert!(!restored.categories_changed);
        assert_eq!(restored.ballot.points(), ballot.points());
        assert!(restored.ballot.is_locked(1) && restored.ballot.auto_balance() && !restored.ballot.can_undo());
    }

    #[test]
    fn a_draft_keeps_what_still_exists_when_the_categories_changed() {
        let stored = draft(r#"{"auto":false,"shares":[["a",2500,false],["b",4000,true],["c",3500,false]]}"#);
        let restored = stored.restore(["b", "new", "a"]).unwrap();
        assert!(restored.categories_changed);
        assert_eq!(restored.ballot.points(), [4000, 0, 2500]);
        assert!(restored.ballot.is_locked(0) && !restored.ballot.is_locked(2));
        for categories in [vec!["a", "b"], vec!["a", "c", "b"], vec!["a", "b", "c", "d"]] {
            assert!(stored.restore(categories).unwrap().categories_changed);
        }
    }

    #[test]
    fn a_damaged_draft_is_not_restored() {
        for json in [
            r#"{"auto":false,"shares":[["a",6000,false],["b",6000,false]]}"#,
            r#"{"auto":false,"shares":[["a",1,false],["a",2,false]]}"#,
        ] {
            assert_eq!(draft(json).restore(["a", "b"]), None);
        }
        assert!(serde_json::from_str::<Draft>(r#"{"auto":false,"shares":[["a",70000,false]]}"#).is_err());
    }
}
