//! Calls of cargo: always the one that runs this program, so that all of a build has one toolchain.

use std::env;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

fn command(root: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// Runs cargo with its output shown.
pub(crate) fn run(root: &Path, arguments: &[&str]) -> Result<()> {
    let status = command(root).args(arguments).status().context("cargo can't be started")?;
    if !status.success() {
        bail!("`cargo {}` failed", arguments.join(" "));
    }
    Ok(())
}

/// Runs cargo and returns what it prints.
pub(crate) fn output(root: &Path, arguments: &[&str]) -> Result<Vec<u8>> {
    let output = command(root).args(arguments).output().context("cargo can't be started")?;
    if !output.status.success() {
        bail!("`cargo {}` failed: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(output.stdout)
}
