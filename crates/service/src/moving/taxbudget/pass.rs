//! Reading all sessions: once to bring them, once more to compare.

use super::{
    Compared, ImportError, Imported, LeftOut, Listener, Reason,
    ballot::Ballot,
    session::{Session, Submission},
};
use crate::{
    moving::legacy::legacy_key,
    port::{
        BudgetId, Clock, ExactSubmission, Intake, LegacyResult, Lookup, OldRow, Predecessor, StoreError, StoreResult,
        StoredSubmission, Taken, Transfer, Version,
    },
};
use domain::{Budget, SubmissionId, Timestamp};
use std::{collections::HashMap, sync::Arc};
use tokio::{sync::mpsc, task::JoinHandle};

/// Sessions of one transaction.
const BATCH: usize = 2000;
/// Pages that may wait: one is read while the other is used.
const AHEAD: usize = 2;
/// Deltas of one fold; a batch adds one.
const FOLD_LIMIT: u32 = 100;

/// The sessions of the old database, in batches.
struct Sessions {
    pages: mpsc::Receiver<Vec<OldRow>>,
    reading: Option<JoinHandle<StoreResult<()>>>,
    rows: std::vec::IntoIter<OldRow>,
    begun: Option<Session>,
}

impl Sessions {
    fn of(old: &Arc<dyn Predecessor>) -> Self {
        let (send, pages) = mpsc::channel(AHEAD);
        let old = Arc::clone(old);
        let reading = tokio::spawn(async move { old.rows(send).await });
        Self { pages, reading: Some(reading), rows: Vec::new().into_iter(), begun: None }
    }

    async fn row(&mut self) -> StoreResult<Option<OldRow>> {
        loop {
            if let Some(row) = self.rows.next() {
                return Ok(Some(row));
            }
            match self.pages.recv().await {
                Some(page) => self.rows = page.into_iter(),
                None => {
                    if let Some(reading) = self.reading.take() {
                        reading.await.map_err(|error| StoreError::Failed(error.to_string()))??;
                    }
                    return Ok(None);
                }
            }
        }
    }

    /// The next sessions; empty at the end.
    async fn batch(&mut self) -> Result<Vec<Session>, ImportError> {
        let mut batch = Vec::new();
        while batch.len() < BATCH {
            let row = self.row().await.map_err(ImportError::Old)?;
            match (row, &mut self.begun) {
                (Some(row), Some(session)) if session.has(&row) => session.add(row),
                (Some(row), begun) => batch.extend(begun.replace(Session::begin(row))),
                (None, begun) => {
                    batch.extend(begun.take());
                    break;
                }
            }
        }
        Ok(batch)
    }
}

/// What this database has of a session.
enum Here {
    /// Never imported.
    Nothing,
    /// The same.
    Same(StoredSubmission),
    /// Imported when it said something else.
    Other,
    /// Imported once and deleted since.
    Deleted,
    /// Imported once and not kept one by one any more: archived, or deleted so long ago that nobody remembers.
    Gone,
}

pub(super) struct Pass<'a> {
    pub(super) store: &'a dyn Transfer,
    pub(super) clock: &'a dyn Clock,
    pub(super) budget: BudgetId,
    pub(super) ballot: &'a Ballot,
    /// What came before then is archived.
    pub(super) archived: Timestamp,
    pub(super) imported: &'a mut Imported,
    pub(super) listener: &'a mut dyn Listener,
}

