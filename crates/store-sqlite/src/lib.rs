//! The Store port on SQLite: the embedded default.
//!
//! One thread writes (`BEGIN IMMEDIATE`, `synchronous=FULL`), any number read, a third kind of connection
//! moves the write-ahead log into the file so that no commit waits for that. Migrations run through sqlx, as
//! everywhere in Allot; the statements go through rusqlite on the same SQLite library, because the writer's
//! loop and the scans over millions of rows step through statements without a copy of each row, where sqlx
//! sends every row through a channel.

mod archive;
mod backup;
mod budgets;
mod bulk;
mod cells;
mod checkpoint;
mod codec;
mod commit;
mod connection;
mod delete;
mod error;
mod export;
mod fold;
mod inspect;
mod intake;
mod location;
mod lookup;
mod migrate;
mod outbox;
mod patience;
mod queue;
mod readers;
mod scan;
mod store;
mod summary;
mod taxbudget;
mod total;
mod transfer;
mod writer;

pub use backup::SqliteFiles;
pub use queue::SqliteQueue;
pub use store::SqliteStore;
pub use taxbudget::SqliteTaxbudget;
