//! `allot cache warm|stats|health|clear`

mod clear;
mod health;
mod servers;
mod stats;
mod warm;

use super::failure::Failure;
use crate::{config::Config, start};
use clap::Subcommand;
use shared_redis::Keyspace;
use std::process::ExitCode;

/// Warm the caches, look at them, check them, empty them
///
/// There are three: the snapshots and pages that each server keeps in memory, the snapshots that all share in Redis
/// (REDIS_URL), and the summary in the database. None of them is needed for right answers.
#[derive(Subcommand)]
pub(super) enum Cache {
    Warm(warm::Warm),
    Stats(stats::Stats),
    Health(health::Health),
    Clear(clear::Clear),
}

pub(super) async fn execute(config: &Config, command: Cache) -> Result<ExitCode, Failure> {
    match command {
        Cache::Warm(command) => warm::execute(config, command).await,
        Cache::Stats(command) => stats::execute(config, command).await,
        Cache::Health(command) => health::execute(config, command).await,
        Cache::Clear(command) => clear::execute(config, command).await,
    }
}

/// This database's names in Redis; `None` without REDIS_URL.
pub(super) async fn keyspace(config: &Config) -> Result<Option<Keyspace>, Failure> {
    let Some(address) = &config.redis else { return Ok(None) };
    let instance = start::open_store(config).await?.instance().await?;
    let keyspace = Keyspace::open(address, &instance).await;
    keyspace.map(Some).map_err(|error| {
        Failure::new(format!("Redis at {address}: {error}"), "is it running there? REDIS_URL says where to ask")
    })
}
