//! The log: to standard error, for people on a terminal, else as JSON, one object a line. What goes into it, and what
//! never does: `docs/logging.md`.

#[cfg(feature = "otel")]
mod otel;

use crate::config::Profile;
use std::io::IsTerminal;
use tracing_subscriber::{EnvFilter, filter::LevelFilter, fmt, prelude::*};

/// Starts the log. A second call does nothing. `level` is the least that is logged when `RUST_LOG` does not say.
pub(crate) fn start(profile: Profile, level: LevelFilter) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level.to_string()));
    let for_people = std::io::stderr().is_terminal() && profile != Profile::Production;
    let registry = tracing_subscriber::registry().with(filter);
    #[cfg(feature = "otel")]
    let registry = registry.with(otel::layer());
    let started = if for_people {
        registry.with(fmt::layer().with_writer(std::io::stderr)).try_init()
    } else {
        registry.with(fmt::layer().json().flatten_event(true).with_writer(std::io::stderr)).try_init()
    };
    if started.is_ok() {
        // The usual report of a panic would miss the request's id.
        std::panic::set_hook(Box::new(|panic| {
            let place = panic.location().map(ToString::to_string);
            tracing::error!(place, message = panic.payload_as_str(), "a panic was caught");
        }));
    }
}

/// Sends what a collector has not got yet.
pub(crate) fn stop() {
    #[cfg(feature = "otel")]
    otel::stop();
}
