//! A PostgreSQL to try a host on.

use std::error::Error;

use ecrm_testkit::{Durability, PostgresCluster};

/// The database of `DATABASE_URL`, or a server of our own that is gone when this is dropped.
#[derive(Debug)]
pub struct Postgres {
    url: String,
    _server: Option<PostgresCluster>,
}

impl Postgres {
    /// Finds the database, or starts the server.
    ///
    /// # Errors
    /// When there is no `DATABASE_URL`, and PostgreSQL is not installed or does not start.
    pub fn open() -> Result<Self, Box<dyn Error>> {
        if let Ok(url) = std::env::var("DATABASE_URL") {
            return Ok(Self { url, _server: None });
        }
        let server = PostgresCluster::start(Durability::Fast)?;
        let url = server.fresh_database("shop")?.url();
        Ok(Self {
            url,
            _server: Some(server),
        })
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}
