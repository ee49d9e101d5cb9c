//! The port to a database.
//!
//! No transaction leaks out of a store: each method is one, and either happened whole or not at all. When the
//! connection breaks while a change is being committed, nobody knows which: that is an error of its own
//! ([`StoreError::OutcomeUnknown`]), and every change may simply be repeated ([`crate::repeated`]). Any number of
//! processes may use the same database; locking a budget's head row orders their commits.

use super::LegacyKey;
use async_trait::async_trait;
use domain::{
    Allocation, Budget, Day, Month, SubmissionId, Timestamp,
    summary::{Cell, Summary},
};
use serde::{Deserialize, Serialize};

/// The database's number of a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BudgetId(pub i32);

/// Of a budget: `greatest(head + 1, now in microseconds)`, so that it only grows. 0 = never changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Version(pub i64);

impl Version {
    /// The version of a commit at `now` over a head of `self`.
    #[must_use]
    pub fn next(self, now: Timestamp) -> Self {
        Self((self.0 + 1).max(now.as_micros()))
    }
}

/// The random 64 bits of a participant's cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Participant(pub u64);

/// A budget as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct BudgetRecord {
    /// Its number in this database.
    pub id: BudgetId,
    /// Its definition.
    pub budget: Budget,
    /// Takes no submissions any more.
    pub closed: bool,
    /// The newest version.
    pub head: Version,
}

/// What an import did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportOutcome {
    /// It was not there.
    Created,
    /// Its texts, colours or actual figures changed.
    Updated,
    /// Nothing to do.
    Unchanged,
    /// It has submissions and the import would add, remove, rename or move categories (or segments).
    Frozen,
}

/// The newest version of one budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Which budget.
    pub budget: BudgetId,
    /// Its newest version.
    pub version: Version,
}

/// A validated submission on its way to the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSubmission {
    /// Decides whether it is new: the same id is never stored twice.
    pub id: SubmissionId,
    /// Which budget.
    pub budget: BudgetId,
    /// Who, if they consented.
    pub participant: Option<Participant>,
    /// As many points as the budget has categories.
    pub allocation: Allocation,
    /// Per segment of the budget the answer's position plus one, 0 = not declared. Empty = none declared.
    pub segments: Box<[u8]>,
}

/// What became of one submission of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Stored, and its participant's newest (or without a participant).
    Counted {
        /// The version that first includes it.
        version: Version,
    },
    /// Stored in the participant's history, but a newer one counts.
    Superseded {
        /// The version of its commit.
        version: Version,
    },
    /// Known already with the same budget, points and segments: what its first answer said.
    Replayed {
        /// The version of the first commit.
        version: Version,
        /// Whether the first answer said that it counted.
        counted: bool,
    },
    /// The id is known with other content, or in another budget.
    Conflict,
    /// The id was deleted.
    Deleted,
    /// The id is not known, and its time is outside the accepted window.
    IdOutOfRange,
    /// The budget takes no submissions (a replay is still answered as such).
    Closed,
    /// There is no such budget.
    UnknownBudget,
}

/// A stored submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSubmission {
    /// Its id.
    pub id: SubmissionId,
    /// Its budget.
    pub budget: BudgetId,
    /// Whose it is, if they consented.
    pub participant: Option<Participant>,
    /// The earlier of the id's time and the server's clock at commit, whole milliseconds.
    pub effective: Timestamp,
    /// The version of its commit.
    pub version: Version,
    /// What it says.
    pub allocation: Allocation,
    /// As in [`NewSubmission::segments`].
    pub segments: Box<[u8]>,
    /// Whether it counts now.
    pub counted: bool,
}

/// What is known of an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// It is there.
    Found(Box<StoredSubmission>),
    /// It was deleted in the last 92 days.
    Deleted,
}

/// How a participant has taken part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attendance {
    /// Their submissions over all budgets, counted or not.
    pub submissions: u64,
    /// The one that counts in the budget that was asked for.
    pub counted: Option<StoredSubmission>,
}

/// What a deletion did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// Gone; the budget's aggregate no longer has it from this version on.
    Deleted {
        /// Its budget.
        budget: BudgetId,
        /// The version without it.
        version: Version,
    },
    /// It was deleted before.
    AlreadyDeleted,
    /// No such id.
    Unknown,
}

/// What a correction did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Correction {
    /// The summary has it from this version on; the head's, when there was nothing to correct.
    Applied {
        /// The version with it.
        version: Version,
    },
    /// The summary was corrected since the audit that the difference comes from, perhaps by this very correction
    /// when its outcome was unknown: audit again.
    Stale,
}

/// The total cell at a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TotalAt {
    /// What it includes.
    pub version: Version,
    /// Everyone.
    pub total: Cell,
}

