//! The JavaScript side of the wasm module.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::cache::Cache;

/// The name of the JavaScript module in the folder of bindings; the wasm beside it is [`WASM`].
pub(crate) const SCRIPT: &str = "glue.js";
/// The name of the wasm module in the folder of bindings.
pub(crate) const WASM: &str = "glue_bg.wasm";

/// Pins the version that makes the bindings.
const MANIFEST: &str = include_str!("../Cargo.toml");

/// Makes the bindings of a compiled wasm file; returns their folder.
pub(crate) fn make(cache: &Cache, wasm: &Path, debug: bool) -> Result<PathBuf> {
    let content = fs::read(wasm).with_context(|| wasm.display().to_string())?;
    cache.get("bindings", [content.as_slice(), MANIFEST.as_bytes(), &[u8::from(debug)]], |folder| {
        Bindgen::new()
            .input_bytes("glue", content.clone())
            .web(true)?
            // The boot code always says where the wasm is: its name carries a hash.
            .omit_default_module_path(true)
            .typescript(false)
            .debug(debug)
            .keep_debug(debug)
            .remove_name_section(!debug)
            .remove_producers_section(true)
            .generate(folder)
            .context("wasm-bindgen")
    })
}

#[cfg(test)]
mod tests {
    /// The value of `version` that follows the line in a manifest or lock.
    fn version_after<'a>(text: &'a str, line: &str) -> &'a str {
        text.split_once(line).unwrap().1.split('"').nth(1).unwrap()
    }

    #[test]
    fn the_bindings_are_made_by_the_version_that_the_frontend_links() {
        let lock = include_str!("../../Cargo.lock");
        let linked = version_after(lock, "name = \"wasm-bindgen\"\n");
        let pinned = version_after(super::MANIFEST, "wasm-bindgen-cli-support = ");
        assert_eq!(pinned, format!("={linked}"));
    }
}
