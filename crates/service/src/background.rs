//! What runs beside the requests: folding, following other processes, rebuilding what was acknowledged.

use crate::{
    allot::Allot,
    port::{BudgetId, Head, StoreResult},
};
use std::{
    sync::{Arc, Weak},
    time::Duration,
};
use tokio::time::{MissedTickBehavior, interval, timeout};

/// How often snapshots are rebuilt for changes that no reader has asked for yet.
const SETTLE: Duration = Duration::from_millis(100);
/// How often the heads are polled for what other processes wrote.
const FOLLOW: Duration = Duration::from_millis(500);
/// How often deltas are folded. Not a job: once a second is too often for a queue, nothing is lost when one is missed,
/// and the next folds what the last one left.
const FOLD: Duration = Duration::from_secs(1);
/// Deltas of one fold, so that the head lock is held briefly: every commit waits for it.
const FOLD_LIMIT: u32 = 500;
/// How often what is done ahead of time and what is forgotten is looked after. Also a job, which is remembered and
/// told about; a server does it by itself as well, because a month must not lack its room for want of a worker.
const UPKEEP: Duration = Duration::from_hours(1);
/// How long an id stays known as deleted: longer than an id is taken, whatever the clock of its device said.
pub(crate) const TOMBSTONE_DAYS: i64 = 92;

/// How long one wait for news lasts before it is looked whether anybody is left to hear them.
const LISTEN: Duration = Duration::from_secs(1);

/// Each kind of work has a task of its own, so that a long fold makes nobody's snapshot wait. All end with the last
/// other reference.
pub(crate) fn start(allot: &Arc<Allot>) {
    for work in [Work::Settle, Work::Follow, Work::Fold, Work::Upkeep] {
        tokio::spawn(work.repeat(Arc::downgrade(allot)));
    }
    tokio::spawn(listen(Arc::downgrade(allot)));
}

#[derive(Clone, Copy)]
enum Work {
    Settle,
    Follow,
    Fold,
    Upkeep,
}

impl Work {
    async fn repeat(self, allot: Weak<Allot>) {
        let mut timer = interval(match self {
            Self::Settle => SETTLE,
            Self::Follow => FOLLOW,
            Self::Fold => FOLD,
            Self::Upkeep => UPKEEP,
        });
        timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            timer.tick().await;
            let Some(allot) = allot.upgrade() else { return };
            let done = match self {
                Self::Settle => {
                    allot.aggregates().settle().await;
                    Ok(())
                }
                Self::Follow => allot.follow_store().await,
                Self::Fold => allot.fold().await,
                Self::Upkeep => allot.upkeep().await,
            };
            if let Err(error) = done {
                tracing::warn!(%error, "background work will be tried again");
            }
        }
    }
}

/// Takes over what other processes have shared.
async fn listen(allot: Weak<Allot>) {
    loop {
        let Some(news) = allot.upgrade().and_then(|allot| allot.aggregates().news()) else { return };
        let Ok(news) = timeout(LISTEN, news).await else { continue };
        let Some(allot) = allot.upgrade() else { return };
        allot.aggregates().hear(&news).await;
    }
}

impl Allot {
    /// Folds what is not folded yet, in short steps.
    ///
    /// # Errors
    /// What the store says.
    pub async fn fold(&self) -> StoreResult<()> {
        let mut failure = None;
        for record in self.catalogue().all() {
            // One that can't be folded keeps no other from it.
            if let Err(error) = self.fold_one(record.id).await {
                tracing::warn!(%error, budget = record.budget.slug, "deltas could not be folded");
                failure = Some(error);
            }
        }
        failure.map_or(Ok(()), Err)
    }

    /// Makes room for the months to come, and forgets tombstones that nobody can need any more.
    ///
    /// # Errors
    /// What the store says.
    pub async fn upkeep(&self) -> StoreResult<()> {
        let now = self.now();
        let made = self.store().prepare(now).await?;
        let forgotten = self.store().forget_tombstones(now.plus_days(-TOMBSTONE_DAYS)).await?;
        if made + forgotten > 0 {
            tracing::info!(made, forgotten, "made room for the months to come, and forgot old tombstones");
        }
        Ok(())
    }

    /// Folds all deltas of a budget, in steps; answers how many these were.
    pub(crate) async fn fold_one(&self, budget: BudgetId) -> StoreResult<u64> {
        let mut folded = 0;
        loop {
            let step = self.store().fold(budget, FOLD_LIMIT).await?;
            folded += step;
            if step < u64::from(FOLD_LIMIT) {
                return Ok(folded);
            }
        }
    }

    /// Brings memory up to what other processes wrote.
    pub(crate) async fn follow_store(&self) -> StoreResult<()> {
        let heads = self.store().heads().await?;
        let known = self.catalogue();
        let is_news = |head: &Head| known.by_id(head.budget).is_none_or(|record| record.head < head.version);
        if heads.iter().any(is_news) {
            self.reload_catalogue().await?;
        }
        self.aggregates().refresh(&heads).await
    }
}
