//! Backups that are made every night.

use crate::{backups, config::Config};
use async_trait::async_trait;
use service::{
    backup::Step,
    jobs::{self, Backup, Words},
};
use std::sync::Arc;

/// After the month's first hours and before totals are verified.
const NIGHTLY: &str = "0 15 2 * * *";

/// When backups are made, as a line of the timetable, and by whom; `None` = nobody asked for any.
pub(super) fn configured(config: &Config) -> Option<(String, Arc<dyn Backup>)> {
    let into: Arc<dyn Backup> = Arc::new(Folder(config.clone()));
    config.backups_nightly.then(|| (NIGHTLY.to_owned(), into))
}

/// The folder that the settings name.
struct Folder(Config);

#[async_trait]
impl jobs::Backup for Folder {
    async fn make(&self, progress: Words<'_>) -> Result<String, String> {
        let said = |step| progress(&in_words(step));
        let made = backups::create(&self.0, false, &said).await.map_err(|error| error.to_string())?;
        Ok(made.path.display().to_string())
    }
}

fn in_words(step: Step) -> String {
    match step {
        Step::Reading => "reading".into(),
        Step::Copying(passed, all) => format!("copying {passed} of {all}"),
        Step::Checking(rows) => format!("checking {rows}"),
        Step::Packing(bytes, all) => format!("packing {bytes} of {all} bytes"),
        Step::Deleting(deletions) => format!("deleting {deletions}"),
    }
}
