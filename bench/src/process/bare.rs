//! The baseline of reads: a bare axum handler that answers the same bytes.

use super::server::{Server, free_address};
use crate::capture::Response;
use anyhow::Result;
use std::{fs, path::Path, process::Command};

/// Starts the program `bare` so that `path` answers what was captured.
///
/// # Errors
/// It doesn't start.
pub(crate) fn start(
    bare: &Path,
    path: &str,
    response: &Response,
    core: Option<usize>,
    scratch: &Path,
) -> Result<Server> {
    let address = free_address()?;
    let files = ["head", "body"].map(|part| scratch.join(format!("bare-{}.{part}", address.port())));
    fs::write(&files[0], response.fixed_headers())?;
    fs::write(&files[1], &response.body)?;
    let mut command = Command::new(bare);
    command.arg(address.to_string()).arg(path).args(&files);
    Server::start(command, address, path, core, scratch)
}
