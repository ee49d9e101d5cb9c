//! Use case: an empty database becomes what a backup holds, without what was deleted since.

use super::{BackupError, Opened, Progress, Step, inspect};
use crate::{
    audit::Verification,
    background::TOMBSTONE_DAYS,
    moving::{Cursor, copy::copy},
    port::{Clock, Intake, Lookup, StoreResult, Tombstone, Transfer},
    repeated,
};
use domain::Timestamp;
use std::sync::Arc;

/// Tombstones that are dealt with at once.
const PAGE: usize = 500;

/// What a restore did.
#[derive(Clone, Debug)]
pub struct Restored {
    /// Submissions of the backup.
    pub submissions: u64,
    /// Of these, deleted since the backup was made, and so deleted again.
    pub deleted_again: u64,
    /// When there may be deletions since the backup of which no trace is left any more: it is older than tombstones
    /// are kept.
    pub forgets_deletions: bool,
    /// The instance id of the restored database.
    pub instance: String,
    /// Every total against every submission, at the end.
    pub found: Vec<Verification>,
}

/// Makes `target`, which must be empty, what the backup holds; then deletes in it whatever `deletions` know as deleted:
/// the database that is replaced, or newer backups. May be repeated when it was stopped, until it has begun to delete.
///
/// # Errors
/// See [`BackupError`]; the target is not empty, or in use.
pub async fn restore(
    backup: &Opened,
    target: &Arc<dyn Transfer>,
    deletions: &[Arc<dyn Transfer>],
    clock: &dyn Clock,
    progress: Progress<'_>,
) -> Result<Restored, BackupError> {
    let copied = copy(&backup.store, target, clock, &|step| progress(step.into())).await?;
    let mut deleted_again = 0;
    for knowing in deletions {
        deleted_again += delete_again(target, knowing, clock, progress, deleted_again).await?;
    }
    let found = if deleted_again > 0 { inspect::audits(target, progress).await? } else { copied.exact };
    if !found.iter().all(Verification::is_exact) {
        return Err(BackupError::NotExact);
    }
    Ok(Restored {
        submissions: copied.submissions,
        deleted_again,
        forgets_deletions: backup.manifest.created_us < oldest_tombstone(clock.now()),
        instance: target.instance().await?,
        found,
    })
}

fn oldest_tombstone(now: Timestamp) -> Timestamp {
    now.plus_days(-TOMBSTONE_DAYS)
}

/// Deletes what is there, so that the participant's next newest counts, and keeps the tombstones of all others, so that
/// no device brings them back.
async fn delete_again(
    target: &Arc<dyn Transfer>,
    knowing: &Arc<dyn Transfer>,
    clock: &dyn Clock,
    progress: Progress<'_>,
    before: u64,
) -> StoreResult<u64> {
    let mut deleted = 0;
    let mut cursor = Cursor::over(knowing);
    loop {
        let page = cursor.tombstones().await?;
        if page.is_empty() {
            return Ok(deleted);
        }
        for part in page.chunks(PAGE) {
            deleted += delete_part(target, part, clock).await?;
            progress(Step::Deleting(before + deleted));
        }
    }
}

async fn delete_part(target: &Arc<dyn Transfer>, part: &[Tombstone], clock: &dyn Clock) -> StoreResult<u64> {
    let ids: Vec<_> = part.iter().map(|tombstone| tombstone.id).collect();
    let (mut deleted, mut tombstones) = (0, Vec::new());
    for (tombstone, known) in part.iter().zip(target.lookup(&ids).await?) {
        match known {
            Some(Lookup::Found(_)) => {
                repeated(|| target.delete(tombstone.id, clock.now())).await?;
                deleted += 1;
            }
            Some(Lookup::Deleted) => {}
            None => tombstones.push(*tombstone),
        }
    }
    if !tombstones.is_empty() {
        let intake = Intake { tombstones, ..Intake::default() };
        repeated(|| target.take_in(intake.clone(), clock.now())).await?;
    }
    Ok(deleted)
}
