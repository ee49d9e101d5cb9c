//! Undo and redo.
//!
//! A step keeps the whole state before it: points, locks and the auto-balance switch. So every change that a
//! person makes can be undone, and the restored state is the old one exactly, not one computed back. As locks
//! are part of it, no undo moves a category that is locked both before and after.
//!
//! A drag is many moves but one step: the moves of one slider between `begin_gesture` and `end_gesture` make
//! one step together, and none if the slider ends where it began. Outside of a gesture each move is a step.
//! Any other operation ends that step, also within a gesture.

use super::{Ballot, State};

/// So many steps can be undone; older ones are forgotten.
pub const UNDO_STEPS: usize = 200;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct History {
    /// States before the steps, oldest first.
    undo: Vec<State>,
    /// States after undone steps, the next one last.
    redo: Vec<State>,
    gesture: Gesture,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Gesture {
    #[default]
    None,
    /// Nothing has moved yet in it.
    Begun,
    /// This slider has moved; the newest state in `undo` is the one before it did.
    Moved(usize),
}

impl History {
    /// A new step follows `before`.
    pub(super) fn record(&mut self, before: State) {
        self.redo.clear();
        if self.undo.len() == UNDO_STEPS {
            self.undo.remove(0);
        }
        self.undo.push(before);
    }

    /// This slider is about to move: the step of another one ends.
    pub(super) fn aim(&mut self, slider: usize, now: &State) {
        if self.gesture != Gesture::Moved(slider) {
            self.settle(now);
        }
    }

    /// This slider moved, and `before` was the state before.
    pub(super) fn record_move(&mut self, slider: usize, before: State) {
        match self.gesture {
            Gesture::Moved(_) => {}
            Gesture::Begun => {
                self.gesture = Gesture::Moved(slider);
                self.record(before);
            }
            Gesture::None => self.record(before),
        }
    }

    /// Ends the step that a gesture is making; forgets it if nothing is different from before it.
    pub(super) fn settle(&mut self, now: &State) {
        if let Gesture::Moved(_) = self.gesture {
            self.gesture = Gesture::Begun;
            if self.undo.last() == Some(now) {
                self.undo.pop();
            }
        }
    }
}

impl Ballot {
    /// A drag begins: the moves of one slider until [`Ballot::end_gesture`] are one step together.
    pub fn begin_gesture(&mut self) {
        self.history.settle(&self.state);
        self.history.gesture = Gesture::Begun;
    }

    /// The drag is over. Does nothing when none has begun.
    pub fn end_gesture(&mut self) {
        self.history.settle(&self.state);
        self.history.gesture = Gesture::None;
    }

    /// Whether there is a step to undo.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.history.undo.is_empty()
    }

    /// Whether there is an undone step to do again.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.history.redo.is_empty()
    }

    /// Goes back to before the last step; `false` when there is none.
    pub fn undo(&mut self) -> bool {
        self.history.settle(&self.state);
        self.anchor = None;
        let Some(state) = self.history.undo.pop() else { return false };
        self.history.redo.push(core::mem::replace(&mut self.state, state));
        true
    }

    /// Does the step again that was undone last; `false` when there is none, or something changed since.
    pub fn redo(&mut self) -> bool {
        self.history.settle(&self.state);
        self.anchor = None;
        let Some(state) = self.history.redo.pop() else { return false };
        self.history.undo.push(core::mem::replace(&mut self.state, state));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_and_the_switch_are_undone_like_moves() {
        let mut ballot = Ballot::new(3);
        ballot.set(0, 700);
        ballot.toggle_lock(0);
        ballot.set_auto_balance(true);
        assert!(ballot.undo() && !ballot.auto_balance());
        assert!(ballot.undo() && !ballot.is_locked(0));
        assert!(ballot.undo() && ballot.points() == [0, 0, 0]);
        assert!(!ballot.undo());
        assert!(ballot.redo() && ballot.redo() && ballot.redo() && !ballot.redo());
        assert!(ballot.points() == [700, 0, 0] && ballot.is_locked(0) && ballot.auto_balance());
    }

    #[test]
    fn a_drag_is_one_step() {
        let mut ballot = Ballot::new(2);
        ballot.set(0, 100);
        ballot.begin_gesture();
        for wanted in [200, 300, 400] {
            ballot.set(0, wanted);
        }
        ballot.end_gesture();
        assert!(ballot.undo());
        assert_eq!(ballot.points(), [100, 0]);
        assert!(ballot.redo());
        assert_eq!(ballot.points(), [400, 0]);
    }

    #[test]
    fn a_drag_that_ends_where_it_began_is_no_step() {
        let mut ballot = Ballot::new(2);
        ballot.begin_gesture();
        ballot.set(0, 100);
        ballot.set(0, 0);
        ballot.end_gesture();
        assert!(!ballot.can_undo());
    }

    #[test]
    fn another_slider_or_a_lock_within_a_gesture_is_a_step_of_its_own() {
        let mut ballot = Ballot::new(2);
        ballot.begin_gesture();
        ballot.set(0, 100);
        ballot.set(1, 50);
        ballot.set(1, 70);
        ballot.toggle_lock(0);
        ballot.end_gesture();
        assert!(ballot.undo() && !ballot.is_locked(0));
        assert!(ballot.undo() && ballot.points() == [100, 0]);
        assert!(ballot.undo() && ballot.points() == [0, 0] && !ballot.can_undo());
    }

    #[test]
    fn a_change_forgets_what_was_undone() {
        let mut ballot = Ballot::new(2);
        ballot.set(0, 100);
        ballot.undo();
        ballot.set(1, 100);
        assert!(!ballot.can_redo());
    }

    #[test]
    fn the_oldest_steps_are_forgotten() {
        let mut ballot = Ballot::new(2);
        for points in 1..=300 {
            ballot.set(0, points);
        }
        assert_eq!((0..300).filter(|_| ballot.undo()).count(), UNDO_STEPS);
        assert_eq!(ballot.points(), [100, 0]);
    }
}
