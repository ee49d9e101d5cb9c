//! The port to the queue of background jobs, which is in the same database as everything else.
//!
//! The queue itself (who takes which job, heartbeats, taking over from the dead) is a library's; this port is what the
//! application and its operators need beside it.

use super::StoreResult;
use crate::jobs::{Job, Kind};
use async_trait::async_trait;
use domain::Timestamp;
use serde_json::Value;

/// How a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JobState {
    /// Will be taken when its time has come.
    Waiting,
    /// A worker has it, or had it when it died.
    Running,
    /// It failed and will be tried again.
    Retrying,
    /// It did what it should.
    Done,
    /// A dead letter: it failed too often, or can't be understood. Stays until an operator retries it.
    Dead,
    /// An operator stopped it.
    Cancelled,
}

impl JobState {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Waiting, Self::Running, Self::Retrying, Self::Done, Self::Dead, Self::Cancelled];

    /// As operators and metrics read it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Retrying => "retrying",
            Self::Done => "done",
            Self::Dead => "dead",
            Self::Cancelled => "cancelled",
        }
    }

    /// The other way round.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// A job as the queue has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRecord {
    /// A ULID.
    pub id: String,
    /// What it does, as JSON; a later version may have written it.
    pub job: String,
    /// How it is.
    pub state: JobState,
    /// How often it was begun.
    pub attempts: u32,
    /// How often it may be begun.
    pub max_attempts: u32,
    /// Not before.
    pub run_at: Timestamp,
    /// When a worker last took it.
    pub started: Option<Timestamp>,
    /// When its last attempt ended.
    pub finished: Option<Timestamp>,
    /// Which worker last took it.
    pub worker: Option<String>,
    /// What the last attempt answered, as JSON: `{"Ok": …}` or `{"Err": "…"}`.
    pub result: Option<String>,
    /// How far it is, in words.
    pub progress: Option<String>,
    /// Under which name it is there only once.
    pub key: Option<String>,
}

impl JobRecord {
    /// The kind's name, known to this version or not.
    #[must_use]
    pub fn kind(&self) -> String {
        let job: serde_json::Value = serde_json::from_str(&self.job).unwrap_or_default();
        job.get("kind").and_then(|kind| kind.as_str()).unwrap_or("?").to_owned()
    }

    /// For people: how far it is while it runs, else what the last attempt answered.
    #[must_use]
    pub fn says(&self) -> String {
        if let (JobState::Running, Some(progress)) = (self.state, &self.progress) {
            return progress.clone();
        }
        let result = self.result.as_deref().unwrap_or_default();
        match serde_json::from_str(result) {
            Ok(Value::Object(result)) => match (result.get("Ok"), result.get("Err")) {
                (Some(Value::Object(told)), _) => {
                    let told = told.iter().map(|(name, value)| format!("{}: {}", name.replace('_', " "), plain(value)));
                    told.collect::<Vec<_>>().join(", ")
                }
                (Some(told), _) => plain(told),
                // The queue's name for an error that ends all attempts is nothing to its readers.
                (None, Some(told)) => {
                    let told = plain(told);
                    told.strip_prefix("AbortError: ").unwrap_or(&told).to_owned()
                }
                (None, None) => String::new(),
            },
            _ => result.to_owned(),
        }
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(several) if several.is_empty() => "none".into(),
        Value::Array(several) => several.iter().map(plain).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

/// What adding a job did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enqueued {
    /// It is there, under this id.
    Added(String),
    /// The same was there already.
    Known,
}

/// Which jobs to list, newest first.
#[derive(Clone, Copy, Debug, Default)]
pub struct JobFilter {
    /// Of this kind only.
    pub kind: Option<Kind>,
    /// In this state only.
    pub state: Option<JobState>,
    /// At most.
    pub limit: u32,
}

/// How the queue is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobStats {
    /// Kind, state, jobs.
    pub counts: Vec<(String, JobState, u64)>,
    /// Since when the job that has waited longest could have been taken.
    pub oldest_waiting: Option<Timestamp>,
    /// Rows of the outbox.
    pub outbox: u64,
    /// Workers that were alive within the last minutes.
    pub workers: u64,
}

/// The queue.
#[async_trait]
pub trait JobQueue: Send + Sync + 'static {
    /// Adds a job. With a key, unless there was ever one with it (as long as it is remembered); without, unless the
    /// same job waits. So it may be repeated.
    async fn enqueue(&self, job: &Job, key: Option<&str>, now: Timestamp) -> StoreResult<Enqueued>;

    /// Moves jobs of the outbox to the queue, at most `limit`; answers how many rows it took. Each becomes a job once,
    /// or none when the same job waits anyway: that one will see the commit too.
    async fn relay(&self, limit: u32, now: Timestamp) -> StoreResult<u64>;

    /// Jobs, newest first.
    async fn list(&self, filter: JobFilter) -> StoreResult<Vec<JobRecord>>;

    /// One job.
    async fn find(&self, id: &str) -> StoreResult<Option<JobRecord>>;

    /// Lets a job that is dead, cancelled, waiting or retrying run now, as if it were new. Answers how it was, and
    /// does nothing in another state; `None` = no such job.
    async fn retry(&self, id: &str, now: Timestamp) -> StoreResult<Option<JobState>>;

    /// Stops a job: at once, or within seconds if it runs. Answers how it was, and does nothing when it has ended;
    /// `None` = no such job.
    async fn cancel(&self, id: &str, now: Timestamp) -> StoreResult<Option<JobState>>;

    /// A running job will not be taken again before `until`, if this attempt fails.
    async fn postpone(&self, id: &str, until: Timestamp) -> StoreResult<()>;

    /// A job that this worker has waits again, not before `until`, as if it had not been begun this time. Does nothing
    /// when the job has ended or another worker has it.
    async fn hand_back(&self, id: &str, worker: &str, until: Timestamp) -> StoreResult<()>;

    /// Keeps what a running job says of itself (`None` = nothing new); answers whether it is to stop.
    async fn note(&self, id: &str, progress: Option<&str>) -> StoreResult<bool>;

    /// Forgets jobs that were done or cancelled before `before`, and workers that nobody has heard of since; answers
    /// how many. Dead letters stay.
    async fn forget(&self, before: Timestamp) -> StoreResult<u64>;

    /// How the queue is.
    async fn stats(&self, now: Timestamp) -> StoreResult<JobStats>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(result: &str) -> String {
        let job = JobRecord {
            id: String::new(),
            job: String::new(),
            state: JobState::Done,
            attempts: 1,
            max_attempts: 1,
            run_at: Timestamp::from_millis(0),
            started: None,
            finished: None,
            worker: None,
            result: Some(result.into()),
            progress: Some("half".into()),
            key: None,
        };
        assert_eq!(JobRecord { state: JobState::Running, ..job.clone() }.says(), "half");
        job.says()
    }

    #[test]
    fn what_a_job_answered_is_told_in_words() {
        assert_eq!(ended(r#"{"Ok":{"budgets":2,"corrected":["a","b"]}}"#), "budgets: 2, corrected: a b");
        assert_eq!(ended(r#"{"Err":"there is no budget"}"#), "there is no budget");
        assert_eq!(ended("of a later version"), "of a later version");
    }
}
