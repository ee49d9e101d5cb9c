//! The allocation engine behind the linked sliders: what a move, a lock, a preset or an undo does to the
//! points. It knows nothing of the screen, and never lets the total exceed 10 000.
//!
//! * A slider stops at what is left. With auto-balance on it first takes what is left; at a total of 10 000
//!   the others give or take instead, and no move brings the total below 10 000 again (`moves.rs`).
//! * Locked categories never move: not when set themselves, nor when others move, nor by a preset, which
//!   shares what is not locked among the others (`presets.rs`).
//! * Every change can be undone and redone exactly, locks and the auto-balance switch included (`history.rs`).
//! * Nothing depends on anything but the operations so far: same input, same output.

mod change;
mod draft;
mod history;
mod moves;
mod presets;

pub use change::{Change, Stop};
pub use draft::{Draft, Restored};
pub use history::UNDO_STEPS;

use crate::{Allocation, WHOLE, budget::MAX_CATEGORIES};
use history::History;

/// What the history keeps of a ballot: everything that a person can change.
#[derive(Clone, Debug, PartialEq, Eq)]
struct State {
    /// In category order; together at most 10 000.
    points: Box<[u16]>,
    /// One bit a category, the first the lowest.
    locked: u64,
    auto_balance: bool,
}

/// A ballot being filled in: points, locks and the auto-balance switch, with their history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ballot {
    state: State,
    history: History,
    /// The slider that moved last, and the points from which its moves are computed: see `moves.rs`.
    anchor: Option<(usize, Box<[u16]>)>,
}

// One bit of `State::locked` for every category.
const _: () = assert!(MAX_CATEGORIES <= u64::BITS as usize);

impl Ballot {
    /// An empty ballot of this many categories (at most 40; more are cut off): no points, no locks,
    /// auto-balance off, nothing to undo.
    #[must_use]
    pub fn new(categories: usize) -> Self {
        let points = vec![0; categories.min(MAX_CATEGORIES)].into();
        Self::of(State { points, locked: 0, auto_balance: false })
    }

    fn of(state: State) -> Self {
        Self { state, history: History::default(), anchor: None }
    }

    /// Points in category order; together at most 10 000.
    #[must_use]
    pub fn points(&self) -> &[u16] {
        &self.state.points
    }

    /// Points of all categories together, 0 to 10 000.
    #[must_use]
    pub fn total(&self) -> u16 {
        total(&self.state.points)
    }

    /// Points that no category has yet, 0 to 10 000.
    #[must_use]
    pub fn left(&self) -> u16 {
        WHOLE - self.total()
    }

    /// The total is 10 000: the ballot can be submitted.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.left() == 0
    }

    /// What would be submitted; `None` unless complete.
    #[must_use]
    pub fn allocation(&self) -> Option<Allocation> {
        Allocation::from_points(&self.state.points, self.state.points.len()).ok()
    }

    /// Whether a category is locked.
    #[must_use]
    pub fn is_locked(&self, index: usize) -> bool {
        self.state.is_locked(index)
    }

    /// Whether moving one slider moves the others.
    #[must_use]
    pub fn auto_balance(&self) -> bool {
        self.state.auto_balance
    }

    /// Locks an unlocked category and the other way round; answers whether it is locked now.
    pub fn toggle_lock(&mut self, index: usize) -> bool {
        if index < self.state.points.len() {
            let mut next = self.state.clone();
            next.locked ^= 1 << index;
            self.commit(next);
        }
        self.is_locked(index)
    }

    /// Switches auto-balance on or off. Moves nothing by itself. Answers whether that changed anything.
    pub fn set_auto_balance(&mut self, on: bool) -> bool {
        self.commit(State { auto_balance: on, ..self.state.clone() })
    }

    /// Makes `next` the state, as a step of its own that can be undone. `false` when nothing changed.
    fn commit(&mut self, next: State) -> bool {
        self.history.settle(&self.state);
        self.anchor = None;
        if next == self.state {
            return false;
        }
        self.history.record(core::mem::replace(&mut self.state, next));
        true
    }
}

impl State {
    fn is_locked(&self, index: usize) -> bool {
        index < self.points.len() && self.locked >> index & 1 == 1
    }
}

/// The engine keeps totals at or below 10 000, so that they fit.
fn total(points: &[u16]) -> u16 {
    points.iter().sum()
}
