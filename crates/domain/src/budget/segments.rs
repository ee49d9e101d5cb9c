//! Answers to a budget's segments, between what clients say and what is stored.
//!
//! Stored: one byte per segment of the budget, the position of the answer plus one, 0 = not declared; no
//! bytes at all when nothing is declared.

use super::Budget;
use crate::FieldError;
use std::collections::BTreeMap;

impl Budget {
    /// The stored form of what a person says about themselves. Segments may be left out.
    ///
    /// # Errors
    /// Every complaint at once: `segments.{segment}` for one that the budget doesn't ask for, or an answer
    /// that it doesn't offer.
    pub fn read_segments(&self, segments: &Option<BTreeMap<String, String>>) -> Result<Box<[u8]>, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut stored = vec![0; self.segments.len()];
        for (slug, answer) in segments.iter().flatten() {
            let Some(i) = self.segments.iter().position(|s| s.slug == *slug) else {
                errors.push(FieldError::new(format!("segments.{slug}"), "is not asked by this budget"));
                continue;
            };
            let position = self.segments[i].values.iter().position(|v| v.slug == *answer);
            match position.and_then(|p| u8::try_from(p + 1).ok()) {
                Some(value) => stored[i] = value,
                None => errors.push(FieldError::new(format!("segments.{slug}"), "is not one of the possible answers")),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(if stored.iter().all(|value| *value == 0) { Box::default() } else { stored.into() })
    }

    /// The answers by segment, back from the stored form; `None` when nothing is declared. Positions that
    /// the budget doesn't have are left out.
    #[must_use]
    pub fn name_segments(&self, stored: &[u8]) -> Option<BTreeMap<String, String>> {
        let answers: BTreeMap<_, _> = self
            .segments
            .iter()
            .zip(stored)
            .filter_map(|(segment, value)| {
                let answer = segment.values.get(usize::from(value.checked_sub(1)?))?;
                Some((segment.slug.clone(), answer.slug.clone()))
            })
            .collect();
        (!answers.is_empty()).then_some(answers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::sample;

    fn said(answers: &[(&str, &str)]) -> Option<BTreeMap<String, String>> {
        Some(answers.iter().map(|(s, a)| ((*s).to_owned(), (*a).to_owned())).collect())
    }

    #[test]
    fn answers_come_back_as_they_were_given() {
        let budget = sample();
        for answers in [said(&[("age", "older")]), said(&[("region", "north"), ("age", "younger")])] {
            let stored = budget.read_segments(&answers).unwrap();
            assert_eq!(budget.name_segments(&stored), answers);
        }
        assert_eq!(*budget.read_segments(&said(&[("region", "south")])).unwrap(), [0, 2]);
    }

    #[test]
    fn nothing_declared_is_stored_as_nothing() {
        let budget = sample();
        for answers in [None, said(&[])] {
            assert!(budget.read_segments(&answers).unwrap().is_empty());
        }
        assert_eq!(budget.name_segments(&[]), None);
        assert_eq!(budget.name_segments(&[0, 0]), None);
        assert_eq!(budget.name_segments(&[9, 9, 9]), None);
    }

    #[test]
    fn unknown_questions_and_answers_are_all_reported() {
        let errors = sample().read_segments(&said(&[("age", "ancient"), ("shoe", "42"), ("region", "north")]));
        let fields: Vec<_> = errors.unwrap_err().into_iter().map(|e| e.field).collect();
        assert_eq!(fields, ["segments.age", "segments.shoe"]);
    }
}
