//! Use case: make a backup, whatever the servers do meanwhile.

use super::{
    BackupError, Progress, Step, container,
    folder::{DRAFT, Turn},
    inspect::{Inspected, inspect},
    manifest::{BudgetInside, DatabaseInside, FORMAT, Manifest},
};
use crate::{
    moving::copy::copy,
    port::{BackupFiles, Clock, StoreError, Transfer, Version},
};
use domain::Timestamp;
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;

/// How often progress is told.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// What backup is wanted.
#[derive(Clone)]
pub struct Wish {
    /// The folder for backups; made if it isn't there.
    pub folder: PathBuf,
    /// Whole backups that stay there, the new one included; `None` = all.
    pub keep: Option<usize>,
    /// The server's secret, if it shall be inside.
    pub secret: Option<Vec<u8>>,
    /// What the database is, for the manifest: `sqlite` or `postgres`.
    pub store: &'static str,
}

/// A backup that was made.
#[derive(Clone, Debug)]
pub struct Made {
    /// Where it is.
    pub path: PathBuf,
    /// How long it is.
    pub bytes: u64,
    /// What it says of itself.
    pub manifest: Manifest,
    /// Old ones that were removed.
    pub removed: Vec<PathBuf>,
}

/// Writes everything of `source` at one moment into a new file, checks it, and removes old ones. Servers may run.
///
/// Stopped at any moment it leaves no backup, and the next one removes its remains.
///
/// # Errors
/// See [`BackupError`]. Totals that differ are no error: they are noted in the manifest.
pub async fn create(
    source: &Arc<dyn Transfer>,
    files: &dyn BackupFiles,
    clock: &dyn Clock,
    wish: &Wish,
    progress: Progress<'_>,
) -> Result<Made, BackupError> {
    let turn = Turn::take(&wish.folder)?;
    let draft = tempfile::Builder::new().prefix(DRAFT).tempdir_in(&wish.folder);
    let draft = draft.map_err(BackupError::io(&wish.folder))?;
    let created = clock.now();
    let database = draft.path().join("allot.sqlite");
    let snapshot = snapshot(source, files, clock, &draft, &database, progress).await?;
    let store = files.open(&database).await?;
    let found = inspect(&store, progress).await?;
    drop(store);
    all_in_one_file(&database)?;
    let manifest = describe(source.instance().await?, &snapshot, &found, created, wish);
    let target = draft.path().join("backup.tar");
    let manifest = pack(&database, &target, manifest, wish.secret.clone(), progress).await?;
    let bytes = target.metadata().map_err(BackupError::io(&target))?.len();
    let path = turn.keep(&target, created)?;
    let removed = wish.keep.map_or(Ok(Vec::new()), |keep| turn.prune(keep, &path))?;
    Ok(Made { path, bytes, manifest, removed })
}

/// What was found of the source while it was copied.
struct Snapshot {
    /// Newest versions by slug, where the copy has others.
    heads: Vec<(String, Version)>,
    is_exact: bool,
}

/// Writes the file by the store's own means, or else row by row.
async fn snapshot(
    source: &Arc<dyn Transfer>,
    files: &dyn BackupFiles,
    clock: &dyn Clock,
    draft: &TempDir,
    database: &Path,
    progress: Progress<'_>,
) -> Result<Snapshot, BackupError> {
    progress(Step::Reading);
    if source.snapshot_into(database).await? {
        return Ok(Snapshot { heads: Vec::new(), is_exact: true });
    }
    let rows = files.open(&draft.path().join("rows.sqlite")).await?;
    let copied = copy(source, &rows, clock, &|step| progress(step.into())).await?;
    if !rows.snapshot_into(database).await? {
        return Err(StoreError::Failed("the file for the backup can't be written".into()).into());
    }
    Ok(Snapshot { is_exact: copied.is_right(), heads: copied.heads })
}

/// What is still in the write-ahead log would be missing.
fn all_in_one_file(database: &Path) -> Result<(), BackupError> {
    let log = database.with_extension("sqlite-wal");
    if log.metadata().is_ok_and(|log| log.len() > 0) {
        return Err(StoreError::Failed(format!("{} was changed while it was checked", database.display())).into());
    }
    Ok(())
}

fn describe(instance: String, snapshot: &Snapshot, found: &Inspected, created: Timestamp, wish: &Wish) -> Manifest {
    let budgets = found.overview.budgets.iter().map(|record| {
        let slug = &record.budget.slug;
        let head = snapshot.heads.iter().find(|(of, _)| of == slug).map_or(record.head, |(_, head)| *head);
        let counted = found.found.iter().find(|verification| verification.budget == *slug);
        BudgetInside {
            slug: slug.clone(),
            version: head,
            counted: counted.map_or(0, |verification| verification.people.unsigned_abs()),
        }
    });
    Manifest {
        format: FORMAT,
        allot: env!("CARGO_PKG_VERSION").into(),
        created: created.to_rfc3339(),
        created_us: created,
        instance,
        store: wish.store.into(),
        budgets: budgets.collect(),
        submissions: found.overview.submissions,
        tombstones: found.tombstones,
        exact: snapshot.is_exact && found.is_exact(),
        secret: wish.secret.is_some(),
        database: DatabaseInside::default(),
    }
}

async fn pack(
    database: &Path,
    target: &Path,
    manifest: Manifest,
    secret: Option<Vec<u8>>,
    progress: Progress<'_>,
) -> Result<Manifest, BackupError> {
    let all = database.metadata().map_err(BackupError::io(database))?.len();
    let passed = Arc::new(AtomicU64::new(0));
    let (from, to, count) = (database.to_owned(), target.to_owned(), Arc::clone(&passed));
    let packing =
        tokio::task::spawn_blocking(move || container::write(&from, &to, manifest, secret.as_deref(), &count));
    let mut packing = std::pin::pin!(packing);
    loop {
        let done = tokio::time::timeout(TELL_EVERY, &mut packing).await;
        progress(Step::Packing(passed.load(Ordering::Relaxed), all));
        if let Ok(done) = done {
            return done.map_err(|error| StoreError::Failed(error.to_string()))?;
        }
    }
}
