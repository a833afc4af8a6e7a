//! The shop's connections. A client is taken out for a transaction and comes back after its end, and only then.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use ecrm::postgres::CachingClient;
use tokio_postgres::{Error, NoTls};

/// Connections that are open and idle. A client that is not given back, because a handler failed, panicked or was cancelled, is
/// dropped: its connection closes, and PostgreSQL rolls back. So nobody ever gets a connection with a half-done transaction.
///
/// Each client keeps the statements that are prepared on its connection, so that the next transaction need not prepare them again.
pub struct Clients {
    url: String,
    idle: Mutex<Vec<CachingClient>>,
}

impl Clients {
    /// No connection yet.
    #[must_use]
    pub fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            idle: Mutex::new(Vec::new()),
        }
    }

    /// An idle client, or a new one.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn take(&self) -> Result<CachingClient, Error> {
        if let Some(client) = self.idle().pop().filter(|client| !client.is_closed()) {
            return Ok(client);
        }
        let (client, connection) = tokio_postgres::connect(&self.url, NoTls).await?;
        // The task drives the connection, and ends with it; what broke it is told to whoever uses the client.
        tokio::spawn(connection);
        Ok(client.into())
    }

    /// Takes back a client on which no transaction is open.
    pub fn give_back(&self, client: CachingClient) {
        self.idle().push(client);
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<CachingClient>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Clients {
    /// Does not show the URL, which may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clients({} idle)", self.idle().len())
    }
}
