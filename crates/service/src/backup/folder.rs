//! The folder with the backups.

use super::{BackupError, container, manifest::Manifest};
use domain::Timestamp;
use std::{
    fs::{self, DirBuilder, File, TryLockError},
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

const PREFIX: &str = "allot-";
const SUFFIX: &str = ".tar";
/// What is being made; the next one removes what a killed process left.
pub(super) const DRAFT: &str = ".making-";
const LOCK: &str = ".lock";

/// A file with the name of a backup.
#[derive(Debug)]
pub struct Listed {
    /// Where it is.
    pub path: PathBuf,
    /// How long it is.
    pub bytes: u64,
    /// What it says of itself; nothing is compared with its checksum.
    pub manifest: Result<Manifest, BackupError>,
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, BackupError> {
    let failed = BackupError::io(folder);
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries,
    };
    let paths = entries.and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>());
    let is_backup = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with(PREFIX) && name.ends_with(SUFFIX)
    };
    Ok(paths.map_err(failed)?.into_iter().filter(is_backup).collect())
}

/// The backups in a folder, newest first; a folder that isn't there has none.
///
/// # Errors
/// The folder can't be read.
pub fn list(folder: &Path) -> Result<Vec<Listed>, BackupError> {
    let mut listed: Vec<Listed> = files(folder)?
        .into_iter()
        .map(|path| Listed {
            bytes: path.metadata().map_or(0, |file| file.len()),
            manifest: container::manifest(&path),
            path,
        })
        .collect();
    // Damaged ones have no time: their names tell the order.
    listed.sort_by(|a, b| b.path.file_name().cmp(&a.path.file_name()));
    Ok(listed)
}

/// When the newest backup of a folder was finished, in seconds since 1970, and its bytes. Opens none of them.
#[must_use]
pub fn newest(folder: &Path) -> Option<(u64, u64)> {
    let about = |path: PathBuf| {
        let file = path.metadata().ok()?;
        let finished = file.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some((finished.as_secs(), file.len()))
    };
    files(folder).ok()?.into_iter().filter_map(about).max()
}

/// A folder in which this process alone makes a backup, until it is dropped.
pub(super) struct Turn {
    folder: PathBuf,
    _lock: File,
}

impl Turn {
    /// Makes the folder if it isn't there, and removes what killed processes left.
    pub(super) fn take(folder: &Path) -> Result<Self, BackupError> {
        let failed = || BackupError::io(folder);
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed())?;
        let lock = File::create(folder.join(LOCK)).map_err(failed())?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(BackupError::Busy(folder.display().to_string())),
            Err(TryLockError::Error(error)) => return Err(failed()(error)),
        }
        for entry in fs::read_dir(folder).map_err(failed())?.flatten() {
            if entry.file_name().to_string_lossy().starts_with(DRAFT) {
                fs::remove_dir_all(entry.path()).map_err(BackupError::io(&entry.path()))?;
            }
        }
        Ok(Self { folder: folder.to_owned(), _lock: lock })
    }

    /// Gives the finished file its name, which says when it was begun.
    pub(super) fn keep(&self, draft: &Path, created: Timestamp) -> Result<PathBuf, BackupError> {
        let path = (1..)
            .map(|number| self.folder.join(file_name(created, number)))
            .find(|path| !path.exists())
            .unwrap_or_default();
        fs::rename(draft, &path).map_err(BackupError::io(&path))?;
        let synced = File::open(&self.folder).and_then(|folder| folder.sync_all());
        synced.map_err(BackupError::io(&self.folder))?;
        Ok(path)
    }

    /// Removes all but the one that was just made and the newest other whole ones, whatever a clock once named them. What
    /// can't be read is left to whoever looks into it.
    pub(super) fn prune(&self, keep: usize, made: &Path) -> Result<Vec<PathBuf>, BackupError> {
        let others = list(&self.folder)?.into_iter().filter(|listed| listed.manifest.is_ok() && listed.path != made);
        let old: Vec<PathBuf> = others.skip(keep.max(1) - 1).map(|listed| listed.path).collect();
        for path in &old {
            fs::remove_file(path).map_err(BackupError::io(path))?;
        }
        Ok(old)
    }
}

/// `allot-20261121T154500Z.tar`; later ones of the same second get a number, and come after it in the order of names.
fn file_name(created: Timestamp, number: u32) -> String {
    let at: String = created.to_rfc3339().chars().take(19).filter(|c| !matches!(c, '-' | ':')).collect();
    let number = if number > 1 { format!("_{number}") } else { String::new() };
    format!("{PREFIX}{at}Z{number}{SUFFIX}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_when_and_sort_by_it() {
        let at = Timestamp::from_millis(1_795_275_900_123);
        assert_eq!(file_name(at, 1), "allot-20261121T154500Z.tar");
        assert_eq!(file_name(at, 2), "allot-20261121T154500Z_2.tar");
    }

    #[test]
    fn one_backup_is_made_at_a_time_and_drafts_of_killed_ones_go() {
        let folder = tempfile::tempdir().unwrap();
        let left = folder.path().join(format!("{DRAFT}x"));
        fs::create_dir(&left).unwrap();
        let turn = Turn::take(folder.path()).unwrap();
        assert!(!left.exists());
        assert!(matches!(Turn::take(folder.path()), Err(BackupError::Busy(_))));
        drop(turn);
        Turn::take(folder.path()).unwrap();
    }
}
