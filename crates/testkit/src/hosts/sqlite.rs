use std::path::PathBuf;
use std::time::Duration;

use ecrm_sqlite::SqliteSession;
use ecrm_sqlite::rusqlite::{self, Connection, TransactionBehavior};
use ecrm_store::{StoreError, StoreErrorKind};
use tempfile::TempDir;

use crate::conformance::{Backend, Database, End, Isolation, Work};

/// Files, because an in-memory database has one connection only.
pub(super) struct Files;

pub(super) struct File {
    path: PathBuf,
    _folder: Option<TempDir>,
}

impl Backend for Files {
    fn fresh_database(&self, _case: &str) -> Result<Box<dyn Database>, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let path = folder.path().join("shop.db");
        let file = File::open(path, Some(folder)).map_err(|error| error.to_string())?;
        Ok(Box::new(file))
    }
}

impl File {
    pub(super) fn open(path: PathBuf, folder: Option<TempDir>) -> rusqlite::Result<Self> {
        let file = Self { path, _folder: folder };
        file.connect()?.pragma_update(None, "journal_mode", "WAL")?;
        Ok(file)
    }

    fn connect(&self) -> rusqlite::Result<Connection> {
        let connection = Connection::open(&self.path)?;
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
