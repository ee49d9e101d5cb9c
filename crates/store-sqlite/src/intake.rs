//! Rows written as they were elsewhere, with the summaries and heads that follow from them.

use crate::{
    archive::{self, refuse_archived},
    budgets,
    commit::insert_exactly,
    delete::find,
    error::Fault,
    summary::{append_correction, head_and_categories, set_head},
};
use domain::{SubmissionId, Timestamp, summary::Summary};
use rusqlite::{OptionalExtension, Transaction, params};
use service::port::{
    BudgetId, BudgetRecord, CopyBegin, ExactSubmission, ImportOutcome, Intake, Taken, Tombstone, Version,
};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) fn begin(transaction: &Transaction<'_>, instance: &str) -> Result<CopyBegin, Fault> {
    if let Some(source) = copied_from(transaction)? {
        return Ok(if source == instance { CopyBegin::Resumed } else { CopyBegin::OtherSource });
    }
    for table in ["budget", "submission", "tombstone", "legacy_result"] {
        if transaction.prepare(&format!("SELECT 1 FROM {table} LIMIT 1"))?.exists([])? {
            return Ok(CopyBegin::NotEmpty);
        }
    }
    transaction.execute("INSERT INTO copied_from (only, instance) VALUES (1, ?1)", [instance])?;
    Ok(CopyBegin::Begun)
}

fn copied_from(transaction: &Transaction<'_>) -> Result<Option<String>, Fault> {
    Ok(transaction.query_row("SELECT instance FROM copied_from", [], |row| row.get(0)).optional()?)
}

pub(crate) fn take(transaction: &Transaction<'_>, intake: &Intake, now: Timestamp) -> Result<Taken, Fault> {
    // Rows of participants fall on pages all over the index: room for what one intake touches. No more, because backups
    // are made beside serving, in processes that have 512 MiB in all (deploy/).
    transaction.execute_batch("PRAGMA cache_size = -65536")?;
    let touched = touched(transaction, intake)?;
    if let Some(instance) = &intake.copy_of
        && let Some(budget) = in_use(transaction, instance, &touched)?
    {
        return Ok(Taken::InUse(budget));
    }
    let mut work = Work { transaction, now, budgets: BTreeMap::new() };
    transaction.execute_batch("SAVEPOINT budgets")?;
    for record in &intake.budgets {
        if let Some(frozen) = work.budget(record)? {
            // All of them stay as they were: the caller commits what this leaves.
            transaction.execute_batch("ROLLBACK TO budgets")?;
            return Ok(frozen);
        }
    }
    transaction.execute_batch("RELEASE budgets")?;
    let deleted = work.delete(&intake.tombstones)?;
    work.follow_the_archive(intake)?;
    for (id, counts) in &intake.counted {
        work.set_counted(*id, *counts)?;
    }
    for row in &intake.submissions {
        work.add(row, intake.copy_of.is_some())?;
    }
    for legacy in &intake.legacy_results {
        transaction
            .prepare_cached("INSERT INTO legacy_result (key, id) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
            .execute(params![legacy.key.0.as_slice(), legacy.id.as_bytes().as_slice()])?;
    }
    work.finish(intake.copy_of.is_some())?;
    Ok(Taken::Done { deleted })
}

/// The known budgets that an intake may change.
fn touched(transaction: &Transaction<'_>, intake: &Intake) -> Result<BTreeSet<BudgetId>, Fault> {
    let mut touched: BTreeSet<BudgetId> = intake.submissions.iter().map(|row| row.stored.budget).collect();
    let mut by_slug = transaction.prepare_cached("SELECT id FROM budget WHERE slug = ?1")?;
    for record in &intake.budgets {
        touched.extend(by_slug.query_row([&record.budget.slug], |row| row.get(0).map(BudgetId)).optional()?);
    }
    touched.extend(intake.archived.iter().map(|(budget, _)| *budget));
    let ids = intake.counted.iter().map(|(id, _)| id).chain(intake.tombstones.iter().map(|tombstone| &tombstone.id));
    let ids = ids.chain(&intake.forgotten);
    let mut of_row = transaction.prepare_cached("SELECT budget FROM submission WHERE id = ?1")?;
    for id in ids {
        let key = id.as_bytes().as_slice();
        touched.extend(of_row.query_row([key], |row| row.get(0).map(BudgetId)).optional()?);
    }
    Ok(touched)
}

/// A budget that somebody else has changed since the copy's last intake.
fn in_use(
    transaction: &Transaction<'_>,
    instance: &str,
    touched: &BTreeSet<BudgetId>,
) -> Result<Option<BudgetId>, Fault> {
    if copied_from(transaction)?.as_deref() != Some(instance) {
        return Err(Fault::Refused("this database is not a copy of that one".into()));
    }
    // A budget without a head of the copy was made by somebody else, but perhaps nobody has used it.
    let mut changed = transaction.prepare_cached(
        "SELECT CASE WHEN c.head IS NULL THEN EXISTS (SELECT 1 FROM submission WHERE budget = b.id)
                ELSE c.head <> b.head END
         FROM budget b LEFT JOIN copied_head c ON c.budget = b.id WHERE b.id = ?1",
    )?;
    for budget in touched {
        if changed.query_row([budget.0], |row| row.get::<_, bool>(0)).optional()? == Some(true) {
            return Ok(Some(*budget));
        }
    }
    Ok(None)
}

/// What the intake does to one budget.
struct Change {
    head: Version,
    version: Version,
    categories: usize,
    summary: Summary,
    changed: bool,
}

struct Work<'t> {
    transaction: &'t Transaction<'t>,
    now: Timestamp,
    budgets: BTreeMap<BudgetId, Change>,
}

