//! Every name in Redis, with its lifetime. `docs/operations.md` has the same as a table: change both.
//!
//! All carry the database's instance id, which a restore renews, so that what was said about another database, or
//! another past of this one, is never found. The braces keep them in one slot of a Redis cluster, because one script
//! charges several limits.

use service::port::{BudgetId, LimitKey};
use std::time::Duration;

/// Of a snapshot: a budget that nobody changes is read from the summary once a day; what a former instance id left
/// behind is gone after one.
pub(crate) const SNAPSHOT_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);
/// Of the key that probes write: until somebody has surely seen that it was written.
pub(crate) const PROBE_LIFETIME: Duration = Duration::from_secs(60);

/// Changes when the bytes of a snapshot, or of an announcement, mean something else.
const FORMAT: &str = "1";

/// The names of one database.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    prefix: String,
}

impl Names {
    pub(crate) fn new(instance: &str) -> Self {
        Self { prefix: format!("allot:{{{instance}}}") }
    }

    /// What all names begin with.
    pub(crate) fn prefix(&self) -> String {
        format!("{}:", self.prefix)
    }

    /// A budget's newest snapshot.
    pub(crate) fn snapshot(&self, budget: BudgetId) -> String {
        format!("{}:snapshot:{FORMAT}:{}", self.prefix, budget.0)
    }

    /// The channel on which new snapshots are announced.
    pub(crate) fn news(&self) -> String {
        format!("{}:news:{FORMAT}", self.prefix)
    }

    /// One limit; lives until it allows everything again.
    pub(crate) fn limit(&self, key: LimitKey) -> String {
        match key {
            LimitKey::Participant(hash) => format!("{}:limit:participant:{hash:016x}", self.prefix),
            LimitKey::Address(hash) => format!("{}:limit:address:{hash:016x}", self.prefix),
        }
    }

    /// Written by probes, to see whether Redis takes writes.
    pub(crate) fn probe(&self) -> String {
        format!("{}:probe", self.prefix)
    }
}
