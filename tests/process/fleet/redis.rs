//! A Redis of a test's own, which it may stop, pause and ask.

use crate::program::signal;
use std::{
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

pub(crate) struct Redis {
    process: Child,
    address: SocketAddr,
    folder: TempDir,
}

impl Redis {
    pub(crate) fn start() -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let process = serve(address, &folder);
        let redis = Self { process, address, folder };
        redis.wait();
        redis
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    /// It stops without a farewell.
    pub(crate) fn stop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Where it was, and empty.
    pub(crate) fn start_again(&mut self) {
        self.process = serve(self.address, &self.folder);
        self.wait();
    }

    /// Its connections stay open and nothing is answered.
    pub(crate) fn pause(&self) {
        signal(self.pid(), "STOP");
        let deadline = Instant::now() + Duration::from_secs(20);
        while !self.is_paused() {
            assert!(Instant::now() < deadline, "Redis does not pause");
            std::thread::yield_now();
        }
    }

    /// The state follows the program's name: proc_pid_stat(5).
    fn is_paused(&self) -> bool {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid())).unwrap();
        stat.rsplit_once(") ").is_some_and(|(_, state)| state.starts_with('T'))
    }

    pub(crate) fn resume(&self) {
        signal(self.pid(), "CONT");
    }

    /// Runs a command and answers the first line of the reply.
    pub(crate) fn ask(&self, command: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        writeln!(stream, "{command}\r")?;
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line)?;
        Ok(line.trim().to_owned())
    }

    fn wait(&self) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while self.ask("PING").ok().as_deref() != Some("+PONG") {
            assert!(Instant::now() < deadline, "Redis does not start");
            std::thread::yield_now();
        }
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn serve(address: SocketAddr, folder: &TempDir) -> Child {
    Command::new("redis-server")
        .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "warning"])
        .args(["--port", &address.port().to_string()])
        .arg("--dir")
        .arg(folder.path())
        .stdout(Stdio::null())
        .spawn()
        .expect("Redis is not installed: install Debian's package redis-server (scripts/setup test does it)")
}
