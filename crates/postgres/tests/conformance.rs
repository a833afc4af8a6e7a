//! The adapter does what every adapter of the port must do, on a real PostgreSQL.

mod support;

use ecrm_postgres::PostgresSession;
use ecrm_postgres::tokio_postgres::{self, Client, IsolationLevel};
use ecrm_store::StoreError;
use ecrm_testkit::conformance::{self, Backend, Database, End, Isolation, Work};
use ecrm_testkit::{PostgresCluster, TestDatabase};
use tokio::runtime::Runtime;

#[test]
fn the_adapter_conforms() {
    let Some(cluster) = PostgresCluster::shared() else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    conformance::run(&Cluster { cluster, runtime });
}

struct Cluster {
    cluster: &'static PostgresCluster,
    runtime: Runtime,
}

/// The plain-thread situation: the test's thread waits while the runtime's own thread drives the connection.
struct PlainThread {
    database: TestDatabase,
    runtime: tokio::runtime::Handle,
}

impl Backend for Cluster {
    fn fresh_database(&self, case: &str) -> Result<Box<dyn Database>, String> {
        let database = self.cluster.fresh_database(case).map_err(|error| error.to_string())?;
        Ok(Box::new(PlainThread {
            database,
            runtime: self.runtime.handle().clone(),
        }))
    }
}

impl Database for PlainThread {
    fn transaction(&self, isolation: Isolation, end: End, work: &mut Work<'_>) -> Result<(), StoreError> {
        let mut client: Client = self.runtime.block_on(support::connect(&self.database)).map_err(host)?;
        let begin = client.build_transaction().isolation_level(match isolation {
            Isolation::Ordinary => IsolationLevel::ReadCommitted,
            Isolation::Snapshot => IsolationLevel::RepeatableRead,
        });
        let transaction = self.runtime.block_on(begin.start()).map_err(host)?;
        work(&mut PostgresSession::new(&transaction, &self.runtime)?)?;
        match end {
            End::Commit => self.runtime.block_on(transaction.commit()).map_err(host),
            End::Rollback => self.runtime.block_on(transaction.rollback()).map_err(host),
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn host(error: tokio_postgres::Error) -> StoreError {
    StoreError::invalid_statement(&format!("{error:?}"))
}
