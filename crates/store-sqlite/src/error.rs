//! SQLite's errors in the port's words, in one place.

use rusqlite::{Error, ErrorCode};
use service::port::{CommitError, StoreError};

/// What went wrong inside a store operation.
#[derive(Debug)]
pub(crate) enum Fault {
    /// A statement failed; its transaction was rolled back.
    Sqlite(Error),
    /// `COMMIT` itself failed.
    AtCommit(Error),
    /// What is stored is not what this version writes.
    Damaged(String),
    /// What was asked for can't be stored.
    Refused(String),
    /// Anything else.
    Failed(String),
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

/// The log may hold the whole commit although the disk didn't confirm it: after a power cut it could count.
fn leaves_open(at_commit: &Error) -> bool {
    code(at_commit) == Some(ErrorCode::SystemIoFailure)
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        let error = match fault {
            Fault::Damaged(what) => return Self::Damaged(what),
            Fault::Refused(what) => return Self::Refused(what),
            Fault::Failed(what) => return Self::Failed(what),
            Fault::AtCommit(error) if leaves_open(&error) => return Self::OutcomeUnknown(error.to_string()),
            Fault::Sqlite(error) | Fault::AtCommit(error) => error,
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
            Fault::Refused(what) => Self::Rejected(what.clone()),
            Fault::Sqlite(error) | Fault::AtCommit(error) => match code(error) {
                Some(ErrorCode::ConstraintViolation | ErrorCode::TooBig | ErrorCode::TypeMismatch) => {
                    Self::Rejected(error.to_string())
                }
                _ if matches!(fault, Fault::AtCommit(_)) && leaves_open(error) => {
                    Self::OutcomeUnknown(error.to_string())
                }
                _ => Self::NotCommitted(fault.into()),
            },
            Fault::Damaged(_) | Fault::Failed(_) => Self::NotCommitted(fault.into()),
        }
    }
}
