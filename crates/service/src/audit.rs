//! Use cases: compare every summary with the submissions, and mend it.

use crate::{
    allot::Allot,
    port::{Audit, BudgetRecord, Correction, StoreError, StoreResult, Version},
    replica::Replica,
};
use domain::{Budget, summary::CellKey};
use std::sync::Arc;

/// Differences listed per budget; there may be more.
const LISTED: usize = 100;

/// Audits of one rebuild, when somebody else corrects at the same time or the outcome is unknown.
const AUDITS: u32 = 5;

/// One number of a summary that is not what the submissions say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// `total`, `day 2026-11-21`, `segment age=18-29`.
    pub cell: String,
    /// `people`, `healthcare sum`, ...
    pub what: String,
    /// In the summary.
    pub summary: i64,
    /// From the submissions.
    pub raw: i64,
}

/// One budget compared.
#[derive(Clone, Debug)]
pub struct Verification {
    /// Slug.
    pub budget: String,
    /// At which version.
    pub version: Version,
    /// Counted submissions, from the submissions themselves.
    pub people: i64,
    /// The first hundred; empty = equal.
    pub differences: Vec<Difference>,
    /// Participants without exactly one counted submission, or whose counted one is not their newest.
    pub wrong_participants: u64,
    /// Parts of the summary that can't be read.
    pub unreadable: u64,
}

impl Verification {
    /// Everything is as it should be.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        !self.is_to_rebuild() && self.wrong_participants == 0
    }

    /// The summary is not what the submissions say.
    #[must_use]
    pub fn is_to_rebuild(&self) -> bool {
        !self.differences.is_empty() || self.unreadable > 0
    }
}

/// One budget mended.
#[derive(Clone, Debug)]
pub struct Rebuild {
    /// What was found before.
    pub before: Verification,
    /// The version with the correction; `None` = nothing to correct.
    pub corrected: Option<Version>,
}

/// Gets the budget's slug and the rows read so far.
pub type Progress<'a> = &'a (dyn Fn(&str, u64) + Sync);

impl Allot {
    /// Compares summary and submissions from one read snapshot each; all budgets, or one.
    pub async fn verify(&self, budget_slug: Option<&str>, progress: Progress<'_>) -> StoreResult<Vec<Verification>> {
        let mut found = Vec::new();
        for record in self.chosen(budget_slug) {
            if let Some(audit) = self.audit(&record, progress).await? {
                found.push(verification(&record.budget, &audit));
            }
        }
        Ok(found)
    }

    /// The same of all budgets and without the database's help where a replica can be read: each comparison is of one
    /// moment, and what was right a moment ago is all that is asked.
    pub(crate) async fn verify_beside(&self, progress: Progress<'_>) -> StoreResult<Vec<Verification>> {
        let Some(copy) = self.replica().and_then(Replica::usable) else {
            return self.verify(None, progress).await;
        };
        let mut found = Vec::new();
        for record in self.chosen(None) {
            match copy.audit(record.id, &|rows| progress(&record.budget.slug, rows)).await {
                Ok(audit) => found.extend(audit.map(|audit| verification(&record.budget, &audit))),
                Err(error) => {
                    tracing::warn!(%error, "the replica can't be verified on; the database is");
                    return self.verify(None, progress).await;
                }
            }
        }
        Ok(found)
    }

    /// Verifies and adds what is missing. Writers go on meanwhile: corrections commute with their deltas.
    pub async fn rebuild(&self, budget_slug: Option<&str>, progress: Progress<'_>) -> StoreResult<Vec<Rebuild>> {
        let mut mended = Vec::new();
        for record in self.chosen(budget_slug) {
            mended.extend(self.rebuild_one(&record, progress).await?);
        }
        Ok(mended)
    }

    async fn rebuild_one(&self, record: &BudgetRecord, progress: Progress<'_>) -> StoreResult<Option<Rebuild>> {
        let mut before = None;
        for attempt in 1.. {
            let Some(audit) = self.audit(record, progress).await? else { return Ok(None) };
            let difference = audit.raw.difference(&audit.summary);
            let repeated = before.is_some();
            let before = before.get_or_insert_with(|| verification(&record.budget, &audit)).clone();
            if difference.is_empty() && audit.unreadable == 0 {
                // Corrected by an attempt of unknown outcome, or by somebody else meanwhile.
                let corrected = repeated.then_some(audit.version);
                return Ok(Some(Rebuild { before, corrected }));
            }
            match self.store().correct(record.id, &difference, audit.version, self.now()).await {
                Ok(Correction::Applied { version }) => {
                    self.aggregates().require(record.id, version);
                    return Ok(Some(Rebuild { before, corrected: Some(version) }));
                }
                Ok(Correction::Stale) | Err(StoreError::OutcomeUnknown(_)) if attempt < AUDITS => {}
                Ok(Correction::Stale) => break,
                Err(error) => return Err(error),
            }
        }
        Err(StoreError::Unavailable("somebody else corrects the same totals again and again".into()))
    }

    fn chosen(&self, budget_slug: Option<&str>) -> Vec<Arc<BudgetRecord>> {
        let catalogue = self.catalogue();
        match budget_slug {
            Some(slug) => catalogue.find(slug).map(Arc::clone).into_iter().collect(),
            None => catalogue.all().to_vec(),
        }
    }

    async fn audit(&self, record: &BudgetRecord, progress: Progress<'_>) -> StoreResult<Option<Audit>> {
        self.store().audit(record.id, &|rows| progress(&record.budget.slug, rows)).await
    }
}

/// What differs, named.
pub(crate) fn verification(budget: &Budget, audit: &Audit) -> Verification {
    let mut differences = Vec::new();
    for (key, cell) in audit.summary.difference(&audit.raw).cells() {
        let name = cell_name(budget, key);
        let raw = audit.raw.cell(key);
        let mut push = |what: String, off: i64, raw: i64| {
            if off != 0 && differences.len() < LISTED {
                differences.push(Difference { cell: name.clone(), what, summary: raw + off, raw });
            }
        };
        push("people".into(), cell.people(), raw.map_or(0, |c| c.people()));
        for (i, totals) in cell.categories().iter().enumerate() {
            let slug = budget.categories.get(i).map_or("?", |c| c.slug.as_str());
            let raw = raw.and_then(|c| c.categories().get(i));
            push(format!("{slug} sum"), totals.sum, raw.map_or(0, |t| t.sum));
            push(format!("{slug} sum of squares"), totals.sum_squares, raw.map_or(0, |t| t.sum_squares));
            for (bin, off) in totals.histogram.iter().enumerate() {
                push(format!("{slug} people at {bin} %"), *off, raw.map_or(0, |t| t.histogram[bin]));
            }
        }
    }
    Verification {
        budget: budget.slug.clone(),
        version: audit.version,
        people: audit.raw.cell(CellKey::Total).map_or(0, |c| c.people()),
        differences,
        wrong_participants: audit.wrong_participants,
        unreadable: audit.unreadable,
    }
}

fn cell_name(budget: &Budget, key: CellKey) -> String {
    match key {
        CellKey::Total => "total".into(),
        CellKey::Day(day) => format!("day {day}"),
        CellKey::Segment(segment, value) => {
            let segment = budget.segments.get(usize::from(segment));
            let answer = segment.and_then(|s| s.values.get(usize::from(value).wrapping_sub(1)));
            format!("segment {}={}", segment.map_or("?", |s| &s.slug), answer.map_or("?", |v| &v.slug))
        }
    }
}
