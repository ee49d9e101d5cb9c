//! The browser's code, compiled.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

use crate::arguments::{BuildOptions, Profile};
use crate::cargo;
use crate::workspace::Workspace;

const TARGET: &str = "wasm32-unknown-unknown";

/// Compiles the browser's code; returns the wasm file.
pub(crate) fn compile(workspace: &Workspace, options: &BuildOptions) -> Result<PathBuf> {
    let (profile, folder) = match options.profile {
        Profile::Release => ("wasm-release", "wasm-release"),
        Profile::Dev => ("dev", "debug"),
    };
    let mut command = cargo::command(&workspace.root);
    command.args(["build", "--package", "frontend", "--lib", "--target", TARGET, "--profile", profile]);
    if options.lean {
        lean(&workspace.root, &mut command)?;
    }
    cargo::run(&mut command)?;
    Ok(workspace.target.join(TARGET).join(folder).join("frontend.wasm"))
}

/// A standard library without messages of panics and their formatting, compiled with ours. Not yet stable in cargo, so
/// the compiler is asked to be one that allows it.
fn lean(root: &Path, command: &mut Command) -> Result<()> {
    let sysroot = Command::new("rustc").current_dir(root).args(["--print", "sysroot"]).output()?.stdout;
    let sources = Path::new(String::from_utf8_lossy(&sysroot).trim()).join("lib/rustlib/src/rust/library/Cargo.lock");
    ensure!(
        sources.is_file(),
        "--lean needs the sources of the standard library: `rustup component add rust-src`, or Debian's rust-web-src"
    );
    command
        .args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"])
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "-Zunstable-options -Cpanic=immediate-abort");
    Ok(())
}
