//! The command line.

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Measures Allot against plain baselines on this machine.
#[derive(Debug, Parser)]
#[command(name = "bench")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start servers, measure rows in turn with their baselines, print one table and write the results.
    Compare(CompareOptions),
    /// Only load one address of this machine and print what was seen.
    Load(LoadOptions),
    /// The rows that `compare` knows.
    List,
}

#[derive(Args, Debug)]
pub(crate) struct CompareOptions {
    /// Which rows (see `bench list`); none = all.
    pub(crate) rows: Vec<String>,
    /// Short rounds and a small data set: says whether everything works, not how fast it is.
    #[arg(long)]
    pub(crate) quick: bool,
    /// The server to measure [default: `allot` beside this program].
    #[arg(long, value_name = "FILE")]
    pub(crate) allot: Option<PathBuf>,
    /// Where data folders are made and removed again; must lie on a real disk
    /// [default: `bench` in the target folder].
    #[arg(long, value_name = "FOLDER")]
    pub(crate) scratch: Option<PathBuf>,
    /// Where results go.
    #[arg(long, value_name = "FOLDER", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/results"))]
    pub(crate) results: PathBuf,
    /// Rounds of every comparison, instead of the default.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) rounds: Option<u32>,
    /// Submissions in the large data set, instead of the default.
    #[arg(long, value_parser = clap::value_parser!(u64).range(1_000..=100_000_000))]
    pub(crate) large: Option<u64>,
}

#[derive(Args, Debug)]
pub(crate) struct LoadOptions {
    /// Address of this machine, such as `127.0.0.1:3000`.
    pub(crate) address: String,
    /// Path to read; with `--submit`, ignored.
    #[arg(default_value = "/api/v1/budgets/tax-dollars/aggregate")]
    pub(crate) path: String,
    /// Post submissions to this budget instead of reading.
    #[arg(long, value_name = "BUDGET")]
    pub(crate) submit: Option<String>,
    /// Let the server make the ids of submissions.
    #[arg(long, requires = "submit")]
    pub(crate) without_ids: bool,
    /// Keep-alive connections, each with one request under way.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=20_000))]
    pub(crate) connections: u32,
    /// Requests a second, due at fixed times whatever the server does, instead of as fast as it answers.
    #[arg(long, value_name = "RATE", value_parser = pace)]
    pub(crate) pace: Option<f64>,
    /// Threads of the generator.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=2))]
    pub(crate) threads: u32,
    /// Seconds to measure.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub(crate) seconds: u32,
    /// `Accept-Encoding` of reads.
    #[arg(long)]
    pub(crate) encoding: Option<String>,
    /// Run the generator on this core only.
    #[arg(long)]
    pub(crate) core: Option<usize>,
    /// The server's process, to report its share of the processors.
    #[arg(long)]
    pub(crate) pid: Option<u32>,
}

fn pace(text: &str) -> Result<f64, String> {
    let allowed = || "a number from 1 to 1000000".to_owned();
    text.parse().ok().filter(|rate| (1.0..=1e6).contains(rate)).ok_or_else(allowed)
}
