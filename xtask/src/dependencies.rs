//! What the manifests and lockfiles must say, beyond what `deny.toml` asks for.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::packages;
use crate::workspace::Workspace;

/// The table with a row for every direct dependency.
const TABLE: &str = "docs/dependencies.md";
/// Where npm's packages are pinned.
const NPM_LOCKS: [&str; 3] =
    ["xtask/package-lock.json", "end2end/package-lock.json", "bench/lighthouse/package-lock.json"];
/// Members with lints of their own, which are not shipped; their manifests say why.
const OWN_LINTS: [&str; 1] = ["fuzz"];

/// Checks all of it and says everything that is wrong.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let mut complaints = lints(workspace)?;
    complaints.extend(table(workspace)?);
    for lock in NPM_LOCKS {
        complaints.extend(npm(workspace, lock)?);
    }
    ensure!(complaints.is_empty(), "{}", complaints.join("\n       "));
    Ok(())
}

fn manifest(path: &std::path::Path) -> Result<toml::Table> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    text.parse().with_context(|| path.display().to_string())
}

/// `unsafe` is forbidden for all, and all means every member.
fn lints(workspace: &Workspace) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    let own = manifest(&workspace.root.join("Cargo.toml"))?;
    let forbidden = own.get("workspace").and_then(|table| table.get("lints")?.get("rust")?.get("unsafe_code"));
    if forbidden.and_then(toml::Value::as_str) != Some("forbid") {
        complaints.push("Cargo.toml: the workspace's lints must forbid unsafe_code".to_owned());
    }
    for member in packages::find(workspace, None)?.members() {
        let inherits =
            manifest(&member.manifest_path)?.get("lints").and_then(|lints| lints.get("workspace")?.as_bool());
        if inherits != Some(true) && !OWN_LINTS.contains(&&*member.name) {
            complaints.push(format!("{}: must have [lints] workspace = true", member.manifest_path.display()));
        }
    }
    Ok(complaints)
}

/// Nothing is used without a reason that is written down.
fn table(workspace: &Workspace) -> Result<Vec<String>> {
    let text = fs::read_to_string(workspace.root.join(TABLE)).context(TABLE)?;
    let named: BTreeSet<String> = text.lines().filter_map(first_cell).collect();
    let packages = packages::find(workspace, None)?;
    let outside = |member: &packages::Package| {
        let from_registry = member.dependencies.iter().filter(|one| one.source.is_some());
        from_registry.map(|one| one.name.clone()).collect::<Vec<_>>()
    };
    let used: BTreeSet<String> = packages.members().flat_map(outside).collect();
    let missing = used.difference(&named).map(|name| format!("{TABLE}: {name} is used and has no row"));
    let left = named.difference(&used).map(|name| format!("{TABLE}: {name} has a row and is not used"));
    Ok(missing.chain(left).collect())
}

/// The name in a row such as "| `axum` | ... |".
fn first_cell(line: &str) -> Option<String> {
    let (name, _) = line.strip_prefix("| `")?.split_once("` |")?;
    Some(name.to_owned()).filter(|name| !name.contains([' ', '`']))
}

/// Every package is pinned by its content.
fn npm(workspace: &Workspace, lock: &str) -> Result<Vec<String>> {
    let text = fs::read(workspace.root.join(lock)).context(lock.to_owned())?;
    let parsed: Value = serde_json::from_slice(&text).context(lock.to_owned())?;
    let packages = parsed["packages"].as_object().context(lock.to_owned())?;
    let unpinned =
        packages.iter().filter(|(path, package)| !path.is_empty() && package["integrity"].as_str().is_none());
    Ok(unpinned.map(|(path, _)| format!("{lock}: {path} has no integrity")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_known_by_its_first_cell() {
        assert_eq!(first_cell("| `axum` | the web server | MIT |").as_deref(), Some("axum"));
        assert_eq!(first_cell("| crate | why |"), None);
        assert_eq!(first_cell("`axum`"), None);
        assert_eq!(first_cell("| `unsafe` is forbidden | by `this` |"), None);
    }
}
