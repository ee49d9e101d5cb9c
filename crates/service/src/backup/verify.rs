//! Use case: prove that a backup could be restored.

use super::{
    BackupError, Manifest, Opened, Progress,
    inspect::{Inspected, inspect},
};
use crate::audit::Verification;

/// What a backup is found to be.
#[derive(Clone, Debug)]
pub struct Verified {
    /// What it says of itself.
    pub manifest: Manifest,
    /// What is not as the manifest says.
    pub wrong: Vec<String>,
    /// Every total against every submission.
    pub found: Vec<Verification>,
}

impl Verified {
    /// It is whole, and its totals are what its submissions say.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.wrong.is_empty() && self.manifest.exact && self.found.iter().all(Verification::is_exact)
    }
}

/// Adds everything up anew and compares it with the manifest; [`Opened::open`] has compared the checksums.
///
/// # Errors
/// The database inside can't be read.
pub async fn verify(backup: &Opened, progress: Progress<'_>) -> Result<Verified, BackupError> {
    let found = inspect(&backup.store, progress).await?;
    Ok(Verified { wrong: wrong(&backup.manifest, &found), manifest: backup.manifest.clone(), found: found.found })
}

fn wrong(manifest: &Manifest, found: &Inspected) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut compare = |what: &str, told: u64, there: u64| {
        if told != there {
            wrong.push(format!("{what}: {told} by the manifest, {there} inside"));
        }
    };
    compare("submissions", manifest.submissions, found.overview.submissions);
    compare("tombstones", manifest.tombstones, found.tombstones);
    compare("budgets", manifest.budgets.len() as u64, found.overview.budgets.len() as u64);
    for (told, record) in manifest.budgets.iter().zip(&found.overview.budgets) {
        let slug = &record.budget.slug;
        let people = found.found.iter().find(|one| one.budget == *slug).map_or(0, |one| one.people.unsigned_abs());
        if told.slug != *slug || told.version > record.head || told.counted != people {
            wrong.push(format!(
                "budget {} with {} counted at version {} by the manifest, {slug} with {people} at {} inside",
                told.slug, told.counted, told.version.0, record.head.0
            ));
        }
    }
    wrong
}
