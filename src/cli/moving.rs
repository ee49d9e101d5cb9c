//! What the commands for moving in share.

use super::failure::Failure;
use crate::config::Database;

/// The database that a flag names.
pub(super) fn database(text: &str, flag: &str) -> Result<Database, Failure> {
    Database::from_argument(text)
        .map_err(|error| Failure::new(format!("{flag} {error}"), "`--help` shows an example of an address"))
}

/// Opening a file that isn't there would make it: a mistyped source must not look like an empty one.
pub(super) fn must_exist(database: &Database) -> Result<(), Failure> {
    match database.path() {
        Some(path) if !path.is_file() => {
            Err(Failure::new(format!("there is no database {}", path.display()), "check the path after sqlite:"))
        }
        _ => Ok(()),
    }
}
