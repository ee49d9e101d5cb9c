//! Whether the file is whole and kept up.

use crate::error::Fault;
use rusqlite::Connection;
use service::port::Finding;

/// A log that is longer than this is not being moved into the file.
const LOG_BYTES: u64 = 256 << 20;
/// Free pages that are worth a word, as a share of the file and in bytes.
const FREE_PERCENT: i64 = 25;
const FREE_BYTES: i64 = 16 << 20;
/// Deltas that a running server would have folded long ago.
const UNFOLDED: i64 = 10_000;
/// Faults of the file that are listed.
const LISTED: u32 = 5;

pub(super) fn findings(connection: &Connection) -> Result<Vec<Finding>, Fault> {
    let number = |sql: &str| -> Result<i64, Fault> { Ok(connection.query_row(sql, [], |row| row.get(0))?) };
    let mut found = vec![whole(connection)?];
    let mode: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
    found.push(if mode == "wal" {
        Finding::ok("readers and the writer don't wait for each other (journal_mode is wal)")
    } else {
        Finding::warn(
            format!("journal_mode is {mode}"),
            "`PRAGMA journal_mode = WAL`, or start a server, which sets it",
        )
    });
    let strangers = connection.prepare("PRAGMA foreign_key_check")?.exists([])?;
    found.push(if strangers {
        Finding::fail("rows refer to budgets that are not there", "restore a backup")
    } else {
        Finding::ok("every row's budget is there")
    });
    let (pages, free, page) =
        (number("PRAGMA page_count")?, number("PRAGMA freelist_count")?, number("PRAGMA page_size")?);
    let size = format!("{:.1} MiB in {pages} pages, of which {free} are free", (pages * page) as f64 / 1_048_576.0);
    found.push(if free * 100 > pages * FREE_PERCENT && free * page > FREE_BYTES {
        Finding::warn(size, "new rows fill them; `VACUUM` while no server runs gives the room back to the disk")
    } else {
        Finding::ok(size)
    });
    found.push(log(connection));
    let unfolded = number("SELECT count(*) FROM summary_delta")?;
    found.push(if unfolded > UNFOLDED {
        Finding::warn(
            format!("{unfolded} deltas are not folded into the summary"),
            "a running server folds them every second, and so does `allot cache warm`",
        )
    } else {
        Finding::ok(format!("{unfolded} deltas are not folded into the summary"))
    });
    Ok(found)
}

fn whole(connection: &Connection) -> Result<Finding, Fault> {
    let mut check = connection.prepare(&format!("PRAGMA quick_check({LISTED})"))?;
    let lines: Vec<String> = check.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(if lines == ["ok"] {
        Finding::ok("the file is whole (quick_check)")
    } else {
        Finding::fail(
            format!("the file is damaged: {}", lines.join("; ")),
            "stop the server, keep a copy of the file, and restore a backup",
        )
    })
}

fn log(connection: &Connection) -> Finding {
    let bytes =
        connection.path().and_then(|path| std::fs::metadata(format!("{path}-wal")).ok()).map_or(0, |file| file.len());
    let what = format!("the write-ahead log has {:.1} MiB", bytes as f64 / 1_048_576.0);
    if bytes > LOG_BYTES {
        Finding::warn(
            what,
            "somebody reads an old state for long, such as an audit or a forgotten shell: it shrinks afterwards",
        )
    } else {
        Finding::ok(what)
    }
}
