use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Money, Source, ValueError, to_microseconds};

/// The value of an attribute or a preference.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type", content = "value")]
#[non_exhaustive]
pub enum AttributeValue {
    /// Yes or no.
    Boolean(bool),
    /// A day without a time.
    Date(NaiveDate),
    /// An exact decimal number.
    #[serde(with = "decimal_text")]
    Decimal(Decimal),
    /// A point in time, to the microsecond.
    Instant(DateTime<Utc>),
    /// A whole number.
    Integer(i64),
    /// An amount in a currency.
    Money(Money),
    /// Text.
    Text(String),
}

impl AttributeValue {
    /// The word of its type.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Boolean(_) => "boolean",
            Self::Date(_) => "date",
            Self::Decimal(_) => "decimal",
            Self::Instant(_) => "instant",
            Self::Integer(_) => "integer",
            Self::Money(_) => "money",
            Self::Text(_) => "text",
        }
    }

    /// The value as text, in the forms of XML Schema: `true`, `2026-11-22`, `12.5`, `2026-11-22T09:30:00.000001Z`.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Boolean(value) => value.to_string(),
            Self::Date(value) => value.to_string(),
            Self::Decimal(value) => value.to_string(),
            Self::Instant(value) => value.to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
            Self::Integer(value) => value.to_string(),
            Self::Money(value) => value.to_string(),
            Self::Text(value) => value.clone(),
        }
    }

    /// A value from its type and text: the reverse of [`kind`](Self::kind) and [`to_text`](Self::to_text).
    ///
    /// # Errors
    /// When the type is not known or the text is not of that type.
    pub fn from_text(kind: &str, text: &str) -> Result<Self, ValueError> {
        let wrong = || ValueError::new("attribute", format!("is not of the type {kind}"));
        let instant = |instant: DateTime<FixedOffset>| Self::Instant(to_microseconds(instant.to_utc()));
        match kind {
            "boolean" => text.parse().map(Self::Boolean).map_err(|_| wrong()),
            "date" => text.parse().map(Self::Date).map_err(|_| wrong()),
            "decimal" => Decimal::from_str_exact(text).map(Self::Decimal).map_err(|_| wrong()),
            // RFC 3339 ends with the year 9999; what is beyond it, or before the year 0, is written with a sign.
            "instant" if text.starts_with(['+', '-']) => text.parse().map(instant).map_err(|_| wrong()),
            "instant" => DateTime::parse_from_rfc3339(text).map(instant).map_err(|_| wrong()),
            "integer" => text.parse().map(Self::Integer).map_err(|_| wrong()),
            "money" => text.parse().map(Self::Money).map_err(|_| wrong()),
            "text" => Ok(Self::Text(text.to_owned())),
            _ => Err(ValueError::new(
                "attribute",
                "has a type that this version does not know",
            )),
        }
    }
}

impl fmt::Debug for AttributeValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AttributeValue({}, …)", self.kind())
    }
}

/// A decimal as text in JSON, without a serde feature of rust_decimal, which would change the whole host.
mod decimal_text {
    use rust_decimal::Decimal;
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
        let text = String::deserialize(deserializer)?;
        Decimal::from_str_exact(&text).map_err(|_| de::Error::custom("not a decimal number"))
    }
}

/// One version of an attribute or of a declared preference: what was said, from when on it is true, when and from where we know.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Attribute {
    name: AttributeName,
    /// Nothing means: from then on, not known.
    value: Option<AttributeValue>,
    valid_at: DateTime<Utc>,
    recorded_at: DateTime<Utc>,
    source: Source,
}

impl Attribute {
    /// An attribute that holds from `valid_at` on and was learnt at `recorded_at`. No value means that it is not known any more.
    #[must_use]
    pub fn new(
        name: AttributeName,
        value: Option<AttributeValue>,
        valid_at: DateTime<Utc>,
        recorded_at: DateTime<Utc>,
        source: Source,
    ) -> Self {
        Self {
            name,
            value,
            valid_at: to_microseconds(valid_at),
            recorded_at: to_microseconds(recorded_at),
            source,
        }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &AttributeName {
        &self.name
    }

    /// The value; nothing when it is not known any more.
    #[must_use]
    pub fn value(&self) -> Option<&AttributeValue> {
        self.value.as_ref()
    }

    /// From when on it is true.
    #[must_use]
    pub fn valid_at(&self) -> DateTime<Utc> {
        self.valid_at
    }

    /// When the shop learnt it.
    #[must_use]
    pub fn recorded_at(&self) -> DateTime<Utc> {
        self.recorded_at
    }

    /// From where the shop knows it.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }
}

/// The name of an attribute (`shoe_size`) or, with the prefix `preference.`, of something that the customer has declared
/// (`preference.channel`): lower-case letters, digits, underscores and dots, at most 100.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AttributeName(String);

impl AttributeName {
    /// An attribute.
    ///
    /// # Errors
    /// When the name is empty, too long, or has other characters.
    pub fn new(name: &str) -> Result<Self, ValueError> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'.';
        if !(1..=100).contains(&name.len()) || !name.bytes().all(allowed) {
            return Err(ValueError::new(
                "attribute name",
                "must have 1 to 100 of the characters a-z, 0-9, underscore and dot",
            ));
        }
        Ok(Self(name.to_owned()))
    }

    /// A declared preference: `preference("channel")` is `preference.channel`.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn preference(name: &str) -> Result<Self, ValueError> {
        Self::new(&format!("preference.{name}"))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True for a declared preference.
    #[must_use]
    pub fn is_preference(&self) -> bool {
        self.0.starts_with("preference.")
    }
}

impl TryFrom<String> for AttributeName {
    type Error = ValueError;

    fn try_from(name: String) -> Result<Self, ValueError> {
        Self::new(&name)
    }
}

impl From<AttributeName> for String {
    fn from(name: AttributeName) -> Self {
        name.0
    }
}
