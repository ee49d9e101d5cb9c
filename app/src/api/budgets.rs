//! The budgets that there are.

use crate::locale::Language;
use domain::Budget;
use service::{Allot, port::BudgetRecord};

/// A budget on offer, in the language that was asked for where it has one.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub budget: Budget,
    /// Takes no submissions any more.
    pub closed: bool,
    /// Where its allocate page is; neutral.
    pub path: String,
    /// Where its aggregate is; neutral.
    pub aggregate_path: String,
}

/// A budget with actual spending, for the pages of one without.
#[derive(Clone, Debug)]
pub(crate) struct WithActual {
    pub title: String,
    /// Where its allocate page is; neutral.
    pub path: String,
}

/// One as it is offered in this language.
pub(crate) fn listed(allot: &Allot, language: Language, record: &BudgetRecord) -> Listed {
    let slug = &record.budget.slug;
    let is_default = allot.catalogue().default_budget().is_some_and(|default| default.id == record.id);
    Listed {
        budget: record.budget.in_language(language.tag()),
        closed: record.closed,
        path: if is_default { "/".to_owned() } else { format!("/b/{slug}") },
        aggregate_path: if is_default { "/aggregate".to_owned() } else { format!("/b/{slug}/aggregate") },
    }
}

/// All of them, in the order in which they were made.
pub(crate) fn budgets(allot: &Allot, language: Language) -> Vec<Listed> {
    allot.catalogue().all().iter().map(|record| listed(allot, language, record)).collect()
}

/// One by its slug.
pub(crate) fn budget(allot: &Allot, language: Language, slug: &str) -> Option<Listed> {
    allot.catalogue().find(slug).map(|record| listed(allot, language, record))
}

/// The one of the first page.
pub(crate) fn default_budget(allot: &Allot, language: Language) -> Option<Listed> {
    allot.catalogue().default_budget().map(|record| listed(allot, language, record))
}

/// The first one with actual spending, if `budget` has none.
pub(crate) fn with_actual_instead(allot: &Allot, language: Language, budget: &Budget) -> Option<WithActual> {
    if budget.actual.is_some() {
        return None;
    }
    let catalogue = allot.catalogue();
    let record = catalogue.all().iter().find(|record| record.budget.actual.is_some())?;
    let Listed { budget, path, .. } = listed(allot, language, record);
    Some(WithActual { title: budget.title, path })
}
