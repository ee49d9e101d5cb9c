//! Runs the real binary in a folder of its own.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

/// The binary with nothing of this machine's environment but what it needs.
pub(crate) fn allot(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_allot"));
    command.args(arguments).current_dir(folder).env_clear().env("PATH", "/usr/bin:/bin").env("RUST_LOG", "warn");
    command
}

/// Runs to the end.
pub(crate) fn run(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    allot(folder, arguments).envs(environment.iter().copied()).output().unwrap()
}

pub(crate) fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A serving process. Dropping it kills it.
pub(crate) struct Serving {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Serving {
    /// Starts without limits on submissions on a free port and waits for the line that says where it listens.
    pub(crate) fn start(folder: &Path) -> Self {
        Self::start_at(folder, "127.0.0.1:0", &[])
    }

    /// The same at an address and with more settings, which may set limits.
    pub(crate) fn start_at(folder: &Path, address: &str, environment: &[(String, String)]) -> Self {
        let mut child = allot(folder, &["serve", "--addr", address])
            .env("ALLOT_SUBMISSIONS_PER_HOUR", "0")
            .env("ALLOT_ADDRESS_SUBMISSIONS_PER_HOUR", "0")
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("Allot listens on http://").unwrap_or_else(|| panic!("{line:?}"));
        Self { address: address.parse().unwrap(), child }
    }

    /// SIGKILL, and waits until it is gone.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM; answers whether it ended in order.
    pub(crate) fn terminate(&mut self) -> bool {
        signal(self.child.id(), "TERM");
        self.child.wait().unwrap().success()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal to a process of ours.
pub(crate) fn signal(pid: u32, name: &str) {
    let signal = format!("-{name}");
    assert!(Command::new("kill").args([&signal, &pid.to_string()]).status().unwrap().success());
}

/// What a server answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Lines of `name: value`, names in lower case.
    head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
    }
}

/// One kept connection that speaks just enough HTTP.
pub(crate) struct Connection(BufReader<TcpStream>);

impl Connection {
    pub(crate) fn open(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Sends a request and answers the status and the body; an error when the server went away.
    pub(crate) fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &str,
        body: &str,
    ) -> std::io::Result<(u16, String)> {
        self.ask(method, path, headers, body).map(|answer| (answer.status, answer.body))
    }

    /// The same with the answer's headers.
    pub(crate) fn ask(&mut self, method: &str, path: &str, headers: &str, body: &str) -> std::io::Result<Answer> {
        let length = body.len();
        let request =
            format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n{headers}content-length: {length}\r\n\r\n{body}");
        self.0.get_mut().write_all(request.as_bytes())?;
        let broken = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
        let mut line = String::new();
        self.0.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(broken)?;
        let mut head = String::new();
        loop {
            line.clear();
            if self.0.read_line(&mut line)? == 0 {
                return Err(broken());
            }
            let Some((name, value)) = line.trim().split_once(':') else { break };
            head.push_str(&format!("{}:{value}\n", name.to_ascii_lowercase()));
        }
        let mut answer = Answer { status, head, body: String::new() };
        let mut body = Vec::new();
        if answer.header("transfer-encoding") == Some("chunked") {
            loop {
                line.clear();
                self.0.read_line(&mut line)?;
                let length = usize::from_str_radix(line.trim(), 16).map_err(|_| broken())?;
                let chunk = self.take(length)?;
                self.take(2)?;
                if length == 0 {
                    break;
                }
                body.extend(chunk);
            }
        } else if let Some(length) = answer.header("content-length") {
            body = self.take(length.parse().map_err(|_| broken())?)?;
        }
        // What is compressed is only counted.
        answer.body = String::from_utf8_lossy(&body).into_owned();
        Ok(answer)
    }

    fn take(&mut self, length: usize) -> std::io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.0.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}
