//! The id under which the log knows a request.

use http::{HeaderMap, HeaderValue};
use std::sync::atomic::{AtomicU64, Ordering};

/// Where a trusted proxy puts the id that it gave the request.
const HEADER: &str = "x-request-id";

/// Makes ids that don't repeat within a process and hardly across processes.
pub(super) struct RequestIds {
    start: u64,
    made: AtomicU64,
}

impl RequestIds {
    pub(super) fn new() -> Self {
        // Without randomness the ids of two processes could meet in one log, no more.
        Self { start: getrandom::u64().unwrap_or_default(), made: AtomicU64::new(0) }
    }

    /// The proxy's id if the peer is one that we trust and the id is harmless, else a new one.
    pub(super) fn of(&self, headers: &HeaderMap, trusted: bool) -> HeaderValue {
        let given = headers.get(HEADER).filter(|value| trusted && is_harmless(value.as_bytes()));
        given.cloned().unwrap_or_else(|| self.make())
    }

    fn make(&self) -> HeaderValue {
        let number = self.start.wrapping_add(self.made.fetch_add(1, Ordering::Relaxed));
        // SplitMix64's finaliser, a bijection: numbers that differ stay different.
        let mut z = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        let mut text = [0u8; 16];
        for (place, digit) in text.iter_mut().enumerate() {
            *digit = b"0123456789abcdef"[(z >> (60 - 4 * place) & 15) as usize];
        }
        HeaderValue::from_bytes(&text).unwrap_or(HeaderValue::from_static("0"))
    }
}

fn is_harmless(id: &[u8]) -> bool {
    (8..=64).contains(&id.len()) && id.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_trusted_proxy_names_requests_and_only_harmlessly() {
        let ids = RequestIds::new();
        let of = |id: &str, trusted| {
            let headers = HeaderMap::from_iter([(HEADER.parse().unwrap(), id.parse().unwrap())]);
            ids.of(&headers, trusted) == id
        };
        assert!(of("0192d3a4-58cc-7372-8567-0e02b2c3d479", true));
        assert!(!of("0192d3a4-58cc-7372-8567-0e02b2c3d479", false));
        assert!(!of("short", true));
        assert!(!of(&"x".repeat(65), true));
        assert!(!of("forged\" level=error", true));
    }

    #[test]
    fn ids_differ() {
        let ids = RequestIds::new();
        let made: std::collections::HashSet<_> = (0..1000).map(|_| ids.make()).collect();
        assert_eq!(made.len(), 1000);
    }
}
