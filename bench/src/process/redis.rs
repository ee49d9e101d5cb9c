//! A Redis that keeps nothing.

use super::server::free_address;
use anyhow::{Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const START: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(10);

/// A running `redis-server`; dropping it kills it.
#[derive(Debug)]
pub(crate) struct Redis {
    child: Child,
    address: SocketAddr,
}

impl Redis {
    /// On a free port; `None` where it is not installed.
    ///
    /// # Errors
    /// It doesn't get ready.
    pub(crate) fn start(scratch: &Path) -> Result<Option<Self>> {
        let address = free_address()?;
        let port = address.port().to_string();
        let child = Command::new("redis-server")
            .args(["--port", &port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir"])
            .arg(scratch)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let child = match child {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            child => child?,
        };
        let redis = Self { child, address };
        let deadline = Instant::now() + START;
        while redis.ping().is_err() {
            if Instant::now() > deadline {
                bail!("redis-server isn't ready after {START:?}");
            }
            std::thread::sleep(POLL);
        }
        Ok(Some(redis))
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    /// Keeps its connections and answers nothing.
    ///
    /// # Errors
    /// It is gone.
    pub(crate) fn pause(&self) -> Result<()> {
        Ok(kill_process(Pid::from_child(&self.child), Signal::STOP)?)
    }

    /// # Errors
    /// It is gone.
    pub(crate) fn resume(&self) -> Result<()> {
        Ok(kill_process(Pid::from_child(&self.child), Signal::CONT)?)
    }

    fn ping(&self) -> Result<()> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(START))?;
        stream.write_all(b"PING\r\n")?;
        Ok(stream.read_exact(&mut [0; 5])?)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        // It may be gone already: then there is nothing to do.
        if self.child.kill().is_ok() {
            drop(self.child.wait());
        }
    }
}
