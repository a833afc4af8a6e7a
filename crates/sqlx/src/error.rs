//! The driver's errors as errors of the port.

use ecrm_store::{StoreError, StoreErrorKind};
use sqlx::Error;
use sqlx::error::DatabaseError;

/// What an error of the driver means. Its own texts may quote rows and are left out.
pub(crate) fn store_error(error: Error) -> StoreError {
    match error {
        Error::Database(told) => of_database(told.as_ref()),
        Error::Io(_) | Error::WorkerCrashed | Error::PoolClosed => StoreError::disconnected(),
        _ => StoreError::new(StoreErrorKind::Other, "sqlx could not run the statement"),
    }
}

fn of_database(error: &dyn DatabaseError) -> StoreError {
    #[cfg(feature = "postgres")]
    if let Some(told) = error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
        let names = [
            ("table", told.table()),
            ("column", told.column()),
            ("constraint", told.constraint()),
        ];
        return StoreError::from_sqlstate(told.code(), told.message(), names);
    }
    let code = error.code().and_then(|code| code.parse().ok()).unwrap_or_default();
    StoreError::from_sqlite_code(code, error.message())
}
