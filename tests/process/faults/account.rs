//! What a fault did to those who submitted and read, and whether every acknowledged submission counts once.

use super::{
    Away, RECOVERY,
    load::{Acknowledged, Answered, Load, Read, Written},
};
use crate::{
    fleet::{Fleet, Postgres},
    program::Connection,
    traffic::{JSON, SUBMIT, Sent},
};
use serde_json::Value;
use std::{
    collections::HashMap,
    fs,
    net::SocketAddr,
    path::Path,
    thread,
    time::{Duration, Instant},
};

/// Where the rows of the table go; `scripts/faults` prints them.
const ROWS: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/faults");

/// Acknowledgements before a fault, and again after it.
const ENOUGH: u64 = 150;

/// No read takes longer, whatever is broken. At the worst the database answers for its heads after nearly 2 s and for the
/// summary not at all (another 2 s, `SUMMARY_PATIENCE`) before the last snapshot has to do; the rest is for a busy
/// machine. After 10 s the server itself would refuse.
const SLOWEST: Duration = Duration::from_secs(5);

/// What every reader gets at the least while a part is away for a while: who has to wait for that part gets fewer.
const FEWEST: usize = 10;

/// The account of one fault.
pub(super) struct Account {
    fault: &'static str,
    written: Vec<Written>,
    read: Vec<Read>,
    began: Instant,
    ended: Instant,
    addresses: Vec<SocketAddr>,
}

/// Stored ids: how often each is there, and whether it counts.
pub(super) type Stored = HashMap<String, (u32, bool)>;

impl Account {
    /// Lets `load` run, breaks something with `fault`, waits until all is well again, and ends the load.
    pub(super) fn of(name: &'static str, load: Load, fault: impl FnOnce()) -> Self {
        load.until(ENOUGH);
        let began = Instant::now();
        fault();
        let ended = Instant::now();
        wait_for_all(&load.addresses, ended);
        load.until(ENOUGH);
        let addresses = load.addresses.clone();
        let (written, read) = load.stop();
        Self { fault: name, written, read, began, ended, addresses }
    }

    /// What somebody else submitted meanwhile, and was acknowledged.
    pub(super) fn also(mut self, ids: Vec<String>) -> Self {
        let sent = ids.into_iter().map(|id| Sent { id, body: String::new(), answer: Some(String::new()) }).collect();
        self.written.push(Written { sent, ..Written::default() });
        self
    }

    /// While a part was away every reader was answered all the same, and from none of the tiers that need it.
    pub(super) fn check_without(&self, tiers: &[&str], away: Away) {
        for read in &self.read {
            let meanwhile = read.answers.iter().filter(|read| read.is_within(away));
            let from: Vec<&str> = meanwhile.map(|read| read.tier).collect();
            assert!(from.len() >= FEWEST, "a reader was answered {} times only", from.len());
            let wrong = from.iter().filter(|tier| tiers.contains(tier)).count();
            assert_eq!(wrong, 0, "of {} answers, these came from {tiers:?}", from.len());
        }
    }

    /// Submissions that were answered with 503.
    pub(super) fn refused(&self) -> u64 {
        self.written.iter().map(|written| written.refused).sum()
    }

    /// Connections of those who submit that broke.
    pub(super) fn broken(&self) -> u64 {
        self.written.iter().map(|written| written.broken).sum()
    }

    /// Settles what was left open, and compares what was acknowledged with what PostgreSQL has.
    pub(super) fn check(self, fleet: &Fleet) {
        let verify = || fleet.command(&["aggregates", "verify"]);
        self.check_against(&fleet.postgres, verify);
    }

    pub(super) fn check_against(self, postgres: &Postgres, verify: impl Fn() -> (bool, String)) {
        self.settle(|| postgres.submissions(), verify);
    }

    /// The same over any store.
    pub(super) fn settle(self, stored: impl Fn() -> Stored, verify: impl Fn() -> (bool, String)) {
        let (acknowledged, open): (Vec<&Sent>, Vec<&Sent>) =
            self.written.iter().flat_map(|written| &written.sent).partition(|sent| sent.answer.is_some());
        let before = stored();
        let lost = acknowledged.iter().filter(|sent| before.get(&sent.id).is_none_or(|(_, counts)| !counts)).count();
        // What got no answer is stored or not; sending it again settles it, once.
        for sent in &open {
            send_again(&self.addresses, sent);
        }
        let after = stored();
        let all = acknowledged.len() + open.len();
        let double = after.values().filter(|(times, _)| *times != 1).count() + after.len().saturating_sub(all);
        let (exact, said) = verify();
        self.report(all, acknowledged.len(), lost, double);
        self.check_reads();
        assert_eq!((lost, double), (0, 0), "{said}");
        assert_eq!(after.len(), all, "every submission that was sent is there by now");
        assert!(exact, "{said}");
        for address in &self.addresses {
            wait_for_count(*address, all as u64);
        }
    }

