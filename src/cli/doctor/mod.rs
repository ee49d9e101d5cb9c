//! `allot doctor`

mod clocks;
mod database;
mod machine;
mod redis;
mod server;
mod settings;

use super::{failure::Failure, findings, output};
use crate::config::{Config, ConfigError};
use clap::Args;
use serde::Serialize;
use service::port::{Finding, Verdict};
use std::process::ExitCode;

/// Check everything that this machine's Allot needs, on one page; exit code 1 when something fails
///
/// Settings, database, schema, Redis, clocks, disk, permissions, versions, and the running server. It changes nothing:
/// it makes neither a database nor a secret, and runs no migration.
#[derive(Args)]
#[command(after_help = "Example:\n  allot doctor\n  allot doctor --json")]
pub(super) struct Doctor {
    /// As JSON, for programs
    #[arg(long)]
    json: bool,
}

/// What was looked at together.
#[derive(Serialize)]
struct Area {
    area: &'static str,
    checks: Vec<Finding>,
}

/// A configuration that can't be read is a finding, too.
pub(super) async fn execute(config: Result<Config, ConfigError>, command: &Doctor) -> Result<ExitCode, Failure> {
    let areas = match &config {
        Ok(config) => examine(config).await,
        Err(error) => {
            let advice =
                "settings come from allot.toml, then the environment, then flags: mend this one, and ask again";
            vec![Area { area: "settings", checks: vec![Finding::fail(error.to_string(), advice)] }]
        }
    };
    if command.json {
        output::json(&areas)?;
    } else {
        output::result(&text(&areas))?;
    }
    let count = |verdict| areas.iter().flat_map(|area| &area.checks).filter(|one| one.verdict == verdict).count();
    match count(Verdict::Fail) {
        0 => Ok(ExitCode::SUCCESS),
        failed => Err(Failure::new(
            format!("{failed} checks failed, {} gave a warning", count(Verdict::Warn)),
            "what to do is said below each of them",
        )),
    }
}

async fn examine(config: &Config) -> Vec<Area> {
    let (database, instance) = database::checks(config).await;
    vec![
        Area { area: "versions", checks: vec![Finding::ok(concat!("allot ", env!("CARGO_PKG_VERSION")))] },
        Area { area: "settings", checks: settings::checks(config) },
        Area { area: "machine", checks: machine::checks(config) },
        Area { area: "database", checks: database },
        Area { area: "redis", checks: redis::checks(config, instance.as_deref()).await },
        Area { area: "server", checks: server::checks(config).await },
    ]
}

fn text(areas: &[Area]) -> String {
    let mut text = String::new();
    for area in areas {
        text.push_str(&format!("== {}\n", area.area));
        area.checks.iter().for_each(|finding| text.push_str(&findings::line(finding)));
    }
    text
}