/// Summary and raw of one budget, from one read snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// The version at which both were read.
    pub version: Version,
    /// Base cells plus deltas, of those that can be read.
    pub summary: Summary,
    /// Base cells and deltas that can't be read: they count for nothing, and a correction takes them away.
    pub unreadable: u64,
    /// Computed from the submissions, and the archived cells of those that were counted and are gone.
    pub raw: Summary,
    /// Participants without exactly one counted submission, or whose counted one is not their newest.
    pub wrong_participants: u64,
}

/// What archiving a budget takes away, or would.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Archivable {
    /// Counted submissions without a participant: they become archived cells.
    pub counted: u64,
    /// Submissions that a participant has superseded: they are forgotten.
    pub superseded: u64,
    /// Counted submissions of participants: they stay as they are.
    pub kept: u64,
}

/// One step of archiving.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Archived {
    /// Counted submissions that became archived cells.
    pub counted: u64,
    /// Superseded submissions that were forgotten.
    pub superseded: u64,
    /// The greatest id that was looked at, to go on from; `None` = there was none left.
    pub last: Option<SubmissionId>,
}

/// A submission of the bulk path: its effective time is given, and nothing else knows its id yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkSubmission {
    /// Unique; its time is the effective time.
    pub id: SubmissionId,
    /// Who, if anybody.
    pub participant: Option<Participant>,
    /// Points in category order, together 10 000.
    pub points: Box<[u16]>,
    /// As in [`NewSubmission::segments`].
    pub segments: Box<[u8]>,
}

/// The connections of this process to its database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolUse {
    /// Somebody uses them now.
    pub busy: u32,
    /// Open, and nobody uses them.
    pub idle: u32,
    /// There may be so many.
    pub most: u32,
}

/// Why a store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Not reachable, overloaded or locked for too long: try again later. Nothing happened.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The connection broke between sending a change and its answer: it happened whole or not at all. Never from
    /// a method that only reads.
    #[error("it is not known whether the change was made: {0}")]
    OutcomeUnknown(String),
    /// Stored bytes are not what this version writes.
    #[error("the database holds damaged data: {0}")]
    Damaged(String),
    /// The database was made by a newer version, or a migration was changed.
    #[error("the database's schema does not fit this version of Allot: {0}")]
    Schema(String),
    /// What was asked for contradicts what is stored: nothing happened, and asking again will not help.
    #[error("this can't be stored: {0}")]
    Refused(String),
    /// Anything else.
    #[error("the database failed: {0}")]
    Failed(String),
}

/// Why a commit has no outcomes.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Nothing was stored.
    #[error(transparent)]
    NotCommitted(#[from] StoreError),
    /// The connection broke between sending the commit and its answer: repeating the identical batch is
    /// safe, because ids decide.
    #[error("it is not known whether the batch was committed: {0}")]
    OutcomeUnknown(String),
    /// The database refuses the data itself (SQLSTATE classes 22 and 23): bisect.
    #[error("the database refuses a row: {0}")]
    Rejected(String),
}

/// What a store answers.
pub type StoreResult<T> = Result<T, StoreError>;

