use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ValueError;

/// When a line can be had. Every text that tells the customer about a line is derived from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
#[non_exhaustive]
pub enum Availability {
    /// Not there; it is on order, perhaps with a day on which it is expected.
    BackOrdered {
        /// The day on which it should be there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expected: Option<NaiveDate>,
    },
    /// Delivered as data: always there.
    Digital,
    /// On the shelf.
    InStock,
    /// Made after the order, perhaps ready by a day.
    MadeToOrder {
        /// The day on which it should be ready.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expected: Option<NaiveDate>,
    },
    /// Not to be had.
    Unavailable,
    /// Nobody has said. Nothing is claimed about it.
    Unknown,
}

impl Availability {
    /// The word of the state, without its day.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::BackOrdered { .. } => "back_ordered",
            Self::Digital => "digital",
            Self::InStock => "in_stock",
            Self::MadeToOrder { .. } => "made_to_order",
            Self::Unavailable => "unavailable",
            Self::Unknown => "unknown",
        }
    }

    /// The state of a word, with a day where the state can have one.
    ///
    /// # Errors
    /// When the word is not known.
    pub fn from_code(code: &str, expected: Option<NaiveDate>) -> Result<Self, ValueError> {
        match code {
            "back_ordered" => Ok(Self::BackOrdered { expected }),
            "digital" => Ok(Self::Digital),
            "in_stock" => Ok(Self::InStock),
            "made_to_order" => Ok(Self::MadeToOrder { expected }),
            "unavailable" => Ok(Self::Unavailable),
            "unknown" => Ok(Self::Unknown),
            _ => Err(ValueError::new(
                "availability",
                "must be one of: back_ordered, digital, in_stock, made_to_order, unavailable, unknown",
            )),
        }
    }

    /// The day that the customer may be told, if there is one.
    #[must_use]
    pub fn expected(self) -> Option<NaiveDate> {
        match self {
            Self::BackOrdered { expected } | Self::MadeToOrder { expected } => expected,
            Self::Digital | Self::InStock | Self::Unavailable | Self::Unknown => None,
        }
    }

    /// True when it can go out at once.
    #[must_use]
    pub fn is_ready(self) -> bool {
        matches!(self, Self::InStock | Self::Digital)
    }
}
