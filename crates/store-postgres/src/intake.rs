//! Rows written as they were elsewhere, with the summaries and heads that follow from them.

use crate::{
    archive, budgets, bulk_rows,
    codec::{self, submission_columns},
    error::Fault,
    head, partitions,
    session::Sessions,
    summary::append_correction,
};
use domain::{SubmissionId, Timestamp, summary::Summary};
use service::port::{
    BudgetId, BudgetRecord, CopyBegin, ExactSubmission, ImportOutcome, Intake, LegacyResult, StoredSubmission, Taken,
    Tombstone, Version,
};
use sqlx::{PgConnection, types::Uuid};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) async fn begin(sessions: &Sessions, instance: &str) -> Result<CopyBegin, Fault> {
    let mut session = sessions.get().await?;
    session.begin().await?;
    // Two copies that begin at once take turns at the row that every database has.
    sqlx::query("SELECT FROM instance FOR UPDATE").execute(&mut *session).await?;
    let answer = match copied_from(&mut session).await? {
        Some(source) if source == instance => CopyBegin::Resumed,
        Some(_) => CopyBegin::OtherSource,
        None if !is_empty(&mut session).await? => CopyBegin::NotEmpty,
        None => {
            sqlx::query("INSERT INTO copied_from (instance) VALUES ($1)").bind(instance).execute(&mut *session).await?;
            CopyBegin::Begun
        }
    };
    session.commit().await?;
    Ok(answer)
}

async fn is_empty(connection: &mut PgConnection) -> Result<bool, Fault> {
    let empty = sqlx::query_scalar(
        "SELECT NOT (EXISTS (SELECT FROM budget) OR EXISTS (SELECT FROM submission)
                     OR EXISTS (SELECT FROM tombstone) OR EXISTS (SELECT FROM legacy_result))",
    );
    Ok(empty.fetch_one(connection).await?)
}

async fn copied_from(connection: &mut PgConnection) -> Result<Option<String>, Fault> {
    Ok(sqlx::query_scalar("SELECT instance FROM copied_from").fetch_optional(connection).await?)
}

pub(crate) async fn take(sessions: &Sessions, intake: &Intake, now: Timestamp) -> Result<Taken, Fault> {
    let mut session = sessions.get().await?;
    partitions::ensure_for(&mut session, intake.submissions.iter().map(|row| row.stored.id)).await?;
    session.begin().await?;
    session.allow(sessions.options().scan_timeout).await?;
    let mut work = Work { connection: &mut session, now, budgets: BTreeMap::new() };
    // In budget order, as everybody locks.
    for budget in work.touched(intake).await? {
        work.change(budget).await?;
    }
    let refusal = match &intake.copy_of {
        Some(instance) => work.in_use(instance).await?.map(Taken::InUse),
        None => None,
    };
    if let Some(refusal) = refusal {
        session.end().await?;
        return Ok(refusal);
    }
    for record in &intake.budgets {
        if let Some(frozen) = work.budget(record).await? {
            // Dropped without a commit, everything is rolled back.
            return Ok(frozen);
        }
    }
    let deleted = work.delete(&intake.tombstones).await?;
    work.follow_the_archive(intake).await?;
    work.set_counted(&intake.counted).await?;
    work.add(&intake.submissions, intake.copy_of.is_some()).await?;
    work.legacy(&intake.legacy_results).await?;
    work.finish(intake.copy_of.is_some()).await?;
    session.commit().await?;
    Ok(Taken::Done { deleted })
}

/// What the intake does to one budget, whose head is locked.
struct Change {
    head: Version,
    version: Version,
    categories: usize,
    summary: Summary,
    changed: bool,
}

struct Work<'c> {
    connection: &'c mut PgConnection,
    now: Timestamp,
    budgets: BTreeMap<BudgetId, Change>,
}

fn uuids<'a>(ids: impl Iterator<Item = &'a SubmissionId>) -> Vec<Uuid> {
    ids.map(|id| codec::uuid(*id)).collect()
}

