//! The baseline of durable writes: one connection that inserts and commits one row at a time.

use anyhow::{Result, ensure};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use rusqlite::Connection;
use std::{
    path::Path,
    time::{Duration, Instant},
};

/// A database with the pragmas of the server's writer and a table like its own, without anything else that the
/// server does: no validation, no summary, no network. Checkpoints are left out of the measured time.
#[derive(Debug)]
pub(super) struct Inserts {
    connection: Connection,
    random: Pcg64Mcg,
    version: i64,
}

impl Inserts {
    /// # Errors
    /// The file can't be made, or SQLite doesn't accept a pragma.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let connection = Connection::open(path)?;
        let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
        ensure!(mode == "wal", "journal mode {mode}");
        connection.execute_batch(
            "PRAGMA synchronous = FULL;
             PRAGMA wal_autocheckpoint = 0;
             CREATE TABLE submission (
                 id BLOB NOT NULL PRIMARY KEY, budget INTEGER NOT NULL, version INTEGER NOT NULL,
                 counted INTEGER NOT NULL, participant INTEGER, points BLOB NOT NULL
             ) STRICT, WITHOUT ROWID;",
        )?;
        Ok(Self { connection, random: Pcg64Mcg::seed_from_u64(1), version: 0 })
    }

    /// Commits for that long, one row at a time; answers rows a second.
    ///
    /// # Errors
    /// SQLite fails.
    pub(super) fn run(&mut self, duration: Duration) -> Result<f64> {
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        let mut insert = self.connection.prepare("INSERT INTO submission VALUES (?1, 1, ?2, 1, NULL, ?3)")?;
        let (started, before) = (Instant::now(), self.version);
        while started.elapsed() < duration {
            self.version += 1;
            // Ids grow with time, like those of the server.
            let id = (self.version as u128) << 80 | u128::from(self.random.random::<u64>());
            let points: [u8; 20] = self.random.random();
            insert.execute((id.to_be_bytes(), self.version, points))?;
        }
        Ok((self.version - before) as f64 / started.elapsed().as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_a_commit_of_its_own_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite");
        let mut inserts = Inserts::open(&path).unwrap();
        let full: i64 = inserts.connection.query_row("PRAGMA synchronous", [], |row| row.get(0)).unwrap();
        assert_eq!(full, 2);
        assert!(inserts.run(Duration::from_millis(50)).unwrap() > 0.0);
        let rows: i64 = Connection::open(&path)
            .unwrap()
            .query_row("SELECT count(*) FROM submission", [], |row| row.get(0))
            .unwrap();
        assert_eq!(rows, inserts.version);
    }
}
