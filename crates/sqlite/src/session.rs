//! The session over a rusqlite connection.

use std::ops::ControlFlow;

use ecrm_store::{Batch, Dialect, Row, Session, StoreError, StoreErrorKind, Value};
use rusqlite::{CachedStatement, Connection, Statement};

use crate::error::{of_preparing, of_running};
use crate::value::{Parameters, SqliteColumns};

/// A [`Session`] over the host's own open SQLite transaction.
///
/// `Transaction` and `Savepoint` of rusqlite deref to `Connection`, so `SqliteSession::new(&transaction)` is the usual call. The
/// session never begins, commits or rolls back and sets no PRAGMA. After some errors (a full disk, a failed read or write) SQLite
/// rolls back by itself; from then on each statement is refused with [`StoreError::is_misuse`], because without a transaction it
/// would be committed at once.
///
/// Statements are kept in rusqlite's statement cache; a host that runs many different statements raises its size by
/// `Connection::set_prepared_statement_cache_capacity`.
///
/// ```
/// use ecrm_sqlite::{SqliteSession, rusqlite::Connection};
/// use ecrm_store::{Session, SessionExt};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut connection = Connection::open_in_memory()?;
/// let transaction = connection.transaction()?;
/// let mut session = SqliteSession::new(&transaction)?;
/// session.execute("CREATE TABLE visit (page TEXT NOT NULL)", &[])?;
/// session.execute("INSERT INTO visit (page) VALUES ($1)", &["/shoes".into()])?;
/// let pages: i64 = session.query_value("SELECT count(*) FROM visit", &[])?;
/// assert_eq!(pages, 1);
/// transaction.commit()?;
/// # Ok(())
/// # }
/// ```
pub struct SqliteSession<'c> {
    connection: &'c Connection,
}

impl<'c> SqliteSession<'c> {
    /// A session over the transaction that is open on `connection`.
    ///
    /// # Errors
    /// [`StoreError::is_misuse`] when no transaction is open.
    pub fn new(connection: &'c Connection) -> Result<Self, StoreError> {
        if connection.is_autocommit() {
            return Err(StoreError::no_transaction());
        }
        Ok(Self { connection })
    }

    /// The statement, as long as the transaction is there: SQLite may have ended it by itself since the statement before.
    fn prepare(&self, sql: &str) -> Result<CachedStatement<'c>, StoreError> {
        if self.connection.is_autocommit() {
            return Err(StoreError::new(
                StoreErrorKind::Misuse,
                "the transaction is gone: SQLite rolled it back after an earlier error, or the host ended it; begin a new one",
            ));
        }
        self.connection
            .prepare_cached(sql)
            .map_err(|error| of_preparing(&error))
    }

    /// Runs a bound statement to its end and counts the rows it changed.
    fn run(&self, statement: &mut Statement<'_>) -> Result<u64, StoreError> {
        let before = self.connection.total_changes();
        let mut rows = statement.raw_query();
        while rows.next().map_err(|error| of_running(&error))?.is_some() {}
        drop(rows);
        // `changes` keeps the number of an earlier statement when this one writes no rows, as CREATE TABLE does.
        if self.connection.total_changes() == before {
            return Ok(0);
        }
        Ok(self.connection.changes())
    }
}

impl Session for SqliteSession<'_> {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn execute(&mut self, sql: &str, parameters: &[Value<'_>]) -> Result<u64, StoreError> {
        Value::check(parameters)?;
        let mut statement = self.prepare(sql)?;
        Parameters::of(&statement)?.bind(&mut statement, parameters)?;
        self.run(&mut statement)
    }

    fn execute_many(&mut self, sql: &str, batch: &Batch<'_>) -> Result<u64, StoreError> {
        let mut statement = self.prepare(sql)?;
        let parameters = Parameters::of(&statement)?;
        let mut changed = 0;
        for values in batch.rows() {
            Value::check(values)?;
            parameters.bind(&mut statement, values)?;
            changed += self.run(&mut statement)?;
        }
        Ok(changed)
    }

    fn query(
        &mut self,
        sql: &str,
        parameters: &[Value<'_>],
        on_row: &mut dyn FnMut(&Row<'_>) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError> {
        Value::check(parameters)?;
        let mut statement = self.prepare(sql)?;
        Parameters::of(&statement)?.bind(&mut statement, parameters)?;
        let width = statement.column_count();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(|error| of_running(&error))? {
            if on_row(&Row::new(&SqliteColumns { row, width }))?.is_break() {
                break;
            }
        }
        Ok(())
    }
}

impl std::fmt::Debug for SqliteSession<'_> {
    /// Names the type only: a connection may know its path, and a path the shop.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SqliteSession")
    }
}
