//! How a command fails: one line that says what, and one that says what to do.

use crate::{
    config::{ConfigError, Database},
    start::StartError,
};
use service::port::StoreError;
use std::io::Write;

/// A failed command.
#[derive(Debug)]
pub(super) struct Failure {
    what: String,
    hint: String,
}

impl Failure {
    pub(super) fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), hint: hint.into() }
    }

    /// What happened, without what to do.
    pub(super) fn what(&self) -> &str {
        &self.what
    }

    /// What to do.
    pub(super) fn hint(&self) -> &str {
        &self.hint
    }

    /// A database that a flag names can't be opened. The address is shown without its password.
    pub(super) fn of_database(database: &Database, error: StartError) -> Self {
        let failure = Self::from(error);
        Self::new(format!("{database}: {}", failure.what), failure.hint)
    }

    /// For `map_err`: the system refused something about `what`.
    pub(super) fn io(what: &str) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.to_owned();
        move |error| Self::new(format!("{what}: {error}"), "check the path and who may read and write it")
    }

    /// To standard error.
    pub(super) fn report(&self) {
        let one_line = |text: &str| text.lines().map(str::trim).collect::<Vec<_>>().join(" ");
        let mut err = std::io::stderr().lock();
        let _ = writeln!(err, "error: {}\nhint: {}", one_line(&self.what), one_line(&self.hint));
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::new(error.to_string(), "settings come from allot.toml, then the environment, then flags")
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let hint = match error {
            StoreError::Unavailable(_) => "is another program using the database? Try again in a moment",
            StoreError::OutcomeUnknown(_) => "run the same command again: nothing is done twice",
            StoreError::Schema(_) => "run the newest version of allot that has ever used this database",
            StoreError::Damaged(_) => "restore a backup; `allot aggregates verify` tells whether the data are whole",
            StoreError::Refused(_) => "nothing of it was stored; another budget or another database may take it",
            StoreError::Failed(_) => "check DATABASE_URL, and that its folder exists and can be written",
        };
        Self::new(error.to_string(), hint)
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        let hint = match error {
            StartError::Config(error) => return error.into(),
            StartError::Store(error) => return error.into(),
            StartError::Listen { .. } => "is it running already? Choose another address with --addr",
            StartError::Site { .. } => "build it with `cargo xtask build`, or name another folder in ALLOT_SITE_ROOT",
            StartError::Redis(_) => "check REDIS_URL; without it everything works, in one process as fast",
            StartError::Budget(..) => "this is a fault of the program: please report it",
        };
        Self::new(error.to_string(), hint)
    }
}
