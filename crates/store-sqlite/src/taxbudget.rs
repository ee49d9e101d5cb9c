//! A SQLite file of taxbudget, the Django application before Allot. Only ever read.

use crate::{error::Fault, export, location};
use async_trait::async_trait;
use domain::Timestamp;
use rusqlite::{Connection, OpenFlags, Row, types::ValueRef};
use service::port::{OldCategory, OldRow, OldShare, Predecessor, StoreError, StoreResult};
use std::{path::PathBuf, time::Duration};
use tokio::sync::mpsc;

const BUSY: Duration = Duration::from_secs(5);

const CATEGORIES: &str =
    "SELECT id, name, description, color FROM allocator_budgetcategory ORDER BY display_order, name";

/// Django writes times as text, in UTC, with up to six decimals, of which an id has three; what is longer has a zone
/// that it would not write. `unixepoch` answers null for what is no time. Several submissions of a session
/// are one, the newest. Numbers are read as SQLite prints them, because they may be stored as any type.
const ROWS: &str = "
    SELECT coalesce(s.session_key, a.session_key), s.submitted,
        CASE WHEN typeof(s.at) = 'text' AND length(s.at) <= 26
            THEN CAST(round(unixepoch(substr(s.at, 1, 23), 'subsec') * 1000) AS INTEGER) END,
        a.has_share, a.category_id, a.percentage
    FROM (SELECT session_key, 1 AS submitted, max(submitted_at) AS at
          FROM allocator_allocationsubmission GROUP BY session_key) AS s
    FULL JOIN (SELECT session_key, 1 AS has_share, category_id, CAST(percentage AS TEXT) AS percentage
               FROM allocator_userallocation) AS a ON a.session_key = s.session_key
    ORDER BY 1";

/// One file.
#[derive(Debug)]
pub struct SqliteTaxbudget {
    path: PathBuf,
}

impl SqliteTaxbudget {
    /// Takes a path as [`crate::SqliteStore::open`] does.
    ///
    /// # Errors
    /// When the URL names no plain file, or there is none.
    pub fn open(url: &str) -> StoreResult<Self> {
        let path = location::file(url)?;
        if !path.is_file() {
            return Err(StoreError::Failed(format!("there is no file {}", path.display())));
        }
        Ok(Self { path })
    }

    async fn run<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> StoreResult<T> {
        let path = self.path.clone();
        let work = tokio::task::spawn_blocking(move || {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let mut connection = Connection::open_with_flags(path, flags)?;
            connection.busy_timeout(BUSY)?;
            read(&*connection.transaction()?)
        });
        match work.await {
            Ok(answer) => answer.map_err(StoreError::from),
            Err(error) => Err(StoreError::Failed(error.to_string())),
        }
    }
}

#[async_trait]
impl Predecessor for SqliteTaxbudget {
    async fn categories(&self) -> StoreResult<Vec<OldCategory>> {
        self.run(|connection| {
            let mut select = connection.prepare(CATEGORIES)?;
            let mut rows = select.query([])?;
            let mut categories = Vec::new();
            while let Some(row) = rows.next()? {
                categories.push(OldCategory {
                    id: number(row, 0)?,
                    name: text(row, 1)?,
                    description: text(row, 2)?,
                    color: text(row, 3)?,
                });
            }
            Ok(categories)
        })
        .await
    }

    async fn rows(&self, pages: mpsc::Sender<Vec<OldRow>>) -> StoreResult<()> {
        self.run(move |connection| export::pages(connection, ROWS, row, |page| page, &pages).map(drop)).await
    }
}

/// A whole number; anything else is none.
fn number(row: &Row<'_>, at: usize) -> Result<Option<i64>, Fault> {
    Ok(match row.get_ref(at)? {
        ValueRef::Integer(number) => Some(number),
        _ => None,
    })
}

/// Text, whatever its encoding; anything else is none.
fn text(row: &Row<'_>, at: usize) -> Result<Option<String>, Fault> {
    Ok(match row.get_ref(at)? {
        ValueRef::Text(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        _ => None,
    })
}

fn row(row: &Row<'_>) -> Result<OldRow, Fault> {
    let share = match number(row, 3)? {
        Some(_) => Some(OldShare { category: number(row, 4)?, percentage: text(row, 5)? }),
        None => None,
    };
    Ok(OldRow {
        session_key: text(row, 0)?,
        submitted: number(row, 1)?.is_some(),
        at: number(row, 2)?.map(Timestamp::from_millis),
        share,
    })
}
