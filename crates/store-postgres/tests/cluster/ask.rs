//! Asking a case's database past the store.

#![expect(clippy::expect_used, reason = "a test that can't be set up fails")]

use crate::shared::{CLUSTER, PgDatabase, run};
use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, Stdio},
};

impl PgDatabase {
    /// Runs statements and answers what they say, unaligned and without headings.
    pub(crate) fn sql(&self, statements: &str) -> String {
        run("psql", &["--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1", "-At", "-d", &self.name, "-c", statements])
    }

    /// Runs a statement in a transaction that stays open until what is answered is dropped.
    pub(crate) fn hold(&self, statement: &str) -> Held {
        let mut process = CLUSTER
            .tool("psql")
            .args(["--no-psqlrc", "--quiet", "-At", "-d", &self.name])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("psql runs");
        let mut input = process.stdin.take().expect("the input is a pipe");
        writeln!(input, "BEGIN;\n{statement};\n\\echo held").expect("psql reads");
        let output = BufReader::new(process.stdout.take().expect("the output is a pipe"));
        assert!(output.lines().map_while(Result::ok).any(|line| line == "held"), "psql ended early");
        Held { process, input: Some(input) }
    }
}

/// An open transaction.
pub(crate) struct Held {
    process: Child,
    input: Option<ChildStdin>,
}

impl Drop for Held {
    fn drop(&mut self) {
        drop(self.input.take());
        self.process.wait().expect("psql ends");
    }
}
