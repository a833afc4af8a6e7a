//! The adapter does what every adapter of the port must do, on both databases.

mod support;

use ecrm_sqlx::postgres::PostgresSession;
use ecrm_sqlx::sqlite::SqliteSession;
use ecrm_sqlx::sqlx::{self, PgPool, SqlitePool};
use ecrm_store::StoreError;
use ecrm_testkit::PostgresCluster;
use ecrm_testkit::conformance::{self, Backend, Database, End, Isolation, Work};
use tempfile::TempDir;
use tokio::runtime::{Builder, Handle, Runtime};

#[test]
fn the_adapter_conforms_on_postgresql() {
    let Some(cluster) = PostgresCluster::shared() else {
        return;
    };
    conformance::run(&OnPostgres {
        cluster,
        runtime: Builder::new_multi_thread().enable_all().build().unwrap(),
    });
}

#[test]
fn the_adapter_conforms_on_sqlite() {
    conformance::run(&OnSqlite {
        runtime: Builder::new_multi_thread().enable_all().build().unwrap(),
    });
}

struct OnPostgres {
    cluster: &'static PostgresCluster,
    runtime: Runtime,
}

struct PostgresShop {
    pool: PgPool,
    runtime: Handle,
}

impl Backend for OnPostgres {
    fn fresh_database(&self, case: &str) -> Result<Box<dyn Database>, String> {
        let database = self.cluster.fresh_database(case).map_err(|error| error.to_string())?;
        let _inside = self.runtime.enter();
        Ok(Box::new(PostgresShop {
            pool: support::postgres(&database),
            runtime: self.runtime.handle().clone(),
        }))
    }
}

impl Database for PostgresShop {
    fn transaction(&self, isolation: Isolation, end: End, work: &mut Work<'_>) -> Result<(), StoreError> {
        let begin = match isolation {
            Isolation::Ordinary => "BEGIN",
            Isolation::Snapshot => "BEGIN ISOLATION LEVEL REPEATABLE READ",
        };
        let _inside = self.runtime.enter();
        let mut transaction = self.runtime.block_on(self.pool.begin_with(begin)).map_err(host)?;
        work(&mut PostgresSession::new(&mut transaction, &self.runtime)?)?;
        match end {
            End::Commit => self.runtime.block_on(transaction.commit()).map_err(host),
            End::Rollback => self.runtime.block_on(transaction.rollback()).map_err(host),
        }
    }
}

struct OnSqlite {
    runtime: Runtime,
}

struct SqliteShop {
    pool: SqlitePool,
    runtime: Handle,
    _folder: TempDir,
}

impl Backend for OnSqlite {
    fn fresh_database(&self, _case: &str) -> Result<Box<dyn Database>, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let pool = self
            .runtime
            .block_on(support::sqlite(&folder, 4))
            .map_err(|error| error.to_string())?;
        Ok(Box::new(SqliteShop {
            pool,
            runtime: self.runtime.handle().clone(),
            _folder: folder,
        }))
    }
}

impl Database for SqliteShop {
    fn transaction(&self, isolation: Isolation, end: End, work: &mut Work<'_>) -> Result<(), StoreError> {
        let begin = match isolation {
            Isolation::Ordinary => "BEGIN IMMEDIATE",
            Isolation::Snapshot => "BEGIN DEFERRED",
        };
        let _inside = self.runtime.enter();
        let mut transaction = self.runtime.block_on(self.pool.begin_with(begin)).map_err(host)?;
        work(&mut SqliteSession::new(&mut transaction, &self.runtime)?)?;
        match end {
            End::Commit => self.runtime.block_on(transaction.commit()).map_err(host),
            End::Rollback => self.runtime.block_on(transaction.rollback()).map_err(host),
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn host(error: sqlx::Error) -> StoreError {
    StoreError::invalid_statement(&format!("{error:?}"))
}
