//! Results of slow steps, kept under the digest of everything that goes into them.
//!
//! A result is a folder. It appears by one rename when complete, so an interrupted build leaves nothing half done.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::digest;

/// The cache folder, and which of its entries this build used.
#[derive(Debug)]
pub(crate) struct Cache {
    folder: PathBuf,
    used: RefCell<BTreeSet<String>>,
}

impl Cache {
    /// A cache in a folder that need not exist yet.
    pub(crate) fn open(folder: PathBuf) -> Self {
        Self { folder, used: RefCell::default() }
    }

    /// The folder with the result of `step` on these inputs; `make` fills it when it isn't there yet.
    pub(crate) fn get<'a>(
        &self,
        step: &str,
        inputs: impl IntoIterator<Item = &'a [u8]>,
        make: impl FnOnce(&Path) -> Result<()>,
    ) -> Result<PathBuf> {
        let name = format!("{step}-{}", &digest::of_parts(inputs)[..32]);
        let entry = self.folder.join(&name);
        if !entry.is_dir() {
            let unfinished = self.folder.join(format!("{name}.{}.unfinished", std::process::id()));
            fs::create_dir_all(&unfinished).with_context(|| unfinished.display().to_string())?;
            make(&unfinished)?;
            fs::rename(&unfinished, &entry).with_context(|| entry.display().to_string())?;
        }
        self.used.borrow_mut().insert(name);
        Ok(entry)
    }

    /// Removes what this build had no use for.
    pub(crate) fn prune(&self) -> Result<()> {
        let used = self.used.borrow();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if !entry.file_name().to_str().is_some_and(|name| used.contains(name)) {
                fs::remove_dir_all(entry.path())?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write_and_count(cache: &Cache, input: &[u8], runs: &mut u32) -> String {
        let entry = cache
            .get("step", [input], |folder| {
                *runs += 1;
                Ok(fs::write(folder.join("out"), input)?)
            })
            .unwrap();
        fs::read_to_string(entry.join("out")).unwrap()
    }

    #[test]
    fn a_step_runs_once_for_the_same_inputs() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path().join("cache"));
        let mut runs = 0;
        assert_eq!(write_and_count(&cache, b"one", &mut runs), "one");
        assert_eq!(write_and_count(&cache, b"one", &mut runs), "one");
        assert_eq!(write_and_count(&cache, b"two", &mut runs), "two");
        assert_eq!(runs, 2);
    }

    #[test]
    fn a_step_that_failed_runs_again() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path().join("cache"));
        assert!(cache.get("step", [b"x".as_slice()], |_| anyhow::bail!("no")).is_err());
        assert_eq!(write_and_count(&cache, b"x", &mut 0), "x");
    }

    #[test]
    fn pruning_keeps_what_the_build_used() {
        let folder = tempfile::tempdir().unwrap();
        write_and_count(&Cache::open(folder.path().to_owned()), b"old", &mut 0);
        let cache = Cache::open(folder.path().to_owned());
        write_and_count(&cache, b"new", &mut 0);
        cache.prune().unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert_eq!(write_and_count(&cache, b"new", &mut 0), "new");
    }
}
