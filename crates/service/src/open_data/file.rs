//! The file: there whole or not at all, never in place of another, and its owner's alone until somebody publishes it.

use super::{ExportError, Progress, aside, export};
use crate::port::Transfer;
use domain::Timestamp;
use std::{
    fs::File,
    io::{self, BufWriter},
    path::{Path, PathBuf},
    sync::Arc,
};
use tempfile::NamedTempFile;

/// What is being written. Only a killed process leaves it.
const DRAFT: &str = ".export-";

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Where it is.
    pub path: PathBuf,
    /// Rows without the header: counted submissions.
    pub rows: u64,
    /// How long it is.
    pub bytes: u64,
    /// Counted submissions that are archived and therefore not in it.
    pub archived: u64,
}

/// [`export`] into a new file that only its owner may read, written beside its place and moved there when it is on the
/// disk.
///
/// # Errors
/// See [`ExportError`]; then there is no file.
pub async fn to_file(
    store: &Arc<dyn Transfer>,
    budget: &str,
    path: &Path,
    progress: Progress<'_>,
) -> Result<Written, ExportError> {
    // Also refused at the end, but better before everything is read.
    if path.symlink_metadata().is_ok() {
        return Err(ExportError::Exists);
    }
    let draft = draft_beside(path)?;
    let out = BufWriter::new(draft.as_file().try_clone()?);
    let exported = export(store, budget, out, progress).await?;
    let target = path.to_owned();
    let bytes = match aside(move || keep(draft, &target)).await {
        Err(ExportError::Io(error)) if error.kind() == io::ErrorKind::AlreadyExists => Err(ExportError::Exists),
        kept => kept,
    }?;
    Ok(Written { path: path.to_owned(), rows: exported.rows, bytes, archived: exported.archived })
}

/// `SLUG-20261121.csv`
#[must_use]
pub fn name_of_day(budget: &str, at: Timestamp) -> String {
    let mut at = compact(at);
    at.truncate(8);
    format!("{budget}-{at}.csv")
}

/// `SLUG-20261121T154500Z.csv`
#[must_use]
pub fn name_of_moment(budget: &str, at: Timestamp) -> String {
    format!("{budget}-{}Z.csv", compact(at))
}

/// `20261121T154500`
fn compact(at: Timestamp) -> String {
    at.to_rfc3339().chars().take(19).filter(|c| !matches!(c, '-' | ':')).collect()
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file of mode 0600 in the same folder, gone when it is dropped.
fn draft_beside(path: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new().prefix(DRAFT).tempfile_in(folder_of(path))
}

/// Gives the draft its name, unless a file has it, and answers its length.
fn keep(draft: NamedTempFile, path: &Path) -> io::Result<u64> {
    draft.as_file().sync_all()?;
    let bytes = draft.as_file().metadata()?.len();
    draft.persist_noclobber(path).map_err(|error| error.error)?;
    File::open(folder_of(path))?.sync_all()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, io::Write, os::unix::fs::PermissionsExt};

    #[test]
    fn names_say_of_which_budget_and_when() {
        let at = Timestamp::from_millis(1_795_275_900_123);
        assert_eq!(name_of_day("us-fy2024", at), "us-fy2024-20261121.csv");
        assert_eq!(name_of_moment("us-fy2024", at), "us-fy2024-20261121T154500Z.csv");
    }

    #[test]
    fn a_file_in_the_working_folder_has_one() {
        assert_eq!(folder_of(Path::new("a.csv")), Path::new("."));
        assert_eq!(folder_of(Path::new("b/a.csv")), Path::new("b"));
    }

    #[test]
    fn a_file_is_its_owners_alone_and_none_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let mut first = draft_beside(&path).unwrap();
        first.write_all(b"day\r\n").unwrap();
        assert!(!path.exists());
        assert_eq!(keep(first, &path).unwrap(), 5);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let second = draft_beside(&path).unwrap();
        assert_eq!(keep(second, &path).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"day\r\n");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "the second draft is gone");
    }
}
