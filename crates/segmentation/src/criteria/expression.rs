//! The values of a customer.

use chrono::SecondsFormat;
use ecrm_core::{AttributeName, Channel, Customer, Purpose};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::value::decimal_text;
use super::{Criteria, Events, Field, Test, Value, Window};

/// A value of a customer at an instant. It may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Expression {
    /// A field of the core record.
    Profile(ProfileField),
    /// A typed attribute; `preference.NAME` for a declared preference.
    Attribute(AttributeName),
    /// A number that a module has published.
    Metric(AttributeName),
    /// What somebody said about a purpose and a channel: `granted`, `denied`, `withdrawn`, `expired`; missing where nothing was said.
    Consent {
        /// The purpose.
        purpose: Purpose,
        /// The channel.
        channel: Channel,
    },
    /// Whether somebody may be contacted for a purpose over a channel, as `may_contact` decides, and has an address for it.
    Reachable {
        /// The purpose.
        purpose: Purpose,
        /// The channel.
        channel: Channel,
    },
    /// How many events: 0 where there is none.
    Count(Events),
    /// A function of a field of events.
    Aggregate(Aggregate),
    /// The days of 24 hours since the first or the last event, with fractions; missing where there is none.
    DaysSince {
        /// Which.
        edge: Edge,
        /// Of which events.
        of: Events,
    },
    /// The distance in kilometres, on a sphere of 6,371.0088 km, from a place to the customer's `location.latitude` and
    /// `location.longitude`, which are attributes.
    Distance {
        /// Degrees to the north.
        #[serde(with = "decimal_text")]
        latitude: Decimal,
        /// Degrees to the east.
        #[serde(with = "decimal_text")]
        longitude: Decimal,
    },
    /// The sum of the points of all criteria that are true.
    Score(Vec<Weighted>),
}

/// A function of a field of events.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "three parts, given by name")]
pub struct Aggregate {
    /// The function.
    pub function: Function,
    /// The field.
    pub field: Field,
    /// The events.
    pub of: Events,
}

/// A function of many values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the functions of the language")]
pub enum Function {
    /// The mean; missing where there are no values. Money is compared without rounding it.
    Average,
    /// How many different values.
    Distinct,
    /// That of the first event that has one.
    First,
    /// That of the last event that has one.
    Last,
    /// The greatest.
    Max,
    /// The least.
    Min,
    /// The sum; 0 where there are no values.
    Sum,
    /// All different values, for `has all of`, `has any of` and `has none of`.
    Values,
}

impl Function {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Average,
        Self::Distinct,
        Self::First,
        Self::Last,
        Self::Max,
        Self::Min,
        Self::Sum,
        Self::Values,
    ];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Average => "average",
            Self::Distinct => "distinct",
            Self::First => "first",
            Self::Last => "last",
            Self::Max => "max",
            Self::Min => "min",
            Self::Sum => "sum",
            Self::Values => "values",
        }
    }
}

/// The first or the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "there are two")]
pub enum Edge {
    /// The first.
    First,
    /// The last.
    Last,
}

impl Edge {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Last => "last",
        }
    }
}

/// A criterion with its points.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "two parts, given by name")]
pub struct Weighted {
    /// The points.
    #[serde(with = "decimal_text")]
    pub points: Decimal,
    /// For whom.
    pub when: Criteria,
}

/// A field of the core record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ProfileField {
    /// The town of the postal address.
    City,
    /// The country of the postal address, by its two letters.
    Country,
    /// The mail address.
    Email,
    /// The family name.
    FamilyName,
    /// The given name.
    GivenName,
    /// The language tag.
    Locale,
    /// The name of the organisation.
    Organisation,
    /// The telephone number.
    Phone,
    /// The postal code.
    PostalCode,
    /// When the customer registered.
    RegisteredAt,
}

impl ProfileField {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::City,
        Self::Country,
        Self::Email,
        Self::FamilyName,
        Self::GivenName,
        Self::Locale,
        Self::Organisation,
        Self::Phone,
        Self::PostalCode,
        Self::RegisteredAt,
    ];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::City => "city",
            Self::Country => "country",
            Self::Email => "email",
            Self::FamilyName => "family_name",
            Self::GivenName => "given_name",
            Self::Locale => "locale",
            Self::Organisation => "organisation",
            Self::Phone => "phone",
            Self::PostalCode => "postal_code",
            Self::RegisteredAt => "registered_at",
        }
    }
}

impl ProfileField {
    /// Its value for a customer: texts as they are written, the instant by RFC 3339; nothing where it is not known.
    #[must_use]
    pub fn of(self, customer: &Customer) -> Option<String> {
        match self {
            Self::RegisteredAt => {
                let at = ecrm_core::to_microseconds(customer.registered_at());
                Some(at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
            }
            text => text.text_of(customer).filter(|text| !text.is_empty()),
        }
    }

    /// The text of a field that has one.
    pub(crate) fn text_of(self, customer: &Customer) -> Option<String> {
        let contact = customer.contact();
        let address = contact.address();
        let name = contact.name();
        match self {
            Self::City => address.map(|address| address.locality().to_owned()),
            Self::Country => address.map(|address| address.country().code().to_owned()),
            Self::Email => contact.email().map(|email| email.as_str().to_owned()),
            Self::FamilyName => name.and_then(|name| name.family().map(str::to_owned)),
            Self::GivenName => name.and_then(|name| name.given().map(str::to_owned)),
            Self::Locale => contact.locale().map(ToString::to_string),
            Self::Organisation => contact.organisation().map(|known| known.as_str().to_owned()),
            Self::Phone => contact.phone().map(|phone| phone.as_str().to_owned()),
            Self::PostalCode => address.and_then(|address| address.postal_code().map(str::to_owned)),
            Self::RegisteredAt => None,
        }
    }
}

impl Expression {
    /// The criterion that the value passes a test.
    #[must_use]
    pub fn is(self, test: Test) -> Criteria {
        Criteria::Is { value: self, test }
    }

    /// The criterion that the value equals this.
    #[must_use]
    pub fn equals(self, value: impl Into<Value>) -> Criteria {
        self.is(Test::Equals(value.into()))
    }

    /// The criterion that the value is this or more.
    #[must_use]
    pub fn at_least(self, value: impl Into<Value>) -> Criteria {
        self.is(Test::AtLeast(value.into()))
    }

    /// The criterion that the value is this or less. A count of nothing is 0.
    #[must_use]
    pub fn at_most(self, value: impl Into<Value>) -> Criteria {
        self.is(Test::AtMost(value.into()))
    }

    /// The criterion that the value is more than this.
    #[must_use]
    pub fn greater(self, value: impl Into<Value>) -> Criteria {
        self.is(Test::Greater(value.into()))
    }

    /// The criterion that the value is less than this.
    #[must_use]
    pub fn less(self, value: impl Into<Value>) -> Criteria {
        self.is(Test::Less(value.into()))
    }

    /// The criterion that the time lies in a window.
    #[must_use]
    pub fn within(self, window: Window) -> Criteria {
        self.is(Test::Within(window))
    }

    /// The criterion that there is no value.
    #[must_use]
    pub fn is_missing(self) -> Criteria {
        self.is(Test::Missing)
    }
}
