//! The command line: one file per command.

mod admin;
mod aggregates;
mod analyze;
mod archive;
mod backup;
mod budget;
mod cache;
mod copy;
mod db;
mod doctor;
mod export;
mod failure;
mod findings;
mod health;
mod import;
mod jobs;
mod limits;
mod migrate;
mod moving;
mod output;
mod running;
mod serve;
mod service_manager;
mod simulate;
mod stats;
mod submissions;
mod table;
mod worker;

use crate::{
    config::{Config, Key, Layers},
    telemetry,
};
use clap::{Parser, Subcommand};
use failure::Failure;
use std::{path::PathBuf, process::ExitCode, time::Duration};
use tracing_subscriber::filter::LevelFilter;

/// How long what runs beside may take when everything else has ended.
const LAST: Duration = Duration::from_secs(1);

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
    Worker(worker::WorkerCommand),
    #[command(subcommand)]
    Jobs(jobs::Jobs),
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
    Cache(cache::Cache),
    #[command(subcommand)]
    Submissions(submissions::Submissions),
    #[command(subcommand)]
    Limits(limits::Limits),
    Doctor(doctor::Doctor),
    #[command(subcommand)]
    Admin(admin::Admin),
    #[command(subcommand)]
    Backup(backup::Backup),
    #[command(subcommand)]
    Import(import::Import),
}

/// Reads the command line and does what it says. Exit code 1 on failure, 2 on wrong usage.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = execute(arguments);
    telemetry::stop();
    match done {
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
    } else if arguments.database_url.is_some() {
        // The replica that is set elsewhere is one of the database there.
        layers.unset(Key::DatabaseReadUrl);
    }
    let config = Config::load(&layers);
    let level = match &arguments.command {
        // It says itself what it finds.
        Command::Doctor(_) => LevelFilter::ERROR,
        _ => LevelFilter::INFO,
    };
    telemetry::start(config.as_ref().map(|config| config.profile).unwrap_or_default(), level);
    // Whether the settings are right is the first thing that it checks.
    let config = match (&arguments.command, config) {
        (Command::Doctor(command), config) => return runtime()?.block_on(doctor::execute(config, command)),
        (_, config) => config?,
    };
    let runtime = runtime()?;
    let done = runtime.block_on(async {
        match arguments.command {
            Command::Serve(_) => serve::execute(config).await,
            Command::Worker(_) => worker::execute(config).await,
            Command::Jobs(command) => jobs::execute(&config, command).await,
            Command::Health(command) => health::execute(&config, &command).await,
            Command::Migrate(_) => migrate::execute(&config).await,
            Command::Budget(command) => budget::execute(&config, command).await,
            Command::Simulate(command) => simulate::execute(&config, command).await,
            Command::Aggregates(command) => aggregates::execute(&config, command).await,
            Command::Db(command) => db::execute(&config, command).await,
            Command::Cache(command) => cache::execute(&config, command).await,
            Command::Submissions(command) => submissions::execute(&config, command).await,
            Command::Limits(command) => limits::execute(&config, command).await,
            Command::Doctor(command) => doctor::execute(Ok(config), &command).await,
            Command::Admin(command) => admin::execute(config, command).await,
            Command::Backup(command) => backup::execute(config, command).await,
            Command::Import(command) => import::execute(&config, command).await,
        }
    });
    // A scan or a backup that nobody waits for any more must not keep the process.
    runtime.shutdown_timeout(LAST);
    done
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::io("the runtime"))
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
