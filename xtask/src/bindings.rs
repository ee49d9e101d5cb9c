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

/// Makes the bindings of a compiled wasm file; returns their folder.
pub(crate) fn make(cache: &Cache, wasm: &Path, debug: bool) -> Result<PathBuf> {
    let content = fs::read(wasm).with_context(|| wasm.display().to_string())?;
    let version = wasm_bindgen_cli_support_version().as_bytes();
    cache.get("bindings", [content.as_slice(), version, &[u8::from(debug)]], |folder| {
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

/// The version that the manifest pins, for the key of the cache.
fn wasm_bindgen_cli_support_version() -> &'static str {
    include_str!("../Cargo.toml")
}
