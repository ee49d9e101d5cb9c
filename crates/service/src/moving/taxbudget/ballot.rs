//! The categories of taxbudget as a budget: an existing one with the same names, or a new one.

use super::ImportError;
use crate::port::{BudgetRecord, OldCategory};
use domain::{Budget, Category, budget::MAX_SLUG};
use std::collections::{BTreeSet, HashMap};

/// The slug of a budget that the import makes.
pub const SLUG: &str = "taxbudget";
const TITLE: &str = "Tax budget";
const CURRENCY: &str = "USD";
/// For a category whose colour is none.
const COLOR: &str = "#007bff";

/// What the operator wants of the budget.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// Its slug, of an existing budget or of the one to make.
    pub slug: Option<String>,
    /// The title of a new one.
    pub title: Option<String>,
    /// The currency of a new one.
    pub currency: Option<String>,
}

/// Which category of taxbudget is which of the budget.
#[derive(Clone, Debug, Default)]
pub(super) struct Ballot {
    positions: HashMap<i64, usize>,
}

impl Ballot {
    pub(super) fn of(old: &[OldCategory], budget: &Budget) -> Self {
        let position = |category: &OldCategory| {
            let name = folded(category.name.as_deref()?);
            let position = budget.categories.iter().position(|mine| folded(&mine.name) == name)?;
            Some((category.id?, position))
        };
        Self { positions: old.iter().filter_map(position).collect() }
    }

    pub(super) fn position(&self, old: i64) -> Option<usize> {
        self.positions.get(&old).copied()
    }

    pub(super) fn len(&self) -> usize {
        self.positions.len()
    }
}

/// Names are the same whatever their case and the space around them.
fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

fn names(old: &[OldCategory]) -> BTreeSet<String> {
    old.iter().filter_map(|category| category.name.as_deref()).map(folded).collect()
}

fn has_the_same(budget: &Budget, names: &BTreeSet<String>) -> bool {
    budget.categories.len() == names.len() && budget.categories.iter().all(|mine| names.contains(&folded(&mine.name)))
}

/// Refuses categories that can't be told apart.
pub(super) fn check(old: &[OldCategory]) -> Result<(), ImportError> {
    let broken = |what: &str| Err(ImportError::Categories(what.to_owned()));
    if old.iter().any(|category| category.id.is_none()) {
        return broken("one has no id");
    }
    if old.iter().any(|category| category.name.as_deref().is_none_or(|name| name.trim().is_empty())) {
        return broken("one has no name");
    }
    let ids: BTreeSet<_> = old.iter().map(|category| category.id).collect();
    if ids.len() != old.len() || names(old).len() != old.len() {
        return broken("two have the same id or name");
    }
    Ok(())
}

/// The existing budget to import to; `None` = make one.
pub(super) fn find<'b>(
    known: &'b [BudgetRecord],
    old: &[OldCategory],
    wish: &Wish,
) -> Result<Option<&'b BudgetRecord>, ImportError> {
    let names = names(old);
    let wanted = wish.slug.as_deref();
    if let Some(record) = known.iter().find(|record| record.budget.slug == wanted.unwrap_or(SLUG)) {
        if has_the_same(&record.budget, &names) {
            return Ok(Some(record));
        }
        return Err(ImportError::OtherCategories(record.budget.slug.clone(), difference(&record.budget, &names)));
    }
    if wanted.is_some() {
        return Ok(None);
    }
    let alike: Vec<_> = known.iter().filter(|record| has_the_same(&record.budget, &names)).collect();
    match alike[..] {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        _ => Err(ImportError::Ambiguous(
            alike.iter().map(|record| record.budget.slug.as_str()).collect::<Vec<_>>().join(", "),
        )),
    }
}

fn difference(budget: &Budget, names: &BTreeSet<String>) -> String {
    let mine: BTreeSet<String> = budget.categories.iter().map(|category| folded(&category.name)).collect();
    let list = |names: Vec<&String>| names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
    format!(
        "only there: {}; only in the old database: {}",
        list(mine.difference(names).collect()),
        list(names.difference(&mine).collect())
    )
}

