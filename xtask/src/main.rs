//! The release pipeline: what turns the sources into a server binary and a site folder.
//!
//! An own pipeline keeps an order that no ready-made tool keeps: wasm, bindings, optimisation, script and
//! style, content hashes, then what needs the hashes, then compression of all of it, then the server.
#![expect(clippy::print_stdout, reason = "a command-line tool that reports what it did")]

mod arguments;
mod assets;
mod bindings;
mod build;
mod cache;
mod cargo;
mod compress;
mod dependencies;
mod digest;
mod frontend;
mod npm;
mod offline;
mod optimise;
mod packages;
mod previous;
mod report;
mod sbom;
mod script;
mod serve;
mod site;
mod sources;
mod style;
mod watch;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;

use crate::arguments::{Command, USAGE};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    match arguments::parse(std::env::args().skip(1))? {
        Command::Help => println!("{USAGE}"),
        Command::Build(options) => build::run(&workspace::find()?, &options)?,
        Command::Serve(options) => serve::run(&workspace::find()?, &options)?,
        Command::Dependencies => dependencies::check(&workspace::find()?)?,
        Command::Sbom => println!("{}", sbom::write(&workspace::find()?)?.display()),
        Command::Watch => watch::run(&workspace::find()?)?,
    }
    Ok(())
}
