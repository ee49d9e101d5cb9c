//! Presets: filling the whole ballot at once.
//!
//! Locked categories keep their points, and the preset fills the rest around them: what is not locked is
//! shared among the unlocked categories in the preset's proportions. Without locks, or where the locked ones
//! agree with it, that is the preset to the point.

use super::{Ballot, State};
use crate::{WHOLE, largest_remainder};

impl Ballot {
    /// The same for every unlocked category, all in all 10 000. Answers whether anything changed.
    pub fn even_split(&mut self) -> bool {
        let even = vec![1; self.state.points.len()];
        self.fill(&even, WHOLE)
    }

    /// The actual spending, all in all 10 000: `points` in category order. Answers whether anything changed;
    /// the wrong number of points or another sum changes nothing.
    pub fn actual(&mut self, points: &[u16]) -> bool {
        points.iter().map(|&p| u64::from(p)).sum::<u64>() == u64::from(WHOLE) && self.restore(points)
    }

    /// Nothing for every unlocked category, also with auto-balance on: clearing is a wish to begin again.
    /// Answers whether anything changed.
    pub fn clear(&mut self) -> bool {
        let nothing = vec![0; self.state.points.len()];
        self.fill(&nothing, 0)
    }

    /// These points, such as those of my last submission, in category order. Answers whether anything
    /// changed; the wrong number of points or a sum above 10 000 changes nothing.
    ///
    /// The ballot's total becomes theirs, or that of the locked categories if they have more.
    pub fn restore(&mut self, points: &[u16]) -> bool {
        let weights: Vec<u64> = points.iter().map(|&p| u64::from(p)).collect();
        match u16::try_from(weights.iter().sum::<u64>()) {
            Ok(total) if total <= WHOLE && points.len() == self.state.points.len() => self.fill(&weights, total),
            _ => false,
        }
    }

    /// Shares `total` minus what is locked among the unlocked categories; evenly if all their weights are zero.
    fn fill(&mut self, weights: &[u64], total: u16) -> bool {
        let locked: u16 = (0..weights.len()).filter(|i| self.is_locked(*i)).map(|i| self.state.points[i]).sum();
        let open: Vec<usize> = (0..weights.len()).filter(|i| !self.is_locked(*i)).collect();
        let open_weights: Vec<u64> = open.iter().map(|&i| weights[i]).collect();
        let mut points = self.state.points.clone();
        for (i, share) in open.into_iter().zip(largest_remainder(&open_weights, total.saturating_sub(locked))) {
            points[i] = share;
        }
        self.commit(State { points, ..self.state })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_even_split_gives_leftovers_to_the_first() {
        let mut ballot = Ballot::new(3);
        assert!(ballot.even_split());
        assert_eq!(ballot.points(), [3334, 3333, 3333]);
        assert!(!ballot.even_split());
    }

    #[test]
    fn presets_fill_the_rest_around_locked_categories() {
        let mut ballot = Ballot::new(4);
        ballot.set(1, 4000);
        ballot.toggle_lock(1);
        ballot.even_split();
        assert_eq!(ballot.points(), [2000, 4000, 2000, 2000]);
        ballot.actual(&[1000, 7000, 2000, 0]);
        assert_eq!(ballot.points(), [2000, 4000, 4000, 0]);
        ballot.clear();
        assert_eq!(ballot.points(), [0, 4000, 0, 0]);
        ballot.actual(&[0, 10_000, 0, 0]);
        assert_eq!(ballot.points(), [2000, 4000, 2000, 2000]);
    }

    #[test]
    fn restoring_without_locks_is_to_the_point() {
        let mut ballot = Ballot::new(3);
        assert!(ballot.restore(&[17, 3, 9001]));
        assert_eq!(ballot.points(), [17, 3, 9001]);
        assert!(ballot.undo());
        assert_eq!(ballot.points(), [0, 0, 0]);
    }

    #[test]
    fn a_preset_of_another_budget_changes_nothing() {
        let mut ballot = Ballot::new(2);
        assert!(!ballot.restore(&[1, 2, 3]));
        assert!(!ballot.restore(&[10_000, 1]));
        assert!(!ballot.restore(&[u16::MAX, u16::MAX]));
        assert!(!ballot.actual(&[5000, 4999]));
        assert!(!ballot.can_undo());
    }
}
