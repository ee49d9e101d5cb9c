//! Use case: how new each tier is, compared with the database's heads. Looks only, and changes nothing.

use crate::{
    aggregates::Kept,
    allot::Allot,
    port::{StoreError, StoreResult, Version},
};
use serde::Serialize;

/// How a tier stands to the head of a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It has everything.
    Current,
    /// It has nothing: the next reader fills it.
    Cold,
    /// It lacks something that the database has.
    Stale,
    /// It has something that the database does not have, such as after a restore.
    Phantom,
    /// It holds what no process with our secret wrote for this budget.
    Damaged,
    /// It does not answer.
    Unavailable,
    /// There is no such tier here.
    NotConfigured,
}

impl State {
    /// The name in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Cold => "cold",
            Self::Stale => "STALE",
            Self::Phantom => "PHANTOM",
            Self::Damaged => "DAMAGED",
            Self::Unavailable => "UNAVAILABLE",
            Self::NotConfigured => "not configured",
        }
    }

    /// Somebody should do something.
    #[must_use]
    pub const fn is_wrong(self) -> bool {
        matches!(self, Self::Stale | Self::Phantom | Self::Damaged | Self::Unavailable)
    }

    /// Of a tier that has `version`, between two looks at the head: whatever is committed meanwhile makes nobody stale
    /// or a phantom.
    #[must_use]
    pub fn of(version: Version, before: Version, after: Version) -> Self {
        if version > after {
            Self::Phantom
        } else if version < before {
            Self::Stale
        } else {
            Self::Current
        }
    }
}

/// One tier of one budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// What it has; `None` = nothing, or it is not known.
    pub version: Option<i64>,
    /// What that means.
    pub state: State,
}

impl Standing {
    const fn without(state: State) -> Self {
        Self { version: None, state }
    }
}

/// One budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tiers {
    /// Slug.
    pub budget: String,
    /// The database's newest version, read before everything else.
    pub head: i64,
    /// Base cells plus deltas.
    pub summary: Standing,
    /// What the processes share.
    pub redis: Standing,
}

impl Allot {
    /// How the tiers of every budget stand that all processes have in common. What a process has in memory, only that
    /// process knows.
    ///
    /// # Errors
    /// What the store says when not even the heads can be read.
    pub async fn tiers(&self) -> StoreResult<Vec<Tiers>> {
        self.reload_catalogue().await?;
        let before = self.store().heads().await?;
        let mut found = Vec::new();
        for record in self.catalogue().all() {
            let Some(head) = before.iter().find(|head| head.budget == record.id) else { continue };
            let summary = self.store().total(record.id).await.map(|at| at.map(|at| at.version));
            let shared = self.aggregates().look(record).await;
            let after = self.store().heads().await?;
            let after = after.iter().find(|head| head.budget == record.id).map_or(head.version, |head| head.version);
            let standing = |version: Version| Standing {
                version: Some(version.0),
                state: State::of(version, head.version, after),
            };
            let summary = match summary {
                Ok(Some(version)) => standing(version),
                Ok(None) => Standing::without(State::Cold),
                Err(error) => {
                    tracing::warn!(%error, budget = record.budget.slug, "the summary can't be read");
                    Standing::without(match error {
                        StoreError::Unavailable(_) => State::Unavailable,
                        _ => State::Damaged,
                    })
                }
            };
            let redis = match shared {
                None => Standing::without(State::NotConfigured),
                Some(Err(_)) => Standing::without(State::Unavailable),
                Some(Ok(Kept::Nothing)) => Standing::without(State::Cold),
                Some(Ok(Kept::Damaged(version))) => Standing { version: Some(version.0), state: State::Damaged },
                Some(Ok(Kept::Whole(version))) => standing(version),
            };
            found.push(Tiers { budget: record.budget.slug.clone(), head: head.version.0, summary, redis });
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_committed_meanwhile_makes_no_tier_stale_and_none_a_phantom() {
        let state = |version, before, after| State::of(Version(version), Version(before), Version(after));
        assert_eq!(state(5, 5, 5), State::Current);
        assert_eq!(state(5, 5, 9), State::Current, "it was current when the look began");
        assert_eq!(state(7, 5, 9), State::Current);
        assert_eq!(state(4, 5, 9), State::Stale);
        assert_eq!(state(10, 5, 9), State::Phantom);
    }
}
