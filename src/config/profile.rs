//! Which defaults apply.

/// Only different defaults: nothing can be done in one that can't be in another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// On a developer's machine: logs for people.
    #[default]
    Development,
    /// A rehearsal of production.
    Staging,
    /// Logs as JSON.
    Production,
}
