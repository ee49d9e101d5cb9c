//! The tier `redis`: one value per budget, the version in 19 digits and then the bytes.

use crate::{Shared, meter::Operation, names::SNAPSHOT_LIFETIME, shared::millis};
use async_trait::async_trait;
use redis::Script;
use service::port::{BudgetId, Head, SharedResult, SnapshotCache, Version};
use std::sync::LazyLock;

pub(crate) const PUT_IF_NEWER: &str = include_str!("scripts/put_if_newer.lua");
pub(crate) const DISCARD: &str = include_str!("scripts/discard.lua");

static PUT_SCRIPT: LazyLock<Script> = LazyLock::new(|| Script::new(PUT_IF_NEWER));
static DISCARD_SCRIPT: LazyLock<Script> = LazyLock::new(|| Script::new(DISCARD));

/// As many digits as the largest version has: texts of one length compare as their numbers do.
const DIGITS: usize = 19;

fn digits(version: Version) -> String {
    format!("{:0DIGITS$}", version.0.max(0))
}

/// The version and the bytes; `None` when it was not written here.
fn split(value: &[u8]) -> Option<(Version, Vec<u8>)> {
    let (digits, bytes) = value.split_first_chunk::<DIGITS>()?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let version = std::str::from_utf8(digits).ok()?.parse().ok()?;
    Some((Version(version), bytes.to_vec()))
}

#[async_trait]
impl SnapshotCache for Shared {
    async fn get(&self, budget: BudgetId) -> SharedResult<Option<(Version, Vec<u8>)>> {
        let key = self.names.snapshot(budget);
        let value: Option<Vec<u8>> = self
            .link
            .ask(Operation::Get, |mut connection| async move {
                redis::cmd("GET").arg(key).query_async(&mut connection).await
            })
            .await?;
        Ok(value.and_then(|value| split(&value)))
    }

    async fn put_if_newer(&self, budget: BudgetId, version: Version, bytes: &[u8]) -> SharedResult<bool> {
        let mut call = PUT_SCRIPT.key(self.names.snapshot(budget));
        call.arg(digits(version)).arg(bytes).arg(millis(SNAPSHOT_LIFETIME)).arg(self.names.news()).arg(budget.0);
        self.link.ask(Operation::Put, |mut connection| async move { call.invoke_async(&mut connection).await }).await
    }

    async fn discard(&self, budget: BudgetId, version: Version) -> SharedResult<()> {
        let mut call = DISCARD_SCRIPT.key(self.names.snapshot(budget));
        call.arg(digits(version));
        self.link
            .ask(Operation::Discard, |mut connection| async move { call.invoke_async(&mut connection).await })
            .await
    }

    async fn news(&self) -> Vec<Head> {
        self.link.news().take().await
    }
}
