//! Waiting for another process's write lock.
//!
//! SQLite's lock has no queue: who waits asks again and again, and SQLite's own timeout asks ever more
//! seldom, down to ten times a second. Between two transactions of a busy process the lock is free for much
//! less than that, so this asks every millisecond, and long transactions are followed by a short pause.

use rusqlite::Connection;
use std::{
    cell::Cell,
    thread,
    time::{Duration, Instant},
};

/// How long to wait for the write lock.
pub(crate) const BUSY: Duration = Duration::from_secs(2);
/// How long who writes much leaves the lock to others between two transactions.
pub(crate) const GIVE_WAY: Duration = Duration::from_millis(5);

const ASK_AGAIN: Duration = Duration::from_millis(1);

thread_local! {
    /// When the wait of this thread began.
    static SINCE: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Lets a connection wait for the lock as long as [`BUSY`].
pub(crate) fn wait_for_lock(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_handler(Some(ask_again))
}

/// SQLite counts how often it asked for one lock.
fn ask_again(times: i32) -> bool {
    let now = Instant::now();
    let since = SINCE.get().filter(|_| times > 0).unwrap_or(now);
    SINCE.set(Some(since));
    let patient = now - since < BUSY;
    if patient {
        thread::sleep(ASK_AGAIN);
    }
    patient
}