    /// Readers are answered soon, and no outage is taken for damage: `raw` adds up every submission.
    fn check_reads(&self) {
        for read in self.read_since() {
            assert!(read.took < SLOWEST, "a reader waited for {:?}", read.took);
            assert_ne!(read.tier, "raw");
        }
    }

    /// What was read since the fault began.
    fn read_since(&self) -> impl Iterator<Item = &Answered> {
        self.read.iter().flat_map(|read| &read.answers).filter(move |read| read.at >= self.began)
    }

    fn report(&self, sent: usize, acknowledged: usize, lost: usize, double: usize) {
        let mut all: Vec<Acknowledged> = self.written.iter().flat_map(|written| written.acknowledged.clone()).collect();
        all.sort_by_key(|one| one.at);
        let pause = all.windows(2).map(|pair| pair[1].at - pair[0].at).max().unwrap_or_default();
        // The first of each address after the fault; the slowest of them decides.
        let recovered = (0..self.addresses.len()).map(|address| {
            let first = all.iter().find(|one| one.by == address && one.at > self.ended);
            first.unwrap_or_else(|| panic!("process {address} takes nothing any more")).at - self.ended
        });
        let recovered = recovered.max().unwrap_or_default();
        let mut reads: Vec<Duration> = self.read_since().map(|read| read.took).collect();
        reads.sort_unstable();
        let p99 = reads.get(reads.len() * 99 / 100).copied().unwrap_or_default();
        let millis = [self.ended - self.began, pause, recovered, p99, reads.last().copied().unwrap_or_default()];
        let row = format!(
            "{} | {sent} | {acknowledged} | {lost} | {double} | {} | {} | {}",
            self.fault,
            self.refused(),
            self.broken(),
            millis.map(|time| format!("{} ms", time.as_millis())).join(" | ")
        );
        println!("{row}");
        let file = Path::new(ROWS).join(self.fault.replace([' ', ','], "-"));
        fs::create_dir_all(ROWS).and_then(|()| fs::write(file, row + "\n")).unwrap();
    }
}

/// Until every address says that it takes submissions again; the load goes on meanwhile.
fn wait_for_all(addresses: &[SocketAddr], from: Instant) {
    let probes: Vec<_> = addresses.iter().map(|address| (*address, thread::spawn(probe(*address, from)))).collect();
    for (address, probe) in probes {
        assert!(probe.join().is_ok(), "{address} does not recover");
    }
}

/// Asks an address until it can take submissions: its own word for that, `/health/ready`.
fn probe(address: SocketAddr, from: Instant) -> impl FnOnce() + Send + 'static {
    move || {
        loop {
            let ready = Connection::open(address).and_then(|mut open| open.send("GET", "/health/ready", "", ""));
            if ready.is_ok_and(|(status, _)| status == 200) {
                return;
            }
            assert!(from.elapsed() < RECOVERY, "no recovery without a restart");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

fn send_again(addresses: &[SocketAddr], sent: &Sent) {
    let deadline = Instant::now() + RECOVERY;
    for address in addresses.iter().cycle() {
        let answer = Connection::open(*address).and_then(|mut open| open.send("POST", SUBMIT, JSON, &sent.body));
        match answer {
            Ok((200 | 201, _)) => return,
            Ok((503, _)) | Err(_) => assert!(Instant::now() < deadline, "{} is refused", sent.id),
            Ok((status, body)) => panic!("{status}: {body}"),
        }
    }
}

/// Every process shows the same count in the end.
fn wait_for_count(address: SocketAddr, expected: u64) {
    let deadline = Instant::now() + RECOVERY;
    let mut connection = Connection::open(address).unwrap();
    loop {
        let (_, body) = connection.send("GET", "/api/v1/budgets/us-fy2024/aggregate", "", "").unwrap();
        let counted = serde_json::from_str::<Value>(&body).unwrap()["submissions"].as_u64().unwrap();
        if counted == expected {
            return;
        }
        assert!(counted < expected && Instant::now() < deadline, "{counted} counted, {expected} sent");
        thread::sleep(Duration::from_millis(5));
    }
}
