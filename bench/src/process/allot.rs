//! The `allot` binary with a data folder of its own.

use super::server::{Server, free_address};
use crate::interrupt;
use anyhow::{Context, Result, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// Settings of the person who runs this, which must not reach the servers.
const SETTINGS: [&str; 5] = ["ALLOT_", "DATABASE_", "REDIS_", "RUST_LOG", "OTEL_"];

const SQLITE: &str = "allot.sqlite";

/// A server binary and a data folder.
#[derive(Debug)]
pub(crate) struct Allot {
    binary: PathBuf,
    folder: PathBuf,
    /// Besides the folder: `DATABASE_URL` and what it needs.
    settings: Vec<(&'static str, String)>,
}

/// For stores that don't keep their own.
const SECRET: &str = "not a secret: a benchmark's own servers";

impl Allot {
    /// With an empty data folder in `scratch`, migrated and with the built-in budgets.
    ///
    /// # Errors
    /// The binary can't do it.
    pub(crate) fn new(binary: &Path, scratch: &Path, name: &str) -> Result<Self> {
        Self::with(binary, scratch, name, |folder| {
            vec![("DATABASE_URL", format!("sqlite:{}", folder.join(SQLITE).display()))]
        })
    }

    /// On a PostgreSQL database, with a Redis if one is given.
    ///
    /// # Errors
    /// The binary can't do it.
    pub(crate) fn on_postgres(
        binary: &Path,
        scratch: &Path,
        name: &str,
        database: &str,
        redis: Option<&str>,
    ) -> Result<Self> {
        Self::with(binary, scratch, name, |_| {
            let mut settings = vec![("DATABASE_URL", database.to_owned()), ("ALLOT_SECRET", SECRET.to_owned())];
            settings.extend(redis.map(|url| ("REDIS_URL", url.to_owned())));
            settings
        })
    }

    fn with(
        binary: &Path,
        scratch: &Path,
        name: &str,
        settings: impl FnOnce(&Path) -> Vec<(&'static str, String)>,
    ) -> Result<Self> {
        let folder = scratch.join(name);
        fs::create_dir_all(&folder)?;
        let settings = settings(&folder);
        let allot = Self { binary: binary.to_owned(), folder, settings };
        // A first start migrates and imports.
        allot.serve(None)?.stop()?;
        Ok(allot)
    }

    /// Fills the default budget with made-up submissions.
    ///
    /// # Errors
    /// The binary fails.
    pub(crate) fn simulate(&self, submissions: u64) -> Result<Duration> {
        Ok(self.run(&["simulate", "--submissions", &submissions.to_string(), "--seed", "1"])?.0)
    }

    /// Starts serving, on one core if one is given.
    ///
    /// # Errors
    /// It doesn't get ready.
    pub(crate) fn serve(&self, core: Option<usize>) -> Result<Server> {
        self.serve_with(core, &[])
    }

    /// The same with more settings.
    ///
    /// # Errors
    /// It doesn't get ready.
    pub(crate) fn serve_with(&self, core: Option<usize>, settings: &[(&str, &str)]) -> Result<Server> {
        let address = free_address()?;
        let mut command = self.command();
        command.arg("serve").env("ALLOT_ADDR", address.to_string()).envs(settings.iter().copied());
        Server::start(command, address, "/health/ready", core, &self.folder)
    }

    /// Runs another command to its end; answers its time and output.
    ///
    /// # Errors
    /// An exit code other than 0.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<(Duration, String)> {
        interrupt::check()?;
        let started = Instant::now();
        let output = self.command().args(arguments).stdin(Stdio::null()).output().context("allot doesn't start")?;
        let took = started.elapsed();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        ensure!(
            output.status.success(),
            "allot {} ended with {}:\n{text}{}",
            arguments.join(" "),
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        Ok((took, text))
    }

    /// The file of the embedded database.
    pub(crate) fn database(&self) -> PathBuf {
        self.folder.join(SQLITE)
    }

    /// Bytes of the embedded database, with what isn't checkpointed yet.
    ///
    /// # Errors
    /// The folder can't be read.
    pub(crate) fn bytes_on_disk(&self) -> Result<u64> {
        let mut bytes = 0;
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(SQLITE) {
                bytes += entry.metadata()?.len();
            }
        }
        ensure!(bytes > 0, "no database in {}", self.folder.display());
        Ok(bytes)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            // Where the pages' assets are depends on the build, not on the person.
            if text != "ALLOT_SITE_ROOT" && SETTINGS.iter().any(|prefix| text.starts_with(prefix)) {
                command.env_remove(&name);
            }
        }
        command
            .current_dir(&self.folder)
            .env("ALLOT_DATA", &self.folder)
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .env("ALLOT_SUBMISSIONS_PER_HOUR", "0")
            .env("ALLOT_ADDRESS_SUBMISSIONS_PER_HOUR", "0");
        command
    }
}
