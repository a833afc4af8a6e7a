use std::time::Duration;

use ecrm_sqlite::SqliteSession;
use ecrm_sqlite::rusqlite::{self, Connection, TransactionBehavior};
use ecrm_store::{StoreError, StoreErrorKind};
use tempfile::TempDir;

use crate::conformance::{Backend, Database, End, Isolation, Work};

/// Files, because an in-memory database has one connection only.
pub(super) struct Files;

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
        connection.busy_timeout(Duration::from_secs(10))?;
        connection.pragma_update(None, "synchronous", "OFF")?;
        Ok(connection)
    }
}

impl Database for File {
    fn transaction(&self, isolation: Isolation, end: End, work: &mut Work<'_>) -> Result<(), StoreError> {
        let behavior = match isolation {
            Isolation::Ordinary => TransactionBehavior::Immediate,
            Isolation::Snapshot => TransactionBehavior::Deferred,
        };
        let mut connection = self.connect().map_err(host)?;
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
    StoreError::new(StoreErrorKind::Other, error.to_string())
}
