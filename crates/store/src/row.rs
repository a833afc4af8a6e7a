//! The rows that come back from a database.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use ecrm_core::Id;
use uuid::Uuid;

use crate::{StoreError, Type, Value};

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
