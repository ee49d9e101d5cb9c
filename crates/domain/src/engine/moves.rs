//! Moving one slider.
//!
//! Without auto-balance nothing else moves, and the slider stops at what is left.
//!
//! With auto-balance, below a total of 10 000: growing uses what is left first, and shrinking leaves more.
//! At 10 000 the other unlocked categories make up for it, each in proportion to the room that it has:
//! * to give, its points. So the others keep their proportions, and none falls below zero;
//! * to take, the points up to all that is not locked. So a slider at zero takes the most, not nothing.
//!
//! These two are not each other's inverse, and rounding to whole points isn't either: computed from one
//! position of the slider to the next, a drag up and back would level out the others. So all moves of the
//! same slider with nothing in between are computed from the same points, the anchor: those before the first
//! of these moves. Where the slider stands decides where the others stand, not the way it took: when it
//! comes back, so do they, to the point. If the total reaches 10 000 on the way, the anchor becomes the
//! moment when it does, since from then on the total stays.

use super::{Ballot, Change, State, Stop, total};
use crate::{WHOLE, largest_remainder};

impl Ballot {
    /// Wants a slider at `wanted` points; the answer says where it is now, and what stopped it if it is not
    /// there.
    pub fn set(&mut self, index: usize, wanted: u16) -> Change {
        let Some(&before) = self.state.points.get(index) else {
            return Change { applied: 0, changed: false, stopped: Some(Stop::NoSuchCategory) };
        };
        if self.is_locked(index) {
            let stopped = (wanted != before).then_some(Stop::Locked);
            return Change { applied: before, changed: false, stopped };
        }
        self.history.aim(index, &self.state);
        let (next, stopped) = if self.state.auto_balance {
            let mut anchor = match self.anchor.take() {
                Some((slider, points)) if slider == index => points,
                _ => self.state.points.clone(),
            };
            let moved = balanced(&mut anchor, &self.state, index, wanted);
            self.anchor = Some((index, anchor));
            moved
        } else {
            alone(&self.state, index, wanted)
        };
        let applied = next[index];
        let changed = next != self.state.points;
        if changed {
            let next = State { points: next, ..self.state };
            self.history.record_move(index, core::mem::replace(&mut self.state, next));
        }
        Change { applied, changed, stopped }
    }

    /// Moves a slider by some points up or down, never below zero.
    pub fn step(&mut self, index: usize, by: i32) -> Change {
        let now = self.state.points.get(index).copied().unwrap_or(0);
        let wanted = i32::from(now).saturating_add(by).clamp(0, u16::MAX.into());
        self.set(index, wanted as u16)
    }
}

type Moved = (Box<[u16]>, Option<Stop>);

/// The slider moves, nothing else does.
fn alone(state: &State, index: usize, wanted: u16) -> Moved {
    let mut points = state.points.clone();
    let ceiling = points[index] + (WHOLE - total(&points));
    points[index] = wanted.min(ceiling);
    (points, (wanted > ceiling).then_some(Stop::NothingLeft))
}

/// The slider moves from where it stands in the anchor, and the others make up for it.
fn balanced(anchor: &mut [u16], locks: &State, index: usize, wanted: u16) -> Moved {
    let left = WHOLE - total(anchor);
    if wanted < anchor[index] + left {
        if left == 0 {
            return shrunk(anchor, locks, index, wanted);
        }
        let mut points: Box<[u16]> = (&*anchor).into();
        points[index] = wanted;
        return (points, None);
    }
    anchor[index] += left;
    grown(anchor, locks, index, wanted)
}

/// At a total of 10 000: the others give in proportion to their points.
fn grown(from: &[u16], locks: &State, index: usize, wanted: u16) -> Moved {
    let others = |i: usize| i != index && !locks.is_locked(i);
    let pool: u16 = from.iter().enumerate().filter(|(i, _)| others(*i)).map(|(_, p)| p).sum();
    let ceiling = from[index] + pool;
    let given = wanted.min(ceiling) - from[index];
    let weights: Vec<u64> = from.iter().enumerate().map(|(i, &p)| if others(i) { p.into() } else { 0 }).collect();
    let mut points: Box<[u16]> = from.into();
    if given > 0 {
        for (p, share) in points.iter_mut().zip(largest_remainder(&weights, given)) {
            *p -= share;
        }
        points[index] += given;
    }
    let stopped = match wanted > ceiling {
        true if ceiling == WHOLE => Some(Stop::NothingLeft),
        true => Some(Stop::OthersLocked),
        false => None,
    };
    (points, stopped)
}

