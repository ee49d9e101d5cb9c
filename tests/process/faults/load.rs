//! Submitting and reading clients, and what they saw.

use super::{Away, RECOVERY};
use crate::{
    program::{Answer, Connection},
    traffic::{JSON, Random, SUBMIT, Sent, submission},
};
use serde_json::Value;
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

const AGGREGATE: &str = "/api/v1/budgets/us-fy2024/aggregate";
/// Submitting clients for each address; each has one request under way.
const WRITERS: usize = 2;
/// Between two requests of a client, so that the load leaves room for what is tested.
const THINKING: Duration = Duration::from_millis(4);
/// Before a refused submission is sent again.
const PATIENCE: Duration = Duration::from_millis(25);

/// What clients may meet besides success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bearable {
    /// Nothing: nobody may notice anything.
    Nothing,
    /// Submissions may be answered with 503.
    Refusals,
    /// Connections may break, too.
    Breaks,
}

/// One acknowledgement.
#[derive(Clone, Copy)]
pub(super) struct Acknowledged {
    pub(super) at: Instant,
    /// Number of the address.
    pub(super) by: usize,
}

/// What one submitting client saw.
#[derive(Default)]
pub(super) struct Written {
    pub(super) sent: Vec<Sent>,
    pub(super) acknowledged: Vec<Acknowledged>,
    pub(super) refused: u64,
    pub(super) broken: u64,
}

/// What one reader saw.
#[derive(Default)]
pub(super) struct Read {
    pub(super) answers: Vec<Answered>,
}

/// One answered read.
#[derive(Clone, Copy)]
pub(super) struct Answered {
    /// When it was asked.
    pub(super) at: Instant,
    pub(super) took: Duration,
    /// Where the aggregate came from.
    pub(super) tier: &'static str,
}

impl Answered {
    /// From the question to the answer.
    pub(super) fn is_within(&self, away: Away) -> bool {
        self.at >= away.from && self.at + self.took <= away.until
    }
}

/// What clients and those who watch them tell each other.
#[derive(Default)]
struct Signals {
    stop: AtomicBool,
    acknowledged: AtomicU64,
    refused: AtomicU64,
}

/// Running clients.
pub(super) struct Load {
    pub(super) addresses: Vec<SocketAddr>,
    signals: Arc<Signals>,
    writers: Vec<JoinHandle<Written>>,
    readers: Vec<JoinHandle<Read>>,
}

impl Load {
    /// Submissions and their replays go to any address, each reader to one.
    pub(super) fn start(addresses: &[SocketAddr], bearable: Bearable) -> Self {
        let signals = Arc::<Signals>::default();
        let writers = (0..WRITERS * addresses.len()).map(|number| {
            let (addresses, signals) = (addresses.to_vec(), Arc::clone(&signals));
            thread::spawn(move || write(&addresses, Random(number as u64 + 1), &signals, bearable))
        });
        let writers = writers.collect();
        let readers = addresses.iter().map(|address| {
            let (address, signals) = (*address, Arc::clone(&signals));
            thread::spawn(move || read(address, &signals.stop, bearable))
        });
        let readers = readers.collect();
        Self { addresses: addresses.to_vec(), signals, writers, readers }
    }

    /// Lets it run until so many more are acknowledged.
    pub(super) fn until(&self, more: u64) {
        let acknowledged = &self.signals.acknowledged;
        let (enough, deadline) = (acknowledged.load(Ordering::SeqCst) + more, Instant::now() + RECOVERY);
        while acknowledged.load(Ordering::SeqCst) < enough && !self.writers.iter().all(JoinHandle::is_finished) {
            assert!(Instant::now() < deadline, "hardly anything is acknowledged");
            thread::sleep(THINKING);
        }
    }

    /// Tells how many submissions were refused so far, for whoever breaks something meanwhile.
    pub(super) fn refusals(&self) -> impl Fn() -> u64 + use<> {
        let signals = Arc::clone(&self.signals);
        move || signals.refused.load(Ordering::SeqCst)
    }

    /// Ends it.
    pub(super) fn stop(self) -> (Vec<Written>, Vec<Read>) {
        self.signals.stop.store(true, Ordering::SeqCst);
        let written = self.writers.into_iter().map(|writer| writer.join().unwrap()).collect();
        (written, self.readers.into_iter().map(|reader| reader.join().unwrap()).collect())
    }
}

