//! A connection that is kept from one use to the next.
//!
//! The pool takes its connections in turn and asks each whether it is alive when it comes back. That is right for
//! requests; commits of a budget follow each other without a pause, and would meet another process of the database each
//! time, one that has not run for a while, and cost a second round trip. So one connection stays with them while they
//! last.

use crate::session::{Session, sign_of_life};
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

    /// The connection, and how long it has rested.
    pub(crate) fn take(&self) -> Option<(Session, Duration)> {
        let (session, since) = self.place().session.take()?;
        Some((session, since.elapsed()))
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

    /// What is to be done about the connection that is here.
    fn look(&self) -> Look {
        let mut place = self.place();
        match place.session.take() {
            Some((session, since)) if since.elapsed() < REST => {
                place.session = Some((session, since));
                Look::Later
            }
            rested => {
                place.watched = false;
                Look::Over(rested.map(|(session, _)| session))
            }
        }
    }
}

enum Look {
    Later,
    /// Nobody looks after it any more.
    Over(Option<Session>),
}

/// Waits until the connection has rested for long enough or is in use. The pool asks for a sign of life without a limit,
/// so it is asked here first.
async fn give_back(kept: Arc<Kept>) {
    loop {
        match kept.look() {
            Look::Later => sleep(REST).await,
            Look::Over(None) => return,
            Look::Over(Some(mut session)) => {
                if sign_of_life(&mut session).await.is_err() {
                    session.close();
                }
                return;
            }
        }
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
