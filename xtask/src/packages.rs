//! What cargo knows of this workspace and of everything that it is built of.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::cargo;
use crate::workspace::Workspace;

/// The answer of `cargo metadata`, as far as it is needed.
#[derive(Deserialize)]
pub(crate) struct Packages {
    pub(crate) packages: Vec<Package>,
    pub(crate) workspace_members: Vec<String>,
    resolve: Option<Resolve>,
}

#[derive(Deserialize)]
pub(crate) struct Package {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) license: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) repository: Option<String>,
    /// `None` = ours.
    pub(crate) source: Option<String>,
    pub(crate) manifest_path: PathBuf,
    pub(crate) dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) source: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
}

/// The platform that this machine compiles for.
pub(crate) fn host() -> Result<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("-vV").output().context("rustc can't be started")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().find_map(|line| Some(line.strip_prefix("host: ")?.to_owned())).context("rustc does not say its host")
}

/// All packages; with what a platform needs of them, when one is given.
pub(crate) fn find(workspace: &Workspace, platform: Option<&str>) -> Result<Packages> {
    let mut command = cargo::command(&workspace.root);
    command.args(["metadata", "--locked", "--format-version", "1"]);
    if let Some(platform) = platform {
        command.args(["--filter-platform", platform]);
    }
    serde_json::from_slice(&cargo::output(&mut command)?).context("cargo metadata")
}

impl Packages {
    /// Those of this workspace.
    pub(crate) fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| self.workspace_members.contains(&package.id))
    }

    /// What a member is built of, itself included, each with what it needs itself. Tests' needs are left out.
    pub(crate) fn needed_by(&self, member: &str) -> BTreeMap<&str, Vec<&str>> {
        let nodes: HashMap<&str, &Node> =
            self.resolve.iter().flat_map(|all| &all.nodes).map(|node| (&*node.id, node)).collect();
        let mut found = BTreeMap::new();
        let mut open: Vec<&str> = self.members().filter(|own| own.name == member).map(|own| &*own.id).collect();
        while let Some(id) = open.pop() {
            if found.contains_key(id) {
                continue;
            }
            let is_built = |edge: &&Edge| edge.dep_kinds.iter().any(|kind| kind.kind.as_deref() != Some("dev"));
            let edges = nodes.get(id).into_iter().flat_map(|node| &node.deps);
            let needs: Vec<&str> = edges.filter(is_built).map(|edge| &*edge.pkg).collect();
            open.extend(&needs);
            found.insert(id, needs);
        }
        found
    }
}
