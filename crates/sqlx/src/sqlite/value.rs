//! Values on their way into SQLite and back.

use std::borrow::Cow;

use ecrm_store::{Columns, StoreError, Type, Value};
use sqlx::sqlite::{SqliteRow, SqliteValueRef};
use sqlx::{Decode, Row, Sqlite, TypeInfo, ValueRef};
use uuid::Uuid;

use crate::generation::SqliteQuery;

/// Adds one parameter. SQLite has fewer types than the port: a boolean is 0 or 1, a UUID a blob of 16 bytes.
pub(super) fn bind<'q>(query: SqliteQuery<'q>, value: &'q Value<'q>) -> SqliteQuery<'q> {
    match value {
        Value::Blob(bytes) => query.bind(bytes.as_ref()),
        Value::Boolean(value) => query.bind(i64::from(*value)),
        Value::Integer(value) => query.bind(*value),
        Value::Json(text) | Value::Text(text) => query.bind(text.as_ref()),
        Value::Null(_) => query.bind(None::<i64>),
        Value::Real(value) => query.bind(*value),
        Value::Uuid(value) => query.bind(value.as_bytes().as_slice()),
    }
}

/// A row of the driver, as the port sees it.
pub(super) struct SqliteColumns(pub(super) SqliteRow);

impl Columns for SqliteColumns {
    fn width(&self) -> usize {
        self.0.len()
    }

    fn value(&self, index: usize, expected: Type) -> Result<Value<'_>, StoreError> {
        self.0
            .try_get_raw(index)
            .ok()
            .and_then(|stored| read(stored, expected))
            .ok_or_else(|| StoreError::type_mismatch(index, expected))
    }
}

/// The stored value as the expected type; `None` when it is of another one.
fn read(stored: SqliteValueRef<'_>, expected: Type) -> Option<Value<'_>> {
    if stored.is_null() {
        return Some(Value::Null(expected));
    }
    let stored_as = stored.type_info().name().to_owned();
    match (stored_as.as_str(), expected) {
        ("BLOB", Type::Blob) => decode(stored).map(|bytes: &[u8]| Value::Blob(Cow::Borrowed(bytes))),
        ("BLOB", Type::Uuid) => decode(stored)
            .and_then(|bytes| Uuid::from_slice(bytes).ok())
            .map(Value::Uuid),
        ("INTEGER", Type::Boolean) => match decode(stored)? {
            0_i64 => Some(Value::Boolean(false)),
            1 => Some(Value::Boolean(true)),
            _ => None,
        },
        ("INTEGER", Type::Integer) => decode(stored).map(Value::Integer),
        ("REAL", Type::Real) => decode(stored).map(Value::Real),
        ("TEXT", Type::Text) => decode(stored).map(|text: &str| Value::Text(Cow::Borrowed(text))),
        ("TEXT", Type::Json) => decode(stored).map(|text: &str| Value::Json(Cow::Borrowed(text))),
        _ => None,
    }
}

fn decode<'r, T: Decode<'r, Sqlite>>(stored: SqliteValueRef<'r>) -> Option<T> {
    T::decode(stored).ok()
}
