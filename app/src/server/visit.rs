//! Who asks for a page.

use super::{AppState, ClientAddress, cookies};
use axum::extract::FromRequestParts;
use http::request::Parts;
use service::{AddressKey, Caller, port::Participant};
use std::convert::Infallible;

/// What a request says about whoever sent it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Visit {
    /// From the signed cookie, if they consented to one.
    pub participant: Option<Participant>,
    address: Option<AddressKey>,
}

impl Visit {
    pub(crate) fn of(parts: &Parts, state: &AppState) -> Self {
        let keys = state.allot.keys();
        let address = parts.extensions.get::<ClientAddress>().and_then(|address| address.0);
        Self {
            participant: cookies::participant_of(&parts.headers, keys, state.site.secure_cookies),
            address: address.map(|address| keys.address_key(address, state.allot.now().day())),
        }
    }

    /// The same, after they consented to being remembered as `participant`.
    pub(crate) fn caller(&self) -> Caller {
        Caller { participant: self.participant, address: self.address }
    }
}

impl FromRequestParts<AppState> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self::of(parts, state))
    }
}
