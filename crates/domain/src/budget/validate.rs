//! What makes a budget definition valid.

use super::{Budget, MAX_CATEGORIES, MAX_SEGMENTS, MAX_SLUG, MAX_VALUES, MIN_CATEGORIES};
use crate::{FieldError, WHOLE};

impl Budget {
    /// Checks the whole definition.
    ///
    /// # Errors
    /// Every complaint at once, with fields such as `slug`, `categories`, `categories.health.color`,
    /// `segments.age.values.under-30.slug` and `translations.es.title`.
    pub fn validate(&self) -> Result<(), Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut complain = |field: String, message: &str| errors.push(FieldError::new(field, message));

        check_slug("slug", &self.slug, &mut complain);
        check_text("title", &self.title, &mut complain);
        if self.currency.len() != 3 || !self.currency.bytes().all(|b| b.is_ascii_uppercase()) {
            complain("currency".into(), "must be three capital letters (ISO 4217)");
        }
        self.check_categories(&mut complain);
        self.check_actual(&mut complain);
        self.check_segments(&mut complain);
        self.check_translations(&mut complain);
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    fn check_categories(&self, complain: &mut impl FnMut(String, &str)) {
        if !(MIN_CATEGORIES..=MAX_CATEGORIES).contains(&self.categories.len()) {
            complain("categories".into(), "must be 2 to 40");
        }
        check_slugs("categories", self.categories.iter().map(|c| c.slug.as_str()), complain);
        for category in &self.categories {
            let field = format!("categories.{}", category.slug);
            check_text(&format!("{field}.name"), &category.name, complain);
            if !is_color(&category.color) {
                complain(format!("{field}.color"), "must be #rrggbb");
            }
        }
    }

    fn check_actual(&self, complain: &mut impl FnMut(String, &str)) {
        let given = self.categories.iter().filter_map(|c| c.actual_points);
        match (given.clone().count(), &self.actual) {
            (0, None) => return,
            (0, Some(_)) => complain("actual".into(), "must come with the actual points of the categories"),
            (n, _) if n != self.categories.len() => {
                complain("actual".into(), "must be given for all categories or for none");
            }
            (_, None) => complain("actual".into(), "must name its total, unit, year and source"),
            (_, Some(_)) => {}
        }
        let sum: u64 = given.map(|points| u64::from(points.get())).sum();
        if sum != u64::from(WHOLE) {
            complain("actual".into(), "must sum to exactly 10000 points");
        }
        if let Some(actual) = &self.actual {
            if actual.total_hundredths <= 0 {
                complain("actual.total".into(), "must be above zero");
            }
            for (field, text) in
                [("actual.unit", &actual.unit), ("actual.year", &actual.year), ("actual.source", &actual.source)]
            {
                check_text(field, text, complain);
            }
        }
    }

    fn check_segments(&self, complain: &mut impl FnMut(String, &str)) {
        if self.segments.len() > MAX_SEGMENTS {
            complain("segments".into(), "must be at most 20");
        }
        check_slugs("segments", self.segments.iter().map(|s| s.slug.as_str()), complain);
        for segment in &self.segments {
            let field = format!("segments.{}", segment.slug);
            check_text(&format!("{field}.name"), &segment.name, complain);
            let values = format!("{field}.values");
            if !(1..=MAX_VALUES).contains(&segment.values.len()) {
                complain(values.clone(), "must be 1 to 254");
            }
            check_slugs(&values, segment.values.iter().map(|v| v.slug.as_str()), complain);
            for value in &segment.values {
                check_text(&format!("{values}.{}.name", value.slug), &value.name, complain);
            }
        }
    }
}

fn check_slugs<'a>(field: &str, slugs: impl Iterator<Item = &'a str> + Clone, complain: &mut impl FnMut(String, &str)) {
    for (i, slug) in slugs.clone().enumerate() {
        let field = format!("{field}.{slug}.slug");
        check_slug(&field, slug, complain);
        if slugs.clone().take(i).any(|earlier| earlier == slug) {
            complain(field, "is used twice");
        }
    }
}

fn check_slug(field: &str, slug: &str, complain: &mut impl FnMut(String, &str)) {
    if !is_slug(slug) {
        complain(field.into(), "must be lower-case letters and digits, with single hyphens between them, at most 64");
    }
}

fn check_text(field: &str, text: &str, complain: &mut impl FnMut(String, &str)) {
    if text.trim().is_empty() {
        complain(field.into(), "is empty");
    }
}

