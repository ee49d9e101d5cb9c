//! What the use cases need of the outside: a store, a clock. Implemented elsewhere.

mod clock;
mod store;

pub use clock::{Clock, SystemClock};
pub use store::{
    Audit, BudgetId, BudgetRecord, BulkSubmission, CommitError, Correction, Deletion, Head, ImportOutcome, Lookup,
    NewSubmission, Outcome, Participant, Store, StoreError, StoreResult, StoredSubmission, TotalAt, Version,
};
