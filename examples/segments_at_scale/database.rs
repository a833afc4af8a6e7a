//! The shop's own database. Here the host begins and commits; the library never does.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use ecrm::sqlite::rusqlite::{Connection, TransactionBehavior};
use ecrm::sqlite::{SqliteSession, store_error};
use ecrm::store::{Session, SessionExt, customers, migrate};

use crate::Failure;

/// The shop's own table. It has a row once everything was loaded, so that a half-filled database is not taken for a small shop.
const LOADED: &str = "CREATE TABLE IF NOT EXISTS shop_loaded (
    customers BIGINT NOT NULL,
    orders BIGINT NOT NULL,
    lines BIGINT NOT NULL,
    visits BIGINT NOT NULL,
    reached BIGINT NOT NULL
)";

/// The database of the shop.
pub struct Database {
    connection: Connection,
    file: PathBuf,
}

/// How much was loaded, and up to which instant the segments were brought.
#[derive(Default)]
pub struct Loaded {
    pub customers: u64,
    pub orders: u64,
    pub lines: u64,
    pub visits: u64,
    pub reached: DateTime<Utc>,
}

impl Database {
    /// A database file. The settings are the host's; a commit survives a crash of the process.
    pub fn open(file: &Path, must_be_there: bool) -> Result<Self, Failure> {
        if must_be_there && !file.exists() {
            return Err(format!("there is no database {}; load one with --data FOLDER", file.display()).into());
        }
        let connection = Connection::open(file)
            .and_then(|connection| settings(&connection).map(|()| connection))
            .map_err(|error| {
                format!(
                    "{} cannot be opened as an SQLite database: {error}; name a file in a folder that can be written",
                    file.display()
                )
            })?;
        Ok(Self {
            connection,
            file: file.to_owned(),
        })
    }

    /// Where it is.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Brings the file into the system's cache, where that of a shop is which has run for a while.
    pub fn warm_up(&self) -> Result<(), Failure> {
        std::io::copy(&mut File::open(&self.file)?, &mut std::io::sink())?;
        Ok(())
    }

    /// The shop's table and those of the library, all of them empty.
    pub fn prepare(&mut self, now: DateTime<Utc>) -> Result<(), Failure> {
        let there = self.within(|session| {
            session.execute(LOADED, &[])?;
            migrate(session, &[&ecrm::segmentation::MODULE], now)?;
            Ok(customers::count(session)?)
        })?;
        if there > 0 {
            return Err(format!(
                "{} has {there} customers already; leave out --data and say --loaded to go on with them, or delete the file",
                self.file.display()
            )
            .into());
        }
        Ok(())
    }

    /// Runs `work` in a transaction, which is committed if it succeeds.
    pub fn within<T>(&mut self, work: impl FnOnce(&mut dyn Session) -> Result<T, Failure>) -> Result<T, Failure> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(store_error)?;
        let done = work(&mut SqliteSession::new(&transaction)?)?;
        transaction.commit().map_err(store_error)?;
        Ok(done)
    }

    /// How much was loaded.
    pub fn loaded(&mut self) -> Result<Loaded, Failure> {
        let read = self.within(|session| {
            let sql = "SELECT customers, orders, lines, visits, reached FROM shop_loaded";
            let row = session.query_first(sql, &[], |row| {
                Ok(Loaded {
                    customers: row.get(0)?,
                    orders: row.get(1)?,
                    lines: row.get(2)?,
                    visits: row.get(3)?,
                    reached: row.get(4)?,
                })
            })?;
            Ok(row)
        });
        read.ok().flatten().ok_or_else(|| {
            format!(
                "{} was not loaded to its end; delete it and load it again with --data FOLDER",
                self.file.display()
            )
            .into()
        })
    }
}

/// Notes that everything is there.
pub fn finish(session: &mut dyn Session, loaded: &Loaded) -> Result<(), Failure> {
    let counts = [loaded.customers, loaded.orders, loaded.lines, loaded.visits];
    let counts = counts.map(i64::try_from).into_iter().collect::<Result<Vec<_>, _>>()?;
    let counts = counts.into_iter().map(Into::into);
    let values: Vec<_> = counts.chain([loaded.reached.into()]).collect();
    session.execute("INSERT INTO shop_loaded VALUES ($1, $2, $3, $4, $5)", &values)?;
    Ok(())
}

/// Notes up to which instant the segments were brought.
pub fn reach(session: &mut dyn Session, instant: DateTime<Utc>) -> Result<(), Failure> {
    session.execute("UPDATE shop_loaded SET reached = $1", &[instant.into()])?;
    Ok(())
}

fn settings(connection: &Connection) -> Result<(), ecrm::sqlite::rusqlite::Error> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -64_000)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}
