//! What runs beside the requests: folding, following other processes, rebuilding what was acknowledged.

use crate::{
    allot::Allot,
    port::{Head, StoreResult},
};
use std::{sync::Weak, time::Duration};
use tokio::time::{MissedTickBehavior, interval};

/// How often snapshots are rebuilt for changes that no reader has asked for yet.
const SETTLE: Duration = Duration::from_millis(100);
/// How often the heads are polled for what other processes wrote.
const FOLLOW: Duration = Duration::from_millis(500);
/// How often deltas are folded.
const FOLD: Duration = Duration::from_secs(1);
/// Deltas of one fold, so that the head lock is held briefly.
const FOLD_LIMIT: u32 = 2000;
/// How often what is done ahead of time and what is forgotten is looked after.
const UPKEEP: Duration = Duration::from_hours(1);
/// How long an id stays known as deleted: longer than an id is taken, whatever the clock of its device said.
const TOMBSTONE_DAYS: i64 = 92;

/// Runs until the last other reference is gone.
pub(crate) async fn run(allot: Weak<Allot>) {
    let mut settle = interval(SETTLE);
    let mut follow = interval(FOLLOW);
    let mut fold = interval(FOLD);
    let mut upkeep = interval(UPKEEP);
    for timer in [&mut settle, &mut follow, &mut fold, &mut upkeep] {
        timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
    }
    loop {
        let work = tokio::select! {
            _ = settle.tick() => Work::Settle,
            _ = follow.tick() => Work::Follow,
            _ = fold.tick() => Work::Fold,
            _ = upkeep.tick() => Work::Upkeep,
        };
        let Some(allot) = allot.upgrade() else { return };
        let done = match work {
            Work::Settle => {
                allot.aggregates().settle().await;
                Ok(())
            }
            Work::Follow => allot.follow_store().await,
            Work::Fold => allot.fold().await,
            Work::Upkeep => allot.upkeep().await,
        };
        if let Err(error) = done {
            tracing::warn!(%error, "background work will be tried again");
        }
    }
}

enum Work {
    Settle,
    Follow,
    Fold,
    Upkeep,
}

impl Allot {
    /// Folds what is not folded yet, in short steps.
    ///
    /// # Errors
    /// What the store says.
    pub async fn fold(&self) -> StoreResult<()> {
        for record in self.catalogue().all() {
            while self.store().fold(record.id, FOLD_LIMIT).await? >= u64::from(FOLD_LIMIT) {}
        }
        Ok(())
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

    async fn follow_store(&self) -> StoreResult<()> {
        let heads = self.store().heads().await?;
        let known = self.catalogue();
        let is_news = |head: &Head| known.by_id(head.budget).is_none_or(|record| record.head < head.version);
        if heads.iter().any(is_news) {
            self.reload_catalogue().await?;
        }
        self.aggregates().refresh(&heads).await
    }
}
