//! One keep-alive connection with at most one request under way.

use super::{Parser, Target};
use crate::requests::Requests;
use anyhow::{Context, Result, ensure};
use mio::net::TcpStream;
use std::{
    io::{ErrorKind, Read, Write},
    time::Instant,
};

#[derive(Debug)]
pub(super) struct Connection {
    pub(super) stream: TcpStream,
    parser: Parser,
    request: Vec<u8>,
    written: usize,
    /// Of the request under way.
    sent_at: Option<Instant>,
}

/// What came.
pub(super) enum Received {
    /// Nothing, or a part.
    Part,
    /// A whole response to the request that was sent then.
    Response { status: u16, sent_at: Instant },
    /// The server closed; `sent_at` tells whether a request was under way.
    Closed,
}

impl Connection {
    pub(super) fn open(target: Target) -> Result<Self> {
        let stream = std::net::TcpStream::connect(target.address())
            .with_context(|| format!("no connection to {}", target.address()))?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        let stream = TcpStream::from_std(stream);
        Ok(Self { stream, parser: Parser::default(), request: Vec::with_capacity(1024), written: 0, sent_at: None })
    }

    pub(super) fn is_waiting(&self) -> bool {
        self.sent_at.is_some()
    }

    /// Sends the next request; `false` = the server has closed.
    pub(super) fn send(&mut self, requests: &mut impl Requests, now: Instant) -> Result<bool> {
        self.request.clear();
        requests.write_next(&mut self.request);
        self.written = 0;
        self.sent_at = Some(now);
        self.flush()
    }

    /// Writes what is left of the request; `false` = the server has closed.
    pub(super) fn flush(&mut self) -> Result<bool> {
        while self.written < self.request.len() {
            match self.stream.write(&self.request[self.written..]) {
                Ok(n) => self.written += n,
                Err(error) => match error.kind() {
                    ErrorKind::WouldBlock => break,
                    ErrorKind::Interrupted => {}
                    ErrorKind::BrokenPipe | ErrorKind::ConnectionReset => return Ok(false),
                    _ => return Err(error.into()),
                },
            }
        }
        Ok(true)
    }

    /// Reads until the response ends or nothing more is there.
    pub(super) fn receive(&mut self, buffer: &mut [u8]) -> Result<Received> {
        loop {
            let n = match self.stream.read(buffer) {
                Ok(0) => return Ok(Received::Closed),
                Ok(n) => n,
                Err(error) => match error.kind() {
                    ErrorKind::WouldBlock => return Ok(Received::Part),
                    ErrorKind::Interrupted => continue,
                    ErrorKind::ConnectionReset => return Ok(Received::Closed),
                    _ => return Err(error.into()),
                },
            };
            if let Some(used) = self.parser.feed(&buffer[..n], |_| {})? {
                ensure!(used == n, "more than one response to one request");
                let sent_at = self.sent_at.take().context("a response without a request")?;
                return Ok(Received::Response { status: self.parser.status(), sent_at });
            }
            // A short read has emptied the socket (epoll(7)): another one would only be told so.
            if n < buffer.len() {
                return Ok(Received::Part);
            }
        }
    }
}
