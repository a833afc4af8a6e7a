//! What the tests of this crate share.

use ecrm_postgres::tokio_postgres::{self, Client, NoTls};
use ecrm_testkit::TestDatabase;

/// Connects as a host does: the connection is driven by a task of the runtime.
pub(crate) async fn connect(database: &TestDatabase) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(&database.connection_string(), NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}
