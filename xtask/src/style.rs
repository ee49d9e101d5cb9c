//! The one style sheet: `style/main.css` with everything that it imports.

use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};

use crate::cache::Cache;
use crate::npm::Tools;
use crate::sources;

/// The oldest browsers that need no other help: what they lack is rewritten.
const BROWSERS: &str = "--target=chrome111,firefox113,safari16.4";

/// Bundles the style sheets of a folder into one. What they show from `public` stays a file of the site.
pub(crate) fn bundle(cache: &Cache, tools: &Tools, folder: &Path, public: &Path, minify: bool) -> Result<Vec<u8>> {
    let external: Vec<_> = sources::files(public)?.into_iter().map(|(path, _)| format!("--external:/{path}")).collect();
    let mut inputs = vec![
        external.join(" ").into_bytes(),
        BROWSERS.as_bytes().to_vec(),
        vec![u8::from(minify)],
        tools.versions().to_vec(),
    ];
    for (path, file) in sources::files(folder)? {
        inputs.push(path.into_bytes());
        inputs.push(fs::read(file)?);
    }
    let entry = cache.get("style", inputs.iter().map(Vec::as_slice), |output| {
        let main = folder.join("main.css").display().to_string();
        let outfile = format!("--outfile={}", output.join("out.css").display());
        let mut arguments =
            vec![main.as_str(), "--bundle", "--charset=utf8", "--log-level=warning", BROWSERS, &outfile];
        arguments.extend(external.iter().map(String::as_str));
        if minify {
            arguments.push("--minify");
        }
        tools.run("esbuild", &arguments)
    })?;
    let css = fs::read_to_string(entry.join("out.css"))?;
    // Each would cost the first visit a round trip, and it isn't among the files of the site.
    ensure!(!css.contains("@import"), "the style sheet still imports another");
    Ok(css.into_bytes())
}
