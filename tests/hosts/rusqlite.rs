//! A shop with a rusqlite of its own: its row and ecrm's order are one transaction, and the session over its connection does what
//! every adapter must do.

#[path = "story.rs"]
mod story;

use std::time::Duration;

use ecrm::sqlite::SqliteSession;
use ecrm::store::StoreError;
use ecrm_testkit::conformance::{self, Backend, Database, End, Isolation, Work};
use rusqlite::{Connection, TransactionBehavior, params};
use story::Failure;
use tempfile::TempDir;

fn main() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let mut connection = Connection::open(folder.path().join("shop.db"))?;
    connection.execute_batch(story::SHOP_TABLE)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    story::migrate(&mut SqliteSession::new(&transaction)?)?;
    transaction.commit()?;

    order(&mut connection, "2026-1", End::Commit)?;
    story::expect(committed(&connection)?, (1, 1, 1))?;
    order(&mut connection, "2026-2", End::Rollback)?;
    story::expect(committed(&connection)?, (1, 1, 1))?;
    println!("SQLite {}: order, row and mail are one", rusqlite::version());

    conformance::run(&Files);
    println!("the session conforms");
    Ok(())
}

fn order(connection: &mut Connection, number: &str, end: End) -> Result<(), Failure> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute("INSERT INTO shop_order (number) VALUES (?1)", params![number])?;
    story::place(&mut SqliteSession::new(&transaction)?, number)?;
    match end {
        End::Commit => transaction.commit()?,
        End::Rollback => transaction.rollback()?,
    }
    Ok(())
}

fn committed(connection: &Connection) -> Result<(i64, i64, i64), Failure> {
    Ok(connection.query_row(story::COMMITTED, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?)
}

/// Files, because an in-memory database has one connection only.
struct Files;

struct File {
    folder: TempDir,
}

impl Backend for Files {
    fn fresh_database(&self, _case: &str) -> Result<Box<dyn Database>, String> {
        let file = File {
            folder: tempfile::tempdir().map_err(|error| error.to_string())?,
        };
        let connection = file.connect().map_err(|error| error.to_string())?;
        connection
            .pragma_update(None, "journal_mode", "WAL")
            .map_err(|error| error.to_string())?;
        Ok(Box::new(file))
    }
}

impl File {
    fn connect(&self) -> rusqlite::Result<Connection> {
        let connection = Connection::open(self.folder.path().join("shop.db"))?;
        connection.busy_timeout(Duration::ZERO)?;
        Ok(connection)
    }
}

impl Database for File {
    fn transaction(&self, isolation: Isolation, end: End, work: &mut Work<'_>) -> Result<(), StoreError> {
        let behavior = match isolation {
            Isolation::Ordinary => TransactionBehavior::Immediate,
            Isolation::Snapshot => TransactionBehavior::Deferred,
        };
        let mut connection = self.connect().map_err(told)?;
        let transaction = connection.transaction_with_behavior(behavior).map_err(told)?;
        work(&mut SqliteSession::new(&transaction)?)?;
        match end {
            End::Commit => transaction.commit().map_err(told),
            End::Rollback => transaction.rollback().map_err(told),
        }
    }
}

fn told(error: rusqlite::Error) -> StoreError {
    StoreError::invalid_statement(&error.to_string())
}