/// A database.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Brings the schema to this version, under a lock. Does nothing when it is there.
    async fn migrate(&self) -> StoreResult<()>;

    /// The database's random id, hexadecimal; renewed by a restore.
    async fn instance(&self) -> StoreResult<String>;

    /// The connections that it reads over (and writes, where both share them). Asks nobody.
    fn pool(&self) -> PoolUse;

    /// One cheap round trip.
    async fn ping(&self) -> StoreResult<()>;

    /// Makes or updates the budget with this slug. Takes the head lock and advances the version on a change, and leaves
    /// a job in the outbox that warms it. Repeated, it answers `Unchanged`.
    async fn import_budget(&self, budget: &Budget, now: Timestamp) -> StoreResult<ImportOutcome>;

    /// Opens or closes a budget; `false` when it does not exist. A change leaves a job in the outbox that warms the
    /// budget. Repeated, it changes nothing.
    async fn set_closed(&self, budget: BudgetId, closed: bool, now: Timestamp) -> StoreResult<bool>;

    /// All budgets, in the order in which they were made.
    async fn budgets(&self) -> StoreResult<Vec<BudgetRecord>>;

    /// The newest version of every budget.
    async fn heads(&self) -> StoreResult<Vec<Head>>;

    /// Commits a batch as one transaction; one outcome per submission, in the order of the batch. Ids and
    /// participants may repeat within the batch and mean the same as one after the other, except that what
    /// the batch itself supersedes is reported `Superseded`.
    async fn commit(&self, batch: &[NewSubmission], now: Timestamp) -> Result<Vec<Outcome>, CommitError>;

    /// Deletes a submission, leaves a tombstone of its id, and lets the participant's next newest count. Repeated,
    /// it answers `AlreadyDeleted`.
    async fn delete(&self, id: SubmissionId, now: Timestamp) -> StoreResult<Deletion>;

    /// Forgets tombstones made before `before`; answers how many.
    async fn forget_tombstones(&self, before: Timestamp) -> StoreResult<u64>;

    /// What is known of these ids, in their order; `None` = nothing.
    async fn lookup(&self, ids: &[SubmissionId]) -> StoreResult<Vec<Option<Lookup>>>;

    /// Which submissions had these names in the application from which they were imported, in the order of the keys.
    async fn legacy_results(&self, keys: &[LegacyKey]) -> StoreResult<Vec<Option<SubmissionId>>>;

    /// A participant's submissions over all budgets, newest first, at most `limit`.
    async fn history(&self, participant: Participant, limit: u32) -> StoreResult<Vec<StoredSubmission>>;

    /// How a participant has taken part, seen from one budget: in one round trip, whatever the length of their history.
    async fn attendance(&self, participant: Participant, budget: BudgetId) -> StoreResult<Attendance>;

    /// Tier `summary`: the total cell, base plus deltas, read in one statement. `None` = no such budget.
    async fn total(&self, budget: BudgetId) -> StoreResult<Option<TotalAt>>;

    /// What `known`, an answer of [`Store::total`] or of this, has become since: reads what came after it alone, in one
    /// statement. `None` = that can't be told any more, because `known` has been folded into the base cells or the
    /// summary was corrected, or there is no such budget.
    async fn total_after(&self, budget: BudgetId, known: TotalAt) -> StoreResult<Option<TotalAt>>;

    /// All cells, base plus deltas, at one version. `None` = no such budget.
    async fn summary(&self, budget: BudgetId) -> StoreResult<Option<(Version, Summary)>>;

    /// Tier `raw`: the total cell computed from the submissions and the archived cell, without the summary.
    /// `None` = no such budget.
    async fn raw_total(&self, budget: BudgetId) -> StoreResult<Option<TotalAt>>;

    /// Summary and raw from one read snapshot. `progress` gets the number of rows read so far, now and then.
    async fn audit(&self, budget: BudgetId, progress: &(dyn Fn(u64) + Sync)) -> StoreResult<Option<Audit>>;

    /// Adds `difference`, which an audit at version `audited` found, to the summary, as a delta under the head lock.
    /// What was committed since the audit does not matter, as deltas commute; another correction since does. So two
    /// rebuilds at once, or one repeated, correct once. A correction leaves a job in the outbox that warms the budget.
    async fn correct(
        &self,
        budget: BudgetId,
        difference: &Summary,
        audited: Version,
        now: Timestamp,
    ) -> StoreResult<Correction>;

    /// Folds the deltas of one budget into its base cells, under the head lock, at most `limit` of them;
    /// answers how many: none, too, when another process is at it. The version does not change, as the sum does not.
    async fn fold(&self, budget: BudgetId, limit: u32) -> StoreResult<u64>;

    /// Deltas not folded yet, over all budgets.
    async fn unfolded(&self) -> StoreResult<u64>;

    /// The bulk path, for simulations and copies: appends submissions whose ids are not known yet, newest of
    /// each participant counted, with their cells, under the head lock. `batch` should be in id order. Repeated, it is
    /// refused, because the ids are known then: look one of them up when the outcome is unknown.
    async fn bulk_insert(&self, budget: BudgetId, batch: Vec<BulkSubmission>, now: Timestamp) -> StoreResult<Version>;

    /// What [`Store::archive`] would take away of this budget before this month, and what would stay.
    async fn archivable(&self, budget: BudgetId, before: Month) -> StoreResult<Archivable>;

    /// Looks at the first `limit` submissions with ids above `after` and from before this month, and takes away
    /// those that are not the counted one of a participant: what counted is added to the archived cells. Under the
    /// head lock; they leave no tombstones, and summary, version and aggregate stay as they are. Afterwards neither
    /// commits nor bulk loads nor intakes bring anything from before this month, whatever a clock says. May be
    /// repeated: what is gone is not counted again. A step that took something away leaves a job in the outbox that
    /// verifies the budget.
    async fn archive(
        &self,
        budget: BudgetId,
        before: Month,
        after: Option<SubmissionId>,
        limit: u32,
    ) -> StoreResult<Archived>;

    /// Gets the database ready for what will be submitted in the months after `now`; answers how many things it had to
    /// make. Servers call it every hour, several at once too.
    async fn prepare(&self, now: Timestamp) -> StoreResult<u64>;

    /// Submissions of a day, counted or not: `(day, submissions)` ascending, the last `days` days.
    async fn submissions_per_day(&self, budget: BudgetId, days: u32) -> StoreResult<Vec<(Day, u64)>>;

    /// Bytes on disk of the whole database.
    async fn bytes_on_disk(&self) -> StoreResult<u64>;
}
