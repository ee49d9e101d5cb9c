//! How often each tier was loaded from, by readers and in the background.

use super::Tier;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts since the start. A read from memory is no load.
#[derive(Debug, Default)]
pub struct Loads {
    redis: AtomicU64,
    summary: AtomicU64,
    raw: AtomicU64,
}

impl Loads {
    fn of_tier(&self, tier: Tier) -> Option<&AtomicU64> {
        match tier {
            Tier::Memory => None,
            Tier::Redis => Some(&self.redis),
            Tier::Summary => Some(&self.summary),
            Tier::Raw => Some(&self.raw),
        }
    }

    pub(super) fn count(&self, tier: Tier) {
        if let Some(count) = self.of_tier(tier) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Loads from a tier since the start.
    #[must_use]
    pub fn from_tier(&self, tier: Tier) -> u64 {
        self.of_tier(tier).map_or(0, |count| count.load(Ordering::Relaxed))
    }
}
