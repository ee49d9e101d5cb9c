//! A child process that listens.

use crate::{capture, interrupt, load::Target, pin};
use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    fs::{self, File},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const START: Duration = Duration::from_secs(60);
const STOP: Duration = Duration::from_secs(35);
const POLL: Duration = Duration::from_millis(20);

/// A running server; dropping it kills it.
#[derive(Debug)]
pub(crate) struct Server {
    name: String,
    child: Child,
    target: Target,
    log: PathBuf,
}

/// A port of this machine that nobody listens on.
pub(super) fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

impl Server {
    /// Starts `command` on `core` and waits until `ready` answers 200. Its output goes to a file in `scratch`.
    pub(super) fn start(
        mut command: Command,
        address: SocketAddr,
        ready: &str,
        core: Option<usize>,
        scratch: &Path,
    ) -> Result<Self> {
        let name = Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
        let log = scratch.join(format!("{name}-{}.log", address.port()));
        let output = File::create(&log)?;
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        let child = pin::starting(core, || command.spawn().with_context(|| format!("{name} doesn't start")))?;
        let mut server = Self { name, child, target: Target::new(address)?, log };
        server.wait_until_ready(ready)?;
        Ok(server)
    }

    pub(crate) fn target(&self) -> Target {
        self.target
    }

    /// What it has written so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop and waits for that.
    ///
    /// # Errors
    /// It fails, or takes too long.
    pub(crate) fn stop(mut self) -> Result<()> {
        kill_process(Pid::from_child(&self.child), Signal::TERM)?;
        let deadline = Instant::now() + STOP;
        loop {
            if let Some(status) = self.child.try_wait()? {
                ensure!(status.success(), "{} stopped with {status}:\n{}", self.name, self.tail());
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "{} doesn't stop:\n{}", self.name, self.tail());
            std::thread::sleep(POLL);
        }
    }

    fn wait_until_ready(&mut self, path: &str) -> Result<()> {
        let deadline = Instant::now() + START;
        while Instant::now() < deadline {
            interrupt::check()?;
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended with {status}:\n{}", self.name, self.tail());
            }
            if capture::get(self.target, path, None).is_ok_and(|response| response.status == 200) {
                return Ok(());
            }
            std::thread::sleep(POLL);
        }
        bail!("{} isn't ready after {START:?}:\n{}", self.name, self.tail())
    }

    fn tail(&self) -> String {
        let text = self.log();
        let lines: Vec<_> = text.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be gone already: then there is nothing to do.
        if self.child.kill().is_ok() {
            drop(self.child.wait());
        }
    }
}
