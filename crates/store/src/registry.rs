//! The registry of all tables that carry the id of a customer or guest.

use crate::{Session, SessionExt, StoreError};

/// A column that holds the id of a customer or guest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct CustomerColumn {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// The module that the table belongs to.
    pub module: String,
}

/// All of them, by table: what merge, export and erasure walk. Each module's migrations fill it.
///
/// # Errors
/// Those of the database.
pub fn customer_columns(session: &mut dyn Session) -> Result<Vec<CustomerColumn>, StoreError> {
    session.query_all(
        "SELECT table_name, column_name, module FROM ecrm_store_customer_table ORDER BY table_name, column_name",
        &[],
        |row| {
            Ok(CustomerColumn {
                table: row.get(0)?,
                column: row.get(1)?,
                module: row.get(2)?,
            })
        },
    )
}
