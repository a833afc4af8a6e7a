//! What every adapter of the SQL port must do, and what the shared record must do over it, as one suite that runs against any of them.
//!
//! Implement [`Backend`] and [`Database`] for an adapter and call [`run`] from a test. Each case gets an empty database.

mod check;
mod collisions;
mod constraints;
mod contacting;
mod history;
mod host;
mod imports;
mod migrations;
mod record;
mod rows;
mod savepoints;
mod statements;
mod values;

use std::panic::{AssertUnwindSafe, catch_unwind};

use ecrm_store::{Session, StoreError};

/// What a transaction of the suite does, inside the host's transaction.
pub type Work<'w> = dyn FnMut(&mut dyn Session) -> Result<(), StoreError> + 'w;

/// Where the suite gets its databases from.
pub trait Backend {
    /// A new empty database.
    ///
    /// # Errors
    /// A sentence for the report.
    fn fresh_database(&self, case: &str) -> Result<Box<dyn Database>, String>;
}

/// A database, seen as a host sees it.
pub trait Database: Sync {
    /// Opens a new connection, begins a transaction, runs `work` in it, ends it and closes the connection. Calls nest, and come from several
    /// threads. A connection does not wait for locks unless `work` says so.
    ///
    /// # Errors
    /// Whatever `work` returned, then nothing is committed; or the error of beginning or committing.
    fn transaction(&self, isolation: Isolation, end: End, work: &mut Work<'_>) -> Result<(), StoreError>;
}

/// How the transaction is begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Isolation {
    /// As a writer: `BEGIN IMMEDIATE` on SQLite, READ COMMITTED on PostgreSQL.
    Ordinary,
    /// Bound to what it saw first: `BEGIN DEFERRED` on SQLite, REPEATABLE READ on PostgreSQL.
    Snapshot,
}

/// How the transaction ends when `work` succeeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It is committed.
    Commit,
    /// It is rolled back.
    Rollback,
}

/// Runs every case and tells all that failed, by name.
///
/// # Panics
/// When a case fails.
pub fn run(backend: &dyn Backend) {
    let mut cases = 0;
    let mut failures = Vec::new();
    for (name, case) in themes().concat() {
        cases += 1;
        if let Err(failure) = run_case(backend, name, case) {
            failures.push(format!("- {}: {failure}", name.replace('_', " ")));
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {cases} cases of the conformance suite failed:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

/// A case by its name, which is a sentence.
type Case = (&'static str, fn(&dyn Database) -> check::Outcome);

fn themes() -> [&'static [Case]; 12] {
    [
        values::CASES,
        statements::CASES,
        rows::CASES,
        savepoints::CASES,
        constraints::CASES,
        collisions::CASES,
        migrations::CASES,
        host::CASES,
        record::CASES,
        contacting::CASES,
        history::CASES,
        imports::CASES,
    ]
}

fn run_case(backend: &dyn Backend, name: &str, case: fn(&dyn Database) -> check::Outcome) -> Result<(), String> {
    let database = backend.fresh_database(name)?;
    catch_unwind(AssertUnwindSafe(|| case(database.as_ref())))
        .unwrap_or_else(|_| Err(check::Failure::new("it panicked; the message stands above")))
        .map_err(|failure| failure.to_string())
}

/// Lists cases under their own names.
macro_rules! cases {
    ($($case:ident),+ $(,)?) => {
        /// The cases of this theme.
        pub(super) const CASES: &[super::Case] = &[$((stringify!($case), $case)),+];
    };
}
use cases;
