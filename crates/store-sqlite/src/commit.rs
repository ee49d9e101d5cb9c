//! Group commit: one batch, one transaction.

use crate::{
    codec,
    error::Fault,
    summary::{append_delta, set_head},
};
use domain::{SubmissionId, Timestamp, summary::Delta};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use service::port::{BudgetId, NewSubmission, Outcome, Participant, StoredSubmission, Version};
use std::collections::{BTreeMap, HashMap};

/// What the batch does to one budget.
#[derive(Default)]
struct Touched {
    exists: bool,
    closed: bool,
    categories: usize,
    /// Ids from before are archived, or would have been.
    archived: Timestamp,
    version: Version,
    delta: Delta,
    inserted: bool,
}

/// A row that the batch adds.
struct Added {
    row: StoredSubmission,
    /// Its place in the batch.
    at: usize,
}

/// Who counts for a participant while the batch is read.
enum Counting {
    /// A row from before, and what to take from the summary when it no longer counts.
    Before(Box<StoredSubmission>),
    /// A row that the batch adds.
    Added(usize),
}

pub(crate) struct Batch<'t> {
    transaction: &'t Transaction<'t>,
    now: Timestamp,
    budgets: BTreeMap<BudgetId, Touched>,
    added: Vec<Added>,
    /// The place in the batch of each id's first appearance.
    seen: HashMap<SubmissionId, usize>,
    counting: HashMap<(BudgetId, Participant), Counting>,
    /// Rows from before that no longer count.
    uncounted: Vec<StoredSubmission>,
    /// Places in the batch that repeat a row which an earlier place adds.
    repeats: Vec<(usize, usize)>,
}

pub(crate) fn commit(
    transaction: &Transaction<'_>,
    batch: &[NewSubmission],
    now: Timestamp,
) -> Result<Vec<Outcome>, Fault> {
    let mut state = Batch {
        transaction,
        now,
        budgets: BTreeMap::new(),
        added: Vec::new(),
        seen: HashMap::with_capacity(batch.len()),
        counting: HashMap::new(),
        uncounted: Vec::new(),
        repeats: Vec::new(),
    };
    let mut outcomes = Vec::with_capacity(batch.len());
    for (at, submission) in batch.iter().enumerate() {
        outcomes.push(state.take(at, submission, batch, &outcomes)?);
    }
    state.finish(&mut outcomes)
}

