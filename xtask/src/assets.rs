//! `assets.json`: what the server reads at start to know the names of this build.

use anyhow::Result;
use serde::Serialize;

use crate::digest;
use crate::site::Site;

/// The file's name in the site folder.
pub(crate) const NAME: &str = "assets.json";

/// The paths of the three hashed files, each with a leading slash.
#[derive(Debug, Serialize)]
pub(crate) struct Entrypoints {
    pub(crate) js: String,
    pub(crate) wasm: String,
    pub(crate) css: String,
}

#[derive(Serialize)]
struct Assets<'a> {
    build: String,
    #[serde(flatten)]
    entrypoints: &'a Entrypoints,
    files: Vec<Asset<'a>>,
}

/// Sizes are in bytes; `null` where no such encoding is kept.
#[derive(Serialize)]
struct Asset<'a> {
    path: String,
    bytes: usize,
    br: Option<usize>,
    gz: Option<usize>,
    #[serde(skip)]
    content: &'a [u8],
}

/// The content of `assets.json` for a site.
pub(crate) fn describe(site: &Site, entrypoints: &Entrypoints) -> Result<Vec<u8>> {
    let files: Vec<_> = site
        .files()
        .map(|(path, file)| Asset {
            path: format!("/{path}"),
            bytes: file.content.len(),
            br: file.compressed.br.as_ref().map(Vec::len),
            gz: file.compressed.gz.as_ref().map(Vec::len),
            content: &file.content,
        })
        .collect();
    let mut build = digest::of_parts(files.iter().flat_map(|file| [file.path.as_bytes(), file.content]));
    build.truncate(16);
    let mut json = serde_json::to_vec_pretty(&Assets { build, entrypoints, files })?;
    json.push(b'\n');
    Ok(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build_of(content: &[u8]) -> String {
        let mut site = Site::default();
        site.add("robots.txt", content.to_vec());
        let entrypoints = Entrypoints { js: "/a.js".into(), wasm: "/a.wasm".into(), css: "/a.css".into() };
        let json: serde_json::Value = serde_json::from_slice(&describe(&site, &entrypoints).unwrap()).unwrap();
        assert_eq!(json["js"], "/a.js");
        assert_eq!(json["files"][0]["path"], "/robots.txt");
        assert_eq!(json["files"][0]["bytes"], content.len());
        json["build"].as_str().unwrap().to_owned()
    }

    #[test]
    fn the_build_is_named_by_what_is_in_it() {
        assert_eq!(build_of(b"same"), build_of(b"same"));
        assert_ne!(build_of(b"same"), build_of(b"other"));
    }
}
