//! The port for moving in, method by method.

use crate::{SqliteStore, archive, backup, export, intake, patience};
use async_trait::async_trait;
use domain::Timestamp;
use service::port::{BudgetId, CopyBegin, Intake, Part, StoreError, StoreResult, Taken, Transfer};
use std::path::Path;
use tokio::sync::mpsc;

#[async_trait]
impl Transfer for SqliteStore {
    async fn export(&self, parts: mpsc::Sender<Part>) -> StoreResult<()> {
        self.readers.run(move |c| export::export(c, &parts)).await
    }

    async fn begin_copy(&self, instance: &str) -> StoreResult<CopyBegin> {
        let instance = instance.to_owned();
        self.writer.run(move |t| intake::begin(t, &instance)).await
    }

    async fn take_in(&self, intake: Intake, now: Timestamp) -> StoreResult<Taken> {
        let taken = self.writer.run(move |t| intake::take(t, &intake, now)).await;
        tokio::time::sleep(patience::GIVE_WAY).await;
        taken
    }

    async fn archived_before(&self, budget: BudgetId) -> StoreResult<Timestamp> {
        self.readers.run(move |c| archive::before(c, budget)).await
    }

    async fn snapshot_into(&self, file: &Path) -> StoreResult<bool> {
        let (from, to) = (self.path.clone(), file.to_owned());
        let written = tokio::task::spawn_blocking(move || backup::vacuum(&from, &to));
        written.await.map_err(|error| StoreError::Failed(error.to_string()))??;
        Ok(true)
    }

    async fn renew_instance(&self, now: Timestamp) -> StoreResult<String> {
        self.writer.run(move |t| backup::renew(t, now)).await
    }
}
