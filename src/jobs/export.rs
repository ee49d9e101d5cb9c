//! Exports that an operator left to a worker.

use crate::{config::Config, start};
use async_trait::async_trait;
use service::{
    jobs::{Export, Words},
    open_data::{self, Written},
    port::{Clock, SystemClock},
};
use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt, sync::Arc};

/// Within the data folder.
const FOLDER: &str = "exports";

/// Into the data folder of this process.
pub(super) fn configured(config: &Config) -> Arc<dyn Export> {
    Arc::new(Folder(config.clone()))
}

/// The folder that the settings name.
struct Folder(Config);

#[async_trait]
impl Export for Folder {
    async fn write(&self, budget: &str, progress: Words<'_>) -> Result<Written, String> {
        let folder = self.0.data.join(FOLDER);
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&folder);
        made.map_err(|error| format!("{}: {error}", folder.display()))?;
        let store = start::open(&self.0.database, &self.0.connections).await.map_err(|error| error.to_string())?;
        // An attempt that is repeated has another name, so nothing is in its way.
        let path = folder.join(open_data::name_of_moment(budget, SystemClock.now()));
        let said = |passed: u64, all: u64| progress(&format!("read {passed} of {all} submissions"));
        let written = open_data::to_file(&store, budget, &path, &said).await;
        written.map_err(|error| format!("{}: {error}", path.display()))
    }
}
