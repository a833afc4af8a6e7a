//! Hosts on every database, for the tests of modules and of the façade.

#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

use ecrm_store::{Session, StoreError, UnitOfWork};

use crate::conformance::{Backend, Database, End, Isolation};

/// Runs a test on a new database of each kind that is switched on and installed. Where PostgreSQL is missing one line says so.
///
/// # Panics
/// When a database cannot be made, or the test panics.
pub fn on_each_database(name: &str, test: impl Fn(&mut Host)) {
    for backend in backends() {
        let database = backend.fresh_database(name).expect("a new database");
        test(&mut Host { database });
    }
}

fn backends() -> Vec<Box<dyn Backend>> {
    let mut backends: Vec<Box<dyn Backend>> = Vec::new();
    #[cfg(feature = "sqlite")]
    backends.push(Box::new(sqlite::Files));
    #[cfg(feature = "postgres")]
    if let Some(cluster) = postgres::Cluster::start() {
        backends.push(Box::new(cluster));
    }
    backends
}

/// A shop's database, and the transactions that a host makes of it.
pub struct Host {
    database: Box<dyn Database>,
}

impl Host {
    /// A host on an SQLite file, which several processes may share.
    ///
    /// # Panics
    /// When the file cannot be opened.
    #[cfg(feature = "sqlite")]
    #[must_use]
    pub fn on_file(path: &std::path::Path) -> Self {
        let file = sqlite::File::open(path.to_owned(), None).expect("a database file");
        Self {
            database: Box::new(file),
        }
    }

    /// A host on a PostgreSQL database, which several processes may share.
    ///
    /// # Panics
    /// When no runtime can be started.
    #[cfg(feature = "postgres")]
    #[must_use]
    pub fn on_postgres(connection_string: &str) -> Self {
        let connectable = postgres::Connectable::at(connection_string.to_owned()).expect("a runtime");
        Self {
            database: Box::new(connectable),
        }
    }

    /// Runs `work` in a transaction, commits it and returns what it returned; rolls back and panics on an error.
    ///
    /// # Panics
    /// When `work` or the database fails.
    pub fn commit<T, E: std::fmt::Debug>(&mut self, work: impl FnOnce(&mut dyn Session) -> Result<T, E>) -> T {
        self.end(End::Commit, work).expect("the transaction succeeds")
    }

    /// Runs `work` in a transaction and rolls it back, as a host does whose own part has failed.
    ///
    /// # Panics
    /// When `work` or the database fails.
    pub fn roll_back<T, E: std::fmt::Debug>(&mut self, work: impl FnOnce(&mut dyn Session) -> Result<T, E>) -> T {
        self.end(End::Rollback, work).expect("the work succeeds")
    }

    fn end<T, E>(&mut self, end: End, work: impl FnOnce(&mut dyn Session) -> Result<T, E>) -> Result<T, E> {
        let (mut work, mut result) = (Some(work), None);
        let ended = self.database.transaction(Isolation::Ordinary, end, &mut |session| {
            result = work.take().map(|work| work(session));
            match &result {
                Some(Ok(_)) => Ok(()),
                _ => Err(StoreError::invalid_input("the work of the test failed")),
            }
        });
        match result.expect("the work was run") {
            Ok(value) => {
                ended.expect("the transaction ends");
                Ok(value)
            }
            Err(error) => Err(error),
        }
    }
}

impl UnitOfWork for Host {
    fn run(&mut self, work: &mut dyn FnMut(&mut dyn Session) -> Result<(), StoreError>) -> Result<(), StoreError> {
        self.database.transaction(Isolation::Ordinary, End::Commit, work)
    }
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Host")
    }
}
