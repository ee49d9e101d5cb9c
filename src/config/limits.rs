//! Bounds on every connection and request.

use std::time::Duration;

/// Bounds of time and size.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Until a request's head must have arrived; also how long an idle connection is kept. Longer than the
    /// 60 seconds for which proxies keep theirs, so that it is the proxy that closes first.
    pub head: Duration,
    /// Until a request must be answered, its body included.
    pub request: Duration,
    /// Until an operator's request must be answered: warming takes its time.
    pub operation: Duration,
    /// How long a reader may take nothing of what is being sent to it.
    pub unread: Duration,
    /// How long a stopping server waits for the requests that it has.
    pub shutdown: Duration,
    /// Bytes of a request's head.
    pub head_bytes: usize,
    /// Headers of a request.
    pub headers: usize,
    /// Bytes of a request's body.
    pub body_bytes: usize,
    /// Connections at the same time, if the system allows as many open files.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(75),
            request: Duration::from_secs(10),
            operation: Duration::from_mins(2),
            unread: Duration::from_mins(1),
            shutdown: Duration::from_secs(25),
            head_bytes: 32 * 1024,
            headers: 64,
            body_bytes: 16 * 1024,
            connections: 20_000,
        }
    }
}
