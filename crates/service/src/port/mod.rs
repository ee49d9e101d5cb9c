//! What the use cases need of the outside: a store, a clock, what processes share. Implemented elsewhere.

mod clock;
mod inspect;
mod jobs;
mod predecessor;
mod shared;
mod store;
mod transfer;

pub use clock::{Clock, SystemClock};
pub use inspect::{
    Between, CacheUse, ConnectionUse, Engine, Finding, IndexUse, Inspect, Participation, Schema, StatementCost,
    TableSize, Told, Verdict,
};
pub use jobs::{Enqueued, JobFilter, JobQueue, JobRecord, JobState, JobStats};
pub use predecessor::{OldCategory, OldRow, OldShare, Predecessor};
pub use shared::{LimitCharge, LimitKey, SharedError, SharedLimits, SharedParts, SharedResult, SnapshotCache};
pub use store::{
    Archivable, Archived, Attendance, Audit, BudgetId, BudgetRecord, BulkSubmission, CommitError, Correction, Deletion,
    Head, ImportOutcome, Lookup, NewSubmission, Outcome, Participant, PoolUse, Store, StoreError, StoreResult,
    StoredSubmission, TotalAt, Version,
};
pub use transfer::{
    ArchivedPart, BackupFiles, CopyBegin, ExactSubmission, Intake, LegacyKey, LegacyResult, Overview, Part, Taken,
    Tombstone, Transfer,
};
