//! How a loop of this library gets transactions from its host.

use crate::{Session, StoreError};

/// Runs a piece of work in a transaction of the host and commits it: what a worker loop needs, since the library itself never
/// begins or commits.
///
/// An implementation begins (`BEGIN IMMEDIATE` on SQLite), calls `work`, commits when it returned `Ok`, and rolls back when it
/// returned an error. When the error says so ([`StoreError::should_retry_transaction`]) it may do all of that again.
pub trait UnitOfWork {
    /// Runs `work` in a transaction and commits it.
    ///
    /// # Errors
    /// What `work` returned, or what prevented the transaction.
    fn run(&mut self, work: &mut dyn FnMut(&mut dyn Session) -> Result<(), StoreError>) -> Result<(), StoreError>;
}
