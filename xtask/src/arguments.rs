//! The command line. Parsed by hand: a few commands with two flags don't earn a dependency that a first build waits for.

use anyhow::{Result, bail};

/// What `cargo xtask` and `cargo xtask help` print.
pub(crate) const USAGE: &str = "\
cargo xtask build [--profile release|dev] [--lean] [--skip-server] [--skip-wasm]
    The site folder (wasm, script, style, public files, compressed) and the server binary.
    --lean compiles the standard library too, for about an eighth less wasm; it needs the library's sources.
    A panic in the browser then says nothing but where in the wasm it happened.
cargo xtask serve [--profile release|dev] [--lean]
    Build, then become the server.
cargo xtask watch
    Build with the dev profile and run the server; rebuild and restart it on every change.
cargo xtask sbom
    The release's bill of materials (CycloneDX) beside its binary; a whole release build writes it, too.
cargo xtask dependencies
    Check what manifests and lockfiles must say; scripts/check-dependencies does that and more.";

/// How the Rust code is compiled and how much is done about size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Small and fast: optimised, minified, compressed.
    Release,
    /// Quick to build: neither optimised, minified nor compressed.
    Dev,
}

/// What a build is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BuildOptions {
    /// How to compile.
    pub(crate) profile: Profile,
    /// Compile the browser's standard library too, without what makes messages of panics.
    pub(crate) lean: bool,
    /// Build the server binary.
    pub(crate) server: bool,
    /// Build the site folder, with the wasm.
    pub(crate) wasm: bool,
}

/// One invocation.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Build(BuildOptions),
    Dependencies,
    Sbom,
    Serve(BuildOptions),
    Watch,
}

/// Reads the arguments after the program's name.
pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Command> {
    let command = arguments.next();
    match command.as_deref() {
        None | Some("help" | "--help" | "-h") => Ok(Command::Help),
        Some("build") => Ok(Command::Build(build_options(arguments)?)),
        Some("serve") => Ok(Command::Serve(build_options(arguments)?)),
        Some(plain @ ("watch" | "sbom" | "dependencies")) => match (plain, arguments.next()) {
            (plain, Some(extra)) => bail!("`{plain}` takes no argument, found `{extra}`"),
            ("watch", None) => Ok(Command::Watch),
            ("sbom", None) => Ok(Command::Sbom),
            _ => Ok(Command::Dependencies),
        },
        Some(other) => bail!("unknown command `{other}`\n{USAGE}"),
    }
}

fn build_options(mut arguments: impl Iterator<Item = String>) -> Result<BuildOptions> {
    let mut options = BuildOptions { profile: Profile::Release, lean: false, server: true, wasm: true };
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--lean" => options.lean = true,
            "--skip-server" => options.server = false,
            "--skip-wasm" => options.wasm = false,
            "--profile" => {
                options.profile = match arguments.next().as_deref() {
                    Some("release") => Profile::Release,
                    Some("dev") => Profile::Dev,
                    other => bail!("--profile is `release` or `dev`, not `{}`", other.unwrap_or_default()),
                }
            }
            other => bail!("unknown argument `{other}`\n{USAGE}"),
        }
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_line(line: &str) -> Result<Command> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn a_plain_build_is_a_whole_release() {
        let expected = BuildOptions { profile: Profile::Release, lean: false, server: true, wasm: true };
        assert_eq!(parse_line("build").unwrap(), Command::Build(expected));
    }

    #[test]
    fn flags_narrow_the_build() {
        let expected = BuildOptions { profile: Profile::Dev, lean: false, server: false, wasm: true };
        assert_eq!(parse_line("build --skip-server --profile dev").unwrap(), Command::Build(expected));
        let expected = BuildOptions { profile: Profile::Release, lean: true, server: true, wasm: false };
        assert_eq!(parse_line("build --lean --skip-wasm").unwrap(), Command::Build(expected));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for line in ["deploy", "build --fast", "build --profile quick", "build --profile", "watch --now", "sbom x"] {
            assert!(parse_line(line).is_err(), "{line}");
        }
    }
}