/// At a total of 10 000: the others take in proportion to their room.
fn shrunk(from: &[u16], locks: &State, index: usize, wanted: u16) -> Moved {
    let others = |i: usize| i != index && !locks.is_locked(i);
    let unlocked: u16 = from.iter().enumerate().filter(|(i, _)| !locks.is_locked(*i)).map(|(_, p)| p).sum();
    let room = |(i, &p): (usize, &u16)| if others(i) { u64::from(unlocked - p) } else { 0 };
    let weights: Vec<u64> = from.iter().enumerate().map(room).collect();
    let mut points: Box<[u16]> = from.into();
    if !(0..from.len()).any(others) {
        return (points, Some(Stop::OthersLocked));
    }
    for (p, share) in points.iter_mut().zip(largest_remainder(&weights, from[index] - wanted)) {
        *p += share;
    }
    points[index] = wanted;
    (points, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ballot(points: &[u16], auto_balance: bool) -> Ballot {
        let mut ballot = Ballot::new(points.len());
        assert!(ballot.restore(points) || points.iter().all(|p| *p == 0));
        ballot.set_auto_balance(auto_balance);
        ballot
    }

    #[test]
    fn a_slider_stops_at_what_is_left() {
        let mut ballot = ballot(&[2500, 7000, 0], false);
        let change = ballot.set(2, 900);
        assert_eq!(change, Change { applied: 500, changed: true, stopped: Some(Stop::NothingLeft) });
        assert_eq!(ballot.points(), [2500, 7000, 500]);
        assert!(ballot.is_complete());
    }

    #[test]
    fn with_auto_balance_the_others_give_in_proportion_to_their_points() {
        let mut ballot = ballot(&[1000, 6000, 3000, 0], true);
        assert_eq!(ballot.set(0, 4000), Change { applied: 4000, changed: true, stopped: None });
        assert_eq!(ballot.points(), [4000, 4000, 2000, 0]);
    }

    #[test]
    fn with_auto_balance_a_slider_at_zero_takes_again() {
        let mut ballot = ballot(&[10_000, 0, 0], true);
        ballot.set(0, 4000);
        assert_eq!(ballot.points(), [4000, 3000, 3000]);
    }

    #[test]
    fn with_auto_balance_below_the_whole_growing_uses_what_is_left_first() {
        let mut ballot = ballot(&[1000, 4000, 4000], true);
        ballot.set(0, 2000);
        assert_eq!(ballot.points(), [2000, 4000, 4000]);
        ballot.set(0, 4000);
        assert_eq!(ballot.points(), [4000, 3000, 3000]);
    }

    #[test]
    fn with_auto_balance_the_total_stays_once_it_is_whole() {
        let mut ballot = ballot(&[1000, 4000, 4000], true);
        ballot.set(0, 5000);
        ballot.set(0, 1500);
        assert_eq!(ballot.points(), [1500, 4250, 4250]);
    }

    #[test]
    fn moving_a_slider_away_and_back_puts_the_others_back() {
        let start = [1234, 4321, 1, 4444];
        let mut ballot = ballot(&start, true);
        for wanted in [9999, 0, 17, 5000, 10_000, 1234] {
            assert_eq!(ballot.set(0, wanted).applied, wanted);
            assert!(ballot.is_complete());
        }
        assert_eq!(ballot.points(), start);
    }

    #[test]
    fn locked_categories_stop_a_slider() {
        let mut ballot = ballot(&[2000, 5000, 3000], true);
        ballot.toggle_lock(1);
        assert_eq!(ballot.set(1, 0), Change { applied: 5000, changed: false, stopped: Some(Stop::Locked) });
        assert_eq!(ballot.set(0, 9000), Change { applied: 5000, changed: true, stopped: Some(Stop::OthersLocked) });
        assert_eq!(ballot.points(), [5000, 5000, 0]);
        ballot.toggle_lock(2);
        assert_eq!(ballot.set(0, 1), Change { applied: 5000, changed: false, stopped: Some(Stop::OthersLocked) });
    }

    #[test]
    fn more_than_everything_is_everything() {
        let mut ballot = ballot(&[2000, 8000], true);
        let change = ballot.set(0, u16::MAX);
        assert_eq!(change, Change { applied: 10_000, changed: true, stopped: Some(Stop::NothingLeft) });
        assert_eq!(ballot.step(0, i32::MIN).applied, 0);
        assert_eq!(ballot.points(), [0, 10_000]);
        assert_eq!(ballot.set(2, 5).stopped, Some(Stop::NoSuchCategory));
    }
}
