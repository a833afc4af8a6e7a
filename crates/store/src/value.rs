//! The values that travel between Rust and a database, and the rows that come back.

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

/// The columns of one row, as an adapter offers them.
pub trait Columns {
    /// The number of columns.
    fn width(&self) -> usize;

    /// Column `index`, read as `expected`; a NULL as [`Value::Null`].
    ///
    /// # Errors
    /// [`StoreError::is_type_mismatch`] when the column cannot be read so, or is not there.
    fn value(&self, index: usize, expected: Type) -> Result<Value<'_>, StoreError>;
}

/// One row of a result, valid while its callback runs.
#[derive(Clone, Copy)]
pub struct Row<'r>(&'r dyn Columns);

impl<'r> Row<'r> {
    /// For adapters: a row over the driver's own.
    #[must_use]
    pub fn new(columns: &'r dyn Columns) -> Self {
        Self(columns)
    }

    /// The number of columns.
    #[must_use]
    pub fn width(&self) -> usize {
        self.0.width()
    }

    /// Column `index` (from 0) as a `T`; `Option<T>` for a column that may be NULL.
    ///
    /// # Errors
    /// [`StoreError::is_type_mismatch`] when the column holds something else.
    pub fn get<T: FromValue>(&self, index: usize) -> Result<T, StoreError> {
        T::from_value(self.0.value(index, T::TYPE)?).ok_or_else(|| StoreError::type_mismatch(index, T::TYPE))
    }

    /// Column `index` as borrowed text, for readers that look at many rows.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn text(&self, index: usize) -> Result<Cow<'r, str>, StoreError> {
        match self.0.value(index, Type::Text)? {
            Value::Text(text) => Ok(text),
            _ => Err(StoreError::type_mismatch(index, Type::Text)),
        }
    }
}

impl<'r> Row<'r> {
    /// Column `index` as JSON text.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn json(&self, index: usize) -> Result<Cow<'r, str>, StoreError> {
        match self.0.value(index, Type::Json)? {
            Value::Json(text) => Ok(text),
            _ => Err(StoreError::type_mismatch(index, Type::Json)),
        }
    }
}

impl std::fmt::Debug for Row<'_> {
    /// Shows the width only: rows are personal data more often than not.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Row({} columns)", self.width())
    }
}

/// A Rust type that a column can be read as.
pub trait FromValue: Sized {
    /// The column type that is asked for.
    const TYPE: Type;

    /// The value, or `None` when it is of another type.
    fn from_value(value: Value<'_>) -> Option<Self>;
}

impl FromValue for i64 {
    const TYPE: Type = Type::Integer;

    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Integer(value) => Some(value),
            _ => None,
        }
    }
}

impl FromValue for u32 {
    const TYPE: Type = Type::Integer;

    fn from_value(value: Value<'_>) -> Option<Self> {
        i64::from_value(value).and_then(|value| value.try_into().ok())
    }
}

impl FromValue for u64 {
    const TYPE: Type = Type::Integer;

    fn from_value(value: Value<'_>) -> Option<Self> {
        i64::from_value(value).and_then(|value| value.try_into().ok())
    }
}

impl FromValue for bool {
    const TYPE: Type = Type::Boolean;

    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Boolean(value) => Some(value),
            _ => None,
        }
    }
}

impl FromValue for f64 {
    const TYPE: Type = Type::Real;

    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Real(value) => Some(value),
            _ => None,
        }
    }
}

impl FromValue for String {
    const TYPE: Type = Type::Text;

    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Text(value) => Some(value.into_owned()),
            _ => None,
        }
    }
}

impl FromValue for Vec<u8> {
    const TYPE: Type = Type::Blob;

    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Blob(value) => Some(value.into_owned()),
            _ => None,
        }
    }
}

impl FromValue for Uuid {
    const TYPE: Type = Type::Uuid;

    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Uuid(value) => Some(value),
            _ => None,
        }
    }
}

impl<I> FromValue for Id<I> {
    const TYPE: Type = Type::Uuid;

    fn from_value(value: Value<'_>) -> Option<Self> {
        Uuid::from_value(value).map(Self::from_uuid)
    }
}

impl FromValue for DateTime<Utc> {
    const TYPE: Type = Type::Integer;

    fn from_value(value: Value<'_>) -> Option<Self> {
        i64::from_value(value).and_then(DateTime::from_timestamp_micros)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    const TYPE: Type = T::TYPE;

    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Null(_) => Some(None),
            value => T::from_value(value).map(Some),
        }
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
