//! `allot simulate`

use super::{failure::Failure, output};
use crate::{config::Config, start};
use clap::Args;
use service::simulate::Generator;
use std::{process::ExitCode, time::Instant};

/// Rows of one transaction.
const BATCH: usize = 50_000;
/// Deltas of one fold; a batch adds one.
const FOLD_LIMIT: u32 = 100;

/// Fill a budget with plausible submissions
///
/// For demonstrations and measurements: spread around a profile over the last 365 days, a share of them by
/// participants who come back. The same seed gives the same people. Don't use it on a real vote.
#[derive(Args)]
#[command(after_help = "Example:\n  allot simulate --submissions 1000000 --seed 1 --budget us-fy2024")]
pub(super) struct Simulate {
    /// How many
    #[arg(long, value_name = "N")]
    submissions: u64,
    /// Which people
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Slug of the budget
    #[arg(long, value_name = "BUDGET", default_value = "tax-dollars")]
    budget: String,
}

pub(super) async fn execute(config: &Config, command: Simulate) -> Result<ExitCode, Failure> {
    let store = start::open_store(config).await?;
    start::import_built_in(&*store).await?;
    let allot = start::load(store, config).await?;
    let catalogue = allot.catalogue();
    let record = catalogue.find(&command.budget).ok_or_else(|| {
        Failure::new(format!("there is no budget {:?}", command.budget), "`allot budget list` shows which there are")
    })?;
    let begun = Instant::now();
    let bar = output::bar(command.submissions, "submissions");
    let mut generator = Generator::new(&record.budget, command.submissions, command.seed, allot.now());
    let mut next = generator.next_batch(BATCH);
    while !next.is_empty() {
        let made = next.len() as u64;
        let store = allot.store();
        // The next batch is made while this one is written.
        let making = tokio::task::spawn_blocking(move || {
            let batch = generator.next_batch(BATCH);
            (generator, batch)
        });
        store.bulk_insert(record.id, next, allot.now()).await?;
        // Readers add what is not folded: that stays short while millions come in.
        store.fold(record.id, FOLD_LIMIT).await?;
        let (back, batch) = making
            .await
            .map_err(|error| Failure::new(error.to_string(), "this is a fault of the program: please report it"))?;
        (generator, next) = (back, batch);
        bar.inc(made);
    }
    bar.finish_and_clear();
    let seconds = begun.elapsed().as_secs_f64();
    output::result(&format!("{} submissions to {} in {seconds:.1} s", command.submissions, command.budget))?;
    Ok(ExitCode::SUCCESS)
}
