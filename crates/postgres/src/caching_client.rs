//! A client together with the statements that are prepared on it.

use std::fmt;
use std::ops::Deref;

use tokio_postgres::Client;

use crate::StatementCache;

/// The host's client and the [`StatementCache`] of its connection: what a host keeps, or its pool, from one transaction to the next.
///
/// It derefs to the client. [`unit_of_work`](crate::unit_of_work) takes it and hands it back.
///
/// ```no_run
/// use ecrm_postgres::{CachingClient, PostgresSession, tokio_postgres::Client};
/// use tokio::runtime::Handle;
///
/// /// A handler on a multi-thread runtime, on a borrowed transaction.
/// async fn checkout(client: &mut CachingClient) -> Result<(), Box<dyn std::error::Error>> {
///     let (client, statements) = client.split();
///     let transaction = client.transaction().await?;
///     let session = PostgresSession::with_cache(&transaction, statements, &Handle::current())?;
///     // … a function of ecrm …
///     drop(session);
///     transaction.commit().await?;
///     Ok(())
/// }
/// ```
pub struct CachingClient {
    client: Client,
    statements: StatementCache,
}

impl CachingClient {
    /// The client, with nothing prepared.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self {
            client,
            statements: StatementCache::new(),
        }
    }

    /// Both parts, for a transaction that is borrowed from the client.
    pub fn split(&mut self) -> (&mut Client, &mut StatementCache) {
        (&mut self.client, &mut self.statements)
    }
}

impl From<Client> for CachingClient {
    fn from(client: Client) -> Self {
        Self::new(client)
    }
}

impl Deref for CachingClient {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl fmt::Debug for CachingClient {
    /// Names the type only: a client knows where the shop's database is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CachingClient")
    }
}