impl Work<'_> {
    /// The known budgets that an intake may change.
    async fn touched(&mut self, intake: &Intake) -> Result<BTreeSet<BudgetId>, Fault> {
        let mut touched: BTreeSet<BudgetId> = intake.submissions.iter().map(|row| row.stored.budget).collect();
        touched.extend(intake.archived.iter().map(|(budget, _)| *budget));
        let slugs: Vec<&str> = intake.budgets.iter().map(|record| record.budget.slug.as_str()).collect();
        let tombstones = intake.tombstones.iter().map(|tombstone| &tombstone.id);
        let known: Vec<i32> = sqlx::query_scalar(
            "SELECT id FROM budget WHERE slug = ANY ($1)
             UNION
             SELECT s.budget FROM unnest($2::uuid[]) AS k(id) JOIN submission s ON s.id = k.id",
        )
        .bind(slugs)
        .bind(uuids(intake.counted.iter().map(|(id, _)| id).chain(tombstones).chain(&intake.forgotten)))
        .fetch_all(&mut *self.connection)
        .await?;
        touched.extend(known.into_iter().map(BudgetId));
        Ok(touched)
    }

    /// Locks the budget's head if that isn't done yet.
    async fn change(&mut self, budget: BudgetId) -> Result<&mut Change, Fault> {
        if !self.budgets.contains_key(&budget) {
            let head = head::lock_known(self.connection, budget).await?;
            let change = Change {
                head: head.version,
                version: head.version.next(self.now),
                categories: head.categories,
                summary: Summary::default(),
                changed: false,
            };
            self.budgets.insert(budget, change);
        }
        self.budgets.get_mut(&budget).ok_or_else(|| Fault::Refused("a budget vanished".into()))
    }

    /// A budget that somebody else has changed since the copy's last intake.
    async fn in_use(&mut self, instance: &str) -> Result<Option<BudgetId>, Fault> {
        if copied_from(self.connection).await?.as_deref() != Some(instance) {
            return Err(Fault::Refused("this database is not a copy of that one".into()));
        }
        let touched: Vec<i32> = self.budgets.keys().map(|budget| budget.0).collect();
        // A budget without a head of the copy was made by somebody else, but perhaps nobody has used it.
        let changed: Option<i32> = sqlx::query_scalar(
            "SELECT h.budget FROM head h LEFT JOIN copied_head c ON c.budget = h.budget
             WHERE h.budget = ANY ($1) AND CASE WHEN c.version IS NULL
                THEN EXISTS (SELECT FROM submission s WHERE s.budget = h.budget) ELSE c.version <> h.version END
             LIMIT 1",
        )
        .bind(touched)
        .fetch_optional(&mut *self.connection)
        .await?;
        Ok(changed.map(BudgetId))
    }

    /// Makes or updates a budget; its head ends above the other database's.
    async fn budget(&mut self, record: &BudgetRecord) -> Result<Option<Taken>, Fault> {
        let outcome = budgets::import_within(self.connection, &record.budget, self.now).await?;
        if outcome == ImportOutcome::Frozen {
            return Ok(Some(Taken::Frozen(record.budget.slug.clone())));
        }
        let id = sqlx::query_scalar("SELECT id FROM budget WHERE slug = $1")
            .bind(&record.budget.slug)
            .fetch_one(&mut *self.connection)
            .await
            .map(BudgetId)?;
        budgets::set_closed_within(self.connection, id, record.closed, self.now).await?;
        // What was read before may be older than what was written now.
        self.budgets.remove(&id);
        let change = self.change(id).await?;
        if change.head <= record.head {
            change.version = change.version.max(Version(record.head.0.saturating_add(1)));
            change.changed = true;
        }
        Ok(None)
    }

    /// Nobody is promoted for who is deleted: who counts is said apart.
    async fn delete(&mut self, tombstones: &[Tombstone]) -> Result<u64, Fault> {
        if tombstones.is_empty() {
            return Ok(0);
        }
        let ids = uuids(tombstones.iter().map(|tombstone| &tombstone.id));
        let deleted = self.remove(&ids).await?;
        let times: Vec<i64> = tombstones.iter().map(|tombstone| tombstone.deleted.as_millis()).collect();
        sqlx::query(
            "INSERT INTO tombstone (id, deleted_ms) SELECT * FROM unnest($1::uuid[], $2::bigint[])
             ON CONFLICT DO NOTHING",
        )
        .bind(ids)
        .bind(times)
        .execute(&mut *self.connection)
        .await?;
        Ok(deleted)
    }

    /// Takes rows away, those that are there; answers how many.
    async fn remove(&mut self, ids: &[Uuid]) -> Result<u64, Fault> {
        let rows = sqlx::query(concat!(
            "DELETE FROM submission s USING unnest($1::uuid[]) AS k(id) WHERE s.id = k.id RETURNING ",
            submission_columns!()
        ))
        .bind(ids)
        .fetch_all(&mut *self.connection)
        .await?;
        for row in &rows {
            self.count(&codec::read_submission(row)?, -1, true).await?;
        }
        Ok(rows.len() as u64)
    }

    /// What was archived in the database of which this is a copy.
    async fn follow_the_archive(&mut self, intake: &Intake) -> Result<(), Fault> {
        if intake.copy_of.is_none() && !(intake.archived.is_empty() && intake.forgotten.is_empty()) {
            return Err(Fault::Refused("only a copy takes archived submissions over".into()));
        }
        if !intake.forgotten.is_empty() {
            self.remove(&uuids(intake.forgotten.iter())).await?;
        }
        for (budget, part) in &intake.archived {
            self.change(*budget).await?;
            let more = archive::replace(self.connection, *budget, part).await?;
            let change = self.change(*budget).await?;
            change.changed |= !more.is_empty();
            change.summary.merge(&more, 1);
        }
        Ok(())
    }

    async fn set_counted(&mut self, flags: &[(SubmissionId, bool)]) -> Result<(), Fault> {
        if flags.is_empty() {
            return Ok(());
        }
        let rows = sqlx::query(concat!(
            "UPDATE submission s
             SET standing = CASE WHEN f.counts THEN upper(s.standing::text) ELSE lower(s.standing::text) END::\"char\"
             FROM unnest($1::uuid[], $2::boolean[]) AS f(id, counts)
             WHERE s.id = f.id AND (s.standing < 'a') <> f.counts RETURNING ",
            submission_columns!()
        ))
        .bind(uuids(flags.iter().map(|(id, _)| id)))
        .bind(flags.iter().map(|(_, counts)| *counts).collect::<Vec<_>>())
        .fetch_all(&mut *self.connection)
        .await?;
        for row in &rows {
            let row = codec::read_submission(row)?;
            self.count(&row, if row.counted { 1 } else { -1 }, false).await?;
        }
        Ok(())
    }

    /// Notes a change of who counts; whoever `only_if_counted` applies to may not have counted at all.
    async fn count(&mut self, row: &StoredSubmission, sign: i64, only_if_counted: bool) -> Result<(), Fault> {
        let change = self.change(row.budget).await?;
        change.changed = true;
        if row.counted || !only_if_counted {
            change.summary.count(&row.entry(), sign);
        }
        Ok(())
    }

    async fn add(&mut self, new: &[ExactSubmission], is_copy: bool) -> Result<(), Fault> {
        if new.is_empty() {
            return Ok(());
        }
        for budget in new.iter().map(|row| row.stored.budget).collect::<BTreeSet<_>>() {
            self.change(budget).await?;
            if is_copy {
                // What is archived and what is not is as it is over there.
                continue;
            }
            let ids = new.iter().filter(|row| row.stored.budget == budget).map(|row| row.stored.id);
            archive::refuse_archived(self.connection, budget, ids).await?;
        }
        self.settle_tombstones(uuids(new.iter().map(|row| &row.stored.id)), is_copy).await?;
        let mut rows = Vec::with_capacity(new.len());
        for ExactSubmission { stored, first_counted } in new {
            let mut row = stored.clone();
            let change = self.change(row.budget).await?;
            if row.allocation.points().len() != change.categories {
                return Err(Fault::Refused(format!("{} does not have {} categories", row.id, change.categories)));
            }
            if row.version == Version::default() {
                row.version = change.version;
            }
            change.changed = true;
            if row.counted {
                change.summary.count(&row.entry(), 1);
            }
            rows.push((row, *first_counted));
        }
        bulk_rows::copy(self.connection, rows.iter().map(|(row, first_counted)| (row, *first_counted))).await
    }

    async fn settle_tombstones(&mut self, ids: Vec<Uuid>, is_copy: bool) -> Result<(), Fault> {
        if is_copy {
            // It was forgotten over there, and the id used again.
            sqlx::query("DELETE FROM tombstone WHERE id = ANY ($1)").bind(ids).execute(&mut *self.connection).await?;
            return Ok(());
        }
        let deleted: Option<Uuid> = sqlx::query_scalar("SELECT id FROM tombstone WHERE id = ANY ($1) LIMIT 1")
            .bind(ids)
            .fetch_optional(&mut *self.connection)
            .await?;
        deleted.map_or(Ok(()), |id| Err(Fault::Refused(format!("{id} was deleted"))))
    }

    async fn legacy(&mut self, results: &[LegacyResult]) -> Result<(), Fault> {
        if results.is_empty() {
            return Ok(());
        }
        sqlx::query(
            "INSERT INTO legacy_result (key, id) SELECT * FROM unnest($1::uuid[], $2::uuid[]) ON CONFLICT DO NOTHING",
        )
        .bind(results.iter().map(|result| Uuid::from_bytes(result.key.0)).collect::<Vec<_>>())
        .bind(uuids(results.iter().map(|result| &result.id)))
        .execute(&mut *self.connection)
        .await?;
        Ok(())
    }

    async fn finish(self, is_copy: bool) -> Result<(), Fault> {
        for (budget, change) in &self.budgets {
            if change.changed {
                if !change.summary.is_empty() {
                    append_correction(self.connection, *budget, change.version, &change.summary).await?;
                }
                sqlx::query("UPDATE head SET version = $2 WHERE budget = $1")
                    .bind(budget.0)
                    .bind(change.version.0)
                    .execute(&mut *self.connection)
                    .await?;
            }
            if is_copy {
                sqlx::query(
                    "INSERT INTO copied_head (budget, version) SELECT budget, version FROM head WHERE budget = $1
                     ON CONFLICT (budget) DO UPDATE SET version = excluded.version",
                )
                .bind(budget.0)
                .execute(&mut *self.connection)
                .await?;
            }
        }
        Ok(())
    }
}
