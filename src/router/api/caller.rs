//! Who sends a request.

use crate::router::Shared;
use app::server::{ClientAddress, participant_of};
use axum::http::request::Parts;
use service::Caller;

/// The participant of the cookie and the keyed hash of the network. The address itself goes no further.
pub(super) fn of(shared: &Shared, parts: &Parts) -> Caller {
    let keys = shared.allot.keys();
    let address = parts.extensions.get::<ClientAddress>().and_then(|client| client.0);
    let address = address.map(|address| keys.address_key(address, shared.allot.now().day()));
    Caller { participant: participant_of(&parts.headers, keys, shared.secure_cookies), address }
}
