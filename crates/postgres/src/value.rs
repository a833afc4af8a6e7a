//! Values on their way into PostgreSQL and back.

use std::error::Error;

use ecrm_store::{Columns, StoreError, Type, Value};
use tokio_postgres::Row;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type as PgType, to_sql_checked};

/// The types that a statement with these parameters is prepared for.
pub(crate) fn types(parameters: &[Value<'_>]) -> Vec<PgType> {
    parameters.iter().map(|value| pg_type(value.kind())).collect()
}

/// The driver's name of a type; every type of the port is built into PostgreSQL.
pub(crate) fn pg_type(kind: Type) -> PgType {
    PgType::from_oid(kind.postgres_oid()).unwrap_or(PgType::UNKNOWN)
}

/// One parameter, in the form of the driver.
#[derive(Debug)]
pub(crate) struct Parameter<'a>(pub(crate) &'a Value<'a>);

impl ToSql for Parameter<'_> {
    fn to_sql(&self, _type: &PgType, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        Ok(self.0.with_postgres_bytes(|bytes| match bytes {
            Some(bytes) => {
                out.extend_from_slice(bytes);
                IsNull::No
            }
            None => IsNull::Yes,
        }))
    }

    fn accepts(_type: &PgType) -> bool {
        // The statement was prepared for exactly these types.
        true
    }

    to_sql_checked!();
}

/// A row of the driver, as the port sees it.
pub(crate) struct PostgresColumns(pub(crate) Row);

impl Columns for PostgresColumns {
    fn width(&self) -> usize {
        self.0.len()
    }

    fn value(&self, index: usize, expected: Type) -> Result<Value<'_>, StoreError> {
        let value = match self.0.try_get::<_, Option<Wire<'_>>>(index) {
            Ok(Some(wire)) => Value::from_postgres_bytes(wire.oid, wire.bytes, expected),
            Ok(None) => Some(Value::Null(expected)),
            Err(_) => None,
        };
        value.ok_or_else(|| StoreError::type_mismatch(index, expected))
    }
}

/// A column as it came from the server.
struct Wire<'a> {
    oid: u32,
    bytes: &'a [u8],
}

impl<'a> FromSql<'a> for Wire<'a> {
    fn from_sql(column: &PgType, bytes: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self {
            oid: column.oid(),
            bytes,
        })
    }

    fn accepts(_type: &PgType) -> bool {
        true
    }
}