/// A new budget with these categories, in their order.
pub(super) fn make(old: &[OldCategory], wish: &Wish) -> Result<Budget, ImportError> {
    let mut taken = BTreeSet::new();
    let categories = old
        .iter()
        .enumerate()
        .map(|(place, category)| {
            let name = category.name.as_deref().unwrap_or_default().trim();
            let color = category.color.as_deref().unwrap_or_default().trim();
            Category {
                slug: free_slug(name, place, &mut taken),
                name: name.to_owned(),
                description: category.description.as_deref().unwrap_or_default().trim().to_owned(),
                color: if is_color(color) { color } else { COLOR }.to_owned(),
                actual_points: None,
            }
        })
        .collect();
    let text = |wish: &Option<String>, default: &str| wish.clone().unwrap_or_else(|| default.to_owned());
    let budget = Budget {
        slug: text(&wish.slug, SLUG),
        title: text(&wish.title, TITLE),
        currency: text(&wish.currency, CURRENCY),
        categories,
        actual: None,
        segments: Vec::new(),
        translations: Default::default(),
    };
    budget.validate().map_err(|errors| {
        let complaints: Vec<_> = errors.iter().map(|error| format!("{} {}", error.field, error.message)).collect();
        ImportError::Budget(complaints.join("; "))
    })?;
    Ok(budget)
}

fn is_color(text: &str) -> bool {
    text.len() == 7 && text.strip_prefix('#').is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The words of a name, or its place; with a number when another category has the same.
fn free_slug(name: &str, place: usize, taken: &mut BTreeSet<String>) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut slug = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
    slug.truncate(MAX_SLUG - 4);
    let slug = slug.trim_end_matches('-');
    let slug = if slug.is_empty() { format!("category-{}", place + 1) } else { slug.to_owned() };
    let mut free = slug.clone();
    let mut number = 1;
    while !taken.insert(free.clone()) {
        number += 1;
        free = format!("{slug}-{number}");
    }
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    fn old(names: &[&str]) -> Vec<OldCategory> {
        let category = |(id, name): (i64, &&str)| OldCategory {
            id: Some(id),
            name: Some((*name).to_owned()),
            description: None,
            color: Some("#12345".into()),
        };
        (1..).zip(names).map(category).collect()
    }

    fn record(budget: Budget) -> BudgetRecord {
        BudgetRecord { id: crate::port::BudgetId(1), budget, closed: false, head: Default::default() }
    }

    #[test]
    fn a_budget_is_made_with_slugs_of_its_own_for_whatever_the_names_are() {
        let long = "x".repeat(100);
        let made =
            make(&old(&["Defense & Military", "defense-military!", "Здоровье", &long]), &Wish::default()).unwrap();
        let slugs: Vec<_> = made.categories.iter().map(|category| category.slug.as_str()).collect();
        assert_eq!(slugs[..3], ["defense-military", "defense-military-2", "category-3"]);
        assert!(made.categories.iter().all(|category| category.color == COLOR));
        let wish = Wish { slug: Some("Bad slug".into()), ..Wish::default() };
        assert!(matches!(make(&old(&["a", "b"]), &wish), Err(ImportError::Budget(_))));
        assert!(matches!(make(&old(&["a"]), &Wish::default()), Err(ImportError::Budget(_))));
    }

    #[test]
    fn an_existing_budget_is_found_by_the_names_of_its_categories() {
        let mut budget = make(&old(&["Roads", "Schools"]), &Wish::default()).unwrap();
        budget.slug = "town".into();
        let known = [record(budget.clone()), record(Budget { slug: "city".into(), ..budget.clone() })];
        let (same, other) = (old(&["schools ", "ROADS"]), old(&["Roads", "Parks"]));
        let wish = |slug: &str| Wish { slug: Some(slug.into()), ..Wish::default() };
        assert_eq!(find(&known[..1], &same, &Wish::default()).unwrap().unwrap().budget.slug, "town");
        assert_eq!(find(&known, &same, &wish("city")).unwrap().unwrap().budget.slug, "city");
        assert!(matches!(find(&known, &same, &Wish::default()), Err(ImportError::Ambiguous(_))));
        assert!(find(&known, &other, &Wish::default()).unwrap().is_none());
        assert!(find(&known, &same, &wish("new")).unwrap().is_none());
        assert!(matches!(find(&known, &other, &wish("town")), Err(ImportError::OtherCategories(..))));
        let ballot = Ballot::of(&same, &budget);
        assert_eq!((ballot.position(1), ballot.position(2), ballot.position(3)), (Some(1), Some(0), None));
    }

    #[test]
    fn categories_that_cannot_be_told_apart_are_refused() {
        assert!(check(&old(&["a", "b"])).is_ok());
        assert!(check(&old(&["a", "A "])).is_err());
        assert!(check(&old(&["a", " "])).is_err());
    }
}
