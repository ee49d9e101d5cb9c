//! What a backup says of itself.

use crate::port::Version;
use domain::Timestamp;
use serde::{Deserialize, Serialize};

/// The layout of the archive that this version writes.
pub(super) const FORMAT: u32 = 1;

/// `manifest.json` of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The layout of the archive, 1.
    pub format: u32,
    /// The version of Allot that made it.
    pub allot: String,
    /// When it was begun, RFC 3339: everything acknowledged before is inside.
    pub created: String,
    /// The same in microseconds since 1970.
    pub created_us: Timestamp,
    /// The instance id of the database.
    pub instance: String,
    /// What the database was: `sqlite` or `postgres`.
    pub store: String,
    /// Its budgets, in the order in which they were made.
    pub budgets: Vec<BudgetInside>,
    /// Submissions over all budgets, counted or not.
    pub submissions: u64,
    /// Submissions that were deleted in the last 92 days, of which only the id is known.
    pub tombstones: u64,
    /// Whether the totals of the database were what its submissions say. If not, it was damaged before.
    pub exact: bool,
    /// Whether the server's secret is inside.
    pub secret: bool,
    /// The database inside.
    pub database: DatabaseInside,
}

/// One budget of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetInside {
    /// Slug.
    pub slug: String,
    /// The newest version that is inside.
    pub version: Version,
    /// Counted submissions, archived ones too.
    pub counted: u64,
}

/// The database of a backup.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseInside {
    /// Bytes before compression.
    pub bytes: u64,
    /// Bytes in the archive.
    pub compressed_bytes: u64,
    /// SHA-256 of the compressed bytes, hexadecimal.
    pub sha256: String,
}
