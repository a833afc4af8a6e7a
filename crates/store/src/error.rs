//! The one error of the port, with the questions that a host asks of it.

use crate::Type;

/// What went wrong in the database, without personal data: neither parameters nor the driver's detail lines, which quote rows.
///
/// Ask it what to do: repeat the transaction ([`should_retry_transaction`](Self::should_retry_transaction)), read again and
/// decide anew ([`is_conflict`](Self::is_conflict)), or correct the input ([`is_invalid_input`](Self::is_invalid_input)).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct StoreError {
    kind: StoreErrorKind,
    message: String,
    code: Option<String>,
}

/// The classes that adapters sort the errors of their driver into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// The database is locked by another writer.
    Busy,
    /// Someone else changed the record since it was read.
    Conflict,
    /// A NOT NULL, CHECK or foreign key constraint.
    Constraint,
    /// The connection is gone.
    Disconnected,
    /// A value that cannot be stored.
    InvalidInput,
    /// A migration cannot be applied.
    Migration,
    /// The library is used in a way that cannot work.
    Misuse,
    /// What was asked for is not there.
    NotFound,
    /// Anything else the database said.
    Other,
    /// Two transactions cannot both be right; also a deadlock.
    SerializationFailure,
    /// A column is not of the type that was asked for.
    TypeMismatch,
    /// A UNIQUE or PRIMARY KEY constraint.
    Unique,
}

impl StoreError {
    /// For adapters: an error of a kind. `message` must not contain parameters or row contents.
    pub fn new(kind: StoreErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            code: None,
        }
    }

    /// For adapters: adds the database's own code (a SQLSTATE, or SQLite's extended result code).
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// Another writer came first.
    #[must_use]
    pub fn conflict(what: &str) -> Self {
        Self::new(
            StoreErrorKind::Conflict,
            format!("{what} was changed by someone else since it was read; read it again and repeat"),
        )
    }

    /// A value that cannot be stored.
    pub fn invalid_input(message: impl Into<String>) -> Self {
        Self::new(StoreErrorKind::InvalidInput, message)
    }

    /// Something that was expected is not there.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::new(StoreErrorKind::NotFound, format!("not found: {what}"))
    }

    /// A column that is not of the expected type.
    #[must_use]
    pub fn type_mismatch(index: usize, expected: Type) -> Self {
        Self::new(
            StoreErrorKind::TypeMismatch,
            format!(
                "column {index} cannot be read as {expected:?}; the table was changed or written by another program"
            ),
        )
    }

    /// The class of this error.
    #[must_use]
    pub fn kind(&self) -> StoreErrorKind {
        self.kind
    }

    /// The database's own code, for support: a SQLSTATE, or SQLite's extended result code.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The database is locked by another writer: wait and repeat the whole transaction.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.kind == StoreErrorKind::Busy
    }

    /// A stale write: someone else changed the record since it was read. Read it again and decide anew.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.kind == StoreErrorKind::Conflict
    }

    /// Two transactions collided (SQLSTATE 40001, 40P01; SQLite's stale snapshot): repeat the whole transaction.
    #[must_use]
    pub fn is_serialization_failure(&self) -> bool {
        self.kind == StoreErrorKind::SerializationFailure
    }

    /// True when repeating the host's whole transaction may succeed.
    #[must_use]
    pub fn should_retry_transaction(&self) -> bool {
        self.is_busy() || self.is_serialization_failure()
    }

    /// A UNIQUE or PRIMARY KEY constraint refused the row.
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        self.kind == StoreErrorKind::Unique
    }

    /// A NOT NULL, CHECK or foreign key constraint refused the row.
    #[must_use]
    pub fn is_constraint_violation(&self) -> bool {
        self.kind == StoreErrorKind::Constraint
    }

    /// A value that cannot be stored, such as text with U+0000.
    #[must_use]
    pub fn is_invalid_input(&self) -> bool {
        self.kind == StoreErrorKind::InvalidInput
    }

    /// What was asked for is not there.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.kind == StoreErrorKind::NotFound
    }

    /// A column is not of the type that was asked for.
    #[must_use]
    pub fn is_type_mismatch(&self) -> bool {
        self.kind == StoreErrorKind::TypeMismatch
    }

    /// The tables are not as this version of the library needs them; the message says what to do.
    #[must_use]
    pub fn is_migration(&self) -> bool {
        self.kind == StoreErrorKind::Migration
    }

    /// The library is used in a way that cannot work; the message says how to use it.
    #[must_use]
    pub fn is_misuse(&self) -> bool {
        self.kind == StoreErrorKind::Misuse
    }

    /// The connection is gone; the host's transaction with it.
    #[must_use]
    pub fn is_disconnected(&self) -> bool {
        self.kind == StoreErrorKind::Disconnected
    }
}
