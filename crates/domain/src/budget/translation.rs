//! The words of a budget in other languages. Figures, slugs and colours are the same in all.

use super::Budget;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The words of a budget in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Translation {
    /// For people.
    pub title: String,
    /// The unit of the actual spending; given exactly when that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The source of the actual spending; given exactly when that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// By slug, all of them.
    pub categories: BTreeMap<String, CategoryWords>,
}

/// The words of a category in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryWords {
    /// For people.
    pub name: String,
    /// What it covers, one short sentence.
    pub description: String,
}

impl Budget {
    /// This budget with its words in the language of this tag, such as `es`, where it has them; else as it is.
    #[must_use]
    pub fn in_language(&self, tag: &str) -> Self {
        let mut budget = self.clone();
        let Some(words) = self.translations.get(tag) else { return budget };
        budget.title.clone_from(&words.title);
        for category in &mut budget.categories {
            if let Some(words) = words.categories.get(&category.slug) {
                category.name.clone_from(&words.name);
                category.description.clone_from(&words.description);
            }
        }
        if let Some(actual) = &mut budget.actual {
            if let Some(unit) = &words.unit {
                actual.unit.clone_from(unit);
            }
            if let Some(source) = &words.source {
                actual.source.clone_from(source);
            }
        }
        budget
    }

    pub(super) fn check_translations(&self, complain: &mut impl FnMut(String, &str)) {
        for (tag, words) in &self.translations {
            let field = format!("translations.{tag}");
            if !is_tag(tag) {
                complain(field.clone(), "must be a language such as es or pt-BR");
            }
            let mut text = |name: &str, text: Option<&str>, wanted: bool| match text {
                Some(_) if !wanted => {
                    complain(format!("{field}.{name}"), "is about actual spending, which is not given")
                }
                Some(text) if text.trim().is_empty() => complain(format!("{field}.{name}"), "is empty"),
                None if wanted => complain(format!("{field}.{name}"), "is missing"),
                _ => {}
            };
            text("title", Some(&words.title), true);
            text("unit", words.unit.as_deref(), self.actual.is_some());
            text("source", words.source.as_deref(), self.actual.is_some());
            for category in &self.categories {
                let words = words.categories.get(&category.slug);
                text(&format!("categories.{}", category.slug), words.map(|words| words.name.as_str()), true);
            }
            for slug in words.categories.keys().filter(|slug| self.position(slug).is_none()) {
                complain(format!("{field}.categories.{slug}"), "is not a category of this budget");
            }
        }
    }
}

/// Whether this looks like a BCP 47 tag: a language of two or three letters, perhaps a script or a region.
fn is_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default();
    (2..=3).contains(&language.len())
        && language.bytes().all(|b| b.is_ascii_lowercase())
        && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::sample;

    fn words() -> Translation {
        let category = |slug: &str| {
            (slug.to_owned(), CategoryWords { name: format!("{slug} (es)"), description: "Qué abarca".to_owned() })
        };
        Translation {
            title: "La ciudad".to_owned(),
            unit: None,
            source: None,
            categories: ["schools", "roads", "parks"].map(category).into(),
        }
    }

    fn translated(tag: &str, words: Translation) -> Budget {
        Budget { translations: BTreeMap::from([(tag.to_owned(), words)]), ..sample() }
    }

    #[test]
    fn only_the_words_change_with_the_language() {
        let budget = translated("es", words());
        assert_eq!(budget.validate(), Ok(()));
        let spanish = budget.in_language("es");
        assert_eq!((spanish.title.as_str(), spanish.categories[1].name.as_str()), ("La ciudad", "roads (es)"));
        assert_eq!(spanish.categories[1].slug, "roads");
        assert_eq!(budget.in_language("fr"), budget);
        let actual = Translation { unit: Some("millones".into()), source: Some("El ayuntamiento".into()), ..words() };
        let budget = translated("es", actual).with_actual(&[1, 2, 3], "millions", "2025", "The city").unwrap();
        assert_eq!(budget.validate(), Ok(()));
        let spanish = budget.in_language("es").actual.unwrap();
        assert_eq!((spanish.unit.as_str(), spanish.source.as_str()), ("millones", "El ayuntamiento"));
        assert_eq!(spanish.total_hundredths, 6);
    }

    #[test]
    fn a_translation_is_whole_and_of_this_budget() {
        let complaints = |tag: &str, change: fn(&mut Translation)| {
            let mut words = words();
            change(&mut words);
            let errors = translated(tag, words).validate().err().into_iter().flatten();
            errors.map(|error| error.field).collect::<Vec<_>>()
        };
        assert_eq!(complaints("Spanish", |_| {}), ["translations.Spanish"]);
        assert_eq!(complaints("es", |words| words.title.clear()), ["translations.es.title"]);
        assert_eq!(complaints("es", |words| words.unit = Some("millones".into())), ["translations.es.unit"]);
        let missing = |words: &mut Translation| _ = words.categories.remove("roads");
        assert_eq!(complaints("es", missing), ["translations.es.categories.roads"]);
        let unknown = |words: &mut Translation| {
            let roads = words.categories["roads"].clone();
            words.categories.insert("rods".into(), roads);
        };
        assert_eq!(complaints("es", unknown), ["translations.es.categories.rods"]);
    }
}
