//! One line of the table.

use crate::rounds::Spread;
use serde::{Deserialize, Serialize};

/// One measured thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) value: Spread,
    pub(crate) unit: Unit,
    /// The same measure of the baseline.
    pub(crate) baseline: Option<Spread>,
    /// Value / baseline, round by round.
    pub(crate) ratio: Option<Spread>,
    /// `None` = only reported.
    pub(crate) aim: Option<Aim>,
    /// What else a reader should know.
    pub(crate) note: String,
}

/// What the numbers count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Unit {
    PerSecond,
    Micros,
    Seconds,
    Bytes,
    Mebibytes,
}

/// What is good enough, of the ratio or of the value itself.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Aim {
    RatioAtLeast(f64),
    RatioAtMost(f64),
    AtLeast(f64),
    AtMost(f64),
}

impl Row {
    /// A value that is only reported.
    pub(crate) fn new(name: impl Into<String>, value: Spread, unit: Unit) -> Self {
        let name = name.into();
        Self { name, value, unit, baseline: None, ratio: None, aim: None, note: String::new() }
    }

    /// One measure of subject and baseline.
    pub(crate) fn compared<T>(
        name: impl Into<String>,
        pairs: &[(T, T)],
        unit: Unit,
        measure: impl Fn(&T) -> f64,
    ) -> Self {
        let value = Spread::of(pairs.iter().map(|(subject, _)| measure(subject)));
        let baseline = Spread::of(pairs.iter().map(|(_, baseline)| measure(baseline)));
        let ratio = Spread::of_ratios(pairs, measure);
        Self { baseline: Some(baseline), ratio: Some(ratio), ..Self::new(name, value, unit) }
    }

    pub(crate) fn aim(mut self, aim: Aim) -> Self {
        self.aim = Some(aim);
        self
    }

    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// Whether the median reaches the aim; `None` = there is none.
    pub(crate) fn is_met(&self) -> Option<bool> {
        let ratio = self.ratio.map_or(f64::NAN, |ratio| ratio.median);
        self.aim.map(|aim| match aim {
            Aim::RatioAtLeast(aim) => ratio >= aim,
            Aim::RatioAtMost(aim) => ratio <= aim,
            Aim::AtLeast(aim) => self.value.median >= aim,
            Aim::AtMost(aim) => self.value.median <= aim,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_aim_is_judged_by_the_median() {
        let pairs = [(9.0, 10.0), (8.0, 10.0), (1.0, 10.0)];
        let row = Row::compared("x", &pairs, Unit::PerSecond, |value| *value);
        assert_eq!(row.ratio.unwrap().median, 0.8);
        assert_eq!(row.is_met(), None);
        for (aim, met) in [
            (Aim::RatioAtLeast(0.8), true),
            (Aim::RatioAtLeast(0.85), false),
            (Aim::RatioAtMost(0.8), true),
            (Aim::AtLeast(8.5), false),
            (Aim::AtMost(8.0), true),
        ] {
            assert_eq!(row.clone().aim(aim).is_met(), Some(met), "{aim:?}");
        }
    }
}
