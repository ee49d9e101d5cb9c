//! Calls of cargo: always the one that runs this program, so that all of a build has one toolchain.

use std::env;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// A call of cargo in the checkout.
pub(crate) fn command(root: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// Runs cargo with its output shown.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().context("cargo can't be started")?;
    ensure!(status.success(), "`cargo {}` failed", arguments(command));
    Ok(())
}

/// Runs cargo and returns what it prints.
pub(crate) fn output(command: &mut Command) -> Result<Vec<u8>> {
    let output = command.output().context("cargo can't be started")?;
    let message = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "`cargo {}` failed: {}", arguments(command), message.trim());
    Ok(output.stdout)
}

fn arguments(command: &Command) -> String {
    command.get_args().map(|argument| argument.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
