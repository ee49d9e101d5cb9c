//! Addresses of results in the application from which they were imported.

use crate::{
    allot::Allot,
    port::{LegacyKey, StoreResult},
};
use domain::SubmissionId;
use sha2::{Digest, Sha256};

/// The longest name of a result: what a predecessor's column holds.
pub const LONGEST_NAME: usize = 255;

/// The key of a name. Half of a plain SHA-256: the names are random, so nobody can try them all, and unlike with
/// a keyed hash the addresses outlive a change of the server's secret. Stored in place of the name because a name
/// may still be worth something where it came from.
#[must_use]
pub fn legacy_key(name: &str) -> LegacyKey {
    let mut hash = Sha256::new();
    hash.update(b"allot legacy result\0");
    hash.update(name.as_bytes());
    let mut key = [0; 16];
    key.copy_from_slice(&hash.finalize()[..16]);
    LegacyKey(key)
}

impl Allot {
    /// The submission whose result had this name before it was imported. It may have been deleted since.
    ///
    /// # Errors
    /// What the store says.
    pub async fn legacy_result(&self, name: &str) -> StoreResult<Option<SubmissionId>> {
        if name.is_empty() || name.len() > LONGEST_NAME {
            return Ok(None);
        }
        Ok(self.store().legacy_results(&[legacy_key(name)]).await?.pop().flatten())
    }
}
