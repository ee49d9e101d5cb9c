//! The page's only script: the bindings and our boot code as one module.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::cache::Cache;
use crate::npm::Tools;
use crate::sources;
use crate::{bindings, digest};

/// Bundles `frontend/boot.js` with the bindings it imports. `wasm_name` is the file, beside the script, to load.
pub(crate) fn bundle(
    cache: &Cache,
    tools: &Tools,
    boot: &Path,
    bindings_folder: &Path,
    wasm_name: &str,
    minify: bool,
) -> Result<Vec<u8>> {
    let boot_code = fs::read(boot).with_context(|| boot.display().to_string())?;
    let glue = bindings_folder.join(bindings::SCRIPT);
    let snippets = digest_of_folder(&bindings_folder.join("snippets"))?;
    let inputs: [&[u8]; 6] = [
        &boot_code,
        &fs::read(&glue)?,
        snippets.as_bytes(),
        wasm_name.as_bytes(),
        &[u8::from(minify)],
        tools.versions(),
    ];
    let entry = cache.get("script", inputs, |folder| {
        let mut arguments = vec![
            boot.display().to_string(),
            "--bundle".to_owned(),
            "--format=esm".to_owned(),
            "--target=es2022".to_owned(),
            "--charset=utf8".to_owned(),
            "--legal-comments=none".to_owned(),
            "--log-level=warning".to_owned(),
            format!("--alias:allot-bindings={}", glue.display()),
            format!("--define:ALLOT_WASM={wasm_name:?}"),
            format!("--outfile={}", folder.join("out.js").display()),
        ];
        if minify {
            arguments.push("--minify".to_owned());
        }
        tools.run("esbuild", &arguments.iter().map(String::as_str).collect::<Vec<_>>())
    })?;
    Ok(fs::read(entry.join("out.js"))?)
}

fn digest_of_folder(folder: &Path) -> Result<String> {
    let mut parts = Vec::new();
    for (path, file) in sources::files(folder)? {
        parts.push(path.into_bytes());
        parts.push(fs::read(file)?);
    }
    Ok(digest::of_parts(parts.iter().map(Vec::as_slice)))
}