/// Submits new ones, and now and then an answered one again, until it is told to stop. What got no answer or a
/// refusal is sent again, to whichever process.
fn write(addresses: &[SocketAddr], mut random: Random, signals: &Signals, bearable: Bearable) -> Written {
    let mut connections: Vec<Option<Connection>> = addresses.iter().map(|_| None).collect();
    let (mut seen, mut pending) = (Written::default(), None);
    while !signals.stop.load(Ordering::Relaxed) {
        let replay = random.next().is_multiple_of(8) && !seen.sent.is_empty();
        let mut sent = match pending.take() {
            Some(pending) => pending,
            None if replay => {
                let at = random.next() as usize % seen.sent.len();
                seen.sent.swap_remove(at)
            }
            None => submission(&mut random),
        };
        let by = random.next() as usize % addresses.len();
        match post(&mut connections[by], addresses[by], &sent.body) {
            Ok(answer) if matches!(answer.status, 200 | 201) => {
                if let Some(before) = &sent.answer {
                    assert_eq!((answer.status, before), (200, &answer.body), "a replay is answered to the letter");
                }
                signals.acknowledged.fetch_add(1, Ordering::SeqCst);
                seen.acknowledged.push(Acknowledged { at: Instant::now(), by });
                sent.answer = Some(answer.body);
                seen.sent.push(sent);
                thread::sleep(THINKING);
            }
            Ok(answer) => {
                assert_eq!(answer.status, 503, "{}", answer.body);
                assert!(bearable != Bearable::Nothing, "a submission was refused: {}", answer.body);
                check_refusal(&answer);
                seen.refused += 1;
                signals.refused.fetch_add(1, Ordering::SeqCst);
                pending = Some(sent);
                thread::sleep(PATIENCE);
            }
            Err(error) => {
                assert!(bearable == Bearable::Breaks, "a connection broke: {error}");
                connections[by] = None;
                seen.broken += 1;
                pending = Some(sent);
                thread::sleep(PATIENCE);
            }
        }
    }
    seen.sent.extend(pending);
    seen
}

fn post(connection: &mut Option<Connection>, address: SocketAddr, body: &str) -> std::io::Result<Answer> {
    let open = match connection.take() {
        Some(open) => open,
        None => Connection::open(address)?,
    };
    connection.insert(open).ask("POST", SUBMIT, JSON, body)
}

/// A refusal is clear and says when to come back, and nothing of what is wrong inside.
fn check_refusal(answer: &Answer) {
    assert!(answer.header("retry-after").is_some_and(|seconds| seconds.parse::<u32>().is_ok()), "{}", answer.body);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    let problem: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(problem["status"], 503);
    for secret in ["postgres", "redis", "SQLSTATE", "sqlx"] {
        assert!(!answer.body.to_lowercase().contains(&secret.to_lowercase()), "{}", answer.body);
    }
}

/// Reads again and again, shows what it has, and never gets an older one.
fn read(address: SocketAddr, stop: &AtomicBool, bearable: Bearable) -> Read {
    let (mut seen, mut newest, mut tag) = (Read::default(), 0, String::new());
    let mut connection: Option<Connection> = None;
    while !stop.load(Ordering::Relaxed) {
        let before = Instant::now();
        let mut open = match connection.take().map_or_else(|| Connection::open(address), Ok) {
            Ok(open) => open,
            Err(error) => {
                assert!(bearable == Bearable::Breaks, "no connection: {error}");
                thread::sleep(PATIENCE);
                continue;
            }
        };
        let condition = if tag.is_empty() { String::new() } else { format!("if-none-match: {tag}\r\n") };
        match open.ask("GET", AGGREGATE, &condition, "") {
            Ok(answer) => {
                assert!(matches!(answer.status, 200 | 304), "{}: {}", answer.status, answer.body);
                seen.answers.push(Answered { at: before, took: before.elapsed(), tier: tier(&answer) });
                if answer.status == 200 {
                    let version = serde_json::from_str::<Value>(&answer.body).unwrap()["version"].as_i64().unwrap();
                    assert!(version >= newest, "version {version} after {newest}");
                    newest = version;
                    tag = answer.header("etag").unwrap_or_default().to_owned();
                }
                connection = Some(open);
            }
            Err(error) => {
                assert!(bearable == Bearable::Breaks, "a read broke: {error}");
                // A new process has other things in memory: it is asked without a condition.
                (newest, tag) = (0, String::new());
            }
        }
        thread::sleep(THINKING);
    }
    seen
}

/// Who is told that nothing changed is told this, too.
fn tier(answer: &Answer) -> &'static str {
    let said = answer.header("x-allot-tier");
    let known = ["memory", "redis", "summary", "raw"].into_iter().find(|tier| said == Some(*tier));
    known.unwrap_or_else(|| panic!("an aggregate from {said:?}"))
}
