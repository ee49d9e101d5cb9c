//! Smaller wasm by binaryen's optimiser.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::cache::Cache;
use crate::npm::Tools;

/// For size, with the features that current compilers emit by default and every current browser has.
const ARGUMENTS: [&str; 10] = [
    "-Oz",
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The optimised bytes of a wasm file.
pub(crate) fn wasm(cache: &Cache, tools: &Tools, wasm: &Path) -> Result<Vec<u8>> {
    let content = fs::read(wasm).with_context(|| wasm.display().to_string())?;
    let settings = ARGUMENTS.join(" ");
    let entry = cache.get("wasm", [content.as_slice(), settings.as_bytes(), tools.versions()], |folder| {
        let output = folder.join("out.wasm");
        let mut arguments = ARGUMENTS.to_vec();
        let (input, output) = (wasm.to_string_lossy(), output.to_string_lossy());
        arguments.extend([input.as_ref(), "-o", output.as_ref()]);
        tools.run("wasm-opt", &arguments)
    })?;
    Ok(fs::read(entry.join("out.wasm"))?)
}
