//! What the release pipeline built: which files there are and which of them pages link.

use crate::{config::Config, front::Files, start::StartError};
use app::{server::Assets, vitals::Measuring};
use serde::Deserialize;
use std::{collections::HashSet, path::Path};

/// The part of `assets.json` that the server needs.
#[derive(Deserialize)]
struct Description {
    js: String,
    wasm: String,
    css: String,
    outbox: Option<String>,
    device: Option<String>,
    vitals: Option<String>,
    files: Vec<File>,
}

#[derive(Deserialize)]
struct File {
    path: String,
}

/// Where browsers look for the service worker, always.
const WORKER: &str = "/sw.js";
/// The worker that removes itself and what it cached, for when the operator has switched it off.
const WORKER_OFF: &str = "/sw-off.js";

/// The built site.
#[derive(Default)]
pub(super) struct Built {
    pub(super) assets: Assets,
    pub(super) files: Option<Files>,
}

impl Built {
    /// Reads the site folder. Without one the pages work, unstyled and without scripts.
    pub(super) fn open(config: &Config) -> Result<Self, StartError> {
        if let Some(root) = &config.site_root {
            return Self::described(root, config)
                .map_err(|reason| StartError::Site { folder: root.display().to_string(), reason });
        }
        if std::env::var_os("LEPTOS_OUTPUT_NAME").is_some()
            && let Ok(leptos) = leptos::config::get_configuration(None)
        {
            let options = leptos.leptos_options;
            let files = Files::under(Path::new(&*options.site_root), &options.site_pkg_dir);
            let css = format!("/{}/{}.css", options.site_pkg_dir, options.output_name);
            let assets = Assets { css, leptos: Some(options), ..Assets::default() };
            return Ok(Self { assets, files: Some(files) });
        }
        tracing::warn!("no built site was found: pages have no style and no scripts (cargo xtask build makes them)");
        Ok(Self::default())
    }

    fn described(root: &Path, config: &Config) -> Result<Self, String> {
        let service_worker = config.service_worker;
        let text = std::fs::read(root.join("assets.json")).map_err(|error| format!("assets.json: {error}"))?;
        let found: Description = serde_json::from_slice(&text).map_err(|error| format!("assets.json: {error}"))?;
        let mut known: HashSet<String> = found.files.into_iter().map(|file| file.path).collect();
        for path in [&found.js, &found.wasm, &found.css]
            .into_iter()
            .chain(&found.outbox)
            .chain(&found.device)
            .chain(&found.vitals)
        {
            if !known.contains(path) || !root.join(path.trim_start_matches('/')).is_file() {
                return Err(format!("{path} is missing: the build is not whole"));
            }
        }
        let worker = Some(WORKER.to_owned()).filter(|path| service_worker && known.contains(path));
        let assets = Assets {
            css: found.css,
            js: Some(found.js),
            wasm: Some(found.wasm),
            outbox: found.outbox,
            device: found.device,
            worker,
            vitals: found
                .vitals
                .filter(|_| config.web_vitals > 0)
                .map(|script| Measuring { script, percent: config.web_vitals }),
            leptos: None,
        };
        known.extend(hashed(root));
        let files = Files::listed(root, known);
        let files = if service_worker { files } else { files.replacing(WORKER, WORKER_OFF) };
        Ok(Self { assets, files: Some(files) })
    }
}

/// Whatever lies among the files with a hash in their names, listed or not. After going back to an older build there are
/// still pages about that name files of the newer one, which were put beside its own.
fn hashed(root: &Path) -> impl Iterator<Item = String> {
    let names = std::fs::read_dir(root.join("pkg")).into_iter().flatten().flatten();
    names.filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        (is_file && !name.ends_with(".br") && !name.ends_with(".gz")).then(|| format!("/pkg/{name}"))
    })
}
