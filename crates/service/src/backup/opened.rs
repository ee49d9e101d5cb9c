//! A backup taken out of its archive.

use super::{BackupError, container, manifest::Manifest};
use crate::port::{BackupFiles, StoreError, Transfer};
use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::Arc,
};
use tempfile::TempDir;

/// A backup whose checksums are right, with its database open. Dropping it removes what was taken out.
pub struct Opened {
    /// The archive.
    pub path: PathBuf,
    /// What it says of itself.
    pub manifest: Manifest,
    /// Its database, brought to the schema of this version.
    pub store: Arc<dyn Transfer>,
    /// The server's secret, if it is inside.
    pub secret: Option<Vec<u8>>,
    _folder: TempDir,
}

impl Opened {
    /// Takes the files out beside the archive, or, where nothing may be written, into the folder for temporary files.
    ///
    /// # Errors
    /// The archive is missing, damaged or of a newer format, or there is no room for what is in it.
    pub async fn open(files: &dyn BackupFiles, path: &Path) -> Result<Self, BackupError> {
        let folder = room(path)?;
        let database = folder.path().join("allot.sqlite");
        let (from, to) = (path.to_owned(), database.clone());
        let read = tokio::task::spawn_blocking(move || container::read(&from, &to)).await;
        let (manifest, secret) = read.map_err(|error| StoreError::Failed(error.to_string()))??;
        let store = files.open(&database).await?;
        Ok(Self { path: path.to_owned(), manifest, store, secret, _folder: folder })
    }
}

fn room(path: &Path) -> Result<TempDir, BackupError> {
    let beside = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut making = tempfile::Builder::new();
    making.prefix(".opened-");
    match making.tempdir_in(beside) {
        Err(error) if matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) => {
            making.tempdir().map_err(BackupError::io(&std::env::temp_dir()))
        }
        made => made.map_err(BackupError::io(beside)),
    }
}
