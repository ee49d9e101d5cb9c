//! The server's secret.

use super::{ConfigError, Key};
use core::fmt;
use std::{
    fs,
    io::{self, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

/// Fewest characters.
const MIN_LENGTH: usize = 32;

/// Signs cookies and keys hashes. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Secret {
    pub(super) fn parse(text: &str) -> Result<Self, Option<&'static str>> {
        let text = text.trim();
        if text.chars().count() < MIN_LENGTH { Err(None) } else { Ok(Self(text.to_owned())) }
    }

    /// The bytes that keys are derived from.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The secret kept in `folder/secret`; makes one when there is none.
    ///
    /// # Errors
    /// The file can't be read or made, or holds too little.
    pub fn kept_in(folder: &Path) -> Result<Self, ConfigError> {
        let path = folder.join("secret");
        let failed = |error: io::Error| {
            ConfigError::line(format!(
                "{} is not set, and {} can't be read or made ({error}); allowed: {}",
                Key::Secret.env(),
                path.display(),
                Key::Secret.allowed()
            ))
        };
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                make(folder, &path).and_then(|()| fs::read_to_string(&path)).map_err(failed)?
            }
            other => other.map_err(failed)?,
        };
        if fs::metadata(&path).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0) {
            tracing::warn!(file = %path.display(), "the secret can be read by others: chmod 600");
        }
        Self::parse(&text).map_err(|_| failed(io::Error::new(io::ErrorKind::InvalidData, "too short")))
    }
}

/// Makes the file whole or not at all, and never over one that another process made meanwhile.
fn make(folder: &Path, path: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut random = [0u8; 32];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    let draft = folder.join(format!("secret.{}", std::process::id()));
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    for byte in random {
        write!(file, "{byte:02x}")?;
    }
    writeln!(file)?;
    file.sync_all()?;
    let linked = match fs::hard_link(&draft, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    };
    fs::remove_file(&draft)?;
    linked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_secret_is_kept_and_readable_by_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let first = Secret::kept_in(&folder.path().join("data")).unwrap();
        assert_eq!(Secret::kept_in(&folder.path().join("data")).unwrap(), first);
        assert!(first.as_bytes().len() >= MIN_LENGTH);
        let file = fs::metadata(folder.path().join("data/secret")).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path().join("data")).unwrap().count(), 1);
    }

    #[test]
    fn a_damaged_secret_stops_the_start_instead_of_being_replaced() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("secret"), "short").unwrap();
        let error = Secret::kept_in(folder.path()).unwrap_err().to_string();
        assert!(error.contains("too short") && !error.contains("\"short\""), "{error}");
    }
}
