//! What the use cases need of the outside: a store, a clock, what processes share. Implemented elsewhere.

mod clock;
mod shared;
mod store;

pub use clock::{Clock, SystemClock};
pub use shared::{LimitCharge, LimitKey, SharedError, SharedLimits, SharedParts, SharedResult, SnapshotCache};
pub use store::{
    Audit, BudgetId, BudgetRecord, BulkSubmission, CommitError, Correction, Deletion, Head, ImportOutcome, Lookup,
    NewSubmission, Outcome, Participant, Store, StoreError, StoreResult, StoredSubmission, TotalAt, Version,
};
