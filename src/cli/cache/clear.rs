//! `allot cache clear`

use crate::{
    cli::{failure::Failure, output},
    config::Config,
};
use clap::Args;
use std::process::ExitCode;

/// Take keys of this database out of Redis
///
/// Only keys of this database's instance, `allot:{ID}:…`, whatever the pattern says; limits only when the pattern begins
/// with `limit`. Nothing is lost: the next readers fill Redis again from the database, and `allot cache warm` does it at
/// once. What servers hold in memory stays.
#[derive(Args)]
#[command(
    after_help = "Example:\n  allot cache clear\n  allot cache clear --pattern 'snapshot:1:2'\n  allot cache clear --pattern 'limit:address:*'"
)]
pub(in crate::cli) struct Clear {
    /// Which keys, after allot:{ID}: as in Redis's KEYS; * stands for anything
    #[arg(long, value_name = "PATTERN", default_value = "snapshot:*")]
    pattern: String,
    /// As JSON, for programs
    #[arg(long)]
    json: bool,
}

pub(super) async fn execute(config: &Config, command: Clear) -> Result<ExitCode, Failure> {
    let Some(keyspace) = super::keyspace(config).await? else {
        return Err(Failure::new("there is no Redis to clear", "REDIS_URL or --redis-url names one"));
    };
    let cleared = keyspace.clear(&command.pattern).await.map_err(|error| {
        Failure::new(format!("Redis: {error}"), "its user needs +scan and +unlink: docs/operations/caches.md")
    })?;
    if command.json {
        output::json(&serde_json::json!({ "cleared": cleared.keys, "limits_left": cleared.spared }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut text = format!("{} keys were taken out of Redis", cleared.keys);
    if cleared.spared > 0 {
        text.push_str(&format!("; {} limits were left (--pattern 'limit:*' takes them, too)", cleared.spared));
    }
    output::result(&text)?;
    Ok(ExitCode::SUCCESS)
}
