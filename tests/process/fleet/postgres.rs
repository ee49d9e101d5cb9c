//! A PostgreSQL of a test's own, which it may stop, start and ask.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    path::PathBuf,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

/// The one that the store's tests use: it takes everything away when its input closes.
const SCRIPT: &str = include_str!("../../../crates/store-postgres/tests/cluster/run.sh");
const DATABASE: &str = "postgres";

pub(crate) struct Postgres {
    process: Child,
    input: Option<ChildStdin>,
    tools: PathBuf,
    /// With its socket and its `data`.
    folder: PathBuf,
    port: u16,
}

impl Postgres {
    pub(crate) fn start() -> Self {
        Self::start_with("")
    }

    /// With more lines for `postgresql.conf`.
    pub(crate) fn start_with(settings: &str) -> Self {
        Self::start_as(settings, None)
    }

    /// A streaming replica.
    pub(crate) fn replica_of(primary: &Self) -> Self {
        Self::start_as("", Some(primary))
    }

    fn start_as(settings: &str, primary: Option<&Self>) -> Self {
        let tools = tools();
        // As in production: a server that is away refuses connections, instead of having no socket.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut process = unprivileged("sh")
            .args(["-c", SCRIPT, "cluster"])
            .arg(&tools)
            .arg(format!("listen_addresses = '127.0.0.1'\nport = {port}\n{settings}"))
            .arg("")
            .args(primary.map(|primary| &primary.folder))
            // The script asks the primary at the usual port.
            .env("PGPORT", primary.map_or(port, |primary| primary.port).to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = process.stdin.take();
        let mut folder = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut folder).unwrap();
        assert!(!folder.is_empty(), "PostgreSQL does not start; what it said is above");
        Self { process, input, tools, folder: folder.trim().into(), port }
    }

    pub(crate) fn url(&self) -> String {
        Self::url_at(self.port)
    }

    /// Of a server, or of something before it, on this port.
    pub(crate) fn url_at(port: u16) -> String {
        format!("postgres://allot@127.0.0.1:{port}/{DATABASE}")
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Runs statements and answers what they say, unaligned and without headings.
    pub(crate) fn sql(&self, statements: &str) -> String {
        let output = self.psql().args(["-v", "ON_ERROR_STOP=1", "-c", statements]).output().unwrap();
        assert!(output.status.success(), "{statements}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    fn psql(&self) -> Command {
        let mut command = Command::new(self.tools.join("psql"));
        command.args(["--no-psqlrc", "--quiet", "-At", "-U", "allot", "-d", DATABASE, "--host"]).arg(&self.folder);
        command.args(["--port", &self.port.to_string()]);
        command
    }

    /// An open session, for when no more can be opened.
    pub(crate) fn session(&self) -> Session {
        let mut process =
            self.psql().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let (input, output) = (process.stdin.take().unwrap(), BufReader::new(process.stdout.take().unwrap()));
        let mut session = Session { process, input: Some(input), output };
        assert_eq!(session.sql("SELECT 'open'"), "open");
        session
    }

    /// `pg_ctl stop|start|restart` with options.
    pub(crate) fn control(&self, arguments: &[&str]) {
        let done = unprivileged("sh")
            .args(["-c", "exec \"$@\" </dev/null >/dev/null 2>&1", "control"])
            .arg(self.tools.join("pg_ctl"))
            .args(arguments)
            .arg("--pgdata")
            .arg(self.folder.join("data"))
            .args(["--wait", "--timeout", "60", "--log"])
            .arg(self.folder.join("log"))
            .status()
            .unwrap();
        let log = || std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        assert!(done.success(), "pg_ctl {arguments:?}: {}", log());
    }

    /// How often each stored submission is there, and whether it counts.
    pub(crate) fn submissions(&self) -> HashMap<String, (u32, bool)> {
        let mut found: HashMap<String, (u32, bool)> = HashMap::new();
        for line in self.sql("SELECT id, standing < 'a' FROM submission").lines() {
            let (id, counted) = line.split_once('|').unwrap();
            let entry = found.entry(id.to_owned()).or_default();
            *entry = (entry.0 + 1, counted == "t");
        }
        found
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.process.wait();
    }
}

/// A session that stays open until it is dropped.
pub(crate) struct Session {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Session {
    /// Runs a statement that answers one line, and answers that.
    pub(crate) fn sql(&mut self, statement: &str) -> String {
        writeln!(self.input.as_mut().unwrap(), "{statement};").unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.process.wait();
    }
}

/// PostgreSQL refuses to run as root.
fn unprivileged(program: &str) -> Command {
    if Command::new("id").arg("-u").output().unwrap().stdout == b"0\n" {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", program]);
        return command;
    }
    Command::new(program)
}

/// Debian keeps them off the path; the newest version first.
fn tools() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    folders.sort();
    folders.reverse();
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let needed = ["initdb", "pg_ctl", "psql", "pg_basebackup"];
    let found = folders.into_iter().find(|folder| needed.iter().all(|tool| folder.join(tool).exists()));
    found.expect("PostgreSQL is not installed: install Debian's package postgresql (scripts/setup test does it)")
}
