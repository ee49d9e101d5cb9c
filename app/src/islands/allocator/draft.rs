//! The draft that survives a reload: kept by the browser on this device, per budget.
//!
//! As text: `auto` or `manual`, then a line for each category with its points and, if so, `locked`. It names
//! the categories, so that it still means the same when the budget has changed meanwhile.

use domain::engine::Ballot;
use leptos::prelude::window;
use web_sys::Storage;

/// `None` where storage is blocked: then there is no draft, and nothing else changes.
pub(super) fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn key(budget: &str) -> String {
    ["allot-draft-", budget].concat()
}

/// The draft of this budget, if there is one that makes sense. Nothing in it is trusted: the ballot's own
/// rules apply to every number.
pub(super) fn load(budget: &str, categories: &[&str]) -> Option<Ballot> {
    read(&storage()?.get_item(&key(budget)).ok().flatten()?, categories)
}

/// Keeps the ballot; an empty one needs no draft.
pub(super) fn keep(budget: &str, ballot: &Ballot, categories: &[&str]) {
    if ballot.total() == 0 {
        return forget(budget);
    }
    if let Some(storage) = storage() {
        // A full storage loses the draft, not the ballot.
        let _ = storage.set_item(&key(budget), &write(ballot, categories));
    }
}

/// After a submission there is nothing left to keep.
pub(super) fn forget(budget: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&key(budget));
    }
}

/// The same ballot, with nothing to undo.
pub(super) fn without_history(ballot: Ballot, categories: &[&str]) -> Ballot {
    let restored = ballot.draft(categories.iter().copied()).restore(categories.iter().copied());
    restored.map_or(ballot, |restored| restored.ballot)
}

fn write(ballot: &Ballot, categories: &[&str]) -> String {
    let mut text = String::from(if ballot.auto_balance() { "auto" } else { "manual" });
    for (i, (category, points)) in categories.iter().zip(ballot.points()).enumerate() {
        for part in ["\n", category, " ", &points.to_string(), if ballot.is_locked(i) { " locked" } else { "" }] {
            text.push_str(part);
        }
    }
    text
}

fn read(text: &str, categories: &[&str]) -> Option<Ballot> {
    let mut lines = text.lines();
    let auto = lines.next()? == "auto";
    let mut ballot = Ballot::new(categories.len());
    for line in lines {
        let mut words = line.split(' ');
        let Some(index) = words.next().and_then(|word| categories.iter().position(|c| *c == word)) else { continue };
        ballot.set(index, words.next()?.parse().ok()?);
        if words.next() == Some("locked") && !ballot.is_locked(index) {
            ballot.toggle_lock(index);
        }
    }
    ballot.set_auto_balance(auto);
    Some(without_history(ballot, categories))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_the_ballot_without_its_history() {
        let categories = ["a", "b", "c"];
        let mut ballot = Ballot::new(3);
        ballot.set(0, 2500);
        ballot.set(2, 1);
        ballot.toggle_lock(2);
        ballot.set_auto_balance(true);
        let text = write(&ballot, &categories);
        assert_eq!(text, "auto\na 2500\nb 0\nc 1 locked");
        let restored = read(&text, &categories).unwrap();
        assert!(!restored.can_undo());
        assert_eq!(write(&restored, &categories), text);
    }

    #[test]
    fn a_draft_of_other_categories_keeps_what_is_still_there() {
        let restored = read("manual\na 2500\nb 4000 locked\nc 3500", &["b", "new", "a"]).unwrap();
        assert_eq!(restored.points(), [4000, 0, 2500]);
        assert!(restored.is_locked(0) && !restored.auto_balance());
    }

    #[test]
    fn a_damaged_draft_breaks_no_rule() {
        assert!(read("auto\na many", &["a"]).is_none());
        assert!(read("", &["a"]).is_none());
        assert_eq!(read("manual\na 6000\nb 6000", &["a", "b"]).unwrap().points(), [6000, 4000]);
    }
}
