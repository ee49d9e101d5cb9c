//! The service's shared ports on Redis: the tier `redis` and the limits over all processes.
//!
//! Everything here may fail or be slow at any time; the callers then do without. What is stored, for how long and why
//! is in `names.rs` and in `docs/operations.md`. No rule of the application belongs here.

mod address;
mod breaker;
mod keyspace;
mod limits;
mod link;
mod memory;
mod meter;
mod names;
mod news;
mod shared;
mod snapshots;

pub use address::{Address, WrongAddress};
pub use breaker::Condition;
pub use keyspace::{Cleared, KeyGroup, Keyspace, Server};
pub use memory::Memory;
pub use meter::{Meter, Operation, Outcome};
pub use shared::{Health, Shared};
