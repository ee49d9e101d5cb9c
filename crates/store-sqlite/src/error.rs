//! SQLite's errors in the port's words, in one place.

use rusqlite::{Error, ErrorCode};
use service::port::{CommitError, StoreError};

/// What went wrong inside a store operation.
#[derive(Debug)]
pub(crate) enum Fault {
    Sqlite(Error),
    Damaged(String),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Sqlite(error)
    }
}

impl Fault {
    pub(crate) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged(what.into())
    }
}

fn code(error: &Error) -> Option<ErrorCode> {
    match error {
        Error::SqliteFailure(failure, _) => Some(failure.code),
        _ => None,
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        let error = match fault {
            Fault::Damaged(what) => return Self::Damaged(what),
            Fault::Sqlite(error) => error,
        };
        match code(&error) {
            // Everything was rolled back; a later attempt may find room, or the lock free.
            Some(
                ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::DiskFull
                | ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::OutOfMemory
                | ErrorCode::OperationInterrupted
                | ErrorCode::FileLockingProtocolFailed,
            ) => Self::Unavailable(error.to_string()),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error.to_string()),
            Some(ErrorCode::SchemaChanged) => Self::Schema(error.to_string()),
            _ => match error {
                Error::FromSqlConversionFailure(..)
                | Error::InvalidColumnType(..)
                | Error::IntegralValueOutOfRange(..) => Self::Damaged(error.to_string()),
                _ => Self::Failed(error.to_string()),
            },
        }
    }
}

impl From<Fault> for CommitError {
    fn from(fault: Fault) -> Self {
        match &fault {
            Fault::Sqlite(error)
                if matches!(
                    code(error),
                    Some(ErrorCode::ConstraintViolation | ErrorCode::TooBig | ErrorCode::TypeMismatch)
                ) =>
            {
                Self::Rejected(error.to_string())
            }
            _ => Self::NotCommitted(fault.into()),
        }
    }
}
