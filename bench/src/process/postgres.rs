//! A PostgreSQL of a run's own, with everything on disk before it says so.

use crate::machine::Machine;
use anyhow::{Context, Result, bail, ensure};
use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, ChildStdin, Command, Stdio},
};

/// The one that the store's tests use: it takes everything away when its input closes, so also after an interruption.
const SCRIPT: &str = include_str!("../../../crates/store-postgres/tests/cluster/run.sh");
/// Every commit on disk before it is told. The rest as an operator would set it at the least; the same for both sides.
const SETTINGS: &str = "
fsync = on
synchronous_commit = on
shared_buffers = 512MB
min_wal_size = 2GB
max_wal_size = 4GB
checkpoint_timeout = 15min
wal_compression = on
";
/// Uses up 120 segments of the log, more than rates and latencies of submissions need, each with a message in it: one
/// without anything isn't switched from.
const USE_SEGMENTS: &str =
    "SELECT pg_logical_emit_message(false, 'bench', 'used'), pg_switch_wal() FROM generate_series(1, 120)";

#[derive(Debug)]
pub(crate) struct Postgres {
    process: Child,
    input: Option<ChildStdin>,
    tools: PathBuf,
    folder: PathBuf,
}

impl Postgres {
    /// # Errors
    /// It isn't installed, doesn't start, or has no disk.
    pub(crate) fn start() -> Result<Self> {
        let tools = tools()?;
        let mut process = unprivileged()
            .args(["-c", SCRIPT, "cluster"])
            .arg(&tools)
            .arg(SETTINGS)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("no shell")?;
        let input = process.stdin.take();
        let mut folder = String::new();
        BufReader::new(process.stdout.take().context("no pipe")?).read_line(&mut folder)?;
        ensure!(!folder.is_empty(), "PostgreSQL does not start; what it said is above");
        let postgres = Self { process, input, tools, folder: folder.trim().into() };
        let machine = Machine::look(&postgres.folder)?;
        if !machine.has_durable_files() {
            bail!("{} is on {}: set TMPDIR to a folder on a disk", postgres.folder.display(), machine.filesystem);
        }
        ensure!(postgres.sql("postgres", "SHOW fsync")? == "on", "commits are not durable");
        postgres.age()?;
        Ok(postgres)
    }

    /// A new cluster makes and zeroes each segment of its log when it first comes to it, and commits wait meanwhile. One
    /// that has run for a while takes those again that a checkpoint has freed: so this one has some ready, too.
    fn age(&self) -> Result<()> {
        self.sql("postgres", USE_SEGMENTS)?;
        self.sql("postgres", "CHECKPOINT")?;
        Ok(())
    }

    /// A new database; answers its address.
    ///
    /// # Errors
    /// It can't be made.
    pub(crate) fn database(&self, name: &str) -> Result<String> {
        self.sql("postgres", &format!("CREATE DATABASE {name} TEMPLATE template0"))?;
        Ok(format!("postgres://allot@localhost/{name}?host={}", self.folder.display()))
    }

    /// Runs a statement; its answer, unaligned and without headings.
    ///
    /// # Errors
    /// What psql says.
    pub(crate) fn sql(&self, database: &str, statement: &str) -> Result<String> {
        let output = self.tool("psql", database).args(["-qAt", "-v", "ON_ERROR_STOP=1", "-c", statement]).output()?;
        ensure!(output.status.success(), "{statement}: {}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
    }

    pub(super) fn tool(&self, name: &str, database: &str) -> Command {
        let mut command = Command::new(self.tools.join(name));
        command.arg("--host").arg(&self.folder).args(["--username", "allot"]);
        // pgbench takes the name only by itself, psql both ways.
        command.env("PGDATABASE", database).env_remove("PGPORT").env_remove("PGOPTIONS");
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.input.take());
        drop(self.process.wait());
    }
}

/// PostgreSQL refuses to run as root.
fn unprivileged() -> Command {
    if rustix::process::getuid().is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", "sh"]);
        return command;
    }
    Command::new("sh")
}

/// Debian keeps them off the path; the newest version first.
fn tools() -> Result<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    folders.sort();
    folders.reverse();
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let needed = ["initdb", "pg_ctl", "psql", "pgbench"];
    let found = folders.into_iter().find(|folder| needed.iter().all(|tool| folder.join(tool).exists()));
    found.context("PostgreSQL is not installed: install Debian's package postgresql (scripts/setup bench does it)")
}
