//! A throw-away PostgreSQL cluster for tests: on a unix socket only, gone with the test process.

mod binaries;
mod watchdog;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use binaries::Binaries;
use watchdog::Watchdog;

/// The database superuser of every throw-away cluster.
const USER: &str = "postgres";

/// The port names the socket file; nothing listens on a network.
const PORT: u16 = 5432;

/// Whether what is committed survives a crash of the server itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// As in production, for tests that kill the server.
    Durable,
    /// Nothing waits for the disk. A killed test process loses nothing, because the server runs on.
    Fast,
}

/// A PostgreSQL server of our own in a temporary folder. It is stopped and its folder removed when this is dropped, and also
/// when the process ends in any other way, SIGKILL included.
///
/// ```
/// use ecrm_testkit::PostgresCluster;
/// if let Some(cluster) = PostgresCluster::shared() {
///     let database = cluster.fresh_database("example")?;
///     assert!(database.connection_string().contains("dbname=example"));
/// }
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct PostgresCluster {
    folder: PathBuf,
    binaries: Binaries,
    databases: AtomicU32,
    _watchdog: Watchdog,
}

/// One database of a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestDatabase {
    socket_folder: PathBuf,
    name: String,
}

impl PostgresCluster {
    /// The cluster that all tests of this process share, or `None` where PostgreSQL is not installed: then one line on the
    /// standard error says so and the test returns. With `ECRM_REQUIRE_POSTGRES=1` nothing is skipped.
    ///
    /// # Panics
    /// When PostgreSQL is there and does not start, or is missing although it is required.
    #[must_use]
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<PostgresCluster>> = OnceLock::new();
        SHARED.get_or_init(start_or_skip).as_ref()
    }

    /// Starts a cluster of its own.
    ///
    /// # Errors
    /// `NotFound` when PostgreSQL is not installed; otherwise what its programs said.
    pub fn start(durability: Durability) -> io::Result<Self> {
        let binaries = Binaries::find()?;
        let folder = tempfile::Builder::new().prefix("ecrm-pg-").tempdir()?.keep();
        // From here on the watchdog cleans up, whatever happens.
        let watchdog = Watchdog::start(&folder, &binaries.stop_command(&folder))?;
        binaries.give_folder(&folder)?;
        binaries.initialize(&folder, durability)?;
        binaries.start(&folder, PORT, durability)?;
        Ok(Self {
            folder,
            binaries,
            databases: AtomicU32::new(0),
            _watchdog: watchdog,
        })
    }

    /// How to connect to the cluster's maintenance database, in libpq's `key=value` form.
    #[must_use]
    pub fn connection_string(&self) -> String {
        self.database("postgres").connection_string()
    }

    /// A new empty database. Its name is `name` and a number, so that tests may use the same name.
    ///
    /// # Errors
    /// What `createdb` said.
    pub fn fresh_database(&self, name: &str) -> io::Result<TestDatabase> {
        let number = self.databases.fetch_add(1, Relaxed);
        // PostgreSQL cuts names after 63 bytes, and would cut the number off.
        let name: String = name.chars().take(40).collect();
        let database = self.database(&format!("{name}_{number}"));
        self.binaries
            .create_database(&self.folder, PORT, USER, &database.name)?;
        Ok(database)
    }

    fn database(&self, name: &str) -> TestDatabase {
        TestDatabase {
            socket_folder: self.folder.clone(),
            name: name.to_owned(),
        }
    }
}

impl TestDatabase {
    /// How to connect, in libpq's `key=value` form.
    #[must_use]
    pub fn connection_string(&self) -> String {
        format!(
            "host={} port={PORT} user={USER} dbname={}",
            self.socket_folder.display(),
            self.name
        )
    }

    /// How to connect, as a URL, for hosts that are configured by one.
    #[must_use]
    pub fn url(&self) -> String {
        format!(
            "postgres:///{}?host={}&port={PORT}&user={USER}",
            self.name,
            self.socket_folder.display()
        )
    }

    /// The folder of the unix socket, for drivers that want it by itself.
    #[must_use]
    pub fn socket_folder(&self) -> &Path {
        &self.socket_folder
    }

    /// The name of the database.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The user to connect as; there is no password.
    #[must_use]
    pub fn user(&self) -> &'static str {
        USER
    }

    /// The port, which names the socket.
    #[must_use]
    pub fn port(&self) -> u16 {
        PORT
    }
}

#[expect(
    clippy::panic,
    reason = "a server that does not start must fail the tests, not skip them"
)]
fn start_or_skip() -> Option<PostgresCluster> {
    match PostgresCluster::start(Durability::Fast) {
        Ok(cluster) => Some(cluster),
        Err(error) if error.kind() == io::ErrorKind::NotFound && !is_required() => {
            // Written past the test harness, which shows what a test prints only when it fails.
            let _ = writeln!(io::stderr(), "tests on PostgreSQL are skipped: {error}");
            None
        }
        Err(error) => panic!("PostgreSQL for the tests: {error}"),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a switch for those who run the tests, not for the library"
)]
fn is_required() -> bool {
    std::env::var("ECRM_REQUIRE_POSTGRES").is_ok_and(|value| value == "1")
}
