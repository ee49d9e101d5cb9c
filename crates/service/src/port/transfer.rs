//! The port for moving in: everything of a database at one moment, and rows written as they were elsewhere.

use super::{BudgetId, BudgetRecord, Store, StoreResult, StoredSubmission};
use async_trait::async_trait;
use domain::{SubmissionId, Timestamp, summary::Summary};
use std::{path::Path, sync::Arc};
use tokio::sync::mpsc;

/// A submission with all that is stored of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExactSubmission {
    /// What look-ups tell. In an [`Intake`], version 0 stands for the version of its commit.
    pub stored: StoredSubmission,
    /// Whether its first answer said that it counted: what a replay repeats.
    pub first_counted: bool,
}

/// What is left of a deleted submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// Its id.
    pub id: SubmissionId,
    /// When it was deleted.
    pub deleted: Timestamp,
}

/// The hash of the name that a result had in the application from which it was imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LegacyKey(pub [u8; 16]);

/// Where a result of another application is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LegacyResult {
    /// Its old name, hashed.
    pub key: LegacyKey,
    /// Its submission, which may have been deleted since.
    pub id: SubmissionId,
}

/// A piece of an export. They come in this order, and within a kind in the order of ids (or keys).
#[derive(Clone, Debug)]
pub enum Part {
    /// First and once.
    Overview(Overview),
    /// All tombstones.
    Tombstones(Vec<Tombstone>),
    /// All submissions, counted or not.
    Submissions(Vec<ExactSubmission>),
    /// All addresses from before.
    LegacyResults(Vec<LegacyResult>),
}

/// What a database holds.
#[derive(Clone, Debug)]
pub struct Overview {
    /// With their heads, in the order in which they were made.
    pub budgets: Vec<BudgetRecord>,
    /// The running totals of each, base plus deltas.
    pub summaries: Vec<Summary>,
    /// Submissions over all budgets, counted or not.
    pub submissions: u64,
    /// What is archived of each: in the summaries, but not among the submissions.
    pub archived: Vec<ArchivedPart>,
}

/// What of a budget is archived.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArchivedPart {
    /// Nothing from before comes any more; 0 = nothing is archived.
    pub before: Timestamp,
    /// What the archived submissions counted.
    pub cells: Summary,
}

/// Changes that are written in one transaction, with the summaries and heads that follow from them.
#[derive(Clone, Debug, Default)]
pub struct Intake {
    /// The instance of the database of which this is a copy. Then nothing may have changed here since the last
    /// intake from it; without one, a budget may be in use meanwhile.
    pub copy_of: Option<String>,
    /// Budgets as elsewhere, to make or to update by their slugs. Their heads end above these.
    pub budgets: Vec<BudgetRecord>,
    /// New submissions, in the order of their ids.
    pub submissions: Vec<ExactSubmission>,
    /// Whether known submissions count now.
    pub counted: Vec<(SubmissionId, bool)>,
    /// Deletions: of the submission, if it is there, and of its chance to come back.
    pub tombstones: Vec<Tombstone>,
    /// Of a copy: submissions that leave no tombstone, because they were archived over there.
    pub forgotten: Vec<SubmissionId>,
    /// Of a copy: what is archived of these budgets, in place of what was.
    pub archived: Vec<(BudgetId, ArchivedPart)>,
    /// Addresses from before; a known one stays as it is.
    pub legacy_results: Vec<LegacyResult>,
}

/// What became of an [`Intake`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is stored.
    Done {
        /// Submissions that the tombstones took away.
        deleted: u64,
    },
    /// Nothing happened: since the last intake somebody else changed this budget.
    InUse(BudgetId),
    /// Nothing happened to this budget: it has submissions over other categories or segments.
    Frozen(String),
}

/// Whether a database may become, or go on to become, a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CopyBegin {
    /// It was empty.
    Begun,
    /// The same copy was begun before.
    Resumed,
    /// It is a copy of another database.
    OtherSource,
    /// It holds budgets or submissions of its own.
    NotEmpty,
}

/// A store that whole databases can be moved out of and into.
#[async_trait]
pub trait Transfer: Store {
    /// Sends everything as it is at one moment, however long that takes and whatever is committed meanwhile.
    /// Ends without an error when nobody receives any more.
    async fn export(&self, parts: mpsc::Sender<Part>) -> StoreResult<()>;

    /// Remembers, if this database is empty, that it becomes a copy of the one with this instance.
    async fn begin_copy(&self, instance: &str) -> StoreResult<CopyBegin>;

    /// Writes the changes as one transaction, under the head locks of all budgets that it changes. Fails when a
    /// new submission is known already, does not fit its budget, or (unless it is a copy) was deleted.
    async fn take_in(&self, intake: Intake, now: Timestamp) -> StoreResult<Taken>;

    /// What was submitted to this budget before then is archived: nothing is taken in from that time.
    async fn archived_before(&self, budget: BudgetId) -> StoreResult<Timestamp>;

    /// Writes everything as it is at one moment to a new SQLite file, without what was deleted; `false` when this store
    /// has no way of its own to do it, and nothing was written.
    async fn snapshot_into(&self, file: &Path) -> StoreResult<bool>;

    /// Says that this database was set back by means of its own (a point in time restored, a file copied): gives it
    /// another instance id, which it answers, and every budget a version of `now`. Nothing that was remembered of the
    /// lost future is taken for true afterwards. No server may use it meanwhile.
    async fn renew_instance(&self, now: Timestamp) -> StoreResult<String>;
}

/// Opens the SQLite files that backups are made of.
#[async_trait]
pub trait BackupFiles: Send + Sync {
    /// Opens a file, making it if it isn't there, and brings its schema to this version.
    async fn open(&self, file: &Path) -> StoreResult<Arc<dyn Transfer>>;
}
