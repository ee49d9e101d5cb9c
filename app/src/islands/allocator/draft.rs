//! The draft that survives a reload: kept by the browser on this device, per budget.

use domain::engine::{Ballot, Draft, Restored};
use leptos::prelude::window;
use web_sys::Storage;

/// `None` where storage is blocked: then there is no draft, and nothing else changes.
fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn key(budget: &str) -> String {
    ["allot-draft-", budget].concat()
}

/// The draft of this budget, if there is one that makes sense.
pub(super) fn load<'a>(budget: &str, categories: impl IntoIterator<Item = &'a str>) -> Option<Restored> {
    let text = storage()?.get_item(&key(budget)).ok().flatten()?;
    let draft: Draft = serde_json::from_str(&text).ok()?;
    draft.restore(categories)
}

/// Keeps the ballot; an empty one needs no draft.
pub(super) fn keep<'a>(budget: &str, ballot: &Ballot, categories: impl IntoIterator<Item = &'a str>) {
    if ballot.total() == 0 {
        return forget(budget);
    }
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(&ballot.draft(categories))) {
        // A full storage loses the draft, not the ballot.
        let _ = storage.set_item(&key(budget), &text);
    }
}

/// After a submission there is nothing left to keep.
pub(super) fn forget(budget: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&key(budget));
    }
}
