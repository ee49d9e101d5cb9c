//! Moves the write-ahead log into the database file, beside the writer.
//!
//! A passive checkpoint waits for nobody and nobody waits for it, but while commits go on it never reaches
//! the end of the log, and only a log that was moved to its end starts again from its beginning. So when the
//! log has become long, the writer itself moves what little is left and cuts it, between two commits. While
//! somebody reads an old state for long (an audit), the log only grows: waiting for them would hold the
//! write lock.

use crate::{connection, error::Fault, patience, writer::Weak};
use rusqlite::Connection;
use std::{
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

const EVERY: Duration = Duration::from_millis(250);
/// Shorter logs aren't worth the writes yet.
const SHORT_BYTES: u64 = 4 << 20;
/// A log longer than this is cut as soon as that is quick.
const LONG_BYTES: u64 = 64 << 20;
/// What the writer may have to move itself, in pages: a few milliseconds.
const REST_PAGES: i64 = 4096;
/// How long the writer may wait for readers and other processes when it cuts the log.
const PATIENCE: Duration = Duration::from_millis(20);

/// Runs until the writer is gone.
pub(crate) fn start(path: PathBuf, writer: Weak) -> std::io::Result<()> {
    thread::Builder::new().name("sqlite-checkpoint".into()).spawn(move || run(&path, &writer)).map(|_| ())
}

fn run(path: &Path, writer: &Weak) {
    let mut wal = path.as_os_str().to_owned();
    wal.push("-wal");
    let wal = PathBuf::from(wal);
    let mut kept = None;
    while writer.is_alive() {
        thread::sleep(EVERY);
        let bytes = wal.metadata().map_or(0, |file| file.len());
        if bytes < SHORT_BYTES {
            continue;
        }
        if kept.is_none() {
            kept = connection::for_writing(path).ok();
        }
        let Some(connection) = &kept else { continue };
        match passive(connection) {
            Ok(rest) if bytes > LONG_BYTES && rest <= REST_PAGES => writer.run_bare(cut),
            Ok(_) => {}
            Err(error) => {
                tracing::debug!(?error, "the checkpoint will be tried again");
                kept = None;
            }
        }
    }
}

/// Moves what no reader is in the way of; answers how many pages of the log are left.
fn passive(connection: &Connection) -> Result<i64, Fault> {
    let (log, moved): (i64, i64) =
        connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| Ok((row.get(1)?, row.get(2)?)))?;
    Ok(log - moved)
}

/// Moves the rest and begins the log anew. Gives up quickly, to be tried again.
fn cut(connection: &Connection) {
    let cut = connection
        .busy_timeout(PATIENCE)
        .and_then(|()| connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0)));
    if !matches!(cut, Ok(false)) {
        tracing::debug!(?cut, "the write-ahead log could not be cut now");
    }
    if let Err(error) = patience::wait_for_lock(connection) {
        tracing::warn!(%error, "the writer keeps a short patience");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    fn log_of(path: &Path) -> u64 {
        path.with_file_name("test.sqlite-wal").metadata().map_or(0, |file| file.len())
    }

    #[test]
    fn a_long_log_is_cut_when_nobody_reads_an_old_state() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.sqlite");
        drop(Connection::open(&path).unwrap());
        let writer = connection::for_writing(&path).unwrap();
        writer.execute_batch("CREATE TABLE t (n); INSERT INTO t VALUES (1);").unwrap();
        assert!(log_of(&path) > 0);
        assert_eq!(passive(&connection::for_writing(&path).unwrap()).unwrap(), 0);
        cut(&writer);
        assert_eq!(log_of(&path), 0);
    }

    #[test]
    fn who_reads_an_old_state_neither_blocks_the_writer_nor_loses_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.sqlite");
        drop(Connection::open(&path).unwrap());
        let writer = connection::for_writing(&path).unwrap();
        writer.execute_batch("CREATE TABLE t (n); INSERT INTO t VALUES (1);").unwrap();
        let reader = connection::for_reading(&path).unwrap();
        let read = || reader.query_row("SELECT count(*) FROM t", [], |row| row.get::<_, i64>(0)).unwrap();
        reader.execute_batch("BEGIN").unwrap();
        assert_eq!(read(), 1);
        writer.execute_batch("INSERT INTO t VALUES (2)").unwrap();
        assert!(passive(&connection::for_writing(&path).unwrap()).unwrap() > 0, "what the reader needs stays");
        let begun = Instant::now();
        cut(&writer);
        assert!(begun.elapsed() < patience::BUSY / 2, "the write lock was held for {:?}", begun.elapsed());
        writer.execute_batch("INSERT INTO t VALUES (3)").unwrap();
        assert_eq!(read(), 1);
        reader.execute_batch("COMMIT").unwrap();
        assert_eq!(read(), 3);
        cut(&writer);
        assert_eq!(log_of(&path), 0);
    }
}
