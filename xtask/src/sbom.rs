//! The release's bill of materials: CycloneDX 1.6 as JSON, from cargo's own graph and the lockfiles.
//!
//! It lists what is compiled into the server and into the browser's WASM, and the tools from npm that make the site. The
//! same sources give the same bytes: it carries no time and no random number.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::packages::{self, Package};
use crate::workspace::Workspace;

/// Beside the binary.
pub(crate) const NAME: &str = "allot.cdx.json";
const BROWSER: &str = "wasm32-unknown-unknown";

/// Writes it into the folder of the release's binary; answers where.
pub(crate) fn write(workspace: &Workspace) -> Result<PathBuf> {
    let path = workspace.target.join("release").join(NAME);
    fs::create_dir_all(workspace.target.join("release"))?;
    fs::write(&path, serde_json::to_vec_pretty(&document(workspace)?)?).with_context(|| path.display().to_string())?;
    Ok(path)
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    checksum: Option<String>,
}

/// Where a package ends up, and what it needs.
#[derive(Default)]
struct Use {
    parts: BTreeSet<&'static str>,
    needs: BTreeSet<String>,
}

fn document(workspace: &Workspace) -> Result<Value> {
    let lock = fs::read_to_string(workspace.root.join("Cargo.lock")).context("Cargo.lock")?;
    let lock: Lock = toml::from_str(&lock).context("Cargo.lock")?;
    let checksums: HashMap<(String, String), String> =
        lock.package.into_iter().filter_map(|one| Some(((one.name, one.version), one.checksum?))).collect();

    let mut uses: BTreeMap<String, Use> = BTreeMap::new();
    let mut known: HashMap<String, Package> = HashMap::new();
    for (member, part, platform) in
        [("allot", "server", packages::host()?), ("frontend", "browser", BROWSER.to_owned())]
    {
        let found = packages::find(workspace, Some(&platform))?;
        for (id, needs) in found.needed_by(member) {
            let entry = uses.entry(id.to_owned()).or_default();
            entry.parts.insert(part);
            entry.needs.extend(needs.into_iter().map(str::to_owned));
        }
        known.extend(found.packages.into_iter().map(|package| (package.id.clone(), package)));
    }
    let reference = |id: &str| known.get(id).map(reference);
    let components = uses.iter().filter_map(|(id, used)| {
        let package = known.get(id)?;
        let checksum = checksums.get(&(package.name.clone(), package.version.clone()));
        (package.name != "allot").then(|| component(package, used, checksum))
    });
    let components: Vec<Value> = components.chain(tools(workspace)?).collect();
    let dependencies: Vec<Value> = uses
        .iter()
        .filter_map(|(id, used)| {
            let needs: BTreeSet<String> = used.needs.iter().filter_map(|id| reference(id)).collect();
            Some(json!({ "ref": reference(id)?, "dependsOn": needs }))
        })
        .collect();
    let allot = known.values().find(|package| package.name == "allot").context("the package allot is missing")?;
    Ok(json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "lifecycles": [{ "phase": "build" }],
            "component": {
                "type": "application",
                "bom-ref": self::reference(allot),
                "name": allot.name,
                "version": allot.version,
                "description": allot.description,
                "licenses": [{ "expression": expression(allot.license.as_deref()) }],
            },
        },
        "components": components,
        "dependencies": dependencies,
    }))
}

/// Ours have no address in a registry.
fn reference(package: &Package) -> String {
    match package.source {
        Some(_) => format!("pkg:cargo/{}@{}", package.name, package.version.replace('+', "%2B")),
        None => format!("allot:{}@{}", package.name, package.version),
    }
}

/// Older manifests write a slash for OR, which SPDX does not know.
/// What a package says in its LICENSE file only.
fn said_in_a_file(name: &str) -> Option<&'static str> {
    (name == "apalis-postgres").then_some("MIT")
}

