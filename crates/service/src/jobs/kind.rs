//! The jobs, and the limits of each.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A job as it is stored: its kind and what it needs to know. Fields may be added if older jobs can do without.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    /// Computes what readers will ask for, of one budget or of all.
    Warm {
        /// Slug.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        budget: Option<String>,
    },
    /// Compares the totals with the submissions, of one budget or of all.
    Verify {
        /// Slug.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        budget: Option<String>,
    },
    /// Corrects the totals, of one budget or of all.
    Rebuild {
        /// Slug.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        budget: Option<String>,
    },
    /// Makes room for the months to come, and forgets what nobody can need any more.
    Upkeep,
    /// Makes a backup.
    Backup,
    /// Writes the counted answers to a budget into a file.
    Export {
        /// Slug.
        budget: String,
    },
}

/// What a job does, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// [`Job::Warm`]
    Warm,
    /// [`Job::Verify`]
    Verify,
    /// [`Job::Rebuild`]
    Rebuild,
    /// [`Job::Upkeep`]
    Upkeep,
    /// [`Job::Backup`]
    Backup,
    /// [`Job::Export`]
    Export,
}

/// The limits of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Attempts, the first included.
    pub attempts: u32,
    /// The longest that one attempt may take.
    pub timeout: Duration,
    /// Before the second attempt; twice as long before each further one, up to [`Policy::LONGEST_PAUSE`].
    pub pause: Duration,
}

impl Policy {
    /// Between two attempts.
    pub const LONGEST_PAUSE: Duration = Duration::from_mins(15);

    /// How long to wait after attempt number `attempt` (from 1) failed.
    #[must_use]
    pub fn pause_after(&self, attempt: u32) -> Duration {
        self.pause.saturating_mul(1 << attempt.saturating_sub(1).min(16)).min(Self::LONGEST_PAUSE)
    }
}

impl Job {
    /// What it does.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Warm { .. } => Kind::Warm,
            Self::Verify { .. } => Kind::Verify,
            Self::Rebuild { .. } => Kind::Rebuild,
            Self::Upkeep => Kind::Upkeep,
            Self::Backup => Kind::Backup,
            Self::Export { .. } => Kind::Export,
        }
    }

    /// How often a job that is stored as this text may be begun; one that this version does not know, once.
    #[must_use]
    pub fn attempts_of(stored: &str) -> u32 {
        serde_json::from_str::<Self>(stored).map_or(1, |job| job.kind().policy().attempts)
    }

    /// As it is stored. The same job always has the same text.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Strings always serialise.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Warms one budget.
    #[must_use]
    pub fn warm(budget: &str) -> Self {
        Self::Warm { budget: Some(budget.to_owned()) }
    }

    /// Verifies one budget.
    #[must_use]
    pub fn verify(budget: &str) -> Self {
        Self::Verify { budget: Some(budget.to_owned()) }
    }
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Warm, Self::Verify, Self::Rebuild, Self::Upkeep, Self::Backup, Self::Export];

    /// As it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Warm => "warm",
            Self::Verify => "verify",
            Self::Rebuild => "rebuild",
            Self::Upkeep => "upkeep",
            Self::Backup => "backup",
            Self::Export => "export",
        }
    }

    /// The other way round.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Its limits.
    #[must_use]
    pub const fn policy(self) -> Policy {
        let (attempts, timeout, pause) = match self {
            Self::Warm => (5, Duration::from_mins(5), Duration::from_secs(5)),
            // Scans of all submissions.
            Self::Verify => (4, Duration::from_hours(1), Duration::from_mins(1)),
            Self::Rebuild => (6, Duration::from_hours(2), Duration::from_secs(10)),
            Self::Upkeep => (8, Duration::from_mins(5), Duration::from_secs(10)),
            Self::Backup => (4, Duration::from_hours(6), Duration::from_mins(2)),
            Self::Export => (4, Duration::from_hours(1), Duration::from_mins(2)),
        };
        Policy { attempts, timeout, pause }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_stored_under_its_kind_and_comes_back() {
        let jobs = [
            Job::warm("a"),
            Job::Warm { budget: None },
            Job::verify("b"),
            Job::Rebuild { budget: None },
            Job::Upkeep,
            Job::Backup,
            Job::Export { budget: "c".into() },
        ];
        for job in jobs {
            let json = job.to_json();
            assert!(json.starts_with(&format!("{{\"kind\":\"{}\"", job.kind().as_str())), "{json}");
            assert_eq!(serde_json::from_str::<Job>(&json).unwrap(), job);
            assert_eq!(Kind::parse(job.kind().as_str()), Some(job.kind()));
        }
        assert!(serde_json::from_str::<Job>("{\"kind\":\"of a later version\"}").is_err());
    }

    #[test]
    fn pauses_double_up_to_a_limit() {
        let policy = Kind::Rebuild.policy();
        assert_eq!([1, 2, 3].map(|n| policy.pause_after(n).as_secs()), [10, 20, 40]);
        assert_eq!(policy.pause_after(u32::MAX), Policy::LONGEST_PAUSE);
    }
}
