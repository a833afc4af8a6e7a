use ecrm_postgres::PostgresSession;
use ecrm_postgres::tokio_postgres::{self, IsolationLevel, NoTls};
use ecrm_store::{StoreError, StoreErrorKind};
use tokio::runtime::{Builder, Handle, Runtime};

use crate::PostgresCluster;
use crate::conformance::{Backend, Database, End, Isolation, Work};

/// Databases of the cluster that the tests of a process share.
pub(super) struct Cluster {
    cluster: &'static PostgresCluster,
}

pub(super) struct Connectable {
    address: String,
    runtime: Runtime,
}

impl Connectable {
    pub(super) fn at(address: String) -> std::io::Result<Self> {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        Ok(Self { address, runtime })
    }
}

impl Cluster {
    pub(super) fn start() -> Option<Self> {
        Some(Self {
            cluster: PostgresCluster::shared()?,
        })
    }
}

impl Backend for Cluster {
    fn fresh_database(&self, case: &str) -> Result<Box<dyn Database>, String> {
        let database = self.cluster.fresh_database(case).map_err(|error| error.to_string())?;
        let connectable = Connectable::at(database.connection_string()).map_err(|error| error.to_string())?;
        Ok(Box::new(connectable))
    }
}

impl Database for Connectable {
    fn transaction(&self, isolation: Isolation, end: End, work: &mut Work<'_>) -> Result<(), StoreError> {
        let handle: &Handle = self.runtime.handle();
        let connecting = tokio_postgres::connect(&self.address, NoTls);
        let (mut client, connection) = self.runtime.block_on(connecting).map_err(host)?;
        // The connection ends with its client; what it says then does not matter to a test.
        self.runtime.spawn(connection);
        let begin = client.build_transaction().isolation_level(match isolation {
            Isolation::Ordinary => IsolationLevel::ReadCommitted,
            Isolation::Snapshot => IsolationLevel::RepeatableRead,
        });
        let transaction = self.runtime.block_on(begin.start()).map_err(host)?;
        work(&mut PostgresSession::new(&transaction, handle)?)?;
        match end {
            End::Commit => self.runtime.block_on(transaction.commit()).map_err(host),
            End::Rollback => self.runtime.block_on(transaction.rollback()).map_err(host),
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn host(error: tokio_postgres::Error) -> StoreError {
    StoreError::new(StoreErrorKind::Other, format!("the host's transaction failed: {error}"))
}
