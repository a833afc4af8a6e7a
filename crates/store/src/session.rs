//! The port: what a driver must be able to do for us, and the helpers that everything above uses.

use std::ops::ControlFlow;

use crate::{Batch, Dialect, FromValue, Row, StoreError, Value};

/// The name of every savepoint of this library. SQL savepoints of one name nest, the innermost is meant.
const SAVEPOINT: &str = "ecrm";

/// An open transaction of the host, seen through one of the adapters.
///
/// The trait is object-safe and synchronous; functions of this library take `&mut dyn Session`. A session never begins,
/// commits or rolls back: that is the host's. Statements are written once, in the portable subset of SQLite and PostgreSQL
/// (parameters are `$1`, `$2`, …), and every value travels as a parameter, never inside the text.
///
/// Implemented by the adapter crates; implement it yourself only for another driver, and run the conformance suite of
/// `ecrm-testkit` against it.
pub trait Session {
    /// The database behind this session.
    fn dialect(&self) -> Dialect;

    /// Runs one statement and returns the number of rows that it changed.
    ///
    /// # Errors
    /// A [`StoreError`] that tells a constraint, a busy database and a serialization failure apart.
    fn execute(&mut self, sql: &str, parameters: &[Value<'_>]) -> Result<u64, StoreError>;

    /// Runs one statement once for each row of parameters and returns the number of rows changed in all.
    ///
    /// Adapters prepare once, and pipeline where the database can.
    ///
    /// # Errors
    /// As [`execute`](Self::execute); rows before the failing one may have been written, so call it inside
    /// [`atomically`](SessionExt::atomically) where that matters.
    fn execute_many(&mut self, sql: &str, batch: &Batch<'_>) -> Result<u64, StoreError> {
        let mut changed = 0;
        for row in batch.rows() {
            changed += self.execute(sql, row)?;
        }
        Ok(changed)
    }

    /// Runs a query and hands each row to `on_row` as it arrives, until the rows end or `on_row` answers
    /// [`ControlFlow::Break`]. Memory does not grow with the number of rows.
    ///
    /// # Errors
    /// As [`execute`](Self::execute), and whatever `on_row` returns.
    fn query(
        &mut self,
        sql: &str,
        parameters: &[Value<'_>],
        on_row: &mut dyn FnMut(&Row<'_>) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError>;
}

/// Helpers on every [`Session`].
pub trait SessionExt: Session {
    /// Runs `work` inside a savepoint: all of it happens, or none of it, and the host's transaction stays usable after an
    /// error (a failed PostgreSQL statement would otherwise poison it).
    ///
    /// # Errors
    /// What `work` returned, or the error of the savepoint itself.
    fn atomically<T, E: From<StoreError>>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        self.execute(&format!("SAVEPOINT {SAVEPOINT}"), &[])?;
        match work(self) {
            Ok(value) => {
                self.execute(&format!("RELEASE SAVEPOINT {SAVEPOINT}"), &[])?;
                Ok(value)
            }
            Err(error) => {
                // If the connection itself is gone these fail as well; the first error is the one that explains.
                let _ = self.execute(&format!("ROLLBACK TO SAVEPOINT {SAVEPOINT}"), &[]);
                let _ = self.execute(&format!("RELEASE SAVEPOINT {SAVEPOINT}"), &[]);
                Err(error)
            }
        }
    }

    /// All rows of a query, each mapped by `map`. For results that are known to be small; use [`Session::query`] otherwise.
    ///
    /// # Errors
    /// As [`Session::query`].
    fn query_all<T>(
        &mut self,
        sql: &str,
        parameters: &[Value<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut all = Vec::new();
        self.query(sql, parameters, &mut |row| {
            all.push(map(row)?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(all)
    }

    /// The first row of a query, if there is one.
    ///
    /// # Errors
    /// As [`Session::query`].
    fn query_first<T>(
        &mut self,
        sql: &str,
        parameters: &[Value<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let mut first = None;
        self.query(sql, parameters, &mut |row| {
            first = Some(map(row)?);
            Ok(ControlFlow::Break(()))
        })?;
        Ok(first)
    }

    /// The first column of the first row.
    ///
    /// # Errors
    /// As [`Session::query`]; [`StoreError::is_not_found`] when there is no row.
    fn query_value<T: FromValue>(&mut self, sql: &str, parameters: &[Value<'_>]) -> Result<T, StoreError> {
        self.query_first(sql, parameters, |row| row.get(0))?
            .ok_or_else(|| StoreError::not_found("a row for this query"))
    }
}

impl<S: Session + ?Sized> SessionExt for S {}
