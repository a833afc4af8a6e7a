//! The driver's errors as errors of the port.

use std::error::Error as _;

use ecrm_store::{StoreError, StoreErrorKind};
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

/// What an error of the driver means, those of the host's own statements included: whether to repeat the transaction. The server's
/// detail lines quote rows and are left out.
#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
#[must_use]
pub fn store_error(error: Error) -> StoreError {
    if is_outdated(&error) {
        return StoreError::new(
            StoreErrorKind::SerializationFailure,
            "a table was altered, or the statements of this connection were discarded, since they were prepared; repeat the transaction",
        );
    }
    if let Some(told) = error.as_db_error() {
        let names = [
            ("table", told.table()),
            ("column", told.column()),
            ("constraint", told.constraint()),
        ];
        return StoreError::from_sqlstate(told.code().code(), told.message(), names);
    }
    let cause = error.source().and_then(|cause| cause.downcast_ref::<std::io::Error>());
    if error.is_closed() || cause.is_some() {
        return StoreError::disconnected();
    }
    StoreError::new(
        StoreErrorKind::Other,
        format!("the PostgreSQL driver could not run the statement: {error}"),
    )
}

/// Whether the server no longer has a statement as it was prepared.
pub(crate) fn is_outdated(error: &Error) -> bool {
    error.as_db_error().is_some_and(|told| {
        let code = told.code();
        // The second code stands for much else; only this routine raises it for a prepared statement whose table was altered.
        *code == SqlState::INVALID_SQL_STATEMENT_NAME
            || (*code == SqlState::FEATURE_NOT_SUPPORTED && told.routine() == Some("RevalidateCachedQuery"))
    })
}
