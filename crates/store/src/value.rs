//! The values that travel between Rust and a database.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use ecrm_core::Id;
use uuid::Uuid;

use crate::StoreError;

/// The type of a [`Value`]; a NULL carries one too, because PostgreSQL wants to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Type {
    /// Binary data.
    Blob,
    /// True or false.
    Boolean,
    /// A signed integer of 64 bits; also instants (microseconds since 1970, UTC) and money (minor units).
    Integer,
    /// JSON as text, kept as it was written.
    Json,
    /// A floating point number of 64 bits.
    Real,
    /// Unicode text without U+0000.
    Text,
    /// A UUID.
    Uuid,
}

/// One parameter of a statement or one column of a row.
#[derive(Clone, PartialEq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "an adapter must handle every value; a new one has to break its build"
)]
pub enum Value<'a> {
    /// Binary data.
    Blob(Cow<'a, [u8]>),
    /// True or false.
    Boolean(bool),
    /// A signed integer of 64 bits.
    Integer(i64),
    /// JSON as text.
    Json(Cow<'a, str>),
    /// No value, of a type.
    Null(Type),
    /// A floating point number of 64 bits.
    Real(f64),
    /// Unicode text without U+0000.
    Text(Cow<'a, str>),
    /// A UUID.
    Uuid(Uuid),
}

impl<'a> Value<'a> {
    /// JSON text.
    pub fn json(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Json(text.into())
    }

    /// The value, or a NULL of the right type.
    pub fn or_null<T: Into<Value<'a>>>(value: Option<T>, when_missing: Type) -> Self {
        value.map_or(Self::Null(when_missing), Into::into)
    }

    /// The type of this value.
    #[must_use]
    pub fn kind(&self) -> Type {
        match self {
            Self::Blob(_) => Type::Blob,
            Self::Boolean(_) => Type::Boolean,
            Self::Integer(_) => Type::Integer,
            Self::Json(_) => Type::Json,
            Self::Null(kind) => *kind,
            Self::Real(_) => Type::Real,
            Self::Text(_) => Type::Text,
            Self::Uuid(_) => Type::Uuid,
        }
    }

    /// Refuses what not every database can keep: U+0000 in text, and the number that is not one (NaN). Adapters call it on
    /// every statement.
    ///
    /// # Errors
    /// [`StoreError::is_invalid_input`] with the position of the parameter.
    pub fn check(parameters: &[Value<'_>]) -> Result<(), StoreError> {
        for (index, value) in parameters.iter().enumerate() {
            if let Value::Text(text) | Value::Json(text) = value
                && text.as_bytes().contains(&0)
            {
                return Err(StoreError::invalid_input(format!(
                    "parameter ${} contains U+0000, which PostgreSQL cannot store; remove it",
                    index + 1
                )));
            }
            if matches!(value, Value::Real(number) if number.is_nan()) {
                return Err(StoreError::invalid_input(format!(
                    "parameter ${} is not a number, which SQLite would keep as NULL; pass a NULL if that is meant",
                    index + 1
                )));
            }
        }
        Ok(())
    }
}

impl std::fmt::Debug for Value<'_> {
    /// Shows the type only: parameters are personal data more often than not.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Null(kind) => write!(f, "Null({kind:?})"),
            other => write!(f, "{:?}(…)", other.kind()),
        }
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<u32> for Value<'_> {
    fn from(value: u32) -> Self {
        Self::Integer(i64::from(value))
    }
}

impl From<f64> for Value<'_> {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(Cow::Borrowed(value))
    }
}

impl From<String> for Value<'_> {
    fn from(value: String) -> Self {
        Self::Text(Cow::Owned(value))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(Cow::Borrowed(value))
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Blob(Cow::Borrowed(value))
    }
}

impl From<Vec<u8>> for Value<'_> {
    fn from(value: Vec<u8>) -> Self {
        Self::Blob(Cow::Owned(value))
    }
}

impl From<Uuid> for Value<'_> {
    fn from(value: Uuid) -> Self {
        Self::Uuid(value)
    }
}

impl<T> From<Id<T>> for Value<'_> {
    fn from(value: Id<T>) -> Self {
        Self::Uuid(value.uuid())
    }
}

impl From<DateTime<Utc>> for Value<'_> {
    /// Microseconds since 1970-01-01 UTC, rounded down.
    fn from(value: DateTime<Utc>) -> Self {
        Self::Integer(value.timestamp_micros())
    }
}

/// Rows of parameters for [`Session::execute_many`](crate::Session::execute_many), kept in one allocation.
#[derive(Debug, Clone)]
pub struct Batch<'a> {
    width: usize,
    values: Vec<Value<'a>>,
}

impl<'a> Batch<'a> {
    /// An empty batch for a statement of `width` parameters.
    #[must_use]
    pub fn new(width: usize) -> Self {
        Self {
            width: width.max(1),
            values: Vec::new(),
        }
    }

    /// Adds one row. The array's length is checked against the width of the batch.
    ///
    /// # Errors
    /// [`StoreError::is_invalid_input`] when the row has another width.
    pub fn push<const N: usize>(&mut self, row: [Value<'a>; N]) -> Result<(), StoreError> {
        if N != self.width {
            return Err(StoreError::invalid_input(format!(
                "a row of {N} parameters in a batch of {}",
                self.width
            )));
        }
        self.values.extend(row);
        Ok(())
    }

    /// The rows, in the order they were added.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[Value<'a>]> {
        self.values.chunks_exact(self.width)
    }

    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len() / self.width
    }

    /// True when no row was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Removes all rows and keeps the memory.
    pub fn clear(&mut self) {
        self.values.clear();
    }
}
