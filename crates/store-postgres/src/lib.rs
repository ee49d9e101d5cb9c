//! The Store port on PostgreSQL: production, any number of processes.
//!
//! A batch is one call of a function in the database, so one round trip and one transaction; the head rows that
//! it locks order the commits of all processes. Deltas have a framing of their own that SQL can build
//! ([`frames`]). Scans over millions of rows come as binary `COPY` and are read without a copy of each row.
//! Nothing waits for ever: acquiring, connecting, statements, locks, scans and whole operations all have a limit, and a
//! connection whose work did not end well is closed instead of reused ([`session`]).

mod archive;
mod budgets;
mod bulk;
mod bulk_rows;
mod cells;
mod codec;
mod commit;
mod copy;
mod delete;
mod distinct;
mod error;
mod export;
mod fold;
mod frames;
mod head;
mod inspect;
mod intake;
mod kept;
mod lookup;
mod migrate;
mod options;
mod outbox;
mod partitions;
mod queue;
mod raw;
mod scan;
mod session;
mod store;
mod summary;
mod taxbudget;
mod total;
mod transfer;

pub use options::Options;
pub use queue::PgQueue;
pub use store::PgStore;
pub use taxbudget::PgTaxbudget;
