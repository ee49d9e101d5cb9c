//! `allot submissions delete`

use super::{Address, Shown, found, proof, table, with_history};
use crate::{
    cli::{failure::Failure, output},
    config::Config,
    start,
};
use clap::Args;
use service::{Allot, Authority, DeleteError, port::StoredSubmission};
use std::{collections::BTreeMap, process::ExitCode};

/// Delete a submission, or all of a participant, at somebody's request
///
/// The totals follow exactly, and running servers show it within a second; if it counted and the participant has older
/// ones, the newest of those counts again. It can't be undone; backups still hold it. Without --yes it only shows what
/// would be deleted.
#[derive(Args)]
#[command(
    after_help = "Example:\n  allot submissions delete 019ac6f2-0001-7000-8000-000000000001 --yes\n  allot submissions delete 'https://allot.example/results/019ac6f2-…/manage?code=…' --all --yes"
)]
pub(in crate::cli) struct Delete {
    /// Its id, the address of its page, or the link of its receipt
    #[arg(value_name = "SUBMISSION")]
    submission: Address,
    /// Everything of the same participant; needs the link of a receipt, with its code
    #[arg(long)]
    all: bool,
    /// Do it
    #[arg(long)]
    yes: bool,
    /// As JSON, for programs
    #[arg(long)]
    json: bool,
}

pub(super) async fn execute(config: &Config, command: Delete) -> Result<ExitCode, Failure> {
    let (allot, _redis) = start::for_command_beside(config).await?;
    let stored = found(&allot, &command.submission).await?;
    let proof = proof(&allot, &stored, &command.submission);
    if proof == Some(false) {
        let hint = "ask for the whole link of the receipt; to delete without proof, give the id alone";
        return Err(Failure::new("the code of the link does not fit its submission: nothing was deleted", hint));
    }
    if command.all && proof.is_none() {
        let hint = "an address is made to be shared, so it proves nothing: ask for the link of the receipt (?code=…)";
        return Err(Failure::new("--all needs the link of a receipt, with its code: nothing was deleted", hint));
    }
    let doomed = if command.all { with_history(&allot, stored).await? } else { vec![stored] };
    let shown: Vec<Shown> = doomed.iter().map(|stored| Shown::of(&allot, stored)).collect();
    if !command.yes {
        output::result(&table(&shown))?;
        let what = format!("{} would be deleted; nothing was", count(shown.len()));
        return Err(Failure::new(what, "repeat the command with --yes: it can't be undone"));
    }
    let deleted = delete(&allot, &doomed).await?;
    if command.json {
        let ids: Vec<&str> = shown.iter().map(|one| one.id.as_str()).collect();
        output::json(&serde_json::json!({ "deleted": ids, "counted_now": deleted }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut text = format!("{} deleted\n", count(shown.len()));
    for (budget, counted) in &deleted {
        text.push_str(&format!("{budget}: {counted} counted now\n"));
    }
    output::result(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn count(number: usize) -> String {
    if number == 1 { "1 submission".to_owned() } else { format!("{number} submissions") }
}

/// The oldest first, so that none of them counts again in between; answers what each budget counts now.
async fn delete(allot: &Allot, doomed: &[StoredSubmission]) -> Result<BTreeMap<String, u64>, Failure> {
    let mut counted = BTreeMap::new();
    for stored in doomed.iter().rev() {
        let version = match allot.delete(stored.id, &Authority::Operator).await {
            Ok(version) => version,
            // Somebody else was quicker: what was asked for is done.
            Err(DeleteError::AlreadyDeleted | DeleteError::Unknown) => continue,
            Err(DeleteError::Store(error)) => return Err(error.into()),
            Err(error @ DeleteError::Forbidden) => {
                return Err(Failure::new(error.to_string(), "this is a fault of the program: please report it"));
            }
        };
        let catalogue = allot.catalogue();
        let Some(record) = catalogue.by_id(stored.budget) else { continue };
        let slug = &record.budget.slug;
        // No id and no link: the log must not say whose it was.
        tracing::info!(budget = slug, version = version.0, "an operator deleted a submission at somebody's request");
        if let Some((snapshot, _)) = allot.aggregate(slug, Some(version)).await? {
            counted.insert(slug.clone(), snapshot.view.submissions);
        }
    }
    Ok(counted)
}
