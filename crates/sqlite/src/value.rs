//! Values on their way into SQLite and back.

use std::borrow::Cow;

use ecrm_store::{Columns, StoreError, Type, Value};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Row, Statement, ToSql};
use uuid::Uuid;

use crate::error::of_running;

/// The parameters of a statement by the number in their name: SQLite takes `$2` for a name and counts in the order of appearance.
pub(crate) struct Parameters(Vec<usize>);

impl Parameters {
    pub(crate) fn of(statement: &Statement<'_>) -> Result<Self, StoreError> {
        let mut numbers = Vec::with_capacity(statement.parameter_count());
        for index in 1..=statement.parameter_count() {
            let name = statement.parameter_name(index).unwrap_or_default();
            let number = name.strip_prefix('$').and_then(|number| number.parse().ok());
            numbers
                .push(number.ok_or_else(|| StoreError::invalid_statement("a parameter is not written as $1, $2, …"))?);
        }
        Ok(Self(numbers))
    }

    pub(crate) fn bind(&self, statement: &mut Statement<'_>, values: &[Value<'_>]) -> Result<(), StoreError> {
        for (index, number) in (1..).zip(&self.0) {
            let value = number
                .checked_sub(1)
                .and_then(|position| values.get(position))
                .ok_or_else(|| StoreError::invalid_statement(&format!("there is no value for parameter ${number}")))?;
            statement
                .raw_bind_parameter(index, Bound(value))
                .map_err(|error| of_running(&error))?;
        }
        Ok(())
    }
}

/// One parameter, lent to SQLite.
struct Bound<'a>(&'a Value<'a>);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Blob(bytes) => ValueRef::Blob(bytes),
            Value::Boolean(value) => ValueRef::Integer(i64::from(*value)),
            Value::Integer(value) => ValueRef::Integer(*value),
            Value::Json(text) | Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Null(_) => ValueRef::Null,
            Value::Real(value) => ValueRef::Real(*value),
            Value::Uuid(value) => ValueRef::Blob(value.as_bytes()),
        }))
    }
}

/// A row of the driver, as the port sees it.
pub(crate) struct SqliteColumns<'r, 's> {
    pub(crate) row: &'r Row<'s>,
    pub(crate) width: usize,
}

impl Columns for SqliteColumns<'_, '_> {
    fn width(&self) -> usize {
        self.width
    }

    fn value(&self, index: usize, expected: Type) -> Result<Value<'_>, StoreError> {
        self.row
            .get_ref(index)
            .ok()
            .and_then(|stored| read(stored, expected))
            .ok_or_else(|| StoreError::type_mismatch(index, expected))
    }
}

/// The stored value as the expected type. SQLite has fewer types than the port: a boolean is 0 or 1, a UUID a blob of 16 bytes.
fn read(stored: ValueRef<'_>, expected: Type) -> Option<Value<'_>> {
    match (stored, expected) {
        (ValueRef::Null, expected) => Some(Value::Null(expected)),
        (ValueRef::Blob(bytes), Type::Blob) => Some(Value::Blob(Cow::Borrowed(bytes))),
        (ValueRef::Blob(bytes), Type::Uuid) => Uuid::from_slice(bytes).ok().map(Value::Uuid),
        (ValueRef::Integer(value @ (0 | 1)), Type::Boolean) => Some(Value::Boolean(value == 1)),
        (ValueRef::Integer(value), Type::Integer) => Some(Value::Integer(value)),
        (ValueRef::Real(value), Type::Real) => Some(Value::Real(value)),
        (ValueRef::Text(bytes), Type::Text) => text(bytes).map(Value::Text),
        (ValueRef::Text(bytes), Type::Json) => text(bytes).map(Value::Json),
        _ => None,
    }
}

/// Text that another program wrote need not be UTF-8.
fn text(bytes: &[u8]) -> Option<Cow<'_, str>> {
    std::str::from_utf8(bytes).ok().map(Cow::Borrowed)
}
