//! Moves the write-ahead log into the database file, beside the writer.

use crate::connection;
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Weak},
    thread,
    time::Duration,
};

const EVERY: Duration = Duration::from_millis(500);
/// A log longer than this is cut when it can be; below it is reused from its beginning.
const CUT_BYTES: u64 = 256 << 20;
/// Shorter logs aren't worth the writes yet.
const IDLE_BYTES: u64 = 4 << 20;

/// Runs until the store is gone.
pub(crate) fn start(path: PathBuf, alive: &Arc<()>) -> std::io::Result<()> {
    let alive = Arc::downgrade(alive);
    thread::Builder::new().name("sqlite-checkpoint".into()).spawn(move || run(&path, &alive)).map(|_| ())
}

fn run(path: &Path, alive: &Weak<()>) {
    let wal = path.with_file_name(format!("{}-wal", path.file_name().unwrap_or_default().to_string_lossy()));
    let mut kept = None;
    loop {
        thread::sleep(EVERY);
        if alive.upgrade().is_none() {
            return;
        }
        let bytes = wal.metadata().map_or(0, |file| file.len());
        if bytes < IDLE_BYTES {
            continue;
        }
        if kept.is_none() {
            kept = connection::for_writing(path).ok();
        }
        let Some(connection) = &kept else { continue };
        let mode = if bytes > CUT_BYTES { "PRAGMA wal_checkpoint(TRUNCATE)" } else { "PRAGMA wal_checkpoint(PASSIVE)" };
        if let Err(error) = connection.query_row(mode, [], |_| Ok(())) {
            tracing::debug!(%error, "the checkpoint will be tried again");
            kept = None;
        }
    }
}
