//! The server over HTTP, with a real database in a folder of its own: the contracts, as sentences.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that can not go on has failed")]

mod aggregate;
mod budgets;
mod client;
mod contract;
mod deletion;
mod errors;
mod files;
mod headers;
mod health;
mod languages;
mod limits;
mod live;
mod operations;
mod origins;
mod pages;
mod participant;
mod redis;
#[path = "../../crates/shared-redis/tests/redis/server/mod.rs"]
mod redis_server;
mod shutdown;
mod submissions;
mod support;
