//! A PostgreSQL of the tests' own, one a test program, and a database a case.

#![expect(clippy::expect_used, reason = "a test that can't be set up fails")]

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
};

const SCRIPT: &str = include_str!("run.sh");

static DATABASES: AtomicU32 = AtomicU32::new(0);
static CLUSTER: LazyLock<Cluster> = LazyLock::new(Cluster::start);

/// It runs as long as its input is open, so until this process ends in whatever way.
struct Cluster {
    _process: Child,
    _input: Option<ChildStdin>,
    tools: PathBuf,
    folder: String,
}

/// Debian keeps them off the path.
fn tools() -> PathBuf {
    let mut folders: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin"))
        .collect();
    folders.sort();
    // The newest version first, then what the path has.
    folders.reverse();
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let tools = ["initdb", "pg_ctl", "createdb", "dropdb", "psql"];
    let found = folders.into_iter().find(|folder| tools.iter().all(|tool| folder.join(tool).exists()));
    found.expect("PostgreSQL is not installed: install Debian's package postgresql (scripts/setup test does it)")
}

/// PostgreSQL refuses to run as root.
fn unprivileged_shell() -> Command {
    if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", "sh"]);
        return command;
    }
    Command::new("sh")
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("the user's number can be asked for");
    id.stdout == b"0\n"
}

impl Cluster {
    fn start() -> Self {
        let tools = tools();
        let mut process = unprivileged_shell()
            .args(["-c", SCRIPT, "cluster"])
            .arg(&tools)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell starts");
        let input = process.stdin.take();
        let mut folder = String::new();
        let output = process.stdout.take().expect("the output is a pipe");
        BufReader::new(output).read_line(&mut folder).expect("the output can be read");
        assert!(!folder.is_empty(), "PostgreSQL does not start; what it said is above");
        Self { _process: process, _input: input, tools, folder: folder.trim().to_owned() }
    }
}

/// An empty database; dropping it takes it away.
pub(crate) struct PgDatabase {
    pub(crate) name: String,
    pub(crate) url: String,
}

impl PgDatabase {
    pub(crate) fn new() -> Self {
        let name = format!("case_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        run("createdb", &["--template", "template0", &name]);
        let folder = &CLUSTER.folder;
        Self { url: format!("postgres://allot@localhost/{name}?host={folder}"), name }
    }
}

impl Drop for PgDatabase {
    fn drop(&mut self) {
        run("dropdb", &["--force", &self.name]);
    }
}

/// One of PostgreSQL's programs, on the cluster.
pub(crate) fn tool(name: &str) -> Command {
    let mut command = Command::new(CLUSTER.tools.join(name));
    command.args(["--host", &CLUSTER.folder, "--username", "allot"]);
    command
}

pub(crate) fn run(name: &str, arguments: &[&str]) -> String {
    let output = tool(name).args(arguments).output().expect("PostgreSQL's tools run");
    assert!(output.status.success(), "{name} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("the answer is text").trim_end().to_owned()
}
