//! What a value must be.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Span, Value, Window};

/// A comparison. With a value that is missing all of them are false, but for [`Missing`](Self::Missing).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Test {
    /// The same.
    Equals(Value),
    /// There is a value, and it is another one.
    Differs(Value),
    /// Less, or earlier.
    Less(Value),
    /// Not more, or not later.
    AtMost(Value),
    /// More, or later.
    Greater(Value),
    /// Not less, or not earlier.
    AtLeast(Value),
    /// From the first to the second, both included.
    Between(Value, Value),
    /// Less than the first or more than the second.
    NotBetween(Value, Value),
    /// One of these.
    OneOf(Vec<Value>),
    /// There is a value, and it is none of these.
    NoneOf(Vec<Value>),
    /// There is no value.
    Missing,
    /// There is a value.
    Present,
    /// A part of the text is this.
    Contains(String),
    /// There is a text, and no part of it is this.
    NotContains(String),
    /// The text begins with this.
    StartsWith(String),
    /// There is a text, and it begins otherwise.
    NotStartsWith(String),
    /// The text ends with this.
    EndsWith(String),
    /// There is a text, and it ends otherwise.
    NotEndsWith(String),
    /// A regular expression finds something in the text.
    Matches(String),
    /// There is a text, and a regular expression finds nothing in it.
    NotMatches(String),
    /// On this day, in the zone of the segment.
    OnDay(NaiveDate),
    /// There is a day, and it is another one.
    NotOnDay(NaiveDate),
    /// In a window.
    Within(Window),
    /// There is a time, and it is outside of the window.
    NotWithin(Window),
    /// The day of the year comes again within so long: 29 February counts as 1 March in other years. `None` means: today.
    Anniversary(Option<Span>),
    /// Of several values: all of these are among them.
    HasAll(Vec<Value>),
    /// Of several values: at least one of these is among them.
    HasAny(Vec<Value>),
    /// Of several values: none of these is among them. True where there are none.
    HasNone(Vec<Value>),
}
