//! Build, then be the server.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::arguments::{BuildOptions, Profile};
use crate::build;
use crate::workspace::Workspace;

/// The command that serves what was built. It keeps its data in the checkout.
pub(crate) fn command(workspace: &Workspace, profile: Profile) -> Command {
    let mut command = Command::new(workspace.server(profile));
    command.arg("serve").current_dir(&workspace.root).env("ALLOT_SITE_ROOT", workspace.site());
    forget_cargo(&mut command, &workspace.root);
    command
}

/// Builds and starts the server; returns only if that fails.
pub(crate) fn run(workspace: &Workspace, options: &BuildOptions) -> Result<()> {
    build::run(workspace, options)?;
    replace(command(workspace, options.profile))
}

/// The server is no part of a cargo run: it must not see the variables that cargo set for this program.
fn forget_cargo(command: &mut Command, root: &Path) {
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CARGO_PKG_")) {
        command.env_remove(name);
    }
    command.env_remove("CARGO_MANIFEST_DIR").env("PWD", root);
}

#[cfg(unix)]
fn replace(mut command: Command) -> Result<()> {
    use std::os::unix::process::CommandExt as _;
    // The same process, so that signals for `cargo xtask serve` reach the server.
    let error = command.exec();
    Err(anyhow::Error::new(error).context(format!("{command:?}")))
}

#[cfg(not(unix))]
fn replace(mut command: Command) -> Result<()> {
    let status = command.status()?;
    anyhow::ensure!(status.success(), "the server ended with {status}");
    Ok(())
}
