//! The contract of the `Store` port as tests: what one store does, every store does.
//!
//! A store's `tests/contract.rs` (`harness = false`) says how to make a database and calls [`run`]. Stories
//! tell one rule each; the model plays random histories against a plain in-memory computation; the parallel
//! tests race two handles. Only ports and domain types may be used here, no SQL.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "all of this is test code: it fails by panicking")]

mod database;
mod flaky;
mod in_parallel;
mod model;
mod sample;
mod story;
mod suite;
mod through_the_service;
mod world;

pub use database::Database;
pub use flaky::{Fault, Flaky};
pub use suite::run;
