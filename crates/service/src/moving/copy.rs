//! A whole database into another, as it is at one moment.
//!
//! Both are read in the order of ids, side by side, and what differs is written to the target. So a copy that
//! was stopped goes on where it was, a second run brings what is new, and neither needs a note of how far the
//! first one came. Every transaction leaves the target's summary equal to its submissions.

use super::cursor::Cursor;
use crate::{
    audit::{Verification, verification},
    port::{
        Audit, BudgetId, Clock, CopyBegin, ExactSubmission, Intake, Overview, StoreError, StoreResult, Taken, Transfer,
        Version,
    },
};
use domain::{
    SubmissionId, Timestamp,
    summary::{Cell, CellKey},
};
use std::{collections::HashMap, sync::Arc};

/// Changed rows of one transaction.
const BATCH: usize = 5000;
/// Deltas of one fold; a batch adds one for each budget.
const FOLD_LIMIT: u32 = 100;

/// Why a copy did not come to its end. What was copied stays, and the next run goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// A database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The source and the target are one.
    #[error("the source and the target are the same database")]
    SameDatabase,
    /// The target was something else before.
    #[error("the target holds budgets or submissions of its own")]
    NotEmpty,
    /// The target is a copy of another database.
    #[error("the target is a copy of another database")]
    OtherSource,
    /// Somebody submitted to, deleted from or edited the target.
    #[error("the target has been used since it was copied to: {0} changed there")]
    InUse(String),
    /// The target has what the source does not have.
    #[error("the target holds submission {0} as the source does not")]
    NotOfTheSource(SubmissionId),
    /// The source's categories were changed although the target has submissions over the old ones.
    #[error("budget {0} has other categories in the source than the submissions that the target holds of it")]
    Frozen(String),
}

/// What a copy did.
#[derive(Clone, Debug, Default)]
pub struct Copied {
    /// Budgets of the source.
    pub budgets: usize,
    /// Submissions of the source.
    pub submissions: u64,
    /// Of these, written by this run.
    pub added: u64,
    /// Known submissions that began or stopped to count.
    pub recounted: u64,
    /// Submissions taken away because they were deleted in the source.
    pub deleted: u64,
    /// Submissions that count in the source although they are archived.
    pub archived: i64,
    /// Submissions taken away because they were archived in the source since the last run.
    pub forgotten: u64,
    /// Whether the source changed after the moment that was copied.
    pub source_went_on: bool,
    /// The newest version of each budget of the source at that moment, by slug.
    pub heads: Vec<(String, Version)>,
    /// The target's summary against its submissions, for every budget.
    pub exact: Vec<Verification>,
    /// The target's summary against the source's; "raw" is the source's.
    pub equal: Vec<Verification>,
}

impl Copied {
    /// The target is what the source was, and its totals are what its submissions say.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.exact.iter().chain(&self.equal).all(Verification::is_exact)
    }
}

/// What a copy does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// So many of so many submissions are there.
    Copying(u64, u64),
    /// So many submissions of the target are read again.
    Checking(u64),
}

/// Gets every step, now and then.
pub type Progress<'a> = &'a (dyn Fn(Step) + Sync);

/// Makes `target` what `source` is. Safe to repeat, and to stop at any moment.
///
/// # Errors
/// See [`CopyError`]; totals that differ are no error but part of the answer.
pub async fn copy(
    source: &Arc<dyn Transfer>,
    target: &Arc<dyn Transfer>,
    clock: &dyn Clock,
    progress: Progress<'_>,
) -> Result<Copied, CopyError> {
    let instance = source.instance().await?;
    if target.instance().await? == instance {
        return Err(CopyError::SameDatabase);
    }
    match target.begin_copy(&instance).await? {
        CopyBegin::Begun | CopyBegin::Resumed => {}
        CopyBegin::OtherSource => return Err(CopyError::OtherSource),
        CopyBegin::NotEmpty => return Err(CopyError::NotEmpty),
    }
    let mut from = Cursor::over(source);
    let overview = from.overview().await?;
    let copied = Copied {
        budgets: overview.budgets.len(),
        submissions: overview.submissions,
        archived: overview.archived.iter().filter_map(|part| part.cells.cell(CellKey::Total)).map(Cell::people).sum(),
        ..Copied::default()
    };
    let (pending, archived) = (Intake::default(), HashMap::new());
    let mut run = Run { target, clock, instance, copied, pending, archived, passed: 0, progress };
    run.deletions(&mut from).await?;
    let budgets = run.budgets(&overview).await?;
    run.archived(&overview, &budgets).await?;
    run.submissions(&mut from, &budgets).await?;
    run.legacy_results(&mut from).await?;
    run.check(&overview, &budgets).await?;
    run.copied.heads = overview.budgets.iter().map(|record| (record.budget.slug.clone(), record.head)).collect();
    run.copied.source_went_on = source.heads().await?.iter().any(|head| {
        overview.budgets.iter().find(|record| record.id == head.budget).map(|r| r.head) != Some(head.version)
    });
    Ok(run.copied)
}

