//! The order of a build.

use std::fs;

use anyhow::Result;

use crate::arguments::{BuildOptions, Profile};
use crate::assets::{self, Entrypoints};
use crate::cache::Cache;
use crate::npm::Tools;
use crate::site::Site;
use crate::workspace::Workspace;
use crate::{bindings, cargo, compress, digest, frontend, optimise, report, script, style};

/// Builds what the options ask for.
pub(crate) fn run(workspace: &Workspace, options: &BuildOptions) -> Result<()> {
    if options.wasm {
        site(workspace, options)?;
    }
    if options.server {
        let mut command = cargo::command(&workspace.root);
        command.args(["build", "--package", "allot"]);
        command.args((options.profile == Profile::Release).then_some("--release"));
        cargo::run(&mut command)?;
    }
    Ok(())
}

fn site(workspace: &Workspace, options: &BuildOptions) -> Result<()> {
    let release = options.profile == Profile::Release;
    let cache = Cache::open(workspace.cache())?;
    let tools = Tools::find(&workspace.root)?;
    let mut site = Site::default();
    let public = workspace.root.join("public");
    site.add_folder(&public)?;

    // A name carries the hash of its content, so what is named inside another file comes first.
    let bindings = bindings::make(&cache, &frontend::compile(workspace, options)?, !release)?;
    let wasm = bindings.join(bindings::WASM);
    let wasm = if release { optimise::wasm(&cache, &tools, &wasm)? } else { fs::read(wasm)? };
    let wasm_name = format!("allot.{}.wasm", digest::short(&wasm));
    let boot = workspace.root.join("frontend/boot.js");
    let js = script::bundle(&cache, &tools, &boot, &bindings, &wasm_name, release)?;
    let css = style::bundle(&cache, &tools, &workspace.root.join("style"), &public, release)?;

    let entrypoints = Entrypoints {
        js: format!("/pkg/allot.{}.js", digest::short(&js)),
        wasm: format!("/pkg/{wasm_name}"),
        css: format!("/pkg/allot.{}.css", digest::short(&css)),
    };
    for (path, content) in [(&entrypoints.js, js), (&entrypoints.wasm, wasm), (&entrypoints.css, css)] {
        site.add(path.trim_start_matches('/'), content);
    }

    // Here every name is known and nothing is compressed yet: the place for what lists the files of the site.

    if release {
        compress::all(&cache, &mut site)?;
    }
    let assets = assets::describe(&site, &entrypoints)?;
    if release {
        report::print(&site);
    }
    site.add(assets::NAME, assets);
    site.write(&workspace.site())?;
    cache.prune()
}
