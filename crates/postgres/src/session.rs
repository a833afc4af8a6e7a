//! The session over a tokio-postgres connection.

use std::ops::ControlFlow;

use ecrm_store::{Batch, Dialect, Row, Session, StoreError, Value};
use futures_util::{StreamExt, TryStreamExt, future, stream};
use tokio::runtime::Handle;
use tokio_postgres::{Client, Error, GenericClient, Statement};

use crate::StatementCache;
use crate::error::{is_outdated, store_error};
use crate::value::{Parameter, PostgresColumns, types};
use ecrm_store::blocking::Blocking;

/// Fails with SQLSTATE 25P01 outside of a transaction and changes nothing inside.
const IS_OPEN: &str = "SAVEPOINT ecrm_is_open; RELEASE SAVEPOINT ecrm_is_open";

/// How many rows of a batch are on their way at once: enough to hide the network, little enough to bound the memory.
const PIPELINE: usize = 256;

/// How many rows are taken over from the driver at once, if so many have arrived.
const CHUNK: usize = 256;

/// A [`Session`] over the host's own open PostgreSQL transaction.
///
/// The session blocks its thread while the server works. Make it with [`new`](Self::new) on a plain thread, inside
/// `spawn_blocking`, or inside a handler on a multi-thread runtime; on a current-thread runtime use
/// [`unit_of_work`](crate::unit_of_work).
///
/// Statements are prepared for the types of their parameters: once per session, or once per connection where the host keeps a
/// [`StatementCache`] and makes the session with [`with_cache`](Self::with_cache).
pub struct PostgresSession<'c> {
    client: &'c Client,
    blocking: Blocking,
    is_open: bool,
    statements: Statements<'c>,
}

/// The session's own statements, or the host's.
enum Statements<'c> {
    Own(StatementCache),
    Lent(&'c mut StatementCache),
}

impl<'c> PostgresSession<'c> {
    /// A session over the transaction that the host has open on `connection`: a `Transaction`, or a `Client` on which it has
    /// begun. `runtime` is the runtime that drives the connection.
    ///
    /// That a transaction is open is checked together with the first statement, without a round trip of its own; without one
    /// the first statement fails with [`StoreError::is_misuse`] and is not run.
    ///
    /// ```no_run
    /// use ecrm_postgres::PostgresSession;
    /// use ecrm_postgres::tokio_postgres::{Client, Error};
    /// use ecrm_store::Session;
    /// use tokio::runtime::Handle;
    ///
    /// /// A handler on a multi-thread runtime.
    /// async fn checkout(client: &mut Client) -> Result<(), Box<dyn std::error::Error>> {
    ///     let transaction = client.transaction().await?;
    ///     transaction.execute("INSERT INTO shop_order (number) VALUES ('2026-1')", &[]).await?;
    ///     let mut session = PostgresSession::new(&transaction, &Handle::current())?;
    ///     session.execute("INSERT INTO note (body) VALUES ($1)", &["paid".into()])?;
    ///     drop(session);
    ///     transaction.commit().await?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// [`StoreError::is_misuse`] on a current-thread runtime, whose only thread this session would block for ever.
    pub fn new(connection: &'c impl GenericClient, runtime: &Handle) -> Result<Self, StoreError> {
        Ok(Self {
            client: connection.client(),
            blocking: Blocking::anywhere(runtime)?,
            is_open: false,
            statements: Statements::Own(StatementCache::new()),
        })
    }

    /// As [`new`](Self::new), with the statements that are prepared on this connection already; see
    /// [`CachingClient::split`](crate::CachingClient::split).
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_cache(
        connection: &'c impl GenericClient,
        statements: &'c mut StatementCache,
        runtime: &Handle,
    ) -> Result<Self, StoreError> {
        Ok(Self::blocking(
            connection.client(),
            statements,
            Blocking::anywhere(runtime)?,
        ))
    }

    pub(crate) fn blocking(client: &'c Client, statements: &'c mut StatementCache, blocking: Blocking) -> Self {
        Self {
            client,
            blocking,
            is_open: false,
            statements: Statements::Lent(statements),
        }
    }

    fn statements(&mut self) -> &mut StatementCache {
        match &mut self.statements {
            Statements::Own(statements) => statements,
            Statements::Lent(statements) => statements,
        }
    }

    /// The statement, prepared for the types of these parameters, on a connection that has a transaction open.
    fn prepare(&mut self, sql: &str, parameters: &[Value<'_>]) -> Result<Statement, StoreError> {
        let known = self.statements().find(sql, parameters);
        let types = types(parameters);
        let opening = async {
            if self.is_open {
                return Ok(());
            }
            self.client.batch_execute(IS_OPEN).await
        };
        let preparing = async {
            match &known {
                Some(statement) => Ok(statement.clone()),
                None => self.client.prepare_typed(sql, &types).await,
            }
        };
        // What is missing travels together. Preparing does nothing by itself, so that it does no harm when there is no transaction.
        let (open, statement) = self.blocking.wait(future::join(opening, preparing))?;
        open.map_err(store_error)?;
        self.is_open = true;
        let statement = statement.map_err(store_error)?;
        if known.is_none() {
            self.statements().keep(sql, parameters, statement.clone());
        }
        Ok(statement)
    }

    /// The error of a statement that ran. Where the server no longer has it as it was prepared, the next transaction prepares anew.
    fn explain(&mut self, error: Error) -> StoreError {
        if is_outdated(&error) {
            self.statements().clear();
        }
        store_error(error)
    }
}

impl Session for PostgresSession<'_> {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn execute(&mut self, sql: &str, parameters: &[Value<'_>]) -> Result<u64, StoreError> {
        Value::check(parameters)?;
        let statement = self.prepare(sql, parameters)?;
        let running = self.client.execute_raw(&statement, parameters.iter().map(Parameter));
        self.blocking.wait(running)?.map_err(|error| self.explain(error))
    }

    fn execute_many(&mut self, sql: &str, batch: &Batch<'_>) -> Result<u64, StoreError> {
        let mut statements = Vec::with_capacity(batch.len());
        for parameters in batch.rows() {
            Value::check(parameters)?;
            statements.push(self.prepare(sql, parameters)?);
        }
        let client = self.client;
        // The server gets and runs the rows in their order; the answers come back in the same order.
        let running = stream::iter(statements.iter().zip(batch.rows()))
            .map(|(statement, parameters)| client.execute_raw(statement, parameters.iter().map(Parameter)))
            .buffered(PIPELINE)
            .try_fold(0, |changed, more| future::ok(changed + more));
        self.blocking.wait(running)?.map_err(|error| self.explain(error))
    }

    fn query(
        &mut self,
        sql: &str,
        parameters: &[Value<'_>],
        on_row: &mut dyn FnMut(&Row<'_>) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError> {
        Value::check(parameters)?;
        let statement = self.prepare(sql, parameters)?;
        let running = self.client.query_raw(&statement, parameters.iter().map(Parameter));
        let rows = self.blocking.wait(running)?.map_err(|error| self.explain(error))?;
        let mut chunks = Box::pin(rows.ready_chunks(CHUNK));
        while let Some(chunk) = self.blocking.wait(chunks.next())? {
            for row in chunk {
                let columns = PostgresColumns(row.map_err(|error| self.explain(error))?);
                if on_row(&Row::new(&columns))?.is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

impl std::fmt::Debug for PostgresSession<'_> {
    /// Names the type only.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PostgresSession")
    }
}
