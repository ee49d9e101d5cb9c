//! Backups: everything of a database at one moment, in one file, for a database of either kind.
//!
//! A backup is a tar archive of an SQLite database, compressed, with a manifest and the checksums of both. Whoever has
//! `tar`, `sha256sum`, `gunzip` and `sqlite3` can read it without Allot. It holds what one snapshot of the database
//! held: every submission that was acknowledged before it was begun, and totals that are what the submissions say.
//! It is checked before it gets its name, so that a file with that name is whole.
//!
//! A restore copies it row by row ([`crate::moving`]) into an empty database: versions begin above those of the
//! backup, and the database is another instance. What was deleted before the backup comes with its tombstones; what
//! was deleted since is told by other databases or newer backups.

mod checksum;
mod container;
mod create;
mod folder;
mod inspect;
mod manifest;
mod opened;
mod restore;
mod verify;

pub use create::{Made, Wish, create};
pub use folder::{Listed, list, newest};
pub use manifest::{BudgetInside, DatabaseInside, Manifest};
pub use opened::Opened;
pub use restore::{Restored, restore};
pub use verify::{Verified, verify};

use crate::{
    moving::copy::{self, CopyError},
    port::StoreError,
};
use std::{io, path::Path};

/// Why there is no backup, or none restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The rows could not be copied.
    #[error(transparent)]
    Copy(#[from] CopyError),
    /// A file or a folder.
    #[error("{0}: {1}")]
    Io(String, io::Error),
    /// The file is not what was written.
    #[error("{0} is no whole backup: {1}")]
    Damaged(String, String),
    /// Made by a version of Allot with another format.
    #[error("{0} has format {1}, and this version of Allot knows up to {known}", known = manifest::FORMAT)]
    Newer(String, u32),
    /// Another process makes one in this folder.
    #[error("another backup is being made in {0}")]
    Busy(String),
    /// The restored totals are not what the restored submissions say.
    #[error("the restored totals are not what the restored submissions say")]
    NotExact,
}

impl BackupError {
    /// For `map_err`: the system refused something about this path.
    fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.display().to_string();
        move |error| Self::Io(path, error)
    }

    fn damaged(path: &Path, what: impl Into<String>) -> Self {
        Self::Damaged(path.display().to_string(), what.into())
    }
}

/// What is done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The snapshot is written, or the backup's files are read; how far is not known.
    Reading,
    /// So many of so many submissions are there.
    Copying(u64, u64),
    /// So many submissions are read again and added up.
    Checking(u64),
    /// So many of so many bytes are compressed.
    Packing(u64, u64),
    /// So many deletions are made again.
    Deleting(u64),
}

impl From<copy::Step> for Step {
    fn from(step: copy::Step) -> Self {
        match step {
            copy::Step::Copying(passed, all) => Self::Copying(passed, all),
            copy::Step::Checking(rows) => Self::Checking(rows),
        }
    }
}

/// Gets every step, now and then.
pub type Progress<'a> = &'a (dyn Fn(Step) + Sync);
