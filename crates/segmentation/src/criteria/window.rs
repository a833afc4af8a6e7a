//! Times that move with the clock, and times that do not.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// The time in which events count.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Window {
    /// A rolling window: from exactly so long ago until now, both ends included.
    Last(Span),
    /// From now until so long after it, both ends included: for appointments and days to come.
    Next(Span),
    /// The day, week, month ... that it is now, in the zone of the segment; the end is excluded.
    This(CalendarUnit),
    /// So many whole units before this one, in the zone of the segment; the end is excluded.
    Previous {
        /// How many.
        count: u32,
        /// Of what.
        unit: CalendarUnit,
    },
    /// From an instant (included) to another (excluded); either may be missing.
    Fixed {
        /// The first instant.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<DateTime<Utc>>,
        /// The first instant that is too late.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<DateTime<Utc>>,
    },
}

/// A part of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the calendar has no other")]
pub enum CalendarUnit {
    /// From midnight to midnight, which is not always 24 hours.
    Day,
    /// From Monday (ISO 8601).
    Week,
    /// From the first of the month.
    Month,
    /// From the first of January, April, July or October.
    Quarter,
    /// From the first of January.
    Year,
}

impl CalendarUnit {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year];

    /// The word for one.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }
}

/// A length of time, exact to the microsecond: a day has 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Span(i64);

/// The units of a span, the longest first: their names and microseconds.
pub(crate) const UNITS: [(&str, i64); 6] = [
    ("day", 86_400_000_000),
    ("hour", 3_600_000_000),
    ("minute", 60_000_000),
    ("second", 1_000_000),
    ("millisecond", 1_000),
    ("microsecond", 1),
];

/// The longest span: a hundred thousand days.
const LONGEST: i64 = 100_000 * 86_400_000_000;

impl Span {
    /// So many days of 24 hours.
    #[must_use]
    pub fn days(days: u16) -> Self {
        Self(i64::from(days) * UNITS[0].1)
    }

    /// So many hours.
    #[must_use]
    pub fn hours(hours: u16) -> Self {
        Self(i64::from(hours) * UNITS[1].1)
    }

    /// So many microseconds; nothing where it is not positive or longer than a hundred thousand days.
    #[must_use]
    pub fn microseconds(microseconds: i64) -> Option<Self> {
        (1..=LONGEST).contains(&microseconds).then_some(Self(microseconds))
    }

    /// In microseconds.
    #[must_use]
    pub fn as_microseconds(self) -> i64 {
        self.0
    }

    /// As chrono has it.
    #[must_use]
    pub fn as_delta(self) -> TimeDelta {
        TimeDelta::microseconds(self.0)
    }
}

impl TryFrom<i64> for Span {
    type Error = &'static str;

    fn try_from(microseconds: i64) -> Result<Self, Self::Error> {
        Self::microseconds(microseconds).ok_or("a span has 1 microsecond to 100,000 days")
    }
}

impl From<Span> for i64 {
    fn from(span: Span) -> Self {
        span.0
    }
}
