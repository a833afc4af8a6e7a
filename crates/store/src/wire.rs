//! PostgreSQL's binary form of the port's values: written once, for every adapter that speaks to it.

use std::borrow::Cow;

use uuid::Uuid;

use crate::{Type, Value};

/// The object ids of PostgreSQL's built-in types, which never change.
mod oid {
    pub(super) const BOOL: u32 = 16;
    pub(super) const BYTEA: u32 = 17;
    pub(super) const NAME: u32 = 19;
    pub(super) const INT8: u32 = 20;
    pub(super) const INT2: u32 = 21;
    pub(super) const INT4: u32 = 23;
    pub(super) const TEXT: u32 = 25;
    pub(super) const JSON: u32 = 114;
    pub(super) const FLOAT4: u32 = 700;
    pub(super) const FLOAT8: u32 = 701;
    pub(super) const BPCHAR: u32 = 1042;
    pub(super) const VARCHAR: u32 = 1043;
    pub(super) const UUID: u32 = 2950;
    pub(super) const JSONB: u32 = 3802;
}

impl Type {
    /// For adapters of PostgreSQL: the object id of the type that a parameter is declared as.
    #[must_use]
    pub fn postgres_oid(self) -> u32 {
        match self {
            Self::Blob => oid::BYTEA,
            Self::Boolean => oid::BOOL,
            Self::Integer => oid::INT8,
            Self::Json => oid::JSON,
            Self::Real => oid::FLOAT8,
            Self::Text => oid::TEXT,
            Self::Uuid => oid::UUID,
        }
    }
}

impl<'a> Value<'a> {
    /// For adapters of PostgreSQL: lends `take` the binary form of a parameter, `None` for a NULL.
    pub fn with_postgres_bytes<R>(&self, take: impl FnOnce(Option<&[u8]>) -> R) -> R {
        match self {
            Self::Blob(bytes) => take(Some(bytes)),
            Self::Boolean(value) => take(Some(&[u8::from(*value)])),
            Self::Integer(value) => take(Some(&value.to_be_bytes())),
            Self::Json(text) | Self::Text(text) => take(Some(text.as_bytes())),
            Self::Null(_) => take(None),
            Self::Real(value) => take(Some(&value.to_be_bytes())),
            Self::Uuid(value) => take(Some(value.as_bytes())),
        }
    }

    /// For adapters of PostgreSQL: a column of the type `oid` from its binary form, or `None` when it cannot be read as `expected`.
    /// Narrower types are widened; nothing else is converted.
    #[must_use]
    pub fn from_postgres_bytes(oid: u32, bytes: &'a [u8], expected: Type) -> Option<Self> {
        Some(match (expected, oid) {
            (Type::Blob, oid::BYTEA) => Self::Blob(Cow::Borrowed(bytes)),
            (Type::Boolean, oid::BOOL) => Self::Boolean(bytes != [0]),
            (Type::Integer, oid::INT8) => Self::Integer(i64::from_be_bytes(bytes.try_into().ok()?)),
            (Type::Integer, oid::INT4) => Self::Integer(i32::from_be_bytes(bytes.try_into().ok()?).into()),
            (Type::Integer, oid::INT2) => Self::Integer(i16::from_be_bytes(bytes.try_into().ok()?).into()),
            (Type::Json, oid::JSON) => Self::Json(text(bytes)?),
            // JSONB begins with the number of its version.
            (Type::Json, oid::JSONB) => Self::Json(text(bytes.strip_prefix(&[1])?)?),
            (Type::Real, oid::FLOAT8) => Self::Real(f64::from_be_bytes(bytes.try_into().ok()?)),
            (Type::Real, oid::FLOAT4) => Self::Real(f32::from_be_bytes(bytes.try_into().ok()?).into()),
            (Type::Text, oid::TEXT | oid::VARCHAR | oid::BPCHAR | oid::NAME) => Self::Text(text(bytes)?),
            (Type::Uuid, oid::UUID) => Self::Uuid(Uuid::from_slice(bytes).ok()?),
            _ => return None,
        })
    }
}

fn text(bytes: &[u8]) -> Option<Cow<'_, str>> {
    std::str::from_utf8(bytes).ok().map(Cow::Borrowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrow_columns_are_widened_and_nothing_else_is_converted() {
        assert_eq!(
            Value::from_postgres_bytes(oid::INT2, &[0xFF, 0xFE], Type::Integer),
            Some(Value::Integer(-2))
        );
        assert_eq!(
            Value::from_postgres_bytes(oid::INT4, &[0, 0, 1, 0], Type::Integer),
            Some(Value::Integer(256))
        );
        assert_eq!(
            Value::from_postgres_bytes(oid::FLOAT4, &1.5_f32.to_be_bytes(), Type::Real),
            Some(Value::Real(1.5))
        );
        assert_eq!(
            Value::from_postgres_bytes(oid::JSONB, b"\x01{}", Type::Json),
            Some(Value::json("{}"))
        );
        assert_eq!(Value::from_postgres_bytes(oid::INT4, &[0, 0, 1, 0], Type::Text), None);
        assert_eq!(
            Value::from_postgres_bytes(oid::INT8, &[1], Type::Integer),
            None,
            "cut short"
        );
    }
}
