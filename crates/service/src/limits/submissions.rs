//! Both limits on submissions together, in this process and over all processes.

use super::Limiter;
use crate::{
    caller::Caller,
    keys::{AddressKey, Keys},
    port::{LimitCharge, LimitKey, Participant, SharedLimits},
};
use std::{sync::Arc, time::Duration};

/// Per participant and per network.
///
/// This process's own limits always count, also when the shared ones do: they refuse without a round trip, and
/// they remember when the shared ones are away or forgot.
pub struct SubmissionLimits {
    participants: Limiter<Participant>,
    addresses: Limiter<AddressKey>,
    shared: Option<Arc<dyn SharedLimits>>,
    keys: Keys,
}

/// What a submission was charged; give it back with [`SubmissionLimits::refund`].
#[derive(Debug)]
#[must_use]
pub struct Charged {
    caller: Caller,
    /// Empty when only this process's own limits were charged.
    shared: Vec<LimitCharge>,
}

impl SubmissionLimits {
    /// Per hour; 0 = no limit.
    #[must_use]
    pub fn new(per_participant: u32, per_address: u32, shared: Option<Arc<dyn SharedLimits>>, keys: &Keys) -> Self {
        Self {
            participants: Limiter::new(per_participant),
            addresses: Limiter::new(per_address),
            shared,
            keys: keys.clone(),
        }
    }

    /// Charges all or none. While the shared limits are away, only this process's own bind.
    ///
    /// # Errors
    /// The time until the stricter limit allows one again.
    pub async fn charge(&self, caller: &Caller) -> Result<Charged, Duration> {
        self.charge_own(caller)?;
        let mut charged = Charged { caller: *caller, shared: Vec::new() };
        if let Some(limits) = &self.shared {
            let charges = self.charges(caller);
            if charges.is_empty() {
                return Ok(charged);
            }
            match limits.charge(&charges).await {
                Ok(Ok(())) => charged.shared = charges,
                Ok(Err(wait)) => {
                    self.refund(charged).await;
                    return Err(wait);
                }
                // Being away is logged once, where it is noticed.
                Err(_) => {}
            }
        }
        Ok(charged)
    }

    /// Gives a charge back: it was a replay, or nothing came of it. Happens also when nobody waits to the end.
    pub async fn refund(&self, charged: Charged) {
        let Charged { caller, shared } = charged;
        if let Some(participant) = caller.participant {
            self.participants.refund(participant);
        }
        if let Some(address) = caller.address {
            self.addresses.refund(address);
        }
        if let Some(limits) = self.shared.as_ref().filter(|_| !shared.is_empty()).map(Arc::clone) {
            let refund = tokio::spawn(async move {
                // Lost when the shared limits went away meanwhile: somebody waits a little longer.
                let _ = limits.refund(&shared).await;
            });
            let _ = refund.await;
        }
    }

    /// Forgets who has submitted how often, in this process; what is shared stays.
    pub fn forget_own(&self) {
        self.participants.forget();
        self.addresses.forget();
    }

    fn charge_own(&self, caller: &Caller) -> Result<(), Duration> {
        let participant = caller.participant.map_or(Ok(()), |participant| self.participants.charge(participant));
        let address = caller.address.map_or(Ok(()), |address| self.addresses.charge(address));
        match (participant, address) {
            (Ok(()), Ok(())) => Ok(()),
            (Err(wait), Err(other)) => Err(wait.max(other)),
            (Ok(()), Err(wait)) => {
                caller.participant.inspect(|participant| self.participants.refund(*participant));
                Err(wait)
            }
            (Err(wait), Ok(())) => {
                caller.address.inspect(|address| self.addresses.refund(*address));
                Err(wait)
            }
        }
    }

    /// What the shared limits are asked for; nothing where there is no limit.
    fn charges(&self, caller: &Caller) -> Vec<LimitCharge> {
        let participant = caller.participant.map(|participant| LimitCharge {
            key: LimitKey::Participant(self.keys.participant_limit(participant)),
            cost: self.participants.cost(),
        });
        let address = caller
            .address
            .map(|address| LimitCharge { key: LimitKey::Address(address.0), cost: self.addresses.cost() });
        participant.into_iter().chain(address).filter(|charge| charge.cost > 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::port::{SharedError, SharedResult};
    use async_trait::async_trait;

    const CALLER: Caller = Caller { participant: Some(Participant(1)), address: Some(AddressKey(2)) };

    /// As long as it is from a first charge to the next one at one an hour, less what the test itself takes.
    fn an_hour(wait: Duration) -> bool {
        (Duration::from_secs(3000)..=Duration::from_secs(3600)).contains(&wait)
    }

    #[tokio::test]
    async fn one_limit_refusing_leaves_the_other_uncharged_and_the_longer_wait_is_told() {
        let limits = SubmissionLimits::new(1, 2, None, &Keys::new(b"secret"));
        let first = limits.charge(&CALLER).await;
        assert!(first.is_ok());
        for _ in 0..5 {
            assert!(an_hour(limits.charge(&CALLER).await.unwrap_err()));
        }
        let other = Caller { participant: Some(Participant(3)), ..CALLER };
        assert!(limits.charge(&other).await.is_ok(), "the network was charged once");
        assert!(an_hour(limits.charge(&CALLER).await.unwrap_err()));
    }

    /// Shared limits that are always away.
    struct Away;

    #[async_trait]
    impl SharedLimits for Away {
        async fn charge(&self, _: &[LimitCharge]) -> SharedResult<Result<(), Duration>> {
            Err(SharedError("away".into()))
        }

        async fn refund(&self, _: &[LimitCharge]) -> SharedResult<()> {
            Err(SharedError("away".into()))
        }
    }

    #[tokio::test]
    async fn while_the_shared_limits_are_away_the_own_ones_bind() {
        let limits = SubmissionLimits::new(2, 0, Some(Arc::new(Away)), &Keys::new(b"secret"));
        assert!(limits.charge(&CALLER).await.is_ok());
        let second = limits.charge(&CALLER).await.unwrap();
        assert!(limits.charge(&CALLER).await.is_err());
        limits.refund(second).await;
        assert!(limits.charge(&CALLER).await.is_ok());
    }
}
