//! `allot submissions show`

use super::{Address, Shown, details, found, proof, table};
use crate::{
    cli::{failure::Failure, output},
    config::Config,
    start,
};
use clap::Args;
use std::process::ExitCode;

/// Show what is stored of one submission
///
/// That somebody knows the address of a results page proves nothing: it is made to be shared. The link of the receipt
/// does, and this says whether its code fits.
#[derive(Args)]
#[command(
    after_help = "Example:\n  allot submissions show https://allot.example/results/019ac6f2-0001-7000-8000-000000000001"
)]
pub(in crate::cli) struct Show {
    /// Its id, the address of its page, or the link of its receipt
    #[arg(value_name = "SUBMISSION")]
    submission: Address,
    /// As JSON, for programs
    #[arg(long)]
    json: bool,
}

pub(super) async fn execute(config: &Config, command: Show) -> Result<ExitCode, Failure> {
    let allot = start::for_command(config).await?;
    let stored = found(&allot, &command.submission).await?;
    let proof = proof(&allot, &stored, &command.submission);
    let shown = Shown::of(&allot, &stored);
    if command.json {
        output::json(&serde_json::json!({ "submission": shown, "code_fits": proof }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let said = match proof {
        None => "No code was shown: whoever knows the address may have it from somebody else.",
        Some(true) => "The code of the link fits: whoever shows it may have it exported and deleted.",
        Some(false) => "The code of the link does NOT fit.",
    };
    output::result(&format!("{}\n{}\n{said}", table(std::slice::from_ref(&shown)), details(&shown)))?;
    Ok(ExitCode::SUCCESS)
}
