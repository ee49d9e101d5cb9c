//! What takes how much room: SQLite's table of its own pages (`dbstat`).

use super::statements;
use crate::error::Fault;
use rusqlite::Connection;
use service::port::{Finding, IndexUse, TableSize, Told};
use std::collections::BTreeMap;

/// Unused room that is worth a word, in bytes and as a share of its table.
const WASTE_BYTES: u64 = 16 << 20;
const WASTE_PERCENT: u64 = 40;

/// One tree of pages: a table, or an index.
struct Tree {
    name: String,
    table: String,
    is_index: bool,
    entries: u64,
    unused: u64,
    bytes: u64,
}

/// Reads the head of every page.
fn trees(connection: &Connection) -> Result<Vec<Tree>, Fault> {
    let mut select = connection.prepare(
        "SELECT s.name, coalesce(m.tbl_name, s.name), coalesce(m.type = 'index', 0), s.ncell, s.unused, s.pgsize
         FROM dbstat('main', 1) AS s LEFT JOIN sqlite_master AS m ON m.name = s.name",
    )?;
    let rows = select.query_map([], |row| {
        let number = |column| row.get::<_, i64>(column).map(i64::unsigned_abs);
        Ok(Tree {
            name: row.get(0)?,
            table: row.get(1)?,
            is_index: row.get(2)?,
            entries: number(3)?,
            unused: number(4)?,
            bytes: number(5)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn tables(connection: &Connection) -> Result<Told<TableSize>, Fault> {
    let mut told = Told::default();
    let trees = trees(connection)?;
    for tree in trees.iter().filter(|tree| !tree.is_index) {
        let indexes = trees.iter().filter(|other| other.is_index && other.table == tree.name);
        let waste = (tree.unused * 100).checked_div(tree.bytes).unwrap_or_default();
        if waste >= WASTE_PERCENT && tree.unused >= WASTE_BYTES {
            told.findings.push(Finding::warn(
                format!("{} % of the pages of {} are empty", waste, tree.name),
                "new rows fill them; `VACUUM` while no server runs gives the room back to the disk",
            ));
        }
        told.rows.push(TableSize {
            table: tree.name.clone(),
            rows: Some(tree.entries),
            bytes: Some(tree.bytes),
            index_bytes: Some(indexes.map(|index| index.bytes).sum()),
            waste_percent: Some(waste),
            cleaned: None,
        });
    }
    told.rows.sort_by_key(|row| std::cmp::Reverse(row.bytes));
    told.untold.push("rows are entries of the table's pages, a few more than rows in ordinary tables".into());
    Ok(told)
}

/// Tables of the jobs' library, which asks them itself.
const OF_THE_QUEUE: [&str; 2] = ["Jobs", "Workers"];

pub(super) fn indexes(connection: &Connection) -> Result<Told<IndexUse>, Fault> {
    let mut told = Told::default();
    let sizes: BTreeMap<String, u64> =
        trees(connection)?.into_iter().filter(|tree| tree.is_index).map(|tree| (tree.name, tree.bytes)).collect();
    let plans = statements::plans(connection)?;
    let mut select = connection.prepare(
        "SELECT m.name, l.name, l.\"unique\" FROM sqlite_master AS m, pragma_index_list(m.name) AS l
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\' ORDER BY 1, 2",
    )?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (table, index, unique): (String, String, bool) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let is_used = plans.iter().any(|step| step.contains(&format!("INDEX {index}")));
        if !unique && !is_used && !OF_THE_QUEUE.contains(&table.as_str()) {
            told.findings.push(Finding::warn(
                format!("no statement of ours uses the index {index}"),
                "if somebody added it by hand, `DROP INDEX` makes every submission cheaper",
            ));
        }
        told.rows.push(IndexUse { bytes: sizes.get(&index).copied(), uses: None, unique, table, index });
    }
    if !connection.prepare("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")?.exists([])? {
        told.findings.push(Finding::ok("no statistics were gathered (ANALYZE); the statements here don't need any"));
    }
    told.untold
        .push("SQLite does not count how often an index is used; the plans of our statements were looked at".into());
    Ok(told)
}
