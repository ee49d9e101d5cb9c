//! The port for moving in, method by method.

use crate::{SqliteStore, export, intake, patience};
use async_trait::async_trait;
use domain::Timestamp;
use service::port::{CopyBegin, Intake, Part, StoreResult, Taken, Transfer};
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
}
