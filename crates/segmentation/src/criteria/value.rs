//! The values that criteria compare with.

use chrono::{DateTime, NaiveDate, Utc};
use ecrm_core::Money;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the types of the model's values")]
pub enum Value {
    /// Yes or no.
    Boolean(bool),
    /// A day.
    Date(NaiveDate),
    /// A point in time, to the microsecond.
    Instant(DateTime<Utc>),
    /// An amount in a currency. Amounts in another one are never compared with it.
    Money(Money),
    /// An exact number.
    #[serde(with = "decimal_text")]
    Number(Decimal),
    /// A text, compared exactly.
    Text(String),
}

/// The type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "one for each kind of value")]
pub enum ValueType {
    /// Yes or no.
    Boolean,
    /// A day.
    Date,
    /// A point in time.
    Instant,
    /// An amount in a currency.
    Money,
    /// A number.
    Number,
    /// A text.
    Text,
}

impl ValueType {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Boolean => "yes or no",
            Self::Date => "a day",
            Self::Instant => "an instant",
            Self::Money => "an amount of money",
            Self::Number => "a number",
            Self::Text => "a text",
        }
    }
}

impl Value {
    /// Its type.
    #[must_use]
    pub fn kind(&self) -> ValueType {
        match self {
            Self::Boolean(_) => ValueType::Boolean,
            Self::Date(_) => ValueType::Date,
            Self::Instant(_) => ValueType::Instant,
            Self::Money(_) => ValueType::Money,
            Self::Number(_) => ValueType::Number,
            Self::Text(_) => ValueType::Text,
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<NaiveDate> for Value {
    fn from(value: NaiveDate) -> Self {
        Self::Date(value)
    }
}

impl From<DateTime<Utc>> for Value {
    fn from(value: DateTime<Utc>) -> Self {
        Self::Instant(ecrm_core::to_microseconds(value))
    }
}

impl From<Money> for Value {
    fn from(value: Money) -> Self {
        Self::Money(value)
    }
}

impl From<Decimal> for Value {
    /// Trailing zeros are left away, so that equal numbers are equal values.
    fn from(value: Decimal) -> Self {
        Self::Number(value.normalize())
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Number(value.into())
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::Number(value.into())
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

/// Numbers are kept as text in JSON, because its numbers are not exact everywhere.
pub(super) mod decimal_text {
    use rust_decimal::Decimal;
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(crate) fn serialize<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
        let text = String::deserialize(deserializer)?;
        let number = Decimal::from_str_exact(&text).map_err(|_| de::Error::custom("not a decimal number"))?;
        Ok(number.normalize())
    }
}