impl Batch<'_> {
    fn take(
        &mut self,
        at: usize,
        new: &NewSubmission,
        batch: &[NewSubmission],
        outcomes: &[Outcome],
    ) -> Result<Outcome, Fault> {
        if let Some(&first) = self.seen.get(&new.id) {
            let same = is_same(&batch[first], new);
            match outcomes[first] {
                Outcome::Counted { version } if same => {
                    self.repeats.push((at, first));
                    return Ok(Outcome::Replayed { version, counted: true });
                }
                known @ Outcome::Replayed { .. } if same => return Ok(known),
                Outcome::Counted { .. } => return Ok(Outcome::Conflict),
                // The first said nothing about what is stored: ask anew.
                _ => {}
            }
        }
        let outcome = self.decide(at, new)?;
        self.seen.insert(new.id, at);
        Ok(outcome)
    }

    fn decide(&mut self, at: usize, new: &NewSubmission) -> Result<Outcome, Fault> {
        if let Some(known) = self.known(new)? {
            return Ok(known);
        }
        let now = self.now;
        let budget = self.budget(new.budget)?;
        if !budget.exists {
            return Ok(Outcome::UnknownBudget);
        }
        if budget.closed {
            return Ok(Outcome::Closed);
        }
        if !new.id.is_acceptable_at(now) || new.id.time() < budget.archived {
            return Ok(Outcome::IdOutOfRange);
        }
        if new.allocation.points().len() != budget.categories {
            // Validated against a definition that was replaced meanwhile.
            return Err(Fault::Refused(format!("{} does not have {} categories", new.id, budget.categories)));
        }
        budget.inserted = true;
        let version = budget.version;
        let mut row = codec::stored(new, now, version);
        if let Some(participant) = new.participant {
            row.counted = self.supersede(participant, &row)?;
        }
        self.added.push(Added { row, at });
        Ok(Outcome::Counted { version })
    }

    fn known(&self, new: &NewSubmission) -> Result<Option<Outcome>, Fault> {
        let mut select = self
            .transaction
            .prepare_cached("SELECT budget, version, first_counted, points, segments FROM submission WHERE id = ?1")?;
        let mut rows = select.query([new.id.as_bytes().as_slice()])?;
        if let Some(row) = rows.next()? {
            let segments: Option<Vec<u8>> = row.get(4)?;
            let same = row.get::<_, i32>(0)? == new.budget.0
                && row.get::<_, Vec<u8>>(3)? == new.allocation.to_bytes()
                && segments.unwrap_or_default() == *new.segments;
            return Ok(Some(if same {
                Outcome::Replayed { version: Version(row.get(1)?), counted: row.get(2)? }
            } else {
                Outcome::Conflict
            }));
        }
        let mut select = self.transaction.prepare_cached("SELECT 1 FROM tombstone WHERE id = ?1")?;
        Ok(select.exists([new.id.as_bytes().as_slice()])?.then_some(Outcome::Deleted))
    }

    fn budget(&mut self, id: BudgetId) -> Result<&mut Touched, Fault> {
        if !self.budgets.contains_key(&id) {
            let mut select = self.transaction.prepare_cached(
                "SELECT head, closed, json_array_length(definition, '$.categories'), archived FROM budget WHERE id = ?1",
            )?;
            let found = select.query_row([id.0], |row| {
                let version = Version(row.get(0)?).next(self.now);
                Ok(Touched {
                    exists: true,
                    closed: row.get(1)?,
                    categories: row.get::<_, u16>(2)?.into(),
                    archived: Timestamp::from_millis(row.get(3)?),
                    version,
                    ..Touched::default()
                })
            });
            self.budgets.insert(id, found.optional()?.unwrap_or_default());
        }
        self.budgets.get_mut(&id).ok_or_else(|| Fault::Failed("a budget vanished".into()))
    }

    /// Whether the row counts now; if so, what counted before no longer does.
    fn supersede(&mut self, participant: Participant, row: &StoredSubmission) -> Result<bool, Fault> {
        let key = (row.budget, participant);
        if !self.counting.contains_key(&key)
            && let Some(before) = counted(self.transaction, row.budget, participant)?
        {
            self.counting.insert(key, Counting::Before(Box::new(before)));
        }
        let next = Counting::Added(self.added.len());
        match self.counting.get(&key) {
            None => {}
            Some(Counting::Before(before)) => {
                if before.rank() > row.rank() {
                    return Ok(false);
                }
                self.uncounted.push(StoredSubmission::clone(before));
            }
            Some(&Counting::Added(other)) => {
                if self.added[other].row.rank() > row.rank() {
                    return Ok(false);
                }
                self.added[other].row.counted = false;
            }
        }
        self.counting.insert(key, next);
        Ok(true)
    }

    fn finish(mut self, outcomes: &mut Vec<Outcome>) -> Result<Vec<Outcome>, Fault> {
        self.added.sort_unstable_by_key(|added| added.row.id);
        for Added { row, at } in &self.added {
            insert(self.transaction, row)?;
            if let Some(budget) = self.budgets.get_mut(&row.budget)
                && row.counted
            {
                budget.delta.plus.push(row.entry());
            }
            if !row.counted {
                outcomes[*at] = Outcome::Superseded { version: row.version };
            }
        }
        // Who repeats a row of this batch hears what its first answer says.
        for &(at, first) in &self.repeats {
            if let Outcome::Superseded { version } = outcomes[first] {
                outcomes[at] = Outcome::Replayed { version, counted: false };
            }
        }
        let mut uncount = self.transaction.prepare_cached("UPDATE submission SET counted = 0 WHERE id = ?1")?;
        for row in &self.uncounted {
            uncount.execute([row.id.as_bytes().as_slice()])?;
            if let Some(budget) = self.budgets.get_mut(&row.budget) {
                budget.delta.minus.push(row.entry());
            }
        }
        for (id, budget) in &self.budgets {
            if budget.inserted {
                append_delta(self.transaction, *id, budget.version, &budget.delta)?;
                set_head(self.transaction, *id, budget.version)?;
            }
        }
        Ok(std::mem::take(outcomes))
    }
}

fn is_same(one: &NewSubmission, other: &NewSubmission) -> bool {
    one.budget == other.budget && one.allocation == other.allocation && one.segments == other.segments
}

/// The participant's counted submission to a budget.
pub(crate) fn counted(
    connection: &Connection,
    budget: BudgetId,
    participant: Participant,
) -> Result<Option<StoredSubmission>, Fault> {
    let mut select = connection.prepare_cached(&format!(
        "SELECT {} FROM submission WHERE participant = ?1 AND budget = ?2 AND counted = 1",
        codec::SUBMISSION
    ))?;
    let mut rows = select.query(params![codec::participant(participant), budget.0])?;
    rows.next()?.map(codec::read_submission).transpose()
}

/// A new row; its first answer says what it says now.
pub(crate) fn insert(transaction: &Transaction<'_>, row: &StoredSubmission) -> Result<(), Fault> {
    insert_exactly(transaction, row, row.counted)
}

/// A row whose first answer may have said something else than what is true now.
pub(crate) fn insert_exactly(
    transaction: &Transaction<'_>,
    row: &StoredSubmission,
    first_counted: bool,
) -> Result<(), Fault> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO submission (id, budget, version, counted, first_counted, participant, effective, points, segments)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    insert.execute(params![
        row.id.as_bytes().as_slice(),
        row.budget.0,
        row.version.0,
        row.counted,
        first_counted,
        row.participant.map(codec::participant),
        codec::effective(row.id, row.effective),
        row.allocation.to_bytes(),
        codec::segments(&row.segments),
    ])?;
    Ok(())
}
