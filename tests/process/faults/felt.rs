//! That a fault was felt: a test that breaks nothing proves nothing.

use super::RECOVERY;
use crate::program::Connection;
use serde_json::Value;
use std::{
    collections::HashMap,
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

/// Before the same is asked again.
const AGAIN: Duration = Duration::from_millis(5);

/// Between these moments a part was surely away.
#[derive(Clone, Copy)]
pub(super) struct Away {
    pub(super) from: Instant,
    pub(super) until: Instant,
}

impl Away {
    /// For as long as `wait` takes.
    pub(super) fn during(wait: impl FnOnce()) -> Self {
        let from = Instant::now();
        wait();
        Self { from, until: Instant::now() }
    }
}

/// Waits until every process says this of one of its parts.
pub(super) fn until_all_say(addresses: &[SocketAddr], part: &str, state: &str) {
    until_all(addresses, &format!("{part} is never {state}"), |address| state_of(address, part) == state);
}

/// Does `fault` and waits until every process has counted more under this name than before.
pub(super) fn until_all_counted(addresses: &[SocketAddr], name: &str, fault: impl FnOnce()) {
    let before: HashMap<_, _> = addresses.iter().map(|address| (*address, counted(*address, name))).collect();
    fault();
    until_all(addresses, &format!("{name} stays as it was"), |address| counted(address, name) > before[&address]);
}

fn until_all(addresses: &[SocketAddr], otherwise: &str, is_so: impl Fn(SocketAddr) -> bool) {
    let deadline = Instant::now() + RECOVERY;
    for address in addresses {
        while !is_so(*address) {
            assert!(Instant::now() < deadline, "{address}: {otherwise}");
            thread::sleep(AGAIN);
        }
    }
}

fn state_of(address: SocketAddr, part: &str) -> String {
    let health: Value = serde_json::from_str(&get(address, "/health/ready")).unwrap();
    health[part]["state"].as_str().unwrap_or_else(|| panic!("{part}: {health}")).to_owned()
}

fn counted(address: SocketAddr, name: &str) -> u64 {
    let metrics = get(address, "/metrics");
    let found = metrics.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
    found.unwrap_or_else(|| panic!("{name}: {metrics}"))
}

fn get(address: SocketAddr, path: &str) -> String {
    Connection::open(address).and_then(|mut open| open.send("GET", path, "", "")).unwrap().1
}
