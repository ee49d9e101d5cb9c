//! Use cases that read: the aggregate, one submission, a participant's history, health.

use crate::{
    aggregates::{Loads, Snapshot, Tier},
    allot::Allot,
    port::{Attendance, BudgetId, Lookup, Participant, StoreError, StoreResult, StoredSubmission, Version},
};
use domain::{SubmissionId, dto::SubmissionView};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{sync::watch, time::timeout};

const PING_PATIENCE: Duration = Duration::from_secs(2);

/// How a part answers.
#[derive(Clone, Debug)]
pub struct Health {
    /// `Err` with what the log may say; never for clients.
    pub database: Result<(), String>,
    /// How long the database took.
    pub latency: Duration,
}

impl Allot {
    /// The newest aggregate of a budget, at least as new as `seen` and as everything that this process has
    /// acknowledged. `None` = no such budget.
    pub async fn aggregate(
        &self,
        budget_slug: &str,
        seen: Option<Version>,
    ) -> StoreResult<Option<(Arc<Snapshot>, Tier)>> {
        let Some(budget) = self.catalogue().find(budget_slug).map(|record| record.id) else { return Ok(None) };
        self.aggregates().get(budget, seen).await
    }

    /// The memory tier alone: no lock, no wait, no database.
    #[must_use]
    pub fn aggregate_in_memory(&self, budget_slug: &str, seen: Option<Version>) -> Option<Arc<Snapshot>> {
        self.aggregates().in_memory(self.catalogue().find(budget_slug)?.id, seen)
    }

    /// Tells of every newer snapshot of a budget that this process publishes; it ends when the budget's texts
    /// change, and is then to be asked for again. `None` = no such budget.
    #[must_use]
    pub fn aggregate_changes(&self, budget_slug: &str) -> Option<watch::Receiver<Version>> {
        self.aggregates().changes(self.catalogue().find(budget_slug)?.id)
    }

    /// How often snapshots were loaded, and from which tier.
    #[must_use]
    pub fn snapshot_loads(&self) -> &Loads {
        self.aggregates().loads()
    }

    /// Of every budget: the newest snapshot of this process, and the newest version that the database is known to have.
    #[must_use]
    pub fn snapshot_versions(&self) -> Vec<(BudgetId, Option<Version>, Version)> {
        self.aggregates().versions()
    }

    /// What is known of an id; perhaps by a replica ([`crate::replica`]).
    pub async fn submission(&self, id: SubmissionId) -> StoreResult<Option<Lookup>> {
        Ok(self.submissions(&[id]).await?.pop().flatten())
    }

    /// What is known of several ids, in their order, by one question to the database; perhaps by a replica, if that
    /// knows all of them.
    pub async fn submissions(&self, ids: &[SubmissionId]) -> StoreResult<Vec<Option<Lookup>>> {
        let asked = ids.to_vec();
        let copied = self.ask_replica(|copy| async move { copy.lookup(&asked).await }).await;
        match copied {
            Some(known) if known.iter().all(Option::is_some) => Ok(known),
            _ => self.store().lookup(ids).await,
        }
    }

    /// A submission as clients read it; `None` when its budget is not in the catalogue.
    #[must_use]
    pub fn submission_view(&self, stored: &StoredSubmission) -> Option<SubmissionView> {
        let catalogue = self.catalogue();
        let budget = &catalogue.by_id(stored.budget)?.budget;
        Some(SubmissionView {
            id: stored.id.to_string(),
            budget: budget.slug.clone(),
            points: stored.allocation.to_map(budget),
            at: stored.effective.to_rfc3339(),
            counted: stored.counted,
        })
    }

    /// A participant's submissions over all budgets, newest first; perhaps by a replica ([`crate::replica`]).
    pub async fn history(&self, participant: Participant, limit: u32) -> StoreResult<Vec<StoredSubmission>> {
        let copied = self.ask_replica(|copy| async move { copy.history(participant, limit).await }).await;
        if let Some(history) = copied {
            return Ok(history);
        }
        self.store().history(participant, limit).await
    }

    /// How a participant has taken part, seen from one budget; perhaps by a replica ([`crate::replica`]).
    pub async fn attendance(&self, participant: Participant, budget_slug: &str) -> StoreResult<Attendance> {
        let Some(budget) = self.catalogue().find(budget_slug).map(|record| record.id) else {
            return Ok(Attendance::default());
        };
        let copied = self.ask_replica(|copy| async move { copy.attendance(participant, budget).await }).await;
        if let Some(attendance) = copied {
            return Ok(attendance);
        }
        self.store().attendance(participant, budget).await
    }

    /// Asks the database for a sign of life.
    pub async fn health(&self) -> Health {
        let start = Instant::now();
        let database = timeout(PING_PATIENCE, self.store().ping())
            .await
            .unwrap_or_else(|_| Err(StoreError::Unavailable("no answer within 2 s".into())))
            .map_err(|error| error.to_string());
        Health { database, latency: start.elapsed() }
    }
}
