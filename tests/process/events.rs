//! A client that follows an aggregate.

use std::{
    io::{BufRead, BufReader, ErrorKind, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// A stream of events.
pub(crate) struct Events(BufReader<TcpStream>);

impl Events {
    /// For a reader who has the version `last`.
    pub(crate) fn open(address: SocketAddr, last: Option<i64>) -> Self {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let last = last.map(|last| format!("last-event-id: {last}\r\n")).unwrap_or_default();
        let get = "GET /api/v1/budgets/us-fy2024/live HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n";
        stream.write_all(format!("{get}{last}\r\n").as_bytes()).unwrap();
        let mut events = Self(BufReader::new(stream));
        let (mut head, mut length) = (String::new(), 0);
        while !head.ends_with("\r\n\r\n") {
            events.0.read_line(&mut head).unwrap();
            assert!(head.len() > length, "no whole answer: {head}");
            length = head.len();
        }
        let head = head.to_ascii_lowercase();
        assert!(head.starts_with("http/1.1 200 ") && head.contains("content-type: text/event-stream"), "{head}");
        events
    }

    /// Of the next event; `None` at the end of the stream.
    pub(crate) fn next_version(&mut self) -> Option<i64> {
        let mut version = None;
        loop {
            let mut line = String::new();
            match self.0.read_line(&mut line) {
                Ok(0) => return None,
                Ok(_) => {}
                // Its process is gone, and with it what was on its way.
                Err(error) if error.kind() == ErrorKind::ConnectionReset => return None,
                Err(error) => panic!("nothing more comes: {error}"),
            }
            if let Some(id) = line.strip_prefix("id: ") {
                version = id.trim().parse().ok();
            }
            // The event's end, after its data.
            if let (Some(version), "\n") = (version, line.as_str()) {
                return Some(version);
            }
        }
    }
}
