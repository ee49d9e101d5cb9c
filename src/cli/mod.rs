//! The command line: one file per command.

mod aggregates;
mod archive;
mod budget;
mod copy;
mod db;
mod failure;
mod health;
mod import;
mod migrate;
mod moving;
mod output;
mod serve;
mod service_manager;
mod simulate;

use crate::{
    config::{Config, Key, Layers},
    telemetry,
};
use clap::{Parser, Subcommand};
use failure::Failure;
use std::{path::PathBuf, process::ExitCode};

/// Citizens split their taxes and compare: mine, everyone, actual.
#[derive(Parser)]
#[command(
    version,
    propagate_version = true,
    after_help = "Settings come from allot.toml, then the environment (ALLOT_ADDR, DATABASE_URL, ...), then flags.\n\n\
                  Example:\n  allot serve --addr 127.0.0.1:3000"
)]
struct Arguments {
    /// Read this file instead of allot.toml in the working folder
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The database, such as sqlite:data/allot.sqlite [env: DATABASE_URL]
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// What processes share, such as redis://localhost [env: REDIS_URL] [default: nothing]
    #[arg(long, global = true, value_name = "URL")]
    redis_url: Option<String>,
    /// The folder for what the server keeps [env: ALLOT_DATA] [default: data]
    #[arg(long, global = true, value_name = "FOLDER")]
    data: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Serve(serve::Serve),
    Health(health::Health),
    Migrate(migrate::Migrate),
    #[command(subcommand)]
    Budget(budget::Budget),
    Simulate(simulate::Simulate),
    #[command(subcommand)]
    Aggregates(aggregates::Aggregates),
    #[command(subcommand)]
    Db(db::Db),
    #[command(subcommand)]
    Import(import::Import),
}

/// Reads the command line and does what it says. Exit code 1 on failure, 2 on wrong usage.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match execute(arguments) {
        Ok(code) => code,
        Err(failure) => {
            failure.report();
            ExitCode::FAILURE
        }
    }
}

fn execute(arguments: Arguments) -> Result<ExitCode, Failure> {
    let mut layers = Layers::from_surroundings(arguments.config.as_deref())?;
    layers.set_flag(Key::DatabaseUrl, arguments.database_url.as_deref());
    layers.set_flag(Key::RedisUrl, arguments.redis_url.as_deref());
    layers.set_flag(Key::Data, arguments.data.as_deref());
    if let Command::Serve(serve) = &arguments.command {
        serve.set(&mut layers);
    }
    let config = Config::load(&layers)?;
    telemetry::start(config.profile);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::io("the runtime"))?;
    runtime.block_on(async {
        match arguments.command {
            Command::Serve(_) => serve::execute(config).await,
            Command::Health(command) => health::execute(&config, &command).await,
            Command::Migrate(_) => migrate::execute(&config).await,
            Command::Budget(command) => budget::execute(&config, command).await,
            Command::Simulate(command) => simulate::execute(&config, command).await,
            Command::Aggregates(command) => aggregates::execute(&config, command).await,
            Command::Db(command) => db::execute(&config, command).await,
            Command::Import(command) => import::execute(&config, command).await,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed_and_every_command_says_what_it_does() {
        let mut command = Arguments::command();
        command.build();
        command.clone().debug_assert();
        let mut left = vec![command];
        while let Some(command) = left.pop() {
            assert!(command.get_about().is_some(), "{}", command.get_name());
            if command.get_subcommands().next().is_none() {
                let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
                assert!(help.contains("Example"), "{} has no example", command.get_name());
            }
            left.extend(command.get_subcommands().filter(|c| c.get_name() != "help").cloned());
        }
    }
}