fn is_slug(text: &str) -> bool {
    let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    text.len() <= MAX_SLUG && text.split('-').all(word)
}

fn is_color(text: &str) -> bool {
    text.len() == 7 && text.strip_prefix('#').is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Points, budget::sample};

    fn complaints(change: impl FnOnce(&mut Budget)) -> Vec<String> {
        let mut budget = sample();
        change(&mut budget);
        budget.validate().err().into_iter().flatten().map(|e| e.field).collect()
    }

    #[test]
    fn a_complete_budget_is_valid() {
        assert_eq!(sample().validate(), Ok(()));
    }

    #[test]
    fn slugs_are_words_joined_by_hyphens() {
        for slug in ["", "-a", "a-", "a--b", "A", "a_b", "a b", "\u{e9}", &"a".repeat(65)] {
            assert_eq!(complaints(|b| b.slug = slug.into()), ["slug"], "{slug:?}");
        }
        for slug in ["a", "7", "us-fy2024", &"a".repeat(64)] {
            assert!(complaints(|b| b.slug = slug.into()).is_empty(), "{slug:?}");
        }
    }

    #[test]
    fn a_budget_has_2_to_40_categories_with_slugs_of_their_own() {
        assert_eq!(complaints(|b| b.categories.truncate(1)), ["categories"]);
        assert_eq!(complaints(|b| b.categories[2].slug = "roads".into()), ["categories.roads.slug"]);
        let many = |n: usize| {
            complaints(|b| {
                let category = b.categories[0].clone();
                b.categories = (0..n).map(|i| crate::Category { slug: format!("c{i}"), ..category.clone() }).collect();
            })
        };
        assert!(many(40).is_empty());
        assert_eq!(many(41), ["categories"]);
    }

    #[test]
    fn texts_colours_and_currency_are_checked() {
        assert_eq!(complaints(|b| b.title = " ".into()), ["title"]);
        assert_eq!(complaints(|b| b.currency = "eur".into()), ["currency"]);
        assert_eq!(complaints(|b| b.categories[0].name.clear()), ["categories.schools.name"]);
        for color in ["red", "#12345", "#1234567", "1234567", "#12345g", "#+12345"] {
            assert_eq!(complaints(|b| b.categories[0].color = color.into()), ["categories.schools.color"], "{color}");
        }
    }

    #[test]
    fn actual_spending_is_known_for_all_categories_or_for_none() {
        let known = |points: [Option<u16>; 3]| {
            complaints(|b| {
                *b = b.clone().with_actual(&[1, 1, 1], "millions", "2025", "The city").unwrap();
                for (category, points) in b.categories.iter_mut().zip(points) {
                    category.actual_points = points.and_then(Points::new);
                }
            })
        };
        assert!(known([Some(0), Some(1), Some(9999)]).is_empty());
        assert_eq!(known([Some(0), Some(1), Some(9998)]), ["actual"]);
        assert!(known([None, Some(1), Some(9999)]).contains(&"actual".to_owned()));
        assert!(known([None; 3]).contains(&"actual".to_owned()));
        let without_source = complaints(|b| {
            *b = b.clone().with_actual(&[1, 1, 1], "millions", "2025", "").unwrap();
        });
        assert_eq!(without_source, ["actual.source"]);
    }

    #[test]
    fn segments_are_limited_and_have_answers_of_their_own() {
        assert_eq!(complaints(|b| b.segments[0].values.clear()), ["segments.age.values"]);
        assert_eq!(complaints(|b| b.segments[1].slug = "age".into()), ["segments.age.slug"]);
        let twice = complaints(|b| b.segments[0].values[1].slug = "younger".into());
        assert_eq!(twice, ["segments.age.values.younger.slug"]);
        let many = |segments: usize, values: usize| {
            complaints(|b| {
                let value = b.segments[0].values[0].clone();
                let value = |i| crate::SegmentValue { slug: format!("v{i}"), ..value.clone() };
                let segment = crate::Segment { values: (0..values).map(value).collect(), ..b.segments[0].clone() };
                b.segments =
                    (0..segments).map(|i| crate::Segment { slug: format!("s{i}"), ..segment.clone() }).collect();
            })
        };
        assert!(many(20, 254).is_empty());
        assert_eq!(many(21, 1), ["segments"]);
        assert_eq!(many(1, 255), ["segments.s0.values"]);
    }
}
