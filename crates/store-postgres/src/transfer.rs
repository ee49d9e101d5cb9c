//! The port for moving in, method by method.

use crate::{PgStore, archive, export, head, intake};
use async_trait::async_trait;
use domain::Timestamp;
use service::port::{BudgetId, CopyBegin, Intake, Part, StoreResult, Taken, Transfer};
use std::path::Path;
use tokio::sync::mpsc;

#[async_trait]
impl Transfer for PgStore {
    async fn export(&self, parts: mpsc::Sender<Part>) -> StoreResult<()> {
        // No limit on the whole: the receiver sets the pace, and every round trip has a limit of its own.
        Ok(export::export(&self.sessions, &parts).await?)
    }

    async fn begin_copy(&self, instance: &str) -> StoreResult<CopyBegin> {
        Ok(self.sessions.change(intake::begin(&self.sessions, instance)).await?)
    }

    async fn take_in(&self, intake: Intake, now: Timestamp) -> StoreResult<Taken> {
        Ok(self.sessions.change_many(intake::take(&self.sessions, &intake, now)).await?)
    }

    async fn archived_before(&self, budget: BudgetId) -> StoreResult<Timestamp> {
        Ok(self.sessions.read(|| archive::bound_of(&self.sessions, budget)).await?)
    }

    async fn snapshot_into(&self, _file: &Path) -> StoreResult<bool> {
        Ok(false)
    }

    async fn renew_instance(&self, now: Timestamp) -> StoreResult<String> {
        Ok(self.sessions.change(head::renew_all(&self.sessions, now)).await?)
    }
}
