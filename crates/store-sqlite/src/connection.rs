//! How every connection is opened.

use crate::{error::Fault, patience};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;

fn open(path: &Path, flags: OpenFlags) -> Result<Connection, Fault> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    patience::wait_for_lock(&connection)?;
    connection.set_prepared_statement_cache_capacity(64);
    // 256 MiB of the file are read without copying; more would only grow what the process seems to use.
    connection
        .execute_batch("PRAGMA mmap_size = 268435456; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY;")?;
    Ok(connection)
}

/// For the writer: every commit is on the disk before it is answered, and never waits for a checkpoint.
pub(crate) fn for_writing(path: &Path) -> Result<Connection, Fault> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 0;",
    )?;
    Ok(connection)
}

/// For reading. SQLite's shared memory still needs write permission on the folder.
pub(crate) fn for_reading(path: &Path) -> Result<Connection, Fault> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.execute_batch("PRAGMA query_only = ON;")?;
    Ok(connection)
}
