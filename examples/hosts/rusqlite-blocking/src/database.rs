//! The shop's database. Here the host opens, sets, begins and commits; ecrm never does.

use std::path::Path;
use std::time::Duration;

use ecrm::core::{Clock, SystemClock};
use ecrm::sqlite::rusqlite::{Connection, Error, Transaction, TransactionBehavior};
use ecrm::sqlite::{SqliteSession, store_error};
use ecrm::store::{Session, StoreError, UnitOfWork};
use shop::ATTEMPTS;

use crate::Failure;

/// A connection to the shop's database file.
#[derive(Debug)]
pub struct Database(Connection);

impl Database {
    /// Opens the file, and brings its tables up to date: the shop's own, and those of ecrm.
    ///
    /// # Errors
    /// When the file cannot be opened or changed.
    pub fn open(file: &Path) -> Result<Self, Failure> {
        let connection = Connection::open(file)?;
        connection.pragma_update(None, "journal_mode", "WAL")?; // readers beside one writer
        connection.busy_timeout(Duration::from_secs(5))?; // wait for the other writer
        connection.pragma_update(None, "secure_delete", "ON")?; // what was erased does not stay in free pages
        connection.set_prepared_statement_cache_capacity(64);
        connection.execute_batch(shop::TABLES)?;
        let mut database = Self(connection);
        database.run(&mut |session| ecrm::migrate(session, SystemClock.now()).map(|_| ()))?;
        Ok(database)
    }

    /// The connection, for what else the shop does with it.
    #[must_use]
    pub fn connection(&self) -> &Connection {
        &self.0
    }

    /// A transaction of a writer. It begins IMMEDIATE, because a deferred one that reads first and writes later fails when
    /// another connection has written in between, however long the busy timeout is.
    pub(crate) fn begin(&mut self) -> Result<Transaction<'_>, Error> {
        self.0.transaction_with_behavior(TransactionBehavior::Immediate)
    }
}

impl UnitOfWork for Database {
    fn run(&mut self, work: &mut dyn FnMut(&mut dyn Session) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let mut attempt = 1;
        loop {
            match run_once(self, work) {
                Err(error) if error.should_retry_transaction() && attempt < ATTEMPTS => attempt += 1,
                done => return done,
            }
        }
    }
}

fn run_once(
    database: &mut Database,
    work: &mut dyn FnMut(&mut dyn Session) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let transaction = database.begin().map_err(store_error)?;
    work(&mut SqliteSession::new(&transaction)?)?; // on an error the transaction is dropped, and so rolled back
    transaction.commit().map_err(store_error)
}
