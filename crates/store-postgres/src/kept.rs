//! A connection that is kept from one use to the next.
//!
//! The pool takes its connections in turn and asks each whether it is alive when it comes back. That is right for
//! requests; commits of a budget follow each other without a pause, and would meet another process of the database each
//! time, one that has not run for a while, and cost a second round trip. So one connection stays with them while they
//! last.

use crate::session::Session;
use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio::{runtime::Handle, time::sleep};

/// How long a connection may stay away from the pool, which knows its age and replaces it in time.
pub(crate) const TERM: Duration = Duration::from_secs(10);
/// A connection that nobody used for so long goes back.
const REST: Duration = Duration::from_secs(1);

#[derive(Default)]
pub(crate) struct Kept {
    place: Mutex<Place>,
}

#[derive(Default)]
struct Place {
    /// Since when it rests.
    session: Option<(Session, Instant)>,
    /// Somebody looks after it.
    watched: bool,
}

impl Kept {
    fn place(&self) -> MutexGuard<'_, Place> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many rest here.
    pub(crate) fn resting(&self) -> usize {
        usize::from(self.place().session.is_some())
    }

    /// The connection, if it may be used after so long a rest; if not, it goes back to the pool.
    pub(crate) fn take(&self, may_be_used: impl FnOnce(Duration) -> bool) -> Option<Session> {
        let (session, since) = self.place().session.take()?;
        may_be_used(since.elapsed()).then_some(session)
    }

    /// Keeps one; another one goes back to the pool.
    pub(crate) fn put(self: &Arc<Self>, session: Session) {
        let mut place = self.place();
        if place.session.is_some() {
            return;
        }
        place.session = Some((session, Instant::now()));
        if !mem::replace(&mut place.watched, true) {
            tokio::spawn(give_back(Arc::clone(self)));
        }
    }

    /// Gives a connection back that has rested for long enough; whether there is none to look after any more.
    fn is_over(&self) -> bool {
        let mut place = self.place();
        let rested = place.session.as_ref().is_none_or(|(_, since)| since.elapsed() >= REST);
        if rested {
            place.session = None;
            place.watched = false;
        }
        rested
    }
}

async fn give_back(kept: Arc<Kept>) {
    while !kept.is_over() {
        sleep(REST).await;
    }
}

impl Drop for Kept {
    /// The pool takes a connection back in a task. Where no tasks are run any more, the process is about to end, and the
    /// connection with it.
    fn drop(&mut self) {
        let place = self.place.get_mut().unwrap_or_else(PoisonError::into_inner);
        if Handle::try_current().is_err() {
            mem::forget(place.session.take());
        }
    }
}
