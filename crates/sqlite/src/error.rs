//! The driver's errors as errors of the port.

use ecrm_store::{StoreError, StoreErrorKind};
use rusqlite::Error;

/// What an error of the host's own statements means, such as a BEGIN or COMMIT that was refused: whether to repeat the transaction.
///
/// ```
/// use ecrm_sqlite::rusqlite::{Connection, TransactionBehavior};
/// use ecrm_sqlite::store_error;
/// # fn main() -> Result<(), ecrm_store::StoreError> {
/// let mut connection = Connection::open_in_memory().map_err(store_error)?;
/// let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(store_error)?;
/// transaction.commit().map_err(store_error)
/// # }
/// ```
#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
#[must_use]
pub fn store_error(error: Error) -> StoreError {
    of_running(&error)
}

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
