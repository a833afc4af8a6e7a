//! What this module tells.

use chrono::{DateTime, Utc};
use ecrm_core::{ActivityId, CustomerId};
use serde::{Deserialize, Serialize};

use crate::criteria::{Criteria, Name};

/// Somebody came into a segment, or went.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Crossing {
    /// Who.
    pub customer: CustomerId,
    /// Which segment.
    pub segment: Name,
    /// True for somebody who came in.
    pub is_member: bool,
    /// When it became so: the instant of the event, or the one at which time alone did it.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: Reason,
}

/// Why somebody came into a segment, or went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Reason {
    /// What happened.
    pub cause: Cause,
    /// The criteria that decided it: those whose answer is another one now, at most ten of them.
    pub because: Vec<Because>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Cause {
    /// These activities.
    Activities(Vec<ActivityId>),
    /// The segments were defined anew.
    Definition,
    /// The record of the customer changed: the kinds of changes, by the words of the shared record.
    Record(Vec<String>),
    /// Nothing but time.
    Time,
}

/// A criterion that answers otherwise than before.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Because {
    /// The criterion, as text.
    pub criterion: String,
    /// Whether it is true now.
    pub is_true: bool,
    /// The value that was found before, as the language writes it; nothing where it was missing.
    pub was: Option<String>,
    /// The value that is found now.
    pub is: Option<String>,
}

/// Values of customers are theirs.
impl std::fmt::Debug for Because {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Because({} is {})", self.criterion, self.is_true)
    }
}

/// How far `advance` came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Advanced {
    /// How many memberships began or ended by it.
    pub crossings: u64,
    /// How many customers it looked at. Those who were there before segments were set up are looked at twice: each is packed alone, and
    /// then with others.
    pub customers: u64,
    /// Whether nothing is left to do until now. Otherwise call it again, in another transaction.
    pub is_complete: bool,
}

/// A segment as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Segment {
    /// Its name.
    pub name: Name,
    /// The version of its definition, from 1.
    pub version: u32,
    /// The definition.
    pub criteria: Criteria,
    /// When this version was defined.
    pub defined_at: DateTime<Utc>,
    /// When it was archived.
    pub archived_at: Option<DateTime<Utc>>,
}

/// A time on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Listed {
    /// Which list.
    pub list: Name,
    /// Since when.
    pub added_at: DateTime<Utc>,
    /// Until when; nothing for somebody who is on it.
    pub removed_at: Option<DateTime<Utc>>,
}

/// With whose eyes the past is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there are two")]
pub enum Knowledge {
    /// With what was recorded by then: what was told since, or corrected, is not known.
    Then,
    /// With all that is recorded now.
    Now,
}