impl Work<'_> {
    fn change(&mut self, budget: BudgetId) -> Result<&mut Change, Fault> {
        if !self.budgets.contains_key(&budget) {
            let (head, categories) = head_and_categories(self.transaction, budget)?
                .ok_or_else(|| Fault::Refused(format!("there is no budget {}", budget.0)))?;
            let version = head.next(self.now);
            let summary = Summary::default();
            self.budgets.insert(budget, Change { head, version, categories, summary, changed: false });
        }
        self.budgets.get_mut(&budget).ok_or_else(|| Fault::Failed("a budget vanished".into()))
    }

    /// Makes or updates a budget; its head ends above the other database's.
    fn budget(&mut self, record: &BudgetRecord) -> Result<Option<Taken>, Fault> {
        let outcome = budgets::import(self.transaction, &record.budget, self.now)?;
        if outcome == ImportOutcome::Frozen {
            return Ok(Some(Taken::Frozen(record.budget.slug.clone())));
        }
        let id = self
            .transaction
            .prepare_cached("SELECT id FROM budget WHERE slug = ?1")?
            .query_row([&record.budget.slug], |row| row.get(0).map(BudgetId))?;
        budgets::set_closed(self.transaction, id, record.closed, self.now)?;
        let change = self.change(id)?;
        if change.head <= record.head {
            change.version = change.version.max(Version(record.head.0.saturating_add(1)));
            change.changed = true;
        }
        Ok(None)
    }

    /// Nobody is promoted for who is deleted: who counts is said apart.
    fn delete(&mut self, tombstones: &[Tombstone]) -> Result<u64, Fault> {
        let mut deleted = 0;
        for tombstone in tombstones {
            deleted += u64::from(self.remove(tombstone.id)?);
            self.transaction
                .prepare_cached("INSERT INTO tombstone (id, deleted) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
                .execute(params![tombstone.id.as_bytes().as_slice(), tombstone.deleted.as_millis()])?;
        }
        Ok(deleted)
    }

    /// Takes a row away, if it is there.
    fn remove(&mut self, id: SubmissionId) -> Result<bool, Fault> {
        let Some(row) = find(self.transaction, id)? else { return Ok(false) };
        self.transaction.prepare_cached("DELETE FROM submission WHERE id = ?1")?.execute([id.as_bytes().as_slice()])?;
        let change = self.change(row.budget)?;
        change.changed = true;
        if row.counted {
            change.summary.count(&row.entry(), -1);
        }
        Ok(true)
    }

    /// What was archived in the database of which this is a copy.
    fn follow_the_archive(&mut self, intake: &Intake) -> Result<(), Fault> {
        if intake.copy_of.is_none() && !(intake.archived.is_empty() && intake.forgotten.is_empty()) {
            return Err(Fault::Refused("only a copy takes archived submissions over".into()));
        }
        for id in &intake.forgotten {
            self.remove(*id)?;
        }
        for (budget, part) in &intake.archived {
            let more = archive::replace(self.transaction, *budget, part)?;
            let change = self.change(*budget)?;
            change.changed |= !more.is_empty();
            change.summary.merge(&more, 1);
        }
        Ok(())
    }

    fn set_counted(&mut self, id: SubmissionId, counts: bool) -> Result<(), Fault> {
        let Some(row) = find(self.transaction, id)?.filter(|row| row.counted != counts) else { return Ok(()) };
        self.transaction
            .prepare_cached("UPDATE submission SET counted = ?2 WHERE id = ?1")?
            .execute(params![id.as_bytes().as_slice(), counts])?;
        let change = self.change(row.budget)?;
        change.summary.count(&row.entry(), if counts { 1 } else { -1 });
        change.changed = true;
        Ok(())
    }

    fn add(&mut self, new: &ExactSubmission, is_copy: bool) -> Result<(), Fault> {
        let mut row = new.stored.clone();
        let key = row.id.as_bytes().as_slice();
        if is_copy {
            // It was forgotten over there, and the id used again.
            self.transaction.prepare_cached("DELETE FROM tombstone WHERE id = ?1")?.execute([key])?;
        } else if self.transaction.prepare_cached("SELECT 1 FROM tombstone WHERE id = ?1")?.exists([key])? {
            return Err(Fault::Refused(format!("{} was deleted", row.id)));
        }
        let change = self.change(row.budget)?;
        if row.allocation.points().len() != change.categories {
            return Err(Fault::Refused(format!("{} does not have {} categories", row.id, change.categories)));
        }
        // In a copy, what is archived and what is not is as it is over there.
        if !is_copy {
            refuse_archived(self.transaction, row.budget, std::iter::once(row.id))?;
        }
        let change = self.change(row.budget)?;
        if row.version == Version::default() {
            row.version = change.version;
        }
        change.changed = true;
        if row.counted {
            change.summary.count(&row.entry(), 1);
        }
        insert_exactly(self.transaction, &row, new.first_counted)
    }

    fn finish(self, is_copy: bool) -> Result<(), Fault> {
        for (budget, change) in self.budgets {
            if change.changed {
                if !change.summary.is_empty() {
                    append_correction(self.transaction, budget, change.version, &change.summary)?;
                }
                set_head(self.transaction, budget, change.version)?;
            }
            if is_copy {
                self.transaction
                    .prepare_cached(
                        "INSERT OR REPLACE INTO copied_head (budget, head) SELECT id, head FROM budget WHERE id = ?1",
                    )?
                    .execute([budget.0])?;
            }
        }
        Ok(())
    }
}
