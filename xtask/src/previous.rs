//! The hashed files of the builds before this one: pages that are still open ask for them.

use std::fs;
use std::path::Path;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::assets;
use crate::compress::Compressed;
use crate::site::Site;

/// So many builds before this one stay served.
const KEPT: usize = 2;
/// Only what is named by its content can stay beside its successor.
const HASHED: &str = "/pkg/";

/// A build, and the hashed files that its pages load.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Build {
    build: String,
    files: Vec<String>,
}

#[derive(Deserialize)]
struct Description {
    build: String,
    files: Vec<File>,
    #[serde(default)]
    previous: Vec<Build>,
}

#[derive(Deserialize)]
struct File {
    path: String,
}

/// The builds before `build` that a site folder holds, newest first.
pub(crate) fn find(folder: &Path, build: &str) -> Vec<Build> {
    let description = fs::read(folder.join(assets::NAME)).ok();
    // What can't be read is no build of ours: there is nothing to keep.
    let Some(last) = description.and_then(|text| serde_json::from_slice::<Description>(&text).ok()) else {
        return Vec::new();
    };
    let older = |path: &String| last.previous.iter().any(|build| build.files.contains(path));
    let files = last.files.into_iter().map(|file| file.path);
    let own = files.filter(|path| path.starts_with(HASHED) && !older(path)).collect();
    let mut found = vec![Build { build: last.build, files: own }];
    found.extend(last.previous);
    found.retain(|found| found.build != build);
    found.truncate(KEPT);
    found
}

/// Adds their files to the site, compressed as they were.
pub(crate) fn add(site: &mut Site, folder: &Path, builds: &[Build]) -> Result<()> {
    for path in builds.iter().flat_map(|build| &build.files) {
        let path = path.trim_start_matches('/');
        let read = |suffix: &str| fs::read(folder.join(format!("{path}{suffix}"))).ok();
        // One that is gone is gone for its pages too; that is no reason not to build.
        if let Some(content) = read("").filter(|_| !site.has(path)) {
            site.add_compressed(path, content, Compressed { br: read(".br"), gz: read(".gz") });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::Entrypoints;

    /// Writes a build with one hashed file; answers which hashed files the folder then has.
    fn build(folder: &Path, number: u8) -> Vec<String> {
        let mut site = Site::default();
        site.add("robots.txt", vec![number]);
        site.add(format!("pkg/allot.{number}.js"), vec![number]);
        let name = number.to_string();
        let previous = find(folder, &name);
        add(&mut site, folder, &previous).unwrap();
        let path = String::new;
        let entrypoints =
            Entrypoints { js: path(), wasm: path(), css: path(), outbox: path(), device: path(), vitals: path() };
        let description = assets::describe(&site, &name, &entrypoints, &previous).unwrap();
        site.add(assets::NAME, description);
        site.write(folder).unwrap();
        let files = crate::sources::files(&folder.join("pkg")).unwrap();
        files.into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn the_hashed_files_of_the_two_builds_before_stay() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(build(folder.path(), 1), ["allot.1.js"]);
        assert_eq!(build(folder.path(), 2), ["allot.1.js", "allot.2.js"]);
        assert_eq!(build(folder.path(), 3), ["allot.1.js", "allot.2.js", "allot.3.js"]);
        assert_eq!(build(folder.path(), 4), ["allot.2.js", "allot.3.js", "allot.4.js"]);
    }

    #[test]
    fn building_the_same_again_drops_nothing() {
        let folder = tempfile::tempdir().unwrap();
        for number in [1, 2, 3, 3, 3] {
            build(folder.path(), number);
        }
        assert_eq!(build(folder.path(), 3), ["allot.1.js", "allot.2.js", "allot.3.js"]);
    }

    #[test]
    fn a_folder_without_a_readable_build_has_none_before() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(find(folder.path(), "1"), []);
        fs::write(folder.path().join(assets::NAME), "not JSON").unwrap();
        assert_eq!(find(folder.path(), "1"), []);
    }
}
