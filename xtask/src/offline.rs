//! The scripts that need no wasm: the outbox on every page, the device's page, measuring, the service worker.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::cache::Cache;
use crate::npm::Tools;
use crate::site::Site;
use crate::{digest, sources};

/// The worker's address never changes: browsers look there for a new one.
pub(crate) const WORKER: &str = "sw.js";
/// What the server answers there instead when the operator has switched the worker off.
const OFF: &str = "sw-off.js";
/// What measures some visits, before its hash: of no use without a connection.
pub(crate) const VITALS: &str = "pkg/vitals";
/// Files that no page needs: link previews, programs and measurements fetch them.
const NOT_FOR_PAGES: [&str; 3] = ["icons/preview.png", ".well-known/", VITALS];

/// Bundles them from `frontend/offline`, `frontend/vitals` and `frontend/worker`.
#[derive(Debug)]
pub(crate) struct Scripts<'a> {
    cache: &'a Cache,
    tools: &'a Tools,
    frontend: PathBuf,
    minify: bool,
}

impl<'a> Scripts<'a> {
    pub(crate) fn of(cache: &'a Cache, tools: &'a Tools, root: &Path, minify: bool) -> Self {
        Self { cache, tools, frontend: root.join("frontend"), minify }
    }

    /// A module for pages, by its path under `frontend`.
    pub(crate) fn page(&self, name: &str) -> Result<Vec<u8>> {
        self.bundle(&format!("{name}.ts"), &["--format=esm".to_owned()])
    }

    /// The digest of all that workers are made from, before the build has a name.
    pub(crate) fn worker_sources(&self) -> Result<String> {
        let mut parts = vec![self.tools.versions().to_vec(), vec![u8::from(self.minify)]];
        for folder in ["offline", "vitals", "worker"] {
            for (path, file) in sources::files(&self.frontend.join(folder))? {
                parts.push(path.into_bytes());
                parts.push(fs::read(file)?);
            }
        }
        Ok(digest::of_parts(parts.iter().map(Vec::as_slice)))
    }

    /// Adds the worker of a build that has all its other files, and the one that removes it.
    pub(crate) fn add_workers(&self, site: &mut Site, build: &str) -> Result<()> {
        let needed = |path: &str| !NOT_FOR_PAGES.iter().any(|other| path.starts_with(other));
        let files: Vec<_> = site.files().filter(|(path, _)| needed(path)).map(|(path, _)| format!("/{path}")).collect();
        let worker = self.bundle(
            "worker/worker.ts",
            &[
                "--format=iife".to_owned(),
                format!("--define:ALLOT_BUILD={build:?}"),
                format!("--define:ALLOT_FILES={}", serde_json::to_string(&files)?),
            ],
        )?;
        site.add(WORKER, worker);
        site.add(OFF, self.bundle("worker/off.ts", &["--format=iife".to_owned()])?);
        Ok(())
    }

    fn bundle(&self, entry: &str, options: &[String]) -> Result<Vec<u8>> {
        let sources = self.worker_sources()?;
        let inputs = [sources.as_bytes(), entry.as_bytes(), &options.join(" ").into_bytes()];
        let folder = self.cache.get("offline", inputs, |folder| {
            let entry = self.frontend.join(entry).display().to_string();
            let outfile = format!("--outfile={}", folder.join("out.js").display());
            let mut arguments = vec![
                entry.as_str(),
                "--bundle",
                "--target=es2022",
                "--charset=utf8",
                "--legal-comments=none",
                "--log-level=warning",
                &outfile,
            ];
            arguments.extend(options.iter().map(String::as_str));
            arguments.extend(self.minify.then_some("--minify"));
            self.tools.run("esbuild", &arguments)
        })?;
        Ok(fs::read(folder.join("out.js"))?)
    }
}
