//! The server: composition only. Configuration, start-up, routes, the command line.
//!
//! Rules live in `domain`, use cases in `service`, SQL in the store crates, pages in `app`.

mod backups;
mod budget_file;
pub mod cli;
pub mod config;
mod front;
#[doc(hidden)]
pub mod fuzzing;
mod jobs;
mod metrics;
mod router;
mod server;
mod start;
mod telemetry;

pub use config::Config;
pub use server::run;
pub use start::StartError;
