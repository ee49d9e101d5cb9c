//! The order of a build.

use std::fs;

use anyhow::Result;

use crate::arguments::{BuildOptions, Profile};
use crate::assets::{self, Entrypoints};
use crate::cache::Cache;
use crate::npm::Tools;
use crate::offline::Scripts;
use crate::site::Site;
use crate::workspace::Workspace;
use crate::{bindings, cargo, compress, digest, frontend, offline, optimise, previous, report, sbom, script, style};

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
    if options.server && options.wasm && options.profile == Profile::Release {
        sbom::write(workspace)?;
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
    let scripts = Scripts::of(&cache, &tools, &workspace.root, release);
    let outbox = scripts.page("offline/page")?;
    let device = scripts.page("offline/device")?;
    let vitals = scripts.page("vitals/vitals")?;

    let entrypoints = Entrypoints {
        js: format!("/pkg/allot.{}.js", digest::short(&js)),
        wasm: format!("/pkg/{wasm_name}"),
        css: format!("/pkg/allot.{}.css", digest::short(&css)),
        outbox: format!("/pkg/outbox.{}.js", digest::short(&outbox)),
        device: format!("/pkg/device.{}.js", digest::short(&device)),
        vitals: format!("/{}.{}.js", offline::VITALS, digest::short(&vitals)),
    };
    for (path, content) in [
        (&entrypoints.js, js),
        (&entrypoints.wasm, wasm),
        (&entrypoints.css, css),
        (&entrypoints.outbox, outbox),
        (&entrypoints.device, device),
        (&entrypoints.vitals, vitals),
    ] {
        site.add(path.trim_start_matches('/'), content);
    }

    // Here every name is known and nothing is compressed yet: the worker lists the files of its build.
    let build = assets::name(&site, &scripts.worker_sources()?);
    scripts.add_workers(&mut site, &build)?;

    if release {
        compress::all(&cache, &mut site)?;
        report::print(&site, &entrypoints);
    }
    let previous = previous::find(&workspace.site(), &build);
    previous::add(&mut site, &workspace.site(), &previous)?;
    let assets = assets::describe(&site, &build, &entrypoints, &previous)?;
    site.add(assets::NAME, assets);
    site.write(&workspace.site())?;
    cache.prune()
}
