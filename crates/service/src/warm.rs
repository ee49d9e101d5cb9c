//! Use case: have snapshots ready before somebody asks for them.
//!
//! A server warms its own memory with it, and both a server and a command that runs once warm what is shared (the tier
//! `redis`) and the summary (deltas folded, so that the next reader adds up less). Warming changes no number.

use crate::{
    aggregates::Tier,
    allot::Allot,
    encoded::Encoding,
    port::{BudgetRecord, Head, StoreError, StoreResult, Version},
};
use domain::summary::CellKey;
use serde::Serialize;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// How long one budget may take: the rest must not wait for it for ever.
const PATIENCE: Duration = Duration::from_secs(30);

/// Which budgets. The default is all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// At most so many, those first that changed last.
    pub limit: Option<usize>,
    /// Only those with counted submissions on one of the last so many days (UTC, today is one of them).
    pub days: Option<u32>,
}

/// What became of a snapshot in the tier `redis`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shared {
    /// It is there now, this one or one as new.
    Kept,
    /// Redis did not answer.
    Unavailable,
    /// There is no Redis.
    NotConfigured,
}

impl Shared {
    /// The name in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Unavailable => "unavailable",
            Self::NotConfigured => "not configured",
        }
    }
}

/// One budget that is warm now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warmed {
    /// Slug.
    pub budget: String,
    /// Of the snapshot: the head's, or newer.
    pub version: i64,
    /// Counted.
    pub submissions: u64,
    /// The tier that had the snapshot: `memory` = this process was warm already.
    pub from: &'static str,
    /// What became of it in Redis.
    pub redis: Shared,
    /// Deltas that were folded into the summary.
    pub folded: u64,
    /// How long it took, in microseconds.
    pub took_us: u64,
}

/// What a warming did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Warming {
    /// In the order in which they were warmed.
    pub warmed: Vec<Warmed>,
    /// Budgets that could not be, with what the log may say.
    pub failed: Vec<(String, String)>,
}

/// Gets how many budgets are done so far, those that failed among them.
pub type Progress<'a> = &'a (dyn Fn(u64) + Sync);

impl Allot {
    /// The chosen budgets, those first that changed last: by a submission, a deletion or an operator.
    ///
    /// # Errors
    /// What the store says.
    pub async fn chosen_to_warm(&self, choice: &Choice) -> StoreResult<Vec<Arc<BudgetRecord>>> {
        // Another process may have imported one.
        self.reload_catalogue().await?;
        let heads = self.store().heads().await?;
        let mut records = self.catalogue().all().to_vec();
        records.sort_by_key(|record| std::cmp::Reverse(version(&heads, record)));
        if let Some(days) = choice.days {
            let mut active = Vec::with_capacity(records.len());
            for record in records {
                // Where that can't be told it is warmed, and what fails then is told.
                if self.was_active(&record, days).await.unwrap_or(true) {
                    active.push(record);
                }
            }
            records = active;
        }
        records.truncate(choice.limit.unwrap_or(usize::MAX));
        Ok(records)
    }

    /// Warms the chosen budgets one after the other, so that requests hardly notice. A budget that fails keeps no
    /// other from being warmed.
    ///
    /// # Errors
    /// When not even the budgets can be read.
    pub async fn warm(&self, choice: &Choice, progress: Progress<'_>) -> StoreResult<Warming> {
        let chosen = self.chosen_to_warm(choice).await?;
        let heads = self.store().heads().await?;
        let mut done = Warming::default();
        for record in chosen {
            let slug = record.budget.slug.clone();
            let warmed = tokio::time::timeout(PATIENCE, self.warm_one(&record, version(&heads, &record))).await;
            match warmed.unwrap_or_else(|_| Err(StoreError::Unavailable("it took too long".into()))) {
                Ok(warmed) => done.warmed.push(warmed),
                Err(error) => done.failed.push((slug, error.to_string())),
            }
            progress((done.warmed.len() + done.failed.len()) as u64);
        }
        Ok(done)
    }

    async fn warm_one(&self, record: &BudgetRecord, head: Version) -> StoreResult<Warmed> {
        let begun = Instant::now();
        let folded = self.fold_one(record.id).await?;
        let found = self.aggregates().get(record.id, Some(head)).await?;
        let (snapshot, tier) = found.ok_or_else(|| StoreError::Failed("the budget is gone".into()))?;
        // Compressed for the first reader of each coding.
        for coding in Encoding::ALL {
            let _ = snapshot.body(coding);
        }
        // Also what memory had: Redis may have lost it.
        let redis = match self.aggregates().share(record, &snapshot).await {
            None => Shared::NotConfigured,
            Some(Ok(())) => Shared::Kept,
            Some(Err(_)) => Shared::Unavailable,
        };
        Ok(Warmed {
            budget: record.budget.slug.clone(),
            version: snapshot.version.0,
            submissions: snapshot.view.submissions,
            from: Tier::as_str(tier),
            redis,
            folded,
            took_us: u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX),
        })
    }

    /// Whether a counted submission is of one of the last `days` days.
    async fn was_active(&self, record: &BudgetRecord, days: u32) -> StoreResult<bool> {
        let first = self.now().day().0.saturating_sub(i32::try_from(days).unwrap_or(i32::MAX).saturating_sub(1));
        let Some((_, summary)) = self.store().summary(record.id).await? else { return Ok(false) };
        Ok(summary.cells().any(|(key, _)| matches!(key, CellKey::Day(day) if day.0 >= first)))
    }
}

/// The newest version of a budget, as read from the database.
fn version(heads: &[Head], record: &BudgetRecord) -> Version {
    heads.iter().find(|head| head.budget == record.id).map_or(record.head, |head| head.version)
}
