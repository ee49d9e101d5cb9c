//! The site folder: gathered in memory, then written so that only what changed is touched.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::compress::Compressed;
use crate::sources;

/// One file of the site.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) content: Vec<u8>,
    pub(crate) compressed: Compressed,
}

/// All files of the site by their path, without a leading slash.
#[derive(Debug, Default)]
pub(crate) struct Site {
    files: BTreeMap<String, File>,
}

impl Site {
    /// Adds a file, or replaces it.
    pub(crate) fn add(&mut self, path: impl Into<String>, content: Vec<u8>) {
        self.files.insert(path.into(), File { content, compressed: Compressed::default() });
    }

    /// Adds a file with what is kept beside it.
    pub(crate) fn add_compressed(&mut self, path: impl Into<String>, content: Vec<u8>, compressed: Compressed) {
        self.files.insert(path.into(), File { content, compressed });
    }

    /// Whether it has a file.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Adds every file of a folder, except hidden ones.
    pub(crate) fn add_folder(&mut self, folder: &Path) -> Result<()> {
        for (path, file) in sources::files(folder)? {
            if !path.split('/').any(|part| part.starts_with('.') && part != ".well-known") {
                self.add(path, fs::read(&file).with_context(|| file.display().to_string())?);
            }
        }
        Ok(())
    }

    /// The files with their paths, in the order of the paths.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &File)> {
        self.files.iter().map(|(path, file)| (path.as_str(), file))
    }

    /// The files, to set what is kept beside them.
    pub(crate) fn files_mut(&mut self) -> impl Iterator<Item = (&str, &mut File)> {
        self.files.iter_mut().map(|(path, file)| (path.as_str(), file))
    }

    /// Makes `folder` hold exactly this site. A running server keeps finding every file that didn't change.
    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        let mut wanted = BTreeSet::new();
        for (path, file) in &self.files {
            let encodings =
                [("", Some(&file.content)), (".br", file.compressed.br.as_ref()), (".gz", file.compressed.gz.as_ref())];
            for (suffix, content) in encodings {
                if let Some(content) = content {
                    let path = format!("{path}{suffix}");
                    write_if_changed(&folder.join(&path), content)?;
                    wanted.insert(path);
                }
            }
        }
        for (path, file) in sources::files(folder)? {
            if !wanted.contains(&path) {
                fs::remove_file(&file).with_context(|| file.display().to_string())?;
            }
        }
        Ok(())
    }
}

/// Writes beside the file and renames, so that a reader never sees half of it.
fn write_if_changed(path: &Path, content: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == content) {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".unfinished");
    fs::write(&unfinished, content).with_context(|| path.display().to_string())?;
    fs::rename(&unfinished, path).with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_holds_exactly_the_site() {
        let folder = tempfile::tempdir().unwrap();
        let mut old = Site::default();
        old.add("pkg/allot.1.js", b"old".to_vec());
        old.add("robots.txt", b"same".to_vec());
        old.write(folder.path()).unwrap();

        let mut new = Site::default();
        new.add("pkg/allot.2.js", b"new".to_vec());
        new.add("robots.txt", b"same".to_vec());
        new.write(folder.path()).unwrap();

        let names: Vec<_> = sources::files(folder.path()).unwrap().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["pkg/allot.2.js", "robots.txt"]);
    }

    #[test]
    fn a_file_that_did_not_change_is_not_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut site = Site::default();
        site.add("robots.txt", b"same".to_vec());
        site.write(folder.path()).unwrap();
        let modified = || fs::metadata(folder.path().join("robots.txt")).unwrap().modified().unwrap();
        let before = modified();
        site.write(folder.path()).unwrap();
        assert_eq!(modified(), before);
    }

    #[test]
    fn hidden_files_stay_out() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(".well-known")).unwrap();
        for name in [".gitkeep", ".well-known/security.txt", "robots.txt"] {
            fs::write(folder.path().join(name), name).unwrap();
        }
        let mut site = Site::default();
        site.add_folder(folder.path()).unwrap();
        let names: Vec<_> = site.files().map(|(path, _)| path).collect();
        assert_eq!(names, [".well-known/security.txt", "robots.txt"]);
    }
}
