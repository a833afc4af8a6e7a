//! The adapter does what every adapter of the port must do.

use std::time::Duration;

use ecrm_sqlite::SqliteSession;
use ecrm_sqlite::rusqlite::{self, Connection, TransactionBehavior};
use ecrm_store::{Batch, Session, SessionExt, StoreError};
use ecrm_testkit::conformance::{self, Backend, Database, End, Isolation, Work};
use tempfile::TempDir;

#[test]
fn the_adapter_conforms() {
    conformance::run(&Files);
}

#[test]
fn a_session_needs_an_open_transaction() {
    let mut connection = Connection::open_in_memory().unwrap();
    assert!(SqliteSession::new(&connection).unwrap_err().is_misuse());
    let transaction = connection.transaction().unwrap();
    assert!(SqliteSession::new(&transaction).is_ok());
    transaction.rollback().unwrap();
    assert!(SqliteSession::new(&connection).unwrap_err().is_misuse());
}

#[test]
fn a_savepoint_of_the_host_is_a_transaction_too() {
    let mut connection = Connection::open_in_memory().unwrap();
    let savepoint = connection.savepoint().unwrap();
    SqliteSession::new(&savepoint)
        .unwrap()
        .execute("CREATE TABLE t (a TEXT)", &[])
        .unwrap();
    drop(savepoint);
    assert!(
        connection.prepare("SELECT * FROM t").is_err(),
        "the host's savepoint was rolled back"
    );
}

#[test]
fn after_sqlite_has_rolled_back_by_itself_nothing_more_is_written() {
    let mut connection = Connection::open_in_memory().unwrap();
    // SQLite does the same after a full disk or a failed read; this is the way to make it happen at will.
    connection
        .execute_batch("CREATE TABLE line (number INTEGER UNIQUE ON CONFLICT ROLLBACK)")
        .unwrap();
    let transaction = connection.transaction().unwrap();
    let mut session = SqliteSession::new(&transaction).unwrap();
    let twice: Result<u64, StoreError> = session.atomically(|session| {
        session.execute("INSERT INTO line VALUES (1)", &[])?;
        session.execute("INSERT INTO line VALUES (1)", &[])
    });
    assert!(twice.unwrap_err().is_unique_violation(), "the first error comes out");
    let mut batch = Batch::new(1);
    batch.push([2_i64.into()]).unwrap();
    assert!(
        session
            .execute("INSERT INTO line VALUES (2)", &[])
            .unwrap_err()
            .is_misuse()
    );
    assert!(
        session
            .execute_many("INSERT INTO line VALUES ($1)", &batch)
            .unwrap_err()
            .is_misuse()
    );
    assert!(
        session
            .query_value::<i64>("SELECT count(*) FROM line", &[])
            .unwrap_err()
            .is_misuse()
    );
    drop(transaction);
    let rows: i64 = connection
        .query_row("SELECT count(*) FROM line", [], |row| row.get(0))
        .unwrap();
    assert_eq!(rows, 0);
}

#[test]
fn parameters_that_are_not_numbered_are_refused() {
    let mut connection = Connection::open_in_memory().unwrap();
    let transaction = connection.transaction().unwrap();
    let mut session = SqliteSession::new(&transaction).unwrap();
    for sql in ["SELECT ?", "SELECT ?1", "SELECT :a", "SELECT $a", "SELECT $0"] {
        assert!(session.execute(sql, &[1_i64.into()]).is_err(), "{sql}");
    }
}

/// Files, because an in-memory database has one connection only.
struct Files;

struct File {
    folder: TempDir,
}

impl Backend for Files {
    fn fresh_database(&self, _case: &str) -> Result<Box<dyn Database>, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let connection = Connection::open(folder.path().join("shop.db")).map_err(|error| error.to_string())?;
        connection
            .pragma_update(None, "journal_mode", "WAL")
            .map_err(|error| error.to_string())?;
        Ok(Box::new(File { folder }))
    }
}

impl Database for File {
    fn transaction(&self, isolation: Isolation, end: End, work: &mut Work<'_>) -> Result<(), StoreError> {
        let behavior = match isolation {
            Isolation::Ordinary => TransactionBehavior::Immediate,
            Isolation::Snapshot => TransactionBehavior::Deferred,
        };
        let mut connection = Connection::open(self.folder.path().join("shop.db")).map_err(host)?;
        connection.busy_timeout(Duration::ZERO).map_err(host)?;
        let transaction = connection.transaction_with_behavior(behavior).map_err(host)?;
        work(&mut SqliteSession::new(&transaction)?)?;
        match end {
            End::Commit => transaction.commit().map_err(host),
            End::Rollback => transaction.rollback().map_err(host),
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn host(error: rusqlite::Error) -> StoreError {
    StoreError::invalid_statement(&error.to_string())
}
