//! Budget files (`budgets/README.md` describes them) and the ones built into the program.

use domain::{
    Actual, Budget, Category, FieldError, Points, Segment, Translation, WHOLE, apportion::largest_remainder,
    decimal::parse_hundredths,
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The budgets that an empty database gets, in the order in which they are offered.
pub(crate) const BUILT_IN: [(&str, &str); 3] = [
    ("tax-dollars.toml", include_str!("../budgets/tax-dollars.toml")),
    ("us-fy2024.toml", include_str!("../budgets/us-fy2024.toml")),
    ("uk-2024-25.toml", include_str!("../budgets/uk-2024-25.toml")),
];

/// Why a budget file can't be imported.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BudgetFileError {
    /// Not TOML, or not of the documented shape; the message names the line.
    #[error("{}", .0.to_string().trim_end())]
    Shape(#[from] toml::de::Error),
    /// Complaints about fields.
    #[error("{}", listed(.0))]
    Invalid(Vec<FieldError>),
}

fn listed(errors: &[FieldError]) -> String {
    errors.iter().map(|error| format!("{} {}", error.field, error.message)).collect::<Vec<_>>().join("; ")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    slug: String,
    title: String,
    currency: String,
    actual: Option<FileActual>,
    categories: Vec<FileCategory>,
    #[serde(default)]
    segments: Vec<Segment>,
    #[serde(default)]
    translations: BTreeMap<String, Translation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileActual {
    total: String,
    unit: String,
    year: String,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileCategory {
    slug: String,
    name: String,
    description: String,
    color: String,
    amount: Option<String>,
}

/// Reads and checks a budget file.
///
/// # Errors
/// What is wrong with it, every complaint at once.
pub(crate) fn read(text: &str) -> Result<Budget, BudgetFileError> {
    let file: File = toml::from_str(text)?;
    let mut errors = Vec::new();
    let mut hundredths = |field: String, text: &str| {
        let parsed = parse_hundredths(text);
        parsed.map_err(|error| errors.push(FieldError::new(field, error.to_string()))).unwrap_or_default()
    };
    let mut amounts: Vec<Option<u64>> = Vec::new();
    for category in &file.categories {
        let amount = category.amount.as_deref();
        amounts.push(amount.map(|amount| hundredths(format!("categories.{}.amount", category.slug), amount)));
    }
    let total = file.actual.as_ref().map(|actual| hundredths("actual.total".into(), &actual.total));
    let shares = shares(total, &amounts, &mut errors);
    let budget = Budget {
        slug: file.slug,
        title: file.title,
        currency: file.currency,
        categories: file
            .categories
            .into_iter()
            .enumerate()
            .map(|(place, category)| Category {
                slug: category.slug,
                name: category.name,
                description: category.description,
                color: category.color,
                actual_points: shares.get(place).copied().and_then(Points::new),
            })
            .collect(),
        actual: file.actual.map(|actual| Actual {
            total_hundredths: total.and_then(|total| i64::try_from(total).ok()).unwrap_or_default(),
            unit: actual.unit,
            year: actual.year,
            source: actual.source,
        }),
        segments: file.segments,
        translations: file.translations,
    };
    if errors.is_empty() {
        budget.validate().map_err(BudgetFileError::Invalid)?;
        return Ok(budget);
    }
    Err(BudgetFileError::Invalid(errors))
}

/// The shares of the amounts; none without `[actual]`.
fn shares(total: Option<u64>, amounts: &[Option<u64>], errors: &mut Vec<FieldError>) -> Vec<u16> {
    let mut complain = |message: &str| errors.push(FieldError::new("actual", message));
    let given: Vec<u64> = amounts.iter().flatten().copied().collect();
    match total {
        None if given.is_empty() => {}
        None => complain("is missing, but categories have amounts"),
        Some(_) if given.len() != amounts.len() => complain("needs an amount for every category"),
        Some(total) if given.iter().sum::<u64>() != total => complain("has a total that is not the sum of the amounts"),
        Some(_) => return largest_remainder(&given, WHOLE),
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_budgets_are_valid_and_their_shares_are_whole() {
        for (name, text) in BUILT_IN {
            let budget = read(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(format!("{}.toml", budget.slug), name);
            if budget.actual.is_some() {
                assert_eq!(budget.actual_points().unwrap().iter().map(|p| u32::from(*p)).sum::<u32>(), 10_000);
            }
        }
    }

    #[test]
    fn a_mistyped_amount_is_found_by_the_total() {
        let text = BUILT_IN[1].1.replacen("amount = \"1460.91\"", "amount = \"1460.92\"", 1);
        assert!(read(&text).unwrap_err().to_string().contains("not the sum of the amounts"));
        let text = BUILT_IN[1].1.replacen("amount = \"1460.91\"", "amount = \"1,460.91\"", 1);
        assert!(read(&text).unwrap_err().to_string().contains("categories.social-security.amount"));
        let text = BUILT_IN[1].1.replacen("amount = \"1460.91\"", "", 1);
        assert!(read(&text).unwrap_err().to_string().contains("every category"));
    }

    #[test]
    fn an_unknown_field_is_refused_with_its_line() {
        let error = read(&format!("colour = \"red\"\n{}", BUILT_IN[0].1)).unwrap_err().to_string();
        assert!(error.contains("line 1") && error.contains("colour"), "{error}");
    }
}
