//! One thread that sends requests when they are due, on whichever connection has been idle for longest.
//!
//! With many connections each is idle between two of its requests for as long as their number divided by the rate: what a
//! person thinks.

use super::{
    MAX_REQUESTS, Tally, Window,
    connection::Received,
    worker::{DRAIN, MAX_CLOSED, Worker, connect, ignore_interruption},
};
use crate::{interrupt, pin, requests::Requests};
use anyhow::{Result, ensure};
use mio::{Events, Token};
use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

pub(super) struct Paced<R> {
    worker: Worker<R>,
    /// Between two requests.
    gap: Duration,
    /// When the next one is due.
    next: Instant,
    /// Connections without a request under way, the longest idle first.
    idle: VecDeque<usize>,
    /// What each connection's request under way was due at.
    due: Vec<Option<Instant>>,
}

impl<R: Requests> Paced<R> {
    pub(super) fn new(worker: Worker<R>, gap: Duration) -> Self {
        let connections = worker.connections.len();
        Self { worker, gap, next: Instant::now(), idle: (0..connections).collect(), due: vec![None; connections] }
    }

    pub(super) fn run(mut self, window: Window, core: Option<usize>) -> Result<Tally> {
        if let Some(core) = core {
            pin::to(core)?;
        }
        self.next = Instant::now();
        let mut events = Events::with_capacity(1024);
        while !interrupt::asked() {
            let now = Instant::now();
            if now > window.stop_at + DRAIN || (self.next >= window.stop_at && self.worker.waiting == 0) {
                break;
            }
            self.send_what_is_due(now, window)?;
            self.worker.poll.poll(&mut events, Some(self.wait())).or_else(ignore_interruption)?;
            for event in &events {
                let Token(index) = event.token();
                if event.is_writable() && !self.worker.connections[index].flush()? {
                    self.reconnect(index)?;
                }
                if event.is_readable() {
                    self.receive(index, window)?;
                }
            }
        }
        // Whoever found no connection any more was not answered either.
        let due = window.stop_at.saturating_duration_since(self.next).as_secs_f64() / self.gap.as_secs_f64();
        self.worker.tally.unanswered = self.worker.waiting as u64 + due as u64;
        Ok(self.worker.tally)
    }

    /// The system counts in milliseconds: at a higher pace several are sent at once, each with its own time. Where every
    /// connection waits for an answer nothing can be sent, and asking again and again would only take the processor from
    /// the server.
    fn wait(&self) -> Duration {
        let longest = Duration::from_millis(50);
        if self.idle.is_empty() {
            return longest;
        }
        self.next.saturating_duration_since(Instant::now()).min(longest)
    }

    /// Without an idle connection a request waits, and its time runs.
    fn send_what_is_due(&mut self, now: Instant, window: Window) -> Result<()> {
        while self.next <= now && self.next < window.stop_at && self.worker.sent < MAX_REQUESTS {
            let Some(index) = self.idle.pop_front() else { return Ok(()) };
            self.due[index] = Some(self.next);
            self.next += self.gap;
            self.worker.sent += 1;
            self.worker.waiting += 1;
            let worker = &mut self.worker;
            // A close is seen when the socket is read next.
            worker.connections[index].send(&mut worker.requests, now)?;
        }
        Ok(())
    }

    fn receive(&mut self, index: usize, window: Window) -> Result<()> {
        match self.worker.connections[index].receive(&mut self.worker.buffer)? {
            Received::Part => Ok(()),
            Received::Closed => self.reconnect(index),
            Received::Response { status, sent_at } => {
                let now = Instant::now();
                let due = self.due[index].take().unwrap_or(sent_at);
                self.worker.waiting -= 1;
                // Of requests that were due in the window, however late their answers came.
                let measured = due >= window.measure_from && due < window.stop_at;
                self.worker.tally.count(status, measured.then(|| now - due));
                if measured {
                    self.worker.tally.spans.push((due, now));
                }
                self.idle.push_back(index);
                Ok(())
            }
        }
    }

    fn reconnect(&mut self, index: usize) -> Result<()> {
        let worker = &mut self.worker;
        worker.tally.closed += 1;
        ensure!(
            worker.tally.closed <= MAX_CLOSED * worker.connections.len() as u64,
            "the server keeps closing connections"
        );
        let was_waiting = worker.connections[index].is_waiting();
        worker.connections[index] = connect(&worker.poll, worker.target, index)?;
        if was_waiting {
            worker.waiting -= 1;
            worker.tally.lost += 1;
            self.due[index] = None;
            self.idle.push_back(index);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        load::{self, Plan, Target},
        requests::Fixed,
    };
    use std::{
        io::{Read, Write},
        net::TcpListener,
        thread,
        time::Duration,
    };

    /// A server that answers one connection, and after its fifth answer nothing for a while.
    fn stalling(listener: TcpListener, stall: Duration) {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || {
                let (mut stream, mut buffer, mut answered) = (stream, [0; 4096], 0);
                while stream.read(&mut buffer).is_ok_and(|n| n > 0) {
                    answered += 1;
                    if answered == 5 {
                        thread::sleep(stall);
                    }
                    if stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").is_err() {
                        return;
                    }
                }
            });
        }
    }

    #[test]
    fn a_stall_is_charged_to_all_who_would_have_come_meanwhile() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let target = Target::new(listener.local_addr().unwrap()).unwrap();
        let stall = Duration::from_millis(300);
        thread::spawn(move || stalling(listener, stall));
        let plan = Plan {
            target,
            connections: 1,
            threads: 1,
            warm_up: Duration::ZERO,
            measure: Duration::from_millis(600),
            pace: Some(200.0),
            core: None,
            watch: None,
        };
        let report = load::run(&plan, || Ok(Fixed::get(target, "/", None))).unwrap();
        report.expect_only(200).unwrap();
        // A closed loop would have seen one slow answer of many; at 200 a second sixty were due within the stall.
        assert!(report.answered(200) >= 119, "{report}");
        assert!(report.latency_micros(0.75) > 50_000.0, "{report}");
    }
}
