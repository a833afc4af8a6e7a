//! The session over a sqlx connection to PostgreSQL.

use std::ops::ControlFlow;

use ecrm_store::{Batch, Dialect, Row, Session, StoreError, Type, Value};
use sqlx::{PgConnection, Postgres, Transaction};
use tokio::runtime::Handle;

use super::value::{Parameter, PostgresColumns};
use crate::error::store_error;
use crate::generation::{PostgresQuery, statement};
use crate::rows::hand_over;
use ecrm_store::blocking::Blocking;

/// A [`Session`] over the host's own open PostgreSQL transaction.
///
/// The session blocks its thread while the server works. Async hosts use [`unit_of_work`](super::unit_of_work); this is for code that
/// is on a plain thread or a blocking one already, or in a handler on a multi-thread runtime. Statements are kept in sqlx's statement cache.
pub struct PostgresSession<'c> {
    connection: &'c mut PgConnection,
    blocking: Blocking,
}

impl<'c> PostgresSession<'c> {
    /// A session over an open transaction. `runtime` is the runtime that the connection was made on.
    ///
    /// # Errors
    /// [`StoreError::is_misuse`] on a current-thread runtime, whose only thread this session would block for ever.
    pub fn new(transaction: &'c mut Transaction<'_, Postgres>, runtime: &Handle) -> Result<Self, StoreError> {
        Ok(Self::blocking(transaction, Blocking::anywhere(runtime)?))
    }

    pub(super) fn blocking(connection: &'c mut PgConnection, blocking: Blocking) -> Self {
        Self { connection, blocking }
    }
}

impl Session for PostgresSession<'_> {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn execute(&mut self, sql: &str, parameters: &[Value<'_>]) -> Result<u64, StoreError> {
        Value::check(parameters)?;
        let sql = with_types(sql, parameters);
        let done = self
            .blocking
            .wait(query(&sql, parameters).execute(&mut *self.connection))?;
        Ok(done.map_err(store_error)?.rows_affected())
    }

    fn execute_many(&mut self, sql: &str, batch: &Batch<'_>) -> Result<u64, StoreError> {
        for parameters in batch.rows() {
            Value::check(parameters)?;
        }
        let connection = &mut *self.connection;
        let running = async {
            let mut changed = 0;
            for parameters in batch.rows() {
                let sql = with_types(sql, parameters);
                changed += query(&sql, parameters).execute(&mut *connection).await?.rows_affected();
            }
            Ok(changed)
        };
        self.blocking.wait(running)?.map_err(store_error)
    }

    fn query(
        &mut self,
        sql: &str,
        parameters: &[Value<'_>],
        on_row: &mut dyn FnMut(&Row<'_>) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError> {
        Value::check(parameters)?;
        let sql = with_types(sql, parameters);
        let rows = query(&sql, parameters).fetch(&mut *self.connection);
        hand_over(&self.blocking, rows, PostgresColumns, on_row)
    }
}

impl std::fmt::Debug for PostgresSession<'_> {
    /// Names the type only.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PostgresSession")
    }
}

fn query<'q>(sql: &'q str, parameters: &'q [Value<'q>]) -> PostgresQuery<'q> {
    parameters
        .iter()
        .fold(sqlx::query(statement(sql)), |query, value| query.bind(Parameter(value)))
}

/// The statement and a comment with the types of its parameters: sqlx keeps prepared statements by their text alone, and would
/// send a number to a statement that was prepared for a text.
fn with_types(sql: &str, parameters: &[Value<'_>]) -> String {
    if parameters.is_empty() {
        return sql.to_owned();
    }
    let types = parameters.iter().map(|value| match value.kind() {
        Type::Blob => 'b',
        Type::Boolean => 't',
        Type::Integer => 'i',
        Type::Json => 'j',
        Type::Real => 'r',
        Type::Uuid => 'u',
        _ => 's',
    });
    sql.chars().chain("\n-- ".chars()).chain(types).collect()
}
