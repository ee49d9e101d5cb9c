//! A Redis of the tests' own: a free port, a folder that goes away, and every bad mood that a real one can have.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// How long a server may take to start or to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running `redis-server`. Dropping it kills it.
pub(crate) struct RedisServer {
    process: Child,
    port: u16,
    folder: TempDir,
    /// Beside those that all have.
    options: Vec<String>,
}

impl RedisServer {
    /// On a free port, keeping nothing on disk.
    pub(crate) fn start() -> Self {
        Self::start_with(|_| Vec::new())
    }

    /// The same with these options; they are given its folder.
    pub(crate) fn start_with(options: impl Fn(&Path) -> Vec<String>) -> Self {
        // Another program may take the port between our asking and Redis's.
        for _ in 0..20 {
            let folder = tempfile::tempdir().unwrap();
            let port = free_port();
            let options = options(folder.path());
            let mut process = spawn(port, &folder, &options);
            if answers(port, &mut process) {
                return Self { process, port, folder, options };
            }
            let _ = process.kill();
            let _ = process.wait();
        }
        panic!("redis-server does not start: install Debian's package redis-server (scripts/setup test does it)")
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://{}/", self.place())
    }

    /// `host:port`
    pub(crate) fn place(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Asks past the code under test; the answer as Redis writes it. Bulk strings and numbers without their marks.
    pub(crate) fn ask(&self, words: &[&str]) -> String {
        ask(self.port, words).unwrap()
    }

    /// SIGSTOP: connections stay, nothing is answered.
    pub(crate) fn pause(&self) {
        signal(self.process.id(), "-STOP");
    }

    /// SIGCONT.
    pub(crate) fn resume(&self) {
        signal(self.process.id(), "-CONT");
    }

    /// Ends it as a crash would; all that it held is lost.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Starts it again on the same port, empty.
    pub(crate) fn restart(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            self.process = spawn(self.port, &self.folder, &self.options);
            if answers(self.port, &mut self.process) {
                return;
            }
            self.kill();
        }
        panic!("redis-server does not come back on port {}", self.port);
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        // SIGKILL ends a paused process too.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub(crate) fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn spawn(port: u16, folder: &TempDir, options: &[String]) -> Child {
    let log = File::create(folder.path().join("log")).unwrap();
    // A Sentinel has no data that it could save, and its options begin with its file.
    let keeps_nothing = ["--save", "", "--appendonly", "no", "--repl-diskless-sync-delay", "0"];
    let is_sentinel = options.iter().any(|option| option == "--sentinel");
    Command::new("redis-server")
        .args(options)
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--dir", folder.path().to_str().unwrap()])
        .args(if is_sentinel { &[][..] } else { &keeps_nothing[..] })
        .stdin(Stdio::null())
        .stdout(log)
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("redis-server: {error}; scripts/setup test installs it"))
}

/// Whether it is ours that answers; `false` when it ended.
fn answers(port: u16, process: &mut Child) -> bool {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if process.try_wait().unwrap().is_some() {
            return false;
        }
        let pid = format!("process_id:{}", process.id());
        if ask(port, &["INFO", "server"]).is_ok_and(|info| info.lines().any(|line| line.trim() == pid)) {
            return true;
        }
        std::thread::yield_now();
    }
    false
}

fn signal(pid: u32, signal: &str) {
    assert!(Command::new("kill").args([signal, &pid.to_string()]).status().unwrap().success());
}

fn ask(port: u16, words: &[&str]) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "*{}\r\n", words.len())?;
    for word in words {
        write!(stream, "${}\r\n{word}\r\n", word.len())?;
    }
    let mut answer = BufReader::new(stream);
    let mut line = String::new();
    answer.read_line(&mut line)?;
    let line = line.trim_end();
    match line.split_at_checked(1) {
        Some(("$", length)) => {
            let Ok(length) = length.parse::<usize>() else { return Ok(String::new()) };
            let mut bytes = vec![0; length];
            answer.read_exact(&mut bytes)?;
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        }
        Some(("-", error)) => panic!("{words:?}: {error}"),
        Some((_, rest)) => Ok(rest.to_owned()),
        None => Err(std::io::ErrorKind::UnexpectedEof.into()),
    }
}
