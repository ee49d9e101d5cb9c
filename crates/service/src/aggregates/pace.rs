//! How often a snapshot may be rebuilt: under a stream of submissions every commit makes the last one stale,
//! and rebuilding for each would take the processor from the submissions.

use std::time::{Duration, Instant};

/// Rebuilding takes at most this share of one processor: one part in ten.
const IDLE_PARTS: u32 = 9;
/// However long a rebuild took, readers need not wait longer than this for the next to begin.
const LONGEST_PAUSE: Duration = Duration::from_millis(50);

/// When the next rebuild may begin.
#[derive(Debug, Default)]
pub(super) struct Pace {
    next: Option<Instant>,
    /// When the last load began that read the database itself.
    read: Option<Instant>,
}

impl Pace {
    /// Waits until the next rebuild may begin; not at all when the last one was a while ago.
    pub(super) async fn wait(&self) {
        if let Some(next) = self.next {
            tokio::time::sleep_until(next.into()).await;
        }
    }

    /// A load that began at `started` read the database itself.
    pub(super) fn read_at(&mut self, started: Instant) {
        self.read = Some(started);
    }

    /// Whether the database was read since then.
    pub(super) fn read_since(&self, moment: Instant) -> bool {
        self.read.is_some_and(|began| began >= moment)
    }

    /// A rebuild that began at `started` is done.
    pub(super) fn took(&mut self, started: Instant) {
        let pause = (started.elapsed() * IDLE_PARTS).min(LONGEST_PAUSE);
        self.next = Some(Instant::now() + pause);
    }
}
