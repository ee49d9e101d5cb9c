//! `allot health`

use super::{failure::Failure, output, running::reachable};
use crate::config::Config;
use clap::Args;
use std::{io, process::ExitCode, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// Longer than the server waits for its parts.
const PATIENCE: Duration = Duration::from_secs(3);
/// Bytes of an answer that is worth reading.
const LONGEST: u64 = 16 * 1024;

/// Ask a running server how it is; exit code 1 when it can't take submissions
///
/// For container health checks and scripts. It asks at ALLOT_ADDR, on this machine.
#[derive(Args)]
#[command(after_help = "Example:\n  ALLOT_ADDR=127.0.0.1:3001 allot health")]
pub(super) struct Health {
    /// Only whether the process answers, not whether its database does
    #[arg(long)]
    live: bool,
}

pub(super) async fn execute(config: &Config, command: &Health) -> Result<ExitCode, Failure> {
    let path = if command.live { "/health/live" } else { "/health/ready" };
    let answer =
        timeout(PATIENCE, ask(&config.addr, path)).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
    let answer = answer.map_err(|error| {
        Failure::new(format!("{}: {error}", config.addr), "is it running there? ALLOT_ADDR says where to ask")
    })?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    output::result(body)?;
    let healthy = head.split(' ').nth(1) == Some("200");
    Ok(if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn ask(address: &str, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(reachable(address).await?).await?;
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(LONGEST).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
