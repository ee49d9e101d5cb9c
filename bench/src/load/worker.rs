//! One thread that drives its share of the connections.

use super::{Connection, MAX_REQUESTS, Tally, Target, Window, connection::Received};
use crate::{interrupt, pin, requests::Requests};
use anyhow::{Result, ensure};
use mio::{Events, Interest, Poll, Token};
use std::time::{Duration, Instant};

/// How long answers to the last requests are waited for.
pub(super) const DRAIN: Duration = Duration::from_secs(15);
/// Connections that the server may close before the run is called broken, for each that is held.
pub(super) const MAX_CLOSED: u64 = 20;

pub(super) struct Worker<R> {
    pub(super) target: Target,
    pub(super) poll: Poll,
    pub(super) connections: Vec<Connection>,
    pub(super) requests: R,
    pub(super) buffer: Vec<u8>,
    pub(super) tally: Tally,
    pub(super) sent: u64,
    pub(super) waiting: usize,
}

impl<R: Requests> Worker<R> {
    pub(super) fn new(target: Target, connections: usize, requests: R) -> Result<Self> {
        let poll = Poll::new()?;
        let mut open = Vec::with_capacity(connections);
        for index in 0..connections {
            open.push(connect(&poll, target, index)?);
        }
        let buffer = vec![0; 256 * 1024];
        Ok(Self { target, poll, connections: open, requests, buffer, tally: Tally::new()?, sent: 0, waiting: 0 })
    }

    pub(super) fn run(mut self, window: Window, core: Option<usize>) -> Result<Tally> {
        if let Some(core) = core {
            pin::to(core)?;
        }
        for index in 0..self.connections.len() {
            self.send(index, Instant::now())?;
        }
        let mut events = Events::with_capacity(1024);
        while self.waiting > 0 && !interrupt::asked() {
            let now = Instant::now();
            if now > window.stop_at + DRAIN {
                break;
            }
            self.poll.poll(&mut events, Some(Duration::from_millis(50))).or_else(ignore_interruption)?;
            for event in &events {
                let Token(index) = event.token();
                // Every event of an edge-triggered socket names all that is ready; there is seldom anything to write.
                if event.is_writable() && !self.connections[index].flush()? {
                    self.reconnect(index, window)?;
                }
                if event.is_readable() {
                    self.receive(index, window)?;
                }
            }
        }
        self.tally.unanswered = self.waiting as u64;
        Ok(self.tally)
    }

    fn receive(&mut self, index: usize, window: Window) -> Result<()> {
        match self.connections[index].receive(&mut self.buffer)? {
            Received::Part => Ok(()),
            Received::Closed => self.reconnect(index, window),
            Received::Response { status, sent_at } => {
                let now = Instant::now();
                self.waiting -= 1;
                let measured = now >= window.measure_from && now < window.stop_at;
                self.tally.count(status, measured.then(|| now - sent_at));
                if now < window.stop_at && self.sent < MAX_REQUESTS { self.send(index, now) } else { Ok(()) }
            }
        }
    }

    fn send(&mut self, index: usize, now: Instant) -> Result<()> {
        self.sent += 1;
        self.waiting += 1;
        // A close is seen when the socket is read next.
        self.connections[index].send(&mut self.requests, now)?;
        Ok(())
    }

    fn reconnect(&mut self, index: usize, window: Window) -> Result<()> {
        self.tally.closed += 1;
        ensure!(
            self.tally.closed <= MAX_CLOSED * self.connections.len() as u64,
            "the server keeps closing connections"
        );
        if self.connections[index].is_waiting() {
            self.waiting -= 1;
            self.tally.lost += 1;
        }
        let now = Instant::now();
        if now < window.stop_at {
            self.connections[index] = connect(&self.poll, self.target, index)?;
            self.send(index, now)?;
        }
        Ok(())
    }
}

pub(super) fn connect(poll: &Poll, target: Target, index: usize) -> Result<Connection> {
    let mut connection = Connection::open(target)?;
    poll.registry().register(&mut connection.stream, Token(index), Interest::READABLE | Interest::WRITABLE)?;
    Ok(connection)
}

pub(super) fn ignore_interruption(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::Interrupted { Ok(()) } else { Err(error) }
}
