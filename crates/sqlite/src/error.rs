//! The driver's errors as errors of the port.

use ecrm_store::{StoreError, StoreErrorKind};
use rusqlite::Error;

/// An error while a statement is compiled: whatever SQLite says stems from the statement, which holds no data.
pub(crate) fn of_preparing(error: &Error) -> StoreError {
    match error.sqlite_error() {
        Some(code) if code.extended_code != rusqlite::ffi::SQLITE_ERROR => of_running(error),
        _ => StoreError::invalid_statement(&error.to_string()),
    }
}

/// An error while a statement runs.
pub(crate) fn of_running(error: &Error) -> StoreError {
    match error {
        Error::SqliteFailure(code, message) => StoreError::from_sqlite_code(
            code.extended_code,
            message.as_deref().unwrap_or("a constraint refused the row"),
        ),
        _ => StoreError::new(StoreErrorKind::Other, "the SQLite driver could not run the statement"),
    }
}
