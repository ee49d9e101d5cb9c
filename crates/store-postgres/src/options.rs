//! What an operator may tune.

use std::time::Duration;

/// Limits of the connections to one database. Every wait of ours has one on this side, too: a host that vanished ends
/// nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The most connections of this process.
    pub max_connections: u32,
    /// Connections kept open although nobody needs them.
    pub min_connections: u32,
    /// A connection is replaced at this age, so that a database that moved is found.
    pub max_lifetime: Duration,
    /// A connection that nobody used for so long is closed.
    pub idle_timeout: Duration,
    /// The longest wait for a connection, connecting included.
    pub acquire_timeout: Duration,
    /// A connection that rested longer than this is asked whether it is still alive before it is used.
    pub check_after_idle: Duration,
    /// The longest that a statement may run; a whole operation gets twice as long.
    pub statement_timeout: Duration,
    /// The longest wait for a lock.
    pub lock_timeout: Duration,
    /// The longest that a scan of all submissions, a bulk batch or a migration may take.
    pub scan_timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_connections: 16,
            min_connections: 0,
            max_lifetime: Duration::from_mins(30),
            idle_timeout: Duration::from_mins(10),
            acquire_timeout: Duration::from_secs(2),
            check_after_idle: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(10),
            lock_timeout: Duration::from_secs(2),
            scan_timeout: Duration::from_mins(15),
        }
    }
}
