//! Calls of the pinned tools that come from npm (`xtask/package-lock.json`).

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The tools that set-up installed.
#[derive(Debug)]
pub(crate) struct Tools {
    programs: PathBuf,
    lock: Vec<u8>,
}

impl Tools {
    /// Finds the tools of a checkout.
    pub(crate) fn find(root: &Path) -> Result<Self> {
        let lock = root.join("xtask/package-lock.json");
        let lock = std::fs::read(&lock).with_context(|| lock.display().to_string())?;
        Ok(Self { programs: root.join("xtask/node_modules/.bin"), lock })
    }

    /// What a cached result of a tool depends on besides its inputs: the pinned versions.
    pub(crate) fn versions(&self) -> &[u8] {
        &self.lock
    }

    /// Runs a tool; its output is shown only if it fails.
    pub(crate) fn run(&self, program: &str, arguments: &[&str]) -> Result<()> {
        let path = self.programs.join(program);
        let output = Command::new(&path)
            .args(arguments)
            .output()
            .with_context(|| format!("{} can't be started; `scripts/setup run` installs it", path.display()))?;
        if !output.status.success() {
            bail!("{program} failed:\n{}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(())
    }
}
