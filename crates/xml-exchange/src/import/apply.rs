//! What happens to one record.

use ecrm_store::{Session, StoreError};
use ecrm_xml::{Record, XmlError};

/// What a record became.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a record changes something, or it does not")]
pub enum Applied {
    /// Something was written.
    Changed,
    /// All of it was there already.
    Unchanged,
}

/// Why a record was not applied. Nothing of it was written.
#[derive(Debug, thiserror::Error)]
#[expect(clippy::exhaustive_enums, reason = "the record is bad, or the database is")]
pub enum RecordError {
    /// The record.
    #[error(transparent)]
    Bad(#[from] XmlError),
    /// The database. Where repeating the transaction may help, the whole batch is repeated; otherwise the record counts as bad.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Applies records to the store. A closure does.
pub trait Apply {
    /// Applies one record inside a savepoint. It is called again for the same record when another record of its batch is bad, and when
    /// the host repeats its transaction; what it wrote was taken back then.
    ///
    /// # Errors
    /// [`RecordError`].
    fn apply(&mut self, session: &mut dyn Session, record: &Record) -> Result<Applied, RecordError>;
}

impl<F: FnMut(&mut dyn Session, &Record) -> Result<Applied, RecordError>> Apply for F {
    fn apply(&mut self, session: &mut dyn Session, record: &Record) -> Result<Applied, RecordError> {
        self(session, record)
    }
}