fn expression(license: Option<&str>) -> String {
    let license = license.unwrap_or("NOASSERTION");
    if license.contains('/') {
        license.split('/').map(str::trim).collect::<Vec<_>>().join(" OR ")
    } else {
        license.to_owned()
    }
}

fn component(package: &Package, used: &Use, checksum: Option<&String>) -> Value {
    let parts: Vec<Value> = used.parts.iter().map(|part| json!({ "name": "allot:part", "value": part })).collect();
    let mut component = json!({
        "type": "library",
        "bom-ref": reference(package),
        "name": package.name,
        "version": package.version,
        "scope": "required",
        "licenses": [{ "expression": expression(package.license.as_deref().or_else(|| said_in_a_file(&package.name))) }],
        "properties": parts,
    });
    if package.source.is_some() {
        component["purl"] = json!(reference(package));
    }
    if let Some(checksum) = checksum {
        component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
    }
    if let Some(repository) = &package.repository {
        component["externalReferences"] = json!([{ "type": "vcs", "url": repository }]);
    }
    component
}

#[derive(Deserialize)]
struct NpmLock {
    packages: BTreeMap<String, NpmPackage>,
}

#[derive(Deserialize)]
struct NpmPackage {
    version: Option<String>,
    license: Option<String>,
}

/// They shape what is shipped, but are not in it.
fn tools(workspace: &Workspace) -> Result<Vec<Value>> {
    let lock = fs::read(workspace.root.join("xtask/package-lock.json")).context("xtask/package-lock.json")?;
    let lock: NpmLock = serde_json::from_slice(&lock).context("xtask/package-lock.json")?;
    let tool = |(path, package): (&String, &NpmPackage)| {
        let (_, name) = path.rsplit_once("node_modules/")?;
        let version = package.version.as_ref()?;
        let purl = format!("pkg:npm/{}@{version}", name.replacen('@', "%40", 1));
        Some(json!({
            "type": "application",
            "bom-ref": purl,
            "purl": purl,
            "name": name,
            "version": version,
            "scope": "excluded",
            "licenses": [{ "expression": expression(package.license.as_deref()) }],
            "properties": [{ "name": "allot:part", "value": "build" }],
        }))
    };
    Ok(lock.packages.iter().filter_map(tool).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_needed_is_listed_once_with_its_licence_and_its_hash() {
        let workspace = crate::workspace::find().unwrap();
        let document = document(&workspace).unwrap();
        let components = document["components"].as_array().unwrap();
        let references: BTreeSet<_> = components.iter().map(|one| one["bom-ref"].as_str().unwrap()).collect();
        assert_eq!(references.len(), components.len());
        for edge in document["dependencies"].as_array().unwrap() {
            for needed in edge["dependsOn"].as_array().unwrap() {
                assert!(references.contains(needed.as_str().unwrap()), "{needed} is needed and not listed");
            }
        }
        let find = |name: &str| components.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("{name}"));
        for name in ["tokio", "sqlx", "leptos", "wasm-bindgen", "redis"] {
            assert_eq!(find(name)["hashes"][0]["content"].as_str().unwrap().len(), 64, "{name}");
        }
        assert!(components.iter().all(|one| one["licenses"][0]["expression"] != "NOASSERTION"));
        assert_eq!(find("esbuild")["scope"], "excluded");
        assert_eq!(find("domain")["properties"].as_array().unwrap().len(), 2, "in the server and in the browser");
        assert!(components.iter().all(|one| one["name"] != "proptest"), "what only tests need is not shipped");
    }

    #[test]
    fn licences_are_written_as_spdx_does() {
        assert_eq!(expression(Some("MIT/Apache-2.0")), "MIT OR Apache-2.0");
        assert_eq!(expression(Some("Apache-2.0 / MIT")), "Apache-2.0 OR MIT");
        assert_eq!(expression(Some("MIT AND ISC")), "MIT AND ISC");
    }
}
