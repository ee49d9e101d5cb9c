//! What became of a wish to move a slider.

/// The answer to a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where the slider is now, in points.
    pub applied: u16,
    /// Whether any points moved, this slider's or another's.
    pub changed: bool,
    /// Why the slider is not where it was wanted; `None` when it is.
    pub stopped: Option<Stop>,
}

/// What stopped a slider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Nothing is left of the 10 000 points.
    NothingLeft,
    /// The category itself is locked.
    Locked,
    /// Locks on the others: they hold the points that it wanted, or none of them may take what it gives up.
    OthersLocked,
    /// There is no such category.
    NoSuchCategory,
}
