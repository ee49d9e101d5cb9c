//! Walking folders of sources.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// All files under a folder, as (path from the folder with `/`, path), in the order of their names.
/// A folder that doesn't exist has none.
pub(crate) fn files(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    if folder.is_dir() {
        collect(folder, "", &mut found)?;
    }
    found.sort();
    Ok(found)
}

fn collect(folder: &Path, prefix: &str, found: &mut Vec<(String, PathBuf)>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let path = entry.path();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), found)?;
        } else {
            found.push((name, path));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_with_their_path_from_the_folder_and_in_order() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("icons")).unwrap();
        for name in ["robots.txt", "icons/a.svg", "about.txt"] {
            fs::write(folder.path().join(name), name).unwrap();
        }
        let names: Vec<_> = files(folder.path()).unwrap().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["about.txt", "icons/a.svg", "robots.txt"]);
    }

    #[test]
    fn a_missing_folder_has_no_files() {
        assert!(files(Path::new("/nonexistent/folder")).unwrap().is_empty());
    }
}
