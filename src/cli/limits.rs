//! `allot limits clear`

use super::{cache, failure::Failure, output, running::Running};
use crate::config::Config;
use clap::Subcommand;
use http::Method;
use serde::Serialize;
use std::process::ExitCode;

/// The limits on submissions an hour
#[derive(Subcommand)]
pub(super) enum Limits {
    /// Forget who has submitted how often, so that everybody may submit again
    ///
    /// For a school that was refused, after ALLOT_ADDRESS_SUBMISSIONS_PER_HOUR was raised. Limits are kept in Redis and in
    /// each server's memory: Redis's are cleared here, a server's through its operations address (ALLOT_OPS_ADDR with
    /// ALLOT_OPS_TOKEN). What can't be cleared is said; it runs out within the hour.
    #[command(after_help = "Example:\n  allot limits clear")]
    Clear {
        /// As JSON, for programs
        #[arg(long)]
        json: bool,
    },
}

#[derive(Serialize)]
struct Report {
    /// Keys that were taken out; `null` without Redis.
    redis: Option<u64>,
    /// The server that was asked; `null` when none is known.
    server: Option<String>,
    /// Whether that forgot its own.
    server_cleared: bool,
}

pub(super) async fn execute(config: &Config, command: Limits) -> Result<ExitCode, Failure> {
    let Limits::Clear { json } = command;
    let redis = match cache::keyspace(config).await? {
        None => None,
        Some(keyspace) => Some(keyspace.clear("limit:*").await.map_err(|error| {
            Failure::new(format!("Redis: {error}"), "its user needs +scan and +unlink: docs/operations/caches.md")
        })?),
    };
    let server = Running::operations(config);
    let mut refused = None;
    if let Some(server) = &server {
        match server.ask(Method::POST, "/ops/limits/clear", &[]).await {
            Ok(answer) if answer.is_success() => {}
            Ok(answer) => refused = Some(format!("it was answered with {}", answer.status)),
            Err(error) => refused = Some(error.to_string()),
        }
    }
    let report = Report {
        redis: redis.map(|cleared| cleared.keys),
        server_cleared: server.is_some() && refused.is_none(),
        server: server.map(|server| server.address),
    };
    if json {
        output::json(&report)?;
    } else {
        output::result(&text(&report, refused.as_deref()))?;
    }
    match refused {
        None => Ok(ExitCode::SUCCESS),
        Some(reason) => Err(Failure::new(
            format!("the server's own limits were not cleared: {reason}"),
            "is it running at ALLOT_OPS_ADDR, with the same ALLOT_OPS_TOKEN? They run out within the hour",
        )),
    }
}

fn text(report: &Report, refused: Option<&str>) -> String {
    let mut text = match report.redis {
        Some(keys) => format!("{keys} limits were taken out of Redis\n"),
        None => "no Redis is configured: nothing is shared\n".to_owned(),
    };
    match (&report.server, refused) {
        (Some(server), None) => text.push_str(&format!("the server at {server} has forgotten its own\n")),
        (Some(_), Some(_)) => {}
        (None, _) => text.push_str(
            "each server still has its own in memory: set ALLOT_OPS_ADDR and ALLOT_OPS_TOKEN to clear them, restart the \
             server, or wait an hour\n",
        ),
    }
    text
}
