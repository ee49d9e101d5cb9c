//! Between a process and PostgreSQL: passes bytes on, until it is told to cut connections at the worst moment.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
};

/// How the functions that commit a batch begin, as they stand in the statement that calls one.
const COMMIT: &[u8] = b"FROM commit_";
/// How sqlx names prepared statements.
const NAME: &[u8] = b"sqlx_s_";

/// A port in front of PostgreSQL's.
pub(crate) struct Relay {
    port: u16,
    /// Answers to commits that are still to be dropped.
    cuts: Arc<AtomicU64>,
    done: Arc<AtomicU64>,
}

impl Relay {
    pub(crate) fn start(postgres: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (cuts, done) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let (its_cuts, its_done) = (Arc::clone(&cuts), Arc::clone(&done));
        // Ends with the test's process.
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(("127.0.0.1", postgres)) else { continue };
                let _ = (client.set_nodelay(true), server.set_nodelay(true));
                pass(client, server, &its_cuts, &its_done);
            }
        });
        Self { port, cuts, done }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Drops the answers to the next commits, and their connections.
    pub(crate) fn cut(&self, commits: u64) {
        self.cuts.store(commits, Ordering::SeqCst);
    }

    /// How many were dropped so far.
    pub(crate) fn done(&self) -> u64 {
        self.done.load(Ordering::SeqCst)
    }
}

/// One connection, both ways. What commits a batch is prepared once and then called by its name. The database answers
/// after it committed, so dropping that answer leaves everybody in the dark.
fn pass(client: TcpStream, server: TcpStream, cuts: &Arc<AtomicU64>, done: &Arc<AtomicU64>) {
    let committing = Arc::new(AtomicBool::new(false));
    let (seen, mut call) = (Arc::clone(&committing), None);
    copy(client.try_clone().unwrap(), server.try_clone().unwrap(), move |bytes| {
        if let Some(at) = find(bytes, COMMIT) {
            call = name_before(&bytes[..at]);
        }
        if call.as_ref().is_some_and(|call| find(bytes, call).is_some()) {
            seen.store(true, Ordering::SeqCst);
        }
        true
    });
    let (cuts, done) = (Arc::clone(cuts), Arc::clone(done));
    copy(server, client, move |_| {
        let cut = committing.swap(false, Ordering::SeqCst)
            && cuts.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        if cut {
            done.fetch_add(1, Ordering::SeqCst);
        }
        !cut
    });
}

/// How the statement that is being prepared will be called: its name between the ends of two texts.
fn name_before(bytes: &[u8]) -> Option<Vec<u8>> {
    let at = bytes.windows(NAME.len()).rposition(|part| part == NAME)?;
    let length = bytes[at..].iter().position(|byte| *byte == 0)?;
    Some([&[0], &bytes[at..at + length], &[0]].concat())
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

/// Copies until an end or until `may_pass` says no, then closes both.
fn copy(mut from: TcpStream, mut to: TcpStream, mut may_pass: impl FnMut(&[u8]) -> bool + Send + 'static) {
    thread::spawn(move || {
        let mut buffer = [0; 64 * 1024];
        while let Ok(n @ 1..) = from.read(&mut buffer) {
            if !may_pass(&buffer[..n]) || to.write_all(&buffer[..n]).is_err() {
                break;
            }
        }
        let _ = from.shutdown(std::net::Shutdown::Both);
        let _ = to.shutdown(std::net::Shutdown::Both);
    });
}
