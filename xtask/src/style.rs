//! The one style sheet: `style/main.css` with everything that it imports.

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::cache::Cache;
use crate::npm::Tools;
use crate::sources;

/// The oldest browsers that need no other help: what they lack is rewritten.
const BROWSERS: &str = "--target=chrome111,firefox113,safari16.4";

/// Bundles the style sheets of a folder into one.
pub(crate) fn bundle(cache: &Cache, tools: &Tools, folder: &Path, minify: bool) -> Result<Vec<u8>> {
    let mut inputs = vec![BROWSERS.as_bytes().to_vec(), vec![u8::from(minify)], tools.versions().to_vec()];
    for (path, file) in sources::files(folder)? {
        inputs.push(path.into_bytes());
        inputs.push(fs::read(file)?);
    }
    let entry = cache.get("style", inputs.iter().map(Vec::as_slice), |output| {
        let main = folder.join("main.css").display().to_string();
        let outfile = format!("--outfile={}", output.join("out.css").display());
        // Addresses from the root are files of the site, not of the bundle.
        let mut arguments = vec![
            main.as_str(),
            "--bundle",
            "--external:/*",
            "--charset=utf8",
            "--log-level=warning",
            BROWSERS,
            &outfile,
        ];
        if minify {
            arguments.push("--minify");
        }
        tools.run("esbuild", &arguments)
    })?;
    Ok(fs::read(entry.join("out.css"))?)
}
