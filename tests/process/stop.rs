//! SIGTERM under load: what was accepted is committed and answered.

use crate::{
    program::{Connection, Serving},
    traffic::{JSON, Random, SUBMIT, submission},
};
use serde_json::Value;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

const CLIENTS: u64 = 16;
/// Answers before the signal.
const BEFORE: u64 = 200;

#[test]
fn after_a_stop_everything_that_is_stored_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Serving::start(folder.path());
    let acknowledged = Arc::new(AtomicU64::new(0));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let (address, acknowledged) = (server.address, Arc::clone(&acknowledged));
            thread::spawn(move || {
                let mut random = Random(client);
                let mut connection = Connection::open(address).unwrap();
                while let Ok((status, body)) = connection.send("POST", SUBMIT, JSON, &submission(&mut random).body) {
                    assert_eq!(status, 201, "{body}");
                    acknowledged.fetch_add(1, Ordering::SeqCst);
                }
            })
        })
        .collect();
    while acknowledged.load(Ordering::SeqCst) < BEFORE {
        thread::yield_now();
    }
    assert!(server.terminate(), "it ends in order");
    for client in clients {
        client.join().unwrap();
    }
    let server = Serving::start(folder.path());
    let mut connection = Connection::open(server.address).unwrap();
    let (_, aggregate) = connection.send("GET", "/api/v1/budgets/us-fy2024/aggregate", "", "").unwrap();
    let aggregate: Value = serde_json::from_str(&aggregate).unwrap();
    assert_eq!(aggregate["submissions"], acknowledged.load(Ordering::SeqCst));
}
