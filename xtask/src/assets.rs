//! `assets.json`: what the server reads at start to know the names of this build.

use anyhow::Result;
use serde::Serialize;

use crate::digest;
use crate::previous::Build;
use crate::site::Site;

/// The file's name in the site folder.
pub(crate) const NAME: &str = "assets.json";

/// The paths of the hashed files that pages name, each with a leading slash.
#[derive(Debug, Serialize)]
pub(crate) struct Entrypoints {
    /// Starts the islands.
    pub(crate) js: String,
    /// The islands.
    pub(crate) wasm: String,
    pub(crate) css: String,
    /// On every page: sends what waits, looks after the service worker.
    pub(crate) outbox: String,
    /// On the page of what the device keeps.
    pub(crate) device: String,
    /// Measures some of the visits.
    pub(crate) vitals: String,
}

#[derive(Serialize)]
struct Assets<'a> {
    build: &'a str,
    #[serde(flatten)]
    entrypoints: &'a Entrypoints,
    files: Vec<Asset>,
    previous: &'a [Build],
}

/// Sizes are in bytes; `null` where no such encoding is kept.
#[derive(Serialize)]
struct Asset {
    path: String,
    bytes: usize,
    br: Option<usize>,
    gz: Option<usize>,
}

/// The content of `assets.json` for a site: this build's files and those of the builds before.
pub(crate) fn describe(site: &Site, build: &str, entrypoints: &Entrypoints, previous: &[Build]) -> Result<Vec<u8>> {
    let files = site
        .files()
        .map(|(path, file)| Asset {
            path: format!("/{path}"),
            bytes: file.content.len(),
            br: file.compressed.br.as_ref().map(Vec::len),
            gz: file.compressed.gz.as_ref().map(Vec::len),
        })
        .collect();
    let mut json = serde_json::to_vec_pretty(&Assets { build, entrypoints, files, previous })?;
    json.push(b'\n');
    Ok(json)
}

/// The name of a build: another one for every change of any file, or of what is made once the name is known.
pub(crate) fn name(site: &Site, later: &str) -> String {
    let files = site.files().flat_map(|(path, file)| [path.as_bytes(), file.content.as_slice()]);
    let mut name = digest::of_parts(files.chain([later.as_bytes()]));
    name.truncate(16);
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name_of(content: &[u8], later: &str) -> String {
        let mut site = Site::default();
        site.add("robots.txt", content.to_vec());
        name(&site, later)
    }

    #[test]
    fn the_build_is_named_by_what_is_in_it() {
        assert_eq!(name_of(b"same", "same"), name_of(b"same", "same"));
        assert_ne!(name_of(b"same", "same"), name_of(b"other", "same"));
        assert_ne!(name_of(b"same", "same"), name_of(b"same", "other"));
    }

    #[test]
    fn the_description_lists_every_file() {
        let mut site = Site::default();
        site.add("robots.txt", b"four".to_vec());
        let path = String::new;
        let entrypoints = Entrypoints {
            js: "/a.js".into(),
            wasm: path(),
            css: path(),
            outbox: path(),
            device: path(),
            vitals: path(),
        };
        let json: serde_json::Value =
            serde_json::from_slice(&describe(&site, "b", &entrypoints, &[]).unwrap()).unwrap();
        assert_eq!((json["build"].as_str(), json["js"].as_str()), (Some("b"), Some("/a.js")));
        assert_eq!(
            (json["files"][0]["path"].as_str(), json["files"][0]["bytes"].as_u64()),
            (Some("/robots.txt"), Some(4))
        );
    }
}
