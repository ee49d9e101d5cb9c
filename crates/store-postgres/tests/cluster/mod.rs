//! A PostgreSQL server of the tests' own.

#![expect(clippy::expect_used, reason = "a test that can't be set up fails")]

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, ChildStdin, Command, Stdio},
};

const SCRIPT: &str = include_str!("run.sh");

/// It runs as long as its input is open, so until it is dropped or this process ends in whatever way.
pub(crate) struct Cluster {
    process: Child,
    input: Option<ChildStdin>,
    tools: PathBuf,
    /// Where its socket and its data are.
    pub(crate) folder: String,
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.process.wait();
    }
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
    /// `more` is what the script takes after the tools.
    pub(crate) fn start(more: &[&str]) -> Self {
        let tools = tools();
        let mut process = unprivileged_shell()
            .args(["-c", SCRIPT, "cluster"])
            .arg(&tools)
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell starts");
        let input = process.stdin.take();
        let mut folder = String::new();
        let output = process.stdout.take().expect("the output is a pipe");
        BufReader::new(output).read_line(&mut folder).expect("the output can be read");
        assert!(!folder.is_empty(), "PostgreSQL does not start; what it said is above");
        Self { process, input, tools, folder: folder.trim().to_owned() }
    }

    /// One of PostgreSQL's programs, on this server.
    pub(crate) fn tool(&self, name: &str) -> Command {
        let mut command = Command::new(self.program(name));
        command.args(["--host", &self.folder, "--username", "allot"]);
        command
    }

    /// Where one of PostgreSQL's programs is.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.tools.join(name)
    }

    pub(crate) fn run(&self, name: &str, arguments: &[&str]) -> String {
        let output = self.tool(name).args(arguments).output().expect("PostgreSQL's tools run");
        assert!(output.status.success(), "{name} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("the answer is text").trim_end().to_owned()
    }
}
