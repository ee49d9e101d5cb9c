//! PostgreSQL's errors in the port's words, in one place.

use service::port::{CommitError, StoreError};
use sqlx::{
    Error,
    error::DatabaseError,
    postgres::{PgDatabaseError, PgSeverity},
};

/// What went wrong inside a store operation.
#[derive(Debug)]
pub(crate) enum Fault {
    /// No connection was to be had: nothing was sent.
    Unreachable(Error),
    /// A statement failed, or its connection.
    Sql(Error),
    /// No answer in time; what was sent may still be done.
    TimedOut,
    /// The connection broke, or took too long, between sending a change and its answer.
    Unknown(String),
    /// What is stored is not what this version writes.
    Damaged(String),
    /// What was asked for can't be stored.
    Refused(String),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Sql(error)
    }
}

impl Fault {
    pub(crate) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged(what.into())
    }

    /// Of a change that was sent whole, so that only the server's word tells that it was not made.
    pub(crate) fn of_a_change(error: Error) -> Self {
        match &error {
            Error::Database(answer) if !leaves_open(&**answer) => Self::Sql(error),
            _ => Self::Unknown(error.to_string()),
        }
    }

    /// The server refused a statement and waits for the next one.
    pub(crate) fn leaves_the_connection(&self) -> bool {
        matches!(self, Self::Sql(Error::Database(error)) if !ends_the_connection(&**error))
    }

    /// The connection is gone, and with it whatever was asked through it.
    pub(crate) fn took_the_connection(&self) -> bool {
        match self {
            Self::Sql(Error::Database(error)) => ends_the_connection(&**error),
            Self::Sql(Error::Io(_) | Error::Protocol(_)) => true,
            _ => false,
        }
    }

    /// A row's month has no partition yet.
    pub(crate) fn is_missing_partition(&self) -> bool {
        matches!(self, Self::Sql(Error::Database(error))
            if error.code().as_deref() == Some("23514") && error.constraint().is_none())
    }
}

/// Constraints by name; what is not named here is told in the database's words, which have no values in them.
fn reason(error: &dyn DatabaseError) -> String {
    let column = error.try_downcast_ref::<PgDatabaseError>().and_then(PgDatabaseError::column);
    match (error.constraint(), column) {
        (Some("budget_slug"), _) => "there is another budget with this slug".into(),
        (Some("summary_delta_pkey"), _) => "two changes have one version".into(),
        (Some(name), _) if name.starts_with("submission_") && name.ends_with("_pkey") => {
            "there is another submission with this id".into()
        }
        (None, Some("points")) => "the points do not fit the budget's categories".into(),
        _ => format!("{} (SQLSTATE {})", error.message(), error.code().unwrap_or_default()),
    }
}

fn ends_the_connection(error: &dyn DatabaseError) -> bool {
    error
        .try_downcast_ref::<PgDatabaseError>()
        .is_some_and(|error| matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic))
}

/// A server that goes down may say so after it committed, instead of "done".
fn leaves_open(error: &dyn DatabaseError) -> bool {
    ends_the_connection(error) || matches!(error.code().as_deref(), Some("08007" | "40003"))
}

fn from_database(error: &dyn DatabaseError) -> StoreError {
    let code = error.code().unwrap_or_default();
    let reason = reason(error);
    match (code.get(..2).unwrap_or_default(), &*code) {
        (_, "42P01" | "42703" | "42883") => StoreError::Schema(reason),
        (_, "XX001" | "XX002") => StoreError::Damaged(reason),
        // Rolled back, no resources, a lock not free, on its way down or up.
        ("08" | "25" | "40" | "53" | "55" | "57" | "58", _) => StoreError::Unavailable(reason),
        _ => StoreError::Failed(reason),
    }
}

fn from_sql(error: &Error) -> StoreError {
    match error {
        Error::Database(error) => from_database(&**error),
        Error::Decode(_) | Error::ColumnDecode { .. } | Error::TypeNotFound { .. } => {
            StoreError::Damaged(error.to_string())
        }
        Error::PoolTimedOut => StoreError::Unavailable(
            "no connection in time: it is not running, not at this address, or all connections are busy".into(),
        ),
        Error::Io(_)
        | Error::Tls(_)
        | Error::Protocol(_)
        | Error::PoolClosed
        | Error::WorkerCrashed
        | Error::BeginFailed => StoreError::Unavailable(error.to_string()),
        _ => StoreError::Failed(error.to_string()),
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Damaged(what) => Self::Damaged(what),
            Fault::Refused(what) => Self::Refused(what),
            Fault::TimedOut => Self::Unavailable("no answer in time".into()),
            Fault::Unknown(what) => Self::OutcomeUnknown(what),
            Fault::Unreachable(error) | Fault::Sql(error) => from_sql(&error),
        }
    }
}

impl From<Fault> for CommitError {
    fn from(fault: Fault) -> Self {
        match &fault {
            Fault::Refused(what) => Self::Rejected(what.clone()),
            Fault::TimedOut => Self::OutcomeUnknown("no answer in time".into()),
            Fault::Unknown(what) => Self::OutcomeUnknown(what.clone()),
            Fault::Sql(Error::Database(error)) => match error.code().unwrap_or_default().get(..2).unwrap_or_default() {
                "22" | "23" => Self::Rejected(reason(&**error)),
                _ if leaves_open(&**error) => Self::OutcomeUnknown(reason(&**error)),
                _ => Self::NotCommitted(fault.into()),
            },
            // The batch was on its way: nobody knows how far it came.
            Fault::Sql(error) => Self::OutcomeUnknown(error.to_string()),
            Fault::Unreachable(_) | Fault::Damaged(_) => Self::NotCommitted(fault.into()),
        }
    }
}
