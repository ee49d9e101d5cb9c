//! What runs at its time without anybody asking.

use super::{Job, Kind};

/// One line of the timetable. Times are UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// What runs.
    pub kind: Kind,
    /// When: second, minute, hour, day of the month, month, day of the week.
    pub cron: &'static str,
}

/// The timetable. Backups are missing: whoever wants them says when.
pub const SCHEDULES: [Schedule; 3] = [
    Schedule { kind: Kind::Warm, cron: "0 0 * * * *" },
    Schedule { kind: Kind::Upkeep, cron: "0 20 * * * *" },
    // When most of the world that counts in one time zone sleeps; a scan of everything.
    Schedule { kind: Kind::Verify, cron: "0 40 3 * * *" },
];

impl Kind {
    /// The job of this kind that a timetable may have; `None` if somebody must say more than when.
    #[must_use]
    pub const fn scheduled(self) -> Option<Job> {
        match self {
            Self::Warm => Some(Job::Warm { budget: None }),
            Self::Verify => Some(Job::Verify { budget: None }),
            Self::Rebuild => Some(Job::Rebuild { budget: None }),
            Self::Upkeep => Some(Job::Upkeep),
            Self::Backup => Some(Job::Backup),
            Self::Export => None,
        }
    }
}
