//! Rebuild and restart on every change of a source. For development only.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, SystemTime};

use anyhow::Result;

use crate::arguments::{BuildOptions, Profile};
use crate::workspace::Workspace;
use crate::{build, serve, sources};

/// Where sources are; anything else in the checkout doesn't end up in a build.
const WATCHED: [&str; 8] = ["app", "budgets", "crates", "frontend", "migrations", "public", "src", "style"];
/// Polling needs no dependency and works on every file system; a few hundred files cost about a millisecond.
const INTERVAL: Duration = Duration::from_millis(500);

/// Runs until interrupted.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let options = BuildOptions { profile: Profile::Dev, lean: false, server: true, wasm: true };
    let mut server: Option<Child> = None;
    loop {
        let built = state(&workspace.root)?;
        match build::run(workspace, &options) {
            Ok(()) => {
                if let Some(old) = server.take() {
                    stop(old)?;
                }
                server = Some(serve::command(workspace, options.profile).spawn()?);
            }
            // The last server that could be built goes on.
            Err(error) => eprintln!("xtask: {error:#}"),
        }
        while state(&workspace.root)? == built {
            thread::sleep(INTERVAL);
        }
    }
}

/// Every source with the time of its last change.
fn state(root: &Path) -> Result<Vec<(PathBuf, Option<SystemTime>)>> {
    let mut paths = vec![root.join("Cargo.toml"), root.join("Cargo.lock")];
    for folder in WATCHED {
        paths.extend(sources::files(&root.join(folder))?.into_iter().map(|(_, path)| path));
    }
    // A file can vanish between listing and looking: editors save by renaming.
    Ok(paths.into_iter().map(|path| (path.clone(), modified(&path))).collect())
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|metadata| metadata.modified()).ok()
}

/// Asks the server to finish what it does, as an operator would.
fn stop(mut server: Child) -> Result<()> {
    let asked = cfg!(unix) && Command::new("kill").arg(server.id().to_string()).status().is_ok_and(|s| s.success());
    if !asked {
        server.kill()?;
    }
    server.wait()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_new_file_and_a_changed_one_are_noticed() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("style")).unwrap();
        let empty = state(root.path()).unwrap();
        let file = root.path().join("style/main.css");
        fs::write(&file, "").unwrap();
        let first = state(root.path()).unwrap();
        assert_ne!(first, empty);
        fs::File::open(&file).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
        assert_ne!(state(root.path()).unwrap(), first);
    }
}
