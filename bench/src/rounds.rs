//! Alternating rounds, and what they amount to.

use serde::{Deserialize, Serialize};

/// The middle and the ends of a few values.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
    pub(crate) rounds: usize,
}

impl Spread {
    /// Of at least one value.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<_> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let rounds = values.len();
        let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
        let median = (at(rounds.saturating_sub(1) / 2) + at(rounds / 2)) / 2.0;
        Self { median, min: at(0), max: at(rounds.saturating_sub(1)), rounds }
    }

    /// Of the same measure of two sides, round by round.
    pub(crate) fn of_ratios<T>(pairs: &[(T, T)], measure: impl Fn(&T) -> f64) -> Self {
        Self::of(pairs.iter().map(|(subject, baseline)| measure(subject) / measure(baseline)))
    }
}

/// Measures subject and baseline `count` times in turn; who goes first alternates, so that a machine that gets
/// slower or faster meanwhile favours neither.
///
/// # Errors
/// The first of either side.
pub(crate) fn alternate<T, E>(
    count: u32,
    mut subject: impl FnMut() -> Result<T, E>,
    mut baseline: impl FnMut() -> Result<T, E>,
) -> Result<Vec<(T, T)>, E> {
    (0..count)
        .map(|round| {
            if round % 2 == 0 {
                let first = subject()?;
                Ok((first, baseline()?))
            } else {
                let first = baseline()?;
                Ok((subject()?, first))
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    #[test]
    fn a_spread_has_the_middle_and_the_ends() {
        assert_eq!(Spread::of([3.0, 1.0, 9.0]), Spread { median: 3.0, min: 1.0, max: 9.0, rounds: 3 });
        assert_eq!(Spread::of([4.0, 1.0]).median, 2.5);
    }

    #[test]
    fn sides_take_turns_in_going_first_and_stay_apart() {
        let order = RefCell::new(String::new());
        let side = |name: char| {
            order.borrow_mut().push(name);
            Ok::<_, ()>(name)
        };
        let pairs = alternate(3, || side('s'), || side('b')).unwrap();
        assert_eq!(*order.borrow(), "sbbssb");
        assert!(pairs.iter().all(|pair| *pair == ('s', 'b')));
    }
}
