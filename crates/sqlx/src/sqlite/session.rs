//! The session over a sqlx connection to SQLite.

use std::ops::ControlFlow;

use ecrm_store::{Batch, Dialect, Row, Session, StoreError, StoreErrorKind, Value};
use sqlx::{Executor, Sqlite, SqliteConnection, Transaction};
use tokio::runtime::Handle;

use super::parameters::{counts_changes, is_rollback_to, range};
use super::value::{SqliteColumns, bind};
use crate::error::store_error;
use crate::generation::{SqliteQuery, statement};
use crate::rows::hand_over;
use ecrm_store::blocking::Blocking;

/// The primary codes of the errors after which SQLite may have rolled back by itself: no memory, interrupted, disk failed, disk full.
const MAY_HAVE_ROLLED_BACK: [i32; 4] = [7, 9, 10, 13];

/// SQLite's general error: a statement that it does not understand, or whatever a function said.
const SQLITE_ERROR: &str = "1";

/// A [`Session`] over the host's own open SQLite transaction.
///
/// The session blocks its thread while sqlx's worker thread works. Async hosts use [`unit_of_work`](super::unit_of_work); this is for
/// code that is on a plain thread or a blocking one already, or in a handler on a multi-thread runtime. Statements are kept in sqlx's statement cache.
///
/// After some errors (a full disk, a failed read or write) SQLite may have rolled back by itself. From then on statements are refused
/// with [`StoreError::is_misuse`], because without a transaction each would be committed at once, until the roll back to a savepoint shows that
/// the transaction is still there.
pub struct SqliteSession<'c> {
    connection: &'c mut SqliteConnection,
    may_be_gone: bool,
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
        Self {
            connection,
            may_be_gone: false,
            blocking,
        }
    }

    /// Refuses statements while it is unknown whether the transaction is still there. Without one, a roll back to a savepoint
    /// fails and does nothing.
    fn check(&self, sql: &str, parameters: &[Value<'_>]) -> Result<(), StoreError> {
        if self.may_be_gone && !is_rollback_to(sql) {
            return Err(StoreError::new(
                StoreErrorKind::Misuse,
                "SQLite may have rolled the transaction back after an earlier error; roll it back and begin a new one",
            ));
        }
        check(sql, parameters)
    }

    /// The error of a statement. Only compiling it again tells whether SQLite's text is about the statement, which holds no data.
    fn explain(&mut self, error: StoreError, sql: &str) -> StoreError {
        let code = error.code().and_then(|code| code.parse::<i32>().ok());
        self.may_be_gone |= code.is_some_and(|code| MAY_HAVE_ROLLED_BACK.contains(&(code & 0xFF)));
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
        self.check(sql, parameters)?;
        let done = self
            .blocking
            .wait(query(sql, parameters).execute(&mut *self.connection))?;
        let done = done.map_err(|error| self.explain(store_error(error), sql))?;
        if self.may_be_gone && is_rollback_to(sql) {
            self.may_be_gone = false;
        }
        Ok(if counts_changes(sql) { done.rows_affected() } else { 0 })
    }

    fn execute_many(&mut self, sql: &str, batch: &Batch<'_>) -> Result<u64, StoreError> {
        for parameters in batch.rows() {
            self.check(sql, parameters)?;
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
        self.check(sql, parameters)?;
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
