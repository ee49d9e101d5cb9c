//! Use cases of Allot over ports. Knows no database, no HTTP and no environment.

pub mod aggregates;
mod allot;
pub mod archive;
pub mod audit;
mod background;
pub mod backup;
mod caller;
mod catalogue;
pub mod counting;
pub mod delete;
mod encoded;
pub mod histogram;
pub mod jobs;
pub mod keys;
pub mod limits;
pub mod moving;
pub mod open_data;
mod pending;
pub mod port;
pub mod read;
mod repeat;
pub mod replica;
pub mod simulate;
pub mod submit;
pub mod tiers;
pub mod warm;
#[cfg(test)]
mod work;
mod writer;

pub use aggregates::{Loads, Snapshot, Tier};
pub use allot::{Allot, Settings};
pub use caller::{Authority, Caller};
pub use catalogue::Catalogue;
pub use delete::DeleteError;
pub use encoded::{Encoded, Encoding};
pub use keys::{AddressKey, Keys};
pub use repeat::repeated;
pub use submit::{SubmitError, Submitted};
pub use writer::WriterMeter;
