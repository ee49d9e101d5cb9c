//! The port for looking into a database: what it tells of itself, in words that fit every database.
//!
//! Nothing here changes anything, and nothing here belongs to anybody: statements come without their values. What a
//! database can't tell is said ([`Told::untold`]) instead of being left out.

use super::{BudgetId, Store, StoreResult, StoredSubmission};
use async_trait::async_trait;
use domain::Timestamp;
use serde::Serialize;
use std::time::Duration;

/// How bad something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// It works, and somebody should look at it.
    Warn,
    /// It does not work, or soon won't.
    Fail,
}

/// Something found, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub verdict: Verdict,
    /// What was found, in one sentence.
    pub what: String,
    /// What to do; empty when nothing needs doing.
    pub advice: String,
}

impl Finding {
    /// As it should be.
    pub fn ok(what: impl Into<String>) -> Self {
        Self { verdict: Verdict::Ok, what: what.into(), advice: String::new() }
    }

    /// To be looked at.
    pub fn warn(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { verdict: Verdict::Warn, what: what.into(), advice: advice.into() }
    }

    /// To be mended.
    pub fn fail(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { verdict: Verdict::Fail, what: what.into(), advice: advice.into() }
    }
}

/// Rows, what follows from them, and what this database can't tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told<T> {
    /// The most interesting first.
    pub rows: Vec<T>,
    /// What somebody should know.
    pub findings: Vec<Finding>,
    /// What can't be told, and how it could be.
    pub untold: Vec<String>,
}

impl<T> Default for Told<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), findings: Vec::new(), untold: Vec::new() }
    }
}

/// What kind of database it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Engine {
    /// `PostgreSQL` or `SQLite`.
    pub name: &'static str,
    /// Its version, such as `15.14`.
    pub version: String,
}

/// Which migrations it has, by their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Schema {
    /// Those that have run.
    pub applied: Vec<i64>,
    /// Those of this program that have not.
    pub missing: Vec<i64>,
    /// Those that this program does not know: the database is of a newer version.
    pub unknown: Vec<i64>,
}

/// A statement, and what it costs.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct StatementCost {
    /// Without its values, in one line, perhaps cut.
    pub statement: String,
    /// How often it ran.
    pub calls: Option<u64>,
    /// Milliseconds of one run.
    pub mean_ms: Option<f64>,
    /// Milliseconds of the slowest run.
    pub max_ms: Option<f64>,
    /// Milliseconds of all runs together.
    pub total_ms: Option<f64>,
    /// How it is carried out, step by step.
    pub plan: Option<String>,
}

/// Connections of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConnectionUse {
    /// Which program.
    pub program: String,
    /// `active`, `idle`, `idle in transaction`, ...
    pub state: String,
    /// How many.
    pub connections: u64,
    /// How many of them wait for a lock.
    pub waiting: u64,
    /// How long the longest has been in this state, in seconds.
    pub longest_s: u64,
}

/// An index; those of a partitioned table's months together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IndexUse {
    /// Its table.
    pub table: String,
    /// Its name.
    pub index: String,
    /// Bytes, where they are known.
    pub bytes: Option<u64>,
    /// How often it was used since the counts began.
    pub uses: Option<u64>,
    /// Whether it also keeps rows unique, so that it is needed whether or not it is used.
    pub unique: bool,
}

/// A table, or one month of a partitioned one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TableSize {
    /// Its name.
    pub table: String,
    /// Rows, perhaps estimated.
    pub rows: Option<u64>,
    /// Bytes without indexes.
    pub bytes: Option<u64>,
    /// Bytes of its indexes.
    pub index_bytes: Option<u64>,
    /// Bytes, or rows, that are dead or unused, in percent of the table.
    pub waste_percent: Option<u64>,
    /// When it was last cleaned up, as the database writes it.
    pub cleaned: Option<String>,
}

/// How often a cache had what was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CacheUse {
    /// What was asked for.
    pub what: String,
    /// Found in memory.
    pub hits: u64,
    /// Read from the disk, or from the system's own cache.
    pub misses: u64,
}

/// Who takes part in a budget.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Participation {
    /// Stored submissions, counted or not.
    pub submissions: u64,
    /// Of them without a participant.
    pub without_participant: u64,
    /// Different participants.
    pub participants: u64,
    /// Participants with more than one submission.
    pub returning: u64,
}

/// Which submissions somebody looks for. Ids carry the time at which they were made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Between {
    /// Not before.
    pub from: Timestamp,
    /// Before.
    pub to: Timestamp,
    /// Of this budget only.
    pub budget: Option<BudgetId>,
    /// At most so many.
    pub limit: u32,
}

/// A database that can be looked into.
#[async_trait]
pub trait Inspect: Store {
    /// What it is. Needs no schema.
    async fn engine(&self) -> StoreResult<Engine>;

    /// Its clock; `None` when it has none but the machine's.
    async fn clock(&self) -> StoreResult<Option<Timestamp>>;

    /// Which migrations have run. Runs none.
    async fn schema(&self) -> StoreResult<Schema>;

    /// The costliest statements of those whose run takes at least this long.
    async fn statements(&self, at_least: Duration) -> StoreResult<Told<StatementCost>>;

    /// Who is connected.
    async fn connections(&self) -> StoreResult<Told<ConnectionUse>>;

    /// Indexes, with those that nobody uses and those that are missed.
    async fn indexes(&self) -> StoreResult<Told<IndexUse>>;

    /// What takes how much room.
    async fn sizes(&self) -> StoreResult<Told<TableSize>>;

    /// How well memory serves.
    async fn caches(&self) -> StoreResult<Told<CacheUse>>;

    /// Whether it is whole, safe and kept up; findings that are as they should be are among them.
    async fn condition(&self) -> StoreResult<Vec<Finding>>;

    /// Counts who takes part. Reads every submission of the budget.
    async fn participation(&self, budget: BudgetId) -> StoreResult<Participation>;

    /// Submissions of a span of time, oldest first.
    async fn between(&self, span: &Between) -> StoreResult<Vec<StoredSubmission>>;
}
