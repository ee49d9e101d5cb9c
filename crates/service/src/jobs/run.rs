//! What each job does.

use super::Job;
use crate::{
    allot::Allot,
    encoded::Encoding,
    open_data::Written,
    port::{JobQueue, StoreError},
};
use async_trait::async_trait;
use serde_json::{Value, json};
use std::sync::Arc;

/// Days for which ended jobs are remembered.
const REMEMBERED_DAYS: i64 = 14;

/// Why an attempt failed.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Another attempt may work.
    #[error("{0}")]
    Failed(String),
    /// No attempt will.
    #[error("{0}")]
    Hopeless(String),
}

impl From<StoreError> for JobError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Gets how far a job is, in words.
pub type Words<'a> = &'a (dyn Fn(&str) + Sync);

/// Makes backups; the server says where to.
#[async_trait]
pub trait Backup: Send + Sync + 'static {
    /// Makes one, whole or not at all. May be repeated. Answers its name.
    ///
    /// # Errors
    /// One line for the log.
    async fn make(&self, progress: Words<'_>) -> Result<String, String>;
}

/// Writes exports; the server says where to.
#[async_trait]
pub trait Export: Send + Sync + 'static {
    /// Writes the counted answers to this budget, which is there, into a new file, whole or not at all. May be repeated:
    /// then there are two.
    ///
    /// # Errors
    /// One line for the log.
    async fn write(&self, budget: &str, progress: Words<'_>) -> Result<Written, String>;
}

/// Does jobs.
#[derive(Clone)]
pub struct Runner {
    allot: Arc<Allot>,
    queue: Arc<dyn JobQueue>,
    backup: Option<Arc<dyn Backup>>,
    export: Arc<dyn Export>,
}

impl Runner {
    /// `backup` if there is a place for them.
    #[must_use]
    pub fn new(
        allot: Arc<Allot>,
        queue: Arc<dyn JobQueue>,
        backup: Option<Arc<dyn Backup>>,
        export: Arc<dyn Export>,
    ) -> Self {
        Self { allot, queue, backup, export }
    }

    /// The use cases that it calls.
    #[must_use]
    pub fn allot(&self) -> &Arc<Allot> {
        &self.allot
    }

    /// Where its jobs come from.
    #[must_use]
    pub fn queue(&self) -> &Arc<dyn JobQueue> {
        &self.queue
    }

    /// Does one job; answers what to remember of it. `progress` gets how far it is, in words.
    ///
    /// # Errors
    /// See [`JobError`].
    pub async fn run(&self, job: &Job, progress: Words<'_>) -> Result<Value, JobError> {
        let counting = |budget: &str, rows: u64| progress(&format!("{budget}: {rows} rows"));
        match job {
            Job::Warm { budget } => self.warm(budget.as_deref(), progress).await,
            Job::Verify { budget } => self.verify(self.known(budget.as_deref()).await?, &counting).await,
            Job::Rebuild { budget } => {
                let budget = self.known(budget.as_deref()).await?;
                let mended = self.allot.rebuild(budget, &counting).await?;
                let corrected: Vec<_> =
                    mended.iter().filter(|one| one.corrected.is_some()).map(|one| &one.before.budget).collect();
                Ok(json!({ "budgets": mended.len(), "corrected": corrected }))
            }
            Job::Upkeep => {
                self.allot.upkeep().await?;
                let forgotten = self.queue.forget(self.allot.now().plus_days(-REMEMBERED_DAYS)).await?;
                Ok(json!({ "jobs_forgotten": forgotten }))
            }
            Job::Backup => {
                let Some(backup) = &self.backup else {
                    return Err(JobError::Hopeless("no place for backups is configured".into()));
                };
                let made = backup.make(progress).await.map_err(JobError::Failed)?;
                Ok(json!({ "backup": made }))
            }
            Job::Export { budget } => {
                self.known(Some(budget)).await?;
                let written = self.export.write(budget, progress).await.map_err(JobError::Failed)?;
                let file = written.path.display().to_string();
                Ok(json!({ "file": file, "rows": written.rows, "archived": written.archived }))
            }
        }
    }

    /// Refuses a budget that is not there: it will not come by trying again.
    async fn known<'a>(&self, budget: Option<&'a str>) -> Result<Option<&'a str>, JobError> {
        self.allot.reload_catalogue().await?;
        match budget {
            Some(slug) if self.allot.catalogue().find(slug).is_none() => {
                Err(JobError::Hopeless(format!("there is no budget {slug:?}")))
            }
            budget => Ok(budget),
        }
    }

    async fn warm(&self, budget: Option<&str>, progress: Words<'_>) -> Result<Value, JobError> {
        let budget = self.known(budget).await?;
        self.allot.follow_store().await?;
        let mut warmed = 0;
        for record in self.allot.catalogue().all() {
            let slug = record.budget.slug.as_str();
            if budget.is_some_and(|budget| budget != slug) {
                continue;
            }
            progress(slug);
            // Whoever reads next here finds it in memory, in every coding, and other processes in what they share.
            if let Some((snapshot, _)) = self.allot.aggregate(slug, None).await? {
                for coding in Encoding::ALL {
                    let _ = snapshot.body(coding);
                }
                warmed += 1;
            }
        }
        Ok(json!({ "budgets": warmed }))
    }

    async fn verify(&self, budget: Option<&str>, progress: &(dyn Fn(&str, u64) + Sync)) -> Result<Value, JobError> {
        // One budget is verified because something was done to it: a replica may not have that yet.
        let found = match budget {
            Some(_) => self.allot.verify(budget, progress).await?,
            None => self.allot.verify_beside(progress).await?,
        };
        let wrong: Vec<_> = found.iter().filter(|one| !one.is_exact()).collect();
        for one in &wrong {
            if !one.is_to_rebuild() {
                tracing::error!(
                    budget = one.budget,
                    version = one.version.0,
                    wrong_participants = one.wrong_participants,
                    "participants whose newest submission is not the one that counts: no rebuild mends that; restore a \
                     backup, and report it"
                );
                continue;
            }
            tracing::error!(
                budget = one.budget,
                version = one.version.0,
                differences = one.differences.len(),
                unreadable = one.unreadable,
                wrong_participants = one.wrong_participants,
                first = one.differences.first().map(|first| format!("{first:?}")),
                "the totals differ from the submissions: `allot aggregates rebuild` corrects them"
            );
        }
        let differences: u64 =
            wrong.iter().map(|one| one.differences.len() as u64 + one.unreadable + one.wrong_participants).sum();
        let people: i64 = found.iter().map(|one| one.people).sum();
        Ok(json!({ "budgets": found.len(), "people": people, "differences": differences }))
    }
}
