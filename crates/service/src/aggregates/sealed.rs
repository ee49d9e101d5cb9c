//! The bytes of a shared snapshot: sealed, because whoever can write to a cache must not be able to change what
//! people read, and because a cache may be damaged, mixed up or somebody else's.

use crate::{
    keys::{Keys, SEAL},
    port::{BudgetId, TotalAt, Version},
};
use domain::summary::Cell;

/// The seal, then the cell.
pub(super) fn seal(keys: &Keys, budget: BudgetId, version: Version, total: &Cell) -> Vec<u8> {
    let cell = total.encode();
    let mut bytes = Vec::with_capacity(SEAL + cell.len());
    bytes.extend(keys.seal(&[&budget.0.to_be_bytes(), &version.0.to_be_bytes(), &cell]));
    bytes.extend(cell);
    bytes
}

/// What was sealed for this budget at this version; `None` for anything else.
pub(super) fn open(keys: &Keys, budget: BudgetId, version: Version, bytes: &[u8]) -> Option<TotalAt> {
    let (seal, cell) = bytes.split_first_chunk::<SEAL>()?;
    if !keys.verify_seal(&[&budget.0.to_be_bytes(), &version.0.to_be_bytes(), cell], seal) {
        return None;
    }
    Some(TotalAt { version, total: Cell::decode(cell).ok()? })
}

/// For the fuzz targets: whether a seal opens that was not made here. A cell of these bytes is sealed and opened, too.
#[doc(hidden)]
#[must_use]
pub fn opens_as_sealed(keys: &Keys, bytes: &[u8]) -> bool {
    let (budget, version) = (BudgetId(1), Version(1));
    if let Ok(total) = Cell::decode(bytes) {
        let opened = open(keys, budget, version, &seal(keys, budget, version, &total));
        assert_eq!(opened, Some(TotalAt { version, total }), "what was sealed opens as it was");
    }
    open(keys, budget, version, bytes).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sealed(budget: i32, version: i64, points: u16) -> (TotalAt, Vec<u8>) {
        let mut total = Cell::empty(2);
        total.count(&[points, 10_000 - points], 1);
        let bytes = seal(&Keys::new(b"secret"), BudgetId(budget), Version(version), &total);
        (TotalAt { version: Version(version), total }, bytes)
    }

    proptest! {
        #[test]
        fn what_was_sealed_opens_as_it_was(budget: i32, version: i64, points in 0u16..=10_000) {
            let (at, bytes) = sealed(budget, version, points);
            prop_assert_eq!(open(&Keys::new(b"secret"), BudgetId(budget), Version(version), &bytes), Some(at));
        }

        #[test]
        fn no_changed_byte_passes(version: i64, place: prop::sample::Index, change in 1u8..) {
            let (_, mut bytes) = sealed(1, version, 2500);
            let place = place.index(bytes.len());
            bytes[place] ^= change;
            prop_assert_eq!(open(&Keys::new(b"secret"), BudgetId(1), Version(version), &bytes), None);
        }
    }

    #[test]
    fn another_budget_another_version_and_another_secret_do_not_open_it() {
        let (_, bytes) = sealed(1, 7, 2500);
        let keys = Keys::new(b"secret");
        assert_eq!(open(&keys, BudgetId(2), Version(7), &bytes), None);
        assert_eq!(open(&keys, BudgetId(1), Version(8), &bytes), None);
        assert_eq!(open(&Keys::new(b"other"), BudgetId(1), Version(7), &bytes), None);
        assert_eq!(open(&keys, BudgetId(1), Version(7), &bytes[..10]), None);
    }
}
