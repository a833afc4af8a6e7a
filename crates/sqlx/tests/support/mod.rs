//! What the tests of this crate share: databases as a host opens them.

use ecrm_sqlx::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use ecrm_sqlx::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use ecrm_sqlx::sqlx::{Error, PgPool, SqlitePool};
use ecrm_testkit::TestDatabase;
use tempfile::TempDir;

/// A pool on a database of the throw-away cluster.
pub(crate) fn postgres(database: &TestDatabase) -> PgPool {
    let options = PgConnectOptions::new_without_pgpass()
        .socket(database.socket_folder())
        .port(database.port())
        .username(database.user())
        .database(database.name());
    PgPoolOptions::new().max_connections(4).connect_lazy_with(options)
}

/// A pool of so many connections on a file. They do not wait for locks.
pub(crate) async fn sqlite(folder: &TempDir, connections: u32) -> Result<SqlitePool, Error> {
    let options = SqliteConnectOptions::new()
        .filename(folder.path().join("shop.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .busy_timeout(std::time::Duration::ZERO);
    SqlitePoolOptions::new()
        .max_connections(connections)
        .connect_with(options)
        .await
}