struct Run<'a> {
    target: &'a Arc<dyn Transfer>,
    clock: &'a dyn Clock,
    instance: String,
    copied: Copied,
    /// Changes that wait for their transaction.
    pending: Intake,
    /// Of budgets of the target: what is from before may be archived in the source.
    archived: HashMap<BudgetId, Timestamp>,
    /// Submissions of the source that are dealt with.
    passed: u64,
    progress: Progress<'a>,
}

impl Run<'_> {
    async fn take_in(&mut self, intake: Intake) -> Result<u64, CopyError> {
        let intake = Intake { copy_of: Some(self.instance.clone()), ..intake };
        match self.target.take_in(intake, self.clock.now()).await? {
            Taken::Done { deleted } => Ok(deleted),
            Taken::Frozen(slug) => Err(CopyError::Frozen(slug)),
            Taken::InUse(budget) => {
                let budgets = self.target.budgets().await?;
                let slug = budgets.into_iter().find(|record| record.id == budget).map(|record| record.budget.slug);
                Err(CopyError::InUse(slug.unwrap_or_else(|| budget.0.to_string())))
            }
        }
    }

    async fn deletions(&mut self, from: &mut Cursor) -> Result<(), CopyError> {
        loop {
            let tombstones = from.tombstones().await?;
            if tombstones.is_empty() {
                return Ok(());
            }
            self.copied.deleted += self.take_in(Intake { tombstones, ..Intake::default() }).await?;
        }
    }

    /// Answers which budget of the source is which of the target.
    async fn budgets(&mut self, overview: &Overview) -> Result<HashMap<BudgetId, BudgetId>, CopyError> {
        self.take_in(Intake { budgets: overview.budgets.clone(), ..Intake::default() }).await?;
        let there = self.target.budgets().await?;
        let of_slug = |slug: &str| there.iter().find(|record| record.budget.slug == slug).map(|record| record.id);
        let pairs = overview.budgets.iter().map(|record| Some((record.id, of_slug(&record.budget.slug)?)));
        let pairs: Option<HashMap<_, _>> = pairs.collect();
        Ok(pairs.ok_or_else(|| StoreError::Failed("a budget that was copied is not there".into()))?)
    }

    /// Totals of what is archived are taken over as they are. Its rows, if an earlier run brought them, go afterwards.
    async fn archived(&mut self, overview: &Overview, budgets: &HashMap<BudgetId, BudgetId>) -> Result<(), CopyError> {
        let parts = overview.budgets.iter().zip(&overview.archived);
        let archived: Vec<_> =
            parts.filter_map(|(record, part)| Some((*budgets.get(&record.id)?, part.clone()))).collect();
        self.archived = archived.iter().map(|(budget, part)| (*budget, part.before)).collect();
        self.take_in(Intake { archived, ..Intake::default() }).await?;
        Ok(())
    }

    async fn submissions(&mut self, from: &mut Cursor, budgets: &HashMap<BudgetId, BudgetId>) -> Result<(), CopyError> {
        let mut to = Cursor::over(self.target);
        loop {
            let theirs = from.submission().await?.map(|row| row.stored.id);
            let ours = to.submission().await?.map(|row| (row.stored.id, row.stored.budget));
            let (ours, of) = ours.unzip();
            match (theirs, ours) {
                (None, None) => break,
                (Some(id), ours) if ours.is_none_or(|ours| id < ours) => {
                    if let Some(row) = from.take() {
                        self.pending.submissions.push(translated(row, budgets)?);
                        self.copied.added += 1;
                    }
                    self.passed += 1;
                }
                (Some(id), Some(_)) if theirs == ours => {
                    if let (Some(theirs), Some(ours)) = (from.take(), to.take()) {
                        self.compare(translated(theirs, budgets)?, &ours, id)?;
                    }
                    self.passed += 1;
                }
                (_, Some(id)) if self.may_be_archived(id, of) => {
                    to.take();
                    self.pending.forgotten.push(id);
                    self.copied.forgotten += 1;
                }
                (_, Some(id)) => return Err(CopyError::NotOfTheSource(id)),
                (Some(_), None) => {}
            }
            self.flush(BATCH).await?;
        }
        self.flush(1).await
    }

    /// A submission of the target that the source does not have (any more).
    fn may_be_archived(&self, id: SubmissionId, of: Option<BudgetId>) -> bool {
        of.and_then(|budget| self.archived.get(&budget)).is_some_and(|before| id.time() < *before)
    }

    fn compare(
        &mut self,
        mut theirs: ExactSubmission,
        ours: &ExactSubmission,
        id: SubmissionId,
    ) -> Result<(), CopyError> {
        let counts = theirs.stored.counted;
        theirs.stored.counted = ours.stored.counted;
        if theirs != *ours {
            return Err(CopyError::NotOfTheSource(id));
        }
        if counts != ours.stored.counted {
            self.pending.counted.push((id, counts));
            self.copied.recounted += 1;
        }
        Ok(())
    }

    /// Writes what waits, if it is at least so much.
    async fn flush(&mut self, least: usize) -> Result<(), CopyError> {
        if self.passed.is_multiple_of(BATCH as u64) {
            (self.progress)(Step::Copying(self.passed, self.copied.submissions));
        }
        let pending = &self.pending;
        if pending.submissions.len() + pending.counted.len() + pending.forgotten.len() < least {
            return Ok(());
        }
        let intake = std::mem::take(&mut self.pending);
        self.take_in(intake).await?;
        self.fold().await?;
        (self.progress)(Step::Copying(self.passed, self.copied.submissions));
        Ok(())
    }

    /// So that whoever reads afterwards has little to add.
    async fn fold(&self) -> StoreResult<()> {
        for head in self.target.heads().await? {
            self.target.fold(head.budget, FOLD_LIMIT).await?;
        }
        Ok(())
    }

    async fn legacy_results(&mut self, from: &mut Cursor) -> Result<(), CopyError> {
        loop {
            let legacy_results = from.legacy_results().await?;
            if legacy_results.is_empty() {
                return Ok(());
            }
            self.take_in(Intake { legacy_results, ..Intake::default() }).await?;
        }
    }

    async fn check(&mut self, overview: &Overview, budgets: &HashMap<BudgetId, BudgetId>) -> StoreResult<()> {
        let mut before = 0;
        for (record, summary) in overview.budgets.iter().zip(&overview.summaries) {
            let Some(id) = budgets.get(&record.id) else { continue };
            let read = std::sync::atomic::AtomicU64::new(0);
            let audit = self
                .target
                .audit(*id, &|rows| {
                    read.store(rows, std::sync::atomic::Ordering::Relaxed);
                    (self.progress)(Step::Checking(before + rows));
                })
                .await?;
            before += read.into_inner();
            let Some(audit) = audit else { continue };
            self.copied.exact.push(verification(&record.budget, &audit));
            let beside = Audit { raw: summary.clone(), wrong_participants: 0, ..audit };
            self.copied.equal.push(verification(&record.budget, &beside));
        }
        Ok(())
    }
}

/// The same submission with the target's number of its budget.
fn translated(row: ExactSubmission, budgets: &HashMap<BudgetId, BudgetId>) -> StoreResult<ExactSubmission> {
    let mut row = row;
    let known = budgets.get(&row.stored.budget);
    row.stored.budget =
        *known.ok_or_else(|| StoreError::Damaged(format!("{} is of no known budget", row.stored.id)))?;
    Ok(row)
}
