//! The session over a sqlx connection to SQLite.

use std::ops::ControlFlow;

use ecrm_store::{Batch, Dialect, Row, Session, StoreError, Value};
use sqlx::{Executor, Sqlite, SqliteConnection, Transaction};
use tokio::runtime::Handle;

use super::parameters::{counts_changes, range};
use super::value::{SqliteColumns, bind};
use crate::blocking::Blocking;
use crate::error::store_error;
use crate::generation::{SqliteQuery, statement};
use crate::rows::hand_over;

/// SQLite's general error: a statement that it does not understand, or whatever a function said.
const SQLITE_ERROR: &str = "1";

/// A [`Session`] over the host's own open SQLite transaction.
///
/// The session blocks its thread while sqlx's worker thread works. Async hosts use [`unit_of_work`](super::unit_of_work); this is for
/// code that is on a plain thread or a blocking one already, or in a handler on a multi-thread runtime. Statements are kept in sqlx's statement cache.
pub struct SqliteSession<'c> {
    connection: &'c mut SqliteConnection,
    blocking: Blocking,
}

impl<'c> SqliteSession<'c> {
    /// A session over an open transaction. `runtime` is a runtime that runs.
    ///
    /// # Errors
    /// [`StoreError::is_misuse`] on a current-thread runtime, whose only thread this session would block.
    pub fn new(transaction: &'c mut Transaction<'_, Sqlite>, runtime: &Handle) -> Result<Self, StoreError> {
        Ok(Self::blocking(transaction, Blocking::anywhere(runtime)?))
    }

    pub(super) fn blocking(connection: &'c mut SqliteConnection, blocking: Blocking) -> Self {
        Self { connection, blocking }
    }

    /// The error of a statement. Only compiling it again tells whether SQLite's text is about the statement, which holds no data.
    fn explain(&mut self, error: StoreError, sql: &str) -> StoreError {
        if error.code() != Some(SQLITE_ERROR) {
            return error;
        }
        match self.blocking.wait((&mut *self.connection).prepare(statement(sql))) {
            Ok(Err(sqlx::Error::Database(about))) => {
                StoreError::invalid_statement(about.message()).with_code(SQLITE_ERROR)
            }
            _ => error,
        }
    }
}

impl Session for SqliteSession<'_> {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn execute(&mut self, sql: &str, parameters: &[Value<'_>]) -> Result<u64, StoreError> {
        check(sql, parameters)?;
        let done = self
            .blocking
            .wait(query(sql, parameters).execute(&mut *self.connection))?;
        let done = done.map_err(|error| self.explain(store_error(error), sql))?;
        Ok(if counts_changes(sql) { done.rows_affected() } else { 0 })
    }

    fn execute_many(&mut self, sql: &str, batch: &Batch<'_>) -> Result<u64, StoreError> {
        for parameters in batch.rows() {
            check(sql, parameters)?;
        }
        let connection = &mut *self.connection;
        let running = async {
            let mut changed = 0;
            for parameters in batch.rows() {
                changed += query(sql, parameters).execute(&mut *connection).await?.rows_affected();
            }
            Ok(changed)
        };
        self.blocking
            .wait(running)?
            .map_err(|error| self.explain(store_error(error), sql))
    }

    fn query(
        &mut self,
        sql: &str,
        parameters: &[Value<'_>],
        on_row: &mut dyn FnMut(&Row<'_>) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError> {
        check(sql, parameters)?;
        let rows = query(sql, parameters).fetch(&mut *self.connection);
        hand_over(&self.blocking, rows, SqliteColumns, on_row).map_err(|error| self.explain(error, sql))
    }
}

impl std::fmt::Debug for SqliteSession<'_> {
    /// Names the type only.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SqliteSession")
    }
}

/// Refuses what SQLite would not notice: it takes a parameter without a value for NULL.
fn check(sql: &str, parameters: &[Value<'_>]) -> Result<(), StoreError> {
    let (lowest, highest) = range(sql);
    if lowest == 0 || highest > parameters.len() {
        return Err(StoreError::invalid_statement(&format!(
            "it has parameters from ${lowest} to ${highest}, and {} values",
            parameters.len()
        )));
    }
    Value::check(parameters)
}

fn query<'q>(sql: &'q str, parameters: &'q [Value<'q>]) -> SqliteQuery<'q> {
    parameters.iter().fold(sqlx::query(statement(sql)), bind)
}
