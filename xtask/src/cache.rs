//! Results of slow steps, kept under the digest of everything that goes into them.
//!
//! A result is a folder. It appears by one rename when complete, so an interrupted build leaves nothing half done.
//! A target folder may be shared, so a second build waits for the first: what one has no use for, the other may need.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::digest;

/// The cache folder, and which of its entries this build used.
#[derive(Debug)]
pub(crate) struct Cache {
    folder: PathBuf,
    used: RefCell<BTreeSet<String>>,
    /// Held until the build is over; the system lets go of it even when the build is killed.
    _lock: File,
}

impl Cache {
    /// A cache in a folder that need not exist yet; waits until no other build uses it.
    pub(crate) fn open(folder: PathBuf) -> Result<Self> {
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        let lock = File::create(folder.with_extension("lock"))?;
        lock.lock().context("waiting for another build")?;
        Ok(Self { folder, used: RefCell::default(), _lock: lock })
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
        let cache = Cache::open(folder.path().join("cache")).unwrap();
        let mut runs = 0;
        assert_eq!(write_and_count(&cache, b"one", &mut runs), "one");
        assert_eq!(write_and_count(&cache, b"one", &mut runs), "one");
        assert_eq!(write_and_count(&cache, b"two", &mut runs), "two");
        assert_eq!(runs, 2);
    }

    #[test]
    fn a_step_that_failed_runs_again() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path().join("cache")).unwrap();
        assert!(cache.get("step", [b"x".as_slice()], |_| anyhow::bail!("no")).is_err());
        assert_eq!(write_and_count(&cache, b"x", &mut 0), "x");
    }

    #[test]
    fn pruning_keeps_what_the_build_used() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("cache");
        write_and_count(&Cache::open(folder.clone()).unwrap(), b"old", &mut 0);
        let cache = Cache::open(folder.clone()).unwrap();
        write_and_count(&cache, b"new", &mut 0);
        cache.prune().unwrap();
        assert_eq!(fs::read_dir(folder).unwrap().count(), 1);
        assert_eq!(write_and_count(&cache, b"new", &mut 0), "new");
    }

    #[test]
    fn a_second_build_waits_for_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("cache");
        let first = Cache::open(folder.clone()).unwrap();
        let other = File::open(folder.with_extension("lock")).unwrap();
        assert!(other.try_lock().is_err());
        drop(first);
        assert!(other.try_lock().is_ok());
    }
}