impl Pass<'_> {
    pub(super) async fn bring(&mut self, old: &Arc<dyn Predecessor>) -> Result<(), ImportError> {
        let (mut sessions, mut read) = (Sessions::of(old), 0);
        loop {
            let batch = sessions.batch().await?;
            if batch.is_empty() {
                return Ok(());
            }
            read += batch.len() as u64;
            let mut intake = Intake::default();
            let mut whole = Vec::with_capacity(batch.len());
            for session in batch {
                match session.judge(self.ballot, self.clock.now()) {
                    Ok(submission) => whole.push(submission),
                    Err(reason) => self.leave_out(session.key, reason),
                }
            }
            for (submission, here) in self.here(whole).await? {
                match here {
                    Here::Nothing if self.is_archived(&submission) => {
                        self.leave_out(Some(submission.key), Reason::Archived);
                    }
                    Here::Nothing => {
                        intake
                            .legacy_results
                            .push(LegacyResult { key: legacy_key(&submission.key), id: submission.id });
                        intake.submissions.push(self.row(submission));
                    }
                    Here::Same(_) => self.imported.known += 1,
                    Here::Other => self.leave_out(Some(submission.key), Reason::Changed),
                    Here::Deleted => self.imported.deleted += 1,
                    Here::Gone => self.imported.gone += 1,
                }
            }
            self.take_in(intake).await?;
            self.listener.read(read, false);
        }
    }

    async fn take_in(&mut self, mut intake: Intake) -> Result<(), ImportError> {
        if intake.submissions.is_empty() {
            return Ok(());
        }
        intake.submissions.sort_unstable_by_key(|row| row.stored.id);
        let added = intake.submissions.len() as u64;
        match self.store.take_in(intake, self.clock.now()).await? {
            Taken::Done { .. } => self.imported.added += added,
            other => return Err(StoreError::Failed(format!("an import was refused: {other:?}")).into()),
        }
        self.store.fold(self.budget, FOLD_LIMIT).await?;
        Ok(())
    }

    fn leave_out(&mut self, session_key: Option<String>, reason: Reason) {
        *self.imported.left_out.entry(reason.kind()).or_default() += 1;
        self.listener.left_out(&LeftOut { session_key, reason });
    }

    fn row(&self, submission: Submission) -> ExactSubmission {
        let stored = StoredSubmission {
            id: submission.id,
            budget: self.budget,
            participant: None,
            effective: submission.id.time(),
            version: Version::default(),
            allocation: submission.allocation,
            segments: Box::default(),
            counted: true,
        };
        ExactSubmission { stored, first_counted: true }
    }

    /// What is known of each.
    async fn here(&self, submissions: Vec<Submission>) -> StoreResult<Vec<(Submission, Here)>> {
        let keys: Vec<_> = submissions.iter().map(|submission| legacy_key(&submission.key)).collect();
        let imported = self.store.legacy_results(&keys).await?;
        let ids: Vec<SubmissionId> = imported.iter().copied().flatten().collect();
        let mut known: HashMap<SubmissionId, Option<Lookup>> =
            ids.iter().copied().zip(self.store.lookup(&ids).await?).collect();
        let here = |(submission, id): (Submission, Option<SubmissionId>)| {
            let here = match id.map(|id| (id, known.remove(&id).flatten())) {
                None => Here::Nothing,
                Some((id, Some(Lookup::Found(row)))) if id == submission.id && self.is_same(&row, &submission) => {
                    Here::Same(*row)
                }
                Some((_, Some(Lookup::Found(_)))) => Here::Other,
                Some((_, Some(Lookup::Deleted))) => Here::Deleted,
                Some((_, None)) => Here::Gone,
            };
            (submission, here)
        };
        Ok(submissions.into_iter().zip(imported).map(here).collect())
    }

    fn is_archived(&self, submission: &Submission) -> bool {
        submission.id.time() < self.archived
    }

    fn is_same(&self, row: &StoredSubmission, submission: &Submission) -> bool {
        row.budget == self.budget && row.allocation == submission.allocation
    }

    /// Reads both databases again and adds up what is in both.
    pub(super) async fn compare(&mut self, old: &Arc<dyn Predecessor>, budget: &Budget) -> Result<(), ImportError> {
        let (mut sessions, mut read) = (Sessions::of(old), 0);
        let mut compared: Vec<_> =
            budget.categories.iter().map(|c| Compared { name: c.name.clone(), old: 0, new: 0 }).collect();
        loop {
            let batch = sessions.batch().await?;
            if batch.is_empty() {
                self.imported.compared = compared;
                return Ok(());
            }
            read += batch.len() as u64;
            let now = self.clock.now();
            let whole = batch.iter().filter_map(|session| session.judge(self.ballot, now).ok()).collect();
            for (submission, here) in self.here(whole).await? {
                match here {
                    Here::Same(row) => {
                        let points = submission.allocation.points().iter().zip(row.allocation.points());
                        for (category, (old, new)) in compared.iter_mut().zip(points) {
                            category.old += u64::from(*old);
                            category.new += u64::from(*new);
                        }
                    }
                    Here::Nothing if !self.is_archived(&submission) => self.imported.missing += 1,
                    Here::Nothing | Here::Other | Here::Deleted | Here::Gone => {}
                }
            }
            self.listener.read(read, true);
        }
    }
}
