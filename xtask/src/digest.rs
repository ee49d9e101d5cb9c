//! SHA-256, for the names of files and of what is cached.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// The SHA-256 of several parts, as 64 hexadecimal digits. Parts are told apart: `["a", "b"]` is not `["ab"]`.
pub(crate) fn of_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The part of a file's hash that its name carries: enough that two builds never share a name by chance.
pub(crate) fn short(content: &[u8]) -> String {
    let mut digest = of_parts([content]);
    digest.truncate(12);
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_a_byte_between_parts_changes_the_digest() {
        assert_ne!(of_parts([b"a".as_slice(), b"bc"]), of_parts([b"ab".as_slice(), b"c"]));
    }

    #[test]
    fn the_same_content_has_the_same_short_name() {
        assert_eq!(short(b"allot"), short(b"allot"));
        assert_eq!(short(b"allot").len(), 12);
        assert_ne!(short(b"allot"), short(b"allots"));
    }
}
