//! Open data: every counted answer to a budget as a row of a CSV file, and nothing of who gave it or at which moment.
//!
//! A row tells its day and its shares. Within a day rows are in the order of the shares, so that neither their order nor
//! anything in them leads back to a submission. An export comes in the order of ids, which begin with the time on the
//! device; the day is that of the time that counts, which is at most a day before. So no more than two days are held.

mod file;
mod sheet;

pub use file::{Written, name_of_day, name_of_moment, to_file};

use crate::{
    moving::Cursor,
    port::{StoreError, Transfer},
};
use domain::{Day, summary::CellKey};
use sheet::Sheet;
use std::{
    io::{self, Write},
    sync::Arc,
};

/// Submissions between two words about progress.
const TELL_EVERY: u64 = 5000;

/// Why there is no file, or none that is whole.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no budget with this slug.
    #[error("there is no budget {0:?}")]
    UnknownBudget(String),
    /// Nothing is written over.
    #[error("there is a file of this name already")]
    Exists,
    /// Writing failed.
    #[error("the file can't be written: {0}")]
    Io(#[from] io::Error),
}

/// Gets how many submissions were read, of how many in all budgets.
pub type Progress<'a> = &'a (dyn Fn(u64, u64) + Sync);

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exported {
    /// Counted submissions, each a row.
    pub rows: u64,
    /// Counted submissions that are archived: only their totals are left, so they are no rows.
    pub archived: u64,
}

/// Writes the counted answers to a budget, as they are at one moment, as CSV (RFC 4180, UTF-8). Servers may run.
///
/// The header is `day` and the categories' slugs; a row is the day (UTC) under which the submission counts and the shares
/// in percent with two decimals. Sorted by day, then by the shares.
///
/// # Errors
/// See [`ExportError`]. What was written by then is not whole.
pub async fn export<W: Write + Send + 'static>(
    store: &Arc<dyn Transfer>,
    budget: &str,
    out: W,
    progress: Progress<'_>,
) -> Result<Exported, ExportError> {
    let mut cursor = Cursor::over(store);
    let overview = cursor.overview().await?;
    let found = overview.budgets.iter().zip(&overview.archived).find(|(record, _)| record.budget.slug == budget);
    let Some((record, archived)) = found else { return Err(ExportError::UnknownBudget(budget.to_owned())) };
    let archived = archived.cells.cell(CellKey::Total).map_or(0, |cell| cell.people().unsigned_abs());
    let mut sheet = Sheet::begin(out, &record.budget)?;
    let mut passed = 0u64;
    while let Some(row) = cursor.submission().await? {
        let over = Day(row.stored.id.time().day().0 - 1);
        // Others are of other budgets, or were replaced by a newer one of the same participant.
        let is_wanted = row.stored.budget == record.id && row.stored.counted;
        if is_wanted && sheet.holds_before(over) {
            sheet = aside(move || {
                sheet.end_before(over)?;
                Ok(sheet)
            })
            .await?;
        }
        if let Some(row) = cursor.take()
            && is_wanted
        {
            sheet.add(row.stored.effective.day(), row.stored.allocation);
        }
        passed += 1;
        if passed.is_multiple_of(TELL_EVERY) {
            progress(passed, overview.submissions);
        }
    }
    let rows = aside(move || sheet.finish()).await?;
    progress(passed, overview.submissions);
    Ok(Exported { rows, archived })
}

/// Sorting a day and waiting for a disk take longer than the other tasks of a server should wait.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, ExportError> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|error| StoreError::Failed(error.to_string()))??)
}
