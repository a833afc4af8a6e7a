//! The driver's errors as errors of the port.

use std::error::Error as _;

use ecrm_store::{StoreError, StoreErrorKind};
use tokio_postgres::Error;

/// What an error of the driver means. The server's detail lines quote rows and are left out.
#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
pub(crate) fn store_error(error: Error) -> StoreError {
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
