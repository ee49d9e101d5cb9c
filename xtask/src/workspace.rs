//! Where things are: the checkout and cargo's target folder.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::arguments::Profile;
use crate::cargo;

/// The folders that every step shares.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// The checkout.
    pub(crate) root: PathBuf,
    /// Cargo's target folder, which may be outside the checkout.
    pub(crate) target: PathBuf,
}

impl Workspace {
    /// The folder that the server serves files from.
    pub(crate) fn site(&self) -> PathBuf {
        self.target.join("site")
    }

    /// What earlier builds made and later ones can use again.
    pub(crate) fn cache(&self) -> PathBuf {
        self.target.join("xtask")
    }

    /// The server binary.
    pub(crate) fn server(&self, profile: Profile) -> PathBuf {
        let folder = match profile {
            Profile::Release => "release",
            Profile::Dev => "debug",
        };
        self.target.join(folder).join("allot").with_extension(std::env::consts::EXE_EXTENSION)
    }
}

#[derive(Deserialize)]
struct Metadata {
    target_directory: PathBuf,
}

/// Asks cargo, which knows of `CARGO_TARGET_DIR` and of configuration files.
pub(crate) fn find() -> Result<Workspace> {
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in a folder of the checkout")?.to_owned();
    let metadata = cargo::output(cargo::command(&root).args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: Metadata = serde_json::from_slice(&metadata).context("cargo metadata")?;
    Ok(Workspace { root, target: metadata.target_directory })
}
