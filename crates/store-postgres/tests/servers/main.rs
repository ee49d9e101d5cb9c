//! Servers that are stopped, encrypted or broken on purpose, each case with its own.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

#[path = "../cluster/mod.rs"]
mod cluster;
mod kept;
mod own;
mod race;
mod replica;
mod restart;
mod tls;
mod unknown;
mod upkeep;
