//! The server over HTTP, with a real database in a folder of its own: the contracts, as sentences.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that can not go on has failed")]

mod aggregate;
mod batch;
mod budgets;
mod client;
#[path = "../../crates/store-postgres/tests/cluster/mod.rs"]
mod cluster;
mod contract;
mod crawlers;
mod deletion;
mod errors;
mod files;
mod fuzz;
mod headers;
mod health;
mod history;
mod languages;
mod limits;
mod live;
mod monitoring;
mod operations;
mod ops_caches;
mod origins;
mod pages;
mod participant;
mod redis;
#[path = "../../crates/shared-redis/tests/redis/server/mod.rs"]
mod redis_server;
mod representation;
mod shutdown;
mod slow;
mod statements;
mod streaming;
mod submissions;
mod support;
mod vitals;
