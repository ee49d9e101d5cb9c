//! What is particular to a database in a file: its schema, its disk, its log, its lock.

#![expect(clippy::unwrap_used, reason = "a test that can't be set up fails")]

mod audit;
mod bulk_beside_commits;
mod disk_full;
mod log;
mod place;
mod schema;
