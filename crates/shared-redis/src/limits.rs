//! Limits over all processes: GCRA in one script, all limits of a submission in one round trip.

use crate::{Shared, meter::Operation};
use async_trait::async_trait;
use redis::Script;
use service::{
    limits::HOUR_MICROS,
    port::{LimitCharge, SharedLimits, SharedResult},
};
use std::{sync::LazyLock, time::Duration};

pub(crate) const CHARGE: &str = include_str!("scripts/charge.lua");
pub(crate) const REFUND: &str = include_str!("scripts/refund.lua");

static CHARGE_SCRIPT: LazyLock<Script> = LazyLock::new(|| Script::new(CHARGE));
static REFUND_SCRIPT: LazyLock<Script> = LazyLock::new(|| Script::new(REFUND));

#[async_trait]
impl SharedLimits for Shared {
    async fn charge(&self, charges: &[LimitCharge]) -> SharedResult<Result<(), Duration>> {
        let mut call = CHARGE_SCRIPT.prepare_invoke();
        call.arg(HOUR_MICROS);
        for charge in charges {
            call.key(self.names.limit(charge.key)).arg(charge.cost);
        }
        let wait: u64 = self
            .link
            .ask(Operation::Charge, |mut connection| async move { call.invoke_async(&mut connection).await })
            .await?;
        Ok(if wait == 0 { Ok(()) } else { Err(Duration::from_micros(wait)) })
    }

    async fn refund(&self, charges: &[LimitCharge]) -> SharedResult<()> {
        let mut call = REFUND_SCRIPT.prepare_invoke();
        for charge in charges {
            call.key(self.names.limit(charge.key)).arg(charge.cost);
        }
        self.link.ask(Operation::Refund, |mut connection| async move { call.invoke_async(&mut connection).await }).await
    }
}
