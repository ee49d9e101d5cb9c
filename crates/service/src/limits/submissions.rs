//! Both limits on submissions together.

use super::Limiter;
use crate::{caller::Caller, keys::AddressKey, port::Participant};
use domain::Timestamp;
use std::time::Duration;

/// Per participant and per network.
#[derive(Debug)]
pub struct SubmissionLimits {
    participants: Limiter<Participant>,
    addresses: Limiter<AddressKey>,
}

impl SubmissionLimits {
    /// Per hour; 0 = no limit.
    #[must_use]
    pub fn new(per_participant: u32, per_address: u32) -> Self {
        Self { participants: Limiter::new(per_participant), addresses: Limiter::new(per_address) }
    }

    /// Charges both or neither.
    ///
    /// # Errors
    /// The time until the stricter of the two allows one again.
    pub fn charge(&self, caller: &Caller, now: Timestamp) -> Result<(), Duration> {
        if let Some(participant) = caller.participant {
            self.participants.charge(participant, now.as_micros())?;
        }
        if let Some(address) = caller.address
            && let Err(wait) = self.addresses.charge(address, now.as_micros())
        {
            if let Some(participant) = caller.participant {
                self.participants.refund(participant);
            }
            return Err(wait);
        }
        Ok(())
    }

    /// Gives one charge back.
    pub fn refund(&self, caller: &Caller) {
        if let Some(participant) = caller.participant {
            self.participants.refund(participant);
        }
        if let Some(address) = caller.address {
            self.addresses.refund(address);
        }
    }
}
