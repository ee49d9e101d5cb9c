//! Single requests: what a route answers, to be served again by the baseline.

use crate::{
    load::{Parser, Target},
    requests::Fixed,
};
use anyhow::{Context, Result, bail, ensure};
use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

/// One response.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// In order, as they came.
    pub(crate) headers: Vec<(String, String)>,
    /// Without chunking, still compressed.
    pub(crate) body: Vec<u8>,
}

/// For a server that starts, or reads everything.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the baseline's own HTTP implementation writes.
const MADE_BY_SERVER: [&str; 5] = ["date", "content-length", "transfer-encoding", "connection", "keep-alive"];

impl Response {
    /// The first value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The headers that a route sets, one on a line.
    pub(crate) fn fixed_headers(&self) -> String {
        let fixed = self.headers.iter().filter(|(name, _)| !MADE_BY_SERVER.contains(&name.to_lowercase().as_str()));
        fixed.map(|(name, value)| format!("{name}: {value}\n")).collect()
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// Another status than expected, or no JSON.
    pub(crate) fn json(&self, status: u16) -> Result<serde_json::Value> {
        let text = String::from_utf8_lossy(&self.body);
        ensure!(self.status == status, "status {} instead of {status}: {text}", self.status);
        serde_json::from_slice(&self.body).with_context(|| format!("no JSON: {text}"))
    }
}

/// Reads a path.
///
/// # Errors
/// No connection or no HTTP.
pub(crate) fn get(target: Target, path: &str, encoding: Option<&str>) -> Result<Response> {
    send(target, Fixed::get(target, path, encoding).bytes())
}

/// Sends one request and reads its response.
///
/// # Errors
/// No connection or no HTTP.
pub(crate) fn send(target: Target, request: &[u8]) -> Result<Response> {
    let mut stream = TcpStream::connect_timeout(&target.address(), PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(request)?;
    let (mut parser, mut body, mut head) = (Parser::default(), Vec::new(), Vec::new());
    let mut buffer = [0; 16 * 1024];
    loop {
        let n = stream.read(&mut buffer)?;
        if n == 0 {
            bail!("the connection ended within a response");
        }
        if !head.windows(4).any(|end| end == b"\r\n\r\n") {
            head.extend_from_slice(&buffer[..n]);
        }
        if parser.feed(&buffer[..n], |bytes| body.extend_from_slice(bytes))?.is_some() {
            return Ok(Response { status: parser.status(), headers: headers(&head), body });
        }
    }
}

fn headers(head: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(head);
    let head = text.split("\r\n\r\n").next().unwrap_or_default();
    let lines = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    lines.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect()
}
