//! Values on their way into PostgreSQL and back.

use ecrm_store::{Columns, StoreError, Type, Value};
use sqlx::encode::{Encode, IsNull};
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgRow, PgTypeInfo, PgValueFormat};
use sqlx::{Postgres, Row, ValueRef};

/// One parameter, in the form of the driver.
#[derive(Clone, Copy)]
pub(super) struct Parameter<'a>(pub(super) &'a Value<'a>);

impl sqlx::Type<Postgres> for Parameter<'_> {
    /// Never asked for, because each parameter tells its own type.
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(Type::Text.postgres_oid()))
    }
}

impl<'q> Encode<'q, Postgres> for Parameter<'q> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Ok(self.0.with_postgres_bytes(|bytes| match bytes {
            Some(bytes) => {
                buffer.extend_from_slice(bytes);
                IsNull::No
            }
            None => IsNull::Yes,
        }))
    }

    fn produces(&self) -> Option<PgTypeInfo> {
        Some(PgTypeInfo::with_oid(Oid(self.0.kind().postgres_oid())))
    }
}

/// A row of the driver, as the port sees it.
pub(super) struct PostgresColumns(pub(super) PgRow);

impl Columns for PostgresColumns {
    fn width(&self) -> usize {
        self.0.len()
    }

    fn value(&self, index: usize, expected: Type) -> Result<Value<'_>, StoreError> {
        read(&self.0, index, expected).ok_or_else(|| StoreError::type_mismatch(index, expected))
    }
}

fn read(row: &PgRow, index: usize, expected: Type) -> Option<Value<'_>> {
    let column = row.try_get_raw(index).ok()?;
    if column.is_null() {
        return Some(Value::Null(expected));
    }
    if column.format() != PgValueFormat::Binary {
        return None;
    }
    let oid = column.type_info().oid()?;
    Value::from_postgres_bytes(oid.0, column.as_bytes().ok()?, expected)
}
