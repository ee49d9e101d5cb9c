//! Who asks.

use crate::{keys::AddressKey, port::Participant};

/// Whoever sends a submission.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    /// From the signed cookie, if they consented to one.
    pub participant: Option<Participant>,
    /// Keyed hash of their network; `None` = not limited by network.
    pub address: Option<AddressKey>,
}

/// Why somebody may delete or export a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authority {
    /// The participant of the cookie.
    Participant(Participant),
    /// The token on the receipt.
    Manage(String),
    /// Somebody at the server's command line.
    Operator,
}
