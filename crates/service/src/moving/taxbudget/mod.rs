//! The submissions of taxbudget, the Django application before Allot.
//!
//! Every session that was submitted and is whole becomes a submission without a participant, with an id made of
//! its time and its session key. Which session became which submission is stored (hashed), so that a second run
//! adds nothing, old addresses find their results, and what was deleted here does not come back.

mod ballot;
mod pass;
mod session;

pub use ballot::{SLUG, Wish};
pub use session::Reason;

use crate::port::{Clock, ImportOutcome, Predecessor, StoreError, Transfer};
use ballot::Ballot;
use domain::Budget;
use std::{collections::BTreeMap, sync::Arc};

/// Why nothing (more) was imported. What was imported before stays.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The database to import to.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The old database.
    #[error("the old database can't be read: {0}")]
    Old(StoreError),
    /// Categories that can't be told apart.
    #[error("the categories of the old database can't be used: {0}")]
    Categories(String),
    /// No budget can be made of them.
    #[error("the categories of the old database make no budget: {0}")]
    Budget(String),
    /// The wanted budget has other categories.
    #[error("budget {0} has other categories than the old database ({1})")]
    OtherCategories(String, String),
    /// Several budgets have these categories.
    #[error("several budgets have the categories of the old database: {0}")]
    Ambiguous(String),
}

/// A session that is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Its name, if it has one.
    pub session_key: Option<String>,
    /// Why.
    pub reason: Reason,
}

/// One category before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// Its name.
    pub name: String,
    /// Hundredths of a percent over the sessions that are here, as the old database has them.
    pub old: u64,
    /// The same as this database has them.
    pub new: u64,
}

/// What an import did.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// The budget's slug.
    pub budget: String,
    /// Whether the import made it.
    pub made_budget: bool,
    /// Submissions added by this run.
    pub added: u64,
    /// Submissions that were here already.
    pub known: u64,
    /// Submissions that were imported once and deleted here since.
    pub deleted: u64,
    /// Submissions that were imported once and are not kept one by one any more.
    pub gone: u64,
    /// Sessions left out, by the kind of reason.
    pub left_out: BTreeMap<&'static str, u64>,
    /// Per category, over all sessions that are here.
    pub compared: Vec<Compared>,
    /// Sessions that should be here and are not.
    pub missing: u64,
    /// Whether the budget's summary is what its submissions say.
    pub exact: bool,
}

impl Imported {
    /// Everything that can be imported is here, and says what it said there.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.exact && self.missing == 0 && self.compared.iter().all(|category| category.old == category.new)
    }
}

/// Hears of every session that is left out, and of how many sessions were read so far.
pub trait Listener: Send {
    /// Left out.
    fn left_out(&mut self, session: &LeftOut);
    /// So many sessions of this pass were read; the second pass checks.
    fn read(&mut self, sessions: u64, checking: bool);
}

/// Imports what is new. Safe to repeat, and to stop at any moment.
///
/// # Errors
/// See [`ImportError`]; totals that differ are no error but part of the answer.
pub async fn import(
    old: &Arc<dyn Predecessor>,
    store: &dyn Transfer,
    wish: &Wish,
    clock: &dyn Clock,
    listener: &mut dyn Listener,
) -> Result<Imported, ImportError> {
    let categories = old.categories().await.map_err(ImportError::Old)?;
    ballot::check(&categories)?;
    let mut imported = Imported::default();
    let known = store.budgets().await?;
    let (id, budget) = match ballot::find(&known, &categories, wish)? {
        Some(record) => (record.id, record.budget.clone()),
        None => {
            imported.made_budget = true;
            let budget = ballot::make(&categories, wish)?;
            (made(store, &budget, clock).await?, budget)
        }
    };
    imported.budget.clone_from(&budget.slug);
    let ballot = Ballot::of(&categories, &budget);
    let archived = store.archived_before(id).await?;
    let mut pass =
        pass::Pass { store, clock, budget: id, ballot: &ballot, archived, imported: &mut imported, listener };
    pass.bring(old).await?;
    pass.compare(old, &budget).await?;
    if let Some(audit) = store.audit(id, &|_| {}).await? {
        imported.exact = audit.summary == audit.raw && audit.wrong_participants == 0;
    }
    Ok(imported)
}

async fn made(store: &dyn Transfer, budget: &Budget, clock: &dyn Clock) -> Result<crate::port::BudgetId, ImportError> {
    if store.import_budget(budget, clock.now()).await? == ImportOutcome::Frozen {
        return Err(ImportError::OtherCategories(budget.slug.clone(), "it was made by somebody else just now".into()));
    }
    let made = store.budgets().await?.into_iter().find(|record| record.budget.slug == budget.slug);
    Ok(made.ok_or_else(|| StoreError::Failed("the budget that was made is not there".into()))?.id)
}
