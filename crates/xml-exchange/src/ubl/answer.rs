//! What a shop says about a line of an order, honestly: each answer is one of five, and nothing else can be written.

use chrono::NaiveDate;
use ecrm_core::{Availability, Quantity, ValueError};

use super::delivery::Delivery;
use super::line::LineItem;
use super::value::{CodeValue, Measure};

/// The list of the words in `LineStatusCode`: UBL's own "Line Status", of which `Cancelled`, `Disputed`, `NoStatus` and `Revised`
/// are used. `3`, `5` and `7` of UN/EDIFACT 1229 (changed, accepted, not accepted) are understood as well.
pub const LINE_STATUS_LIST: &str = "Line Status";

/// The list of the words in `OrderResponseCode`: UN/EDIFACT 4343, of which `AB` (received, nothing is said yet), `AP` (accepted),
/// `CA` (accepted with changes) and `RE` (refused) are used.
pub const RESPONSE_LIST: &str = "UNCL4343";

const CANCELLED: &str = "Cancelled";
const NO_STATUS: &str = "NoStatus";
const REVISED: &str = "Revised";

/// What is said about a line.
///
/// ```
/// use ecrm_core::{Availability, Quantity};
/// use ecrm_xml_exchange::ubl::LineAnswer;
/// let three = Quantity::pieces(3);
/// assert_eq!(LineAnswer::of(Availability::InStock, three), LineAnswer::Confirmed { quantity: three, promised: None });
/// assert_eq!(LineAnswer::of(Availability::Unknown, three), LineAnswer::Unsaid, "nobody has said that it is there");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LineAnswer {
    /// None is there; all come later.
    BackOrdered {
        /// How many come later.
        quantity: Quantity,
        /// By which day, if that is promised.
        promised: Option<NaiveDate>,
    },
    /// They are there and will be sent.
    Confirmed {
        /// How many.
        quantity: Quantity,
        /// By which day, if that is promised.
        promised: Option<NaiveDate>,
    },
    /// Some are there, others come later.
    Partly {
        /// How many are there.
        now: Quantity,
        /// How many come later.
        later: Quantity,
        /// By which day they come, if that is promised.
        promised: Option<NaiveDate>,
    },
    /// It cannot be had, or the line was called off.
    Refused,
    /// Nothing is said about it yet.
    Unsaid,
}

impl LineAnswer {
    /// The answer for a line of which the shop knows how it can be had. What is made after the order is not there yet.
    #[must_use]
    pub fn of(availability: Availability, ordered: Quantity) -> Self {
        match availability {
            Availability::Digital | Availability::InStock => Self::Confirmed {
                quantity: ordered,
                promised: None,
            },
            Availability::BackOrdered { expected } | Availability::MadeToOrder { expected } => Self::BackOrdered {
                quantity: ordered,
                promised: expected,
            },
            Availability::Unavailable => Self::Refused,
            // What a later version of the core model adds is not confirmed either.
            _ => Self::Unsaid,
        }
    }

    /// How many of the line are spoken for, now and later; nothing where none are.
    fn parts(self) -> Option<(Quantity, Option<Quantity>)> {
        match self {
            Self::BackOrdered { quantity, .. } | Self::Confirmed { quantity, .. } => Some((quantity, None)),
            Self::Partly { now, later, .. } => Some((now, Some(later))),
            Self::Refused | Self::Unsaid => None,
        }
    }

    /// Refuses answers that do not fit to what was ordered.
    fn check(self, ordered: Option<&Measure>) -> Result<(), ValueError> {
        let Some((first, second)) = self.parts() else {
            return Ok(());
        };
        let ordered = ordered.ok_or_else(|| ValueError::new("quantity", "is missing; how many were ordered?"))?;
        if first.micros() <= 0 || second.is_some_and(|second| second.micros() <= 0) {
            return Err(ValueError::new("answer", "has a part of nothing; use another answer"));
        }
        let sum = first.micros().checked_add(second.map_or(0, Quantity::micros));
        let all = ordered.quantity()?.micros();
        if sum.is_none_or(|sum| sum > all) {
            return Err(ValueError::new("answer", "promises more than was ordered"));
        }
        Ok(())
    }

    /// Whether all that was ordered is confirmed.
    pub(super) fn confirms_all(self, ordered: Quantity) -> bool {
        matches!(self, Self::Confirmed { quantity, .. } if quantity == ordered)
    }

    /// The line of the response for a line of the order.
    pub(super) fn line_item(self, ordered: &LineItem) -> Result<LineItem, ValueError> {
        let measure = ordered.quantity.as_ref();
        self.check(measure)?;
        let unit = measure.and_then(|measure| measure.unit.as_deref());
        let some = |quantity: Quantity| Measure::new(quantity.to_decimal(), unit);
        let none = some(Quantity::from_micros(0));
        let by = |quantity: Measure, day: Option<NaiveDate>| {
            day.map(|day| Delivery::promised(quantity, day)).into_iter().collect()
        };
        let mut line = LineItem {
            id: ordered.id.clone(),
            item: ordered.item.clone(),
            ..LineItem::default()
        };
        match self {
            Self::BackOrdered { quantity, promised } => {
                line.status = Some(status(REVISED));
                line.quantity = Some(none);
                line.maximum_backorder = Some(some(quantity));
                line.deliveries = by(some(quantity), promised);
            }
            Self::Confirmed { quantity, promised } => {
                let is_all = measure.is_some_and(|all| all.quantity() == Ok(quantity));
                line.status = (!is_all).then(|| status(REVISED));
                line.quantity = Some(some(quantity));
                line.deliveries = by(some(quantity), promised);
            }
            Self::Partly { now, later, promised } => {
                line.status = Some(status(REVISED));
                line.quantity = Some(some(now));
                line.maximum_backorder = Some(some(later));
                line.deliveries = by(some(later), promised);
            }
            Self::Refused => {
                line.status = Some(status(CANCELLED));
                line.quantity = Some(none);
            }
            Self::Unsaid => line.status = Some(status(NO_STATUS)),
        }
        Ok(line)
    }
}

impl LineItem {
    /// What a response says about this line. Where it says nothing that is understood, it says nothing: a line is never taken
    /// for confirmed because of what is missing.
    ///
    /// # Errors
    /// When a quantity has more than six decimals.
    pub fn answer(&self) -> Result<LineAnswer, ValueError> {
        let status = self
            .status
            .as_ref()
            .map(|status| status.value.as_str())
            .unwrap_or_default();
        if status.eq_ignore_ascii_case(CANCELLED) || status == "7" {
            return Ok(LineAnswer::Refused);
        }
        if status.eq_ignore_ascii_case(NO_STATUS) || status.eq_ignore_ascii_case("Disputed") {
            return Ok(LineAnswer::Unsaid);
        }
        let quantity = |measure: &Option<Measure>| measure.as_ref().map(Measure::quantity).transpose();
        let now = quantity(&self.quantity)?;
        let later = quantity(&self.maximum_backorder)?.or(quantity(&self.minimum_backorder)?);
        let later = later.filter(|later| later.micros() > 0);
        let promised = self.promised();
        Ok(match (now, later) {
            (Some(now), Some(later)) if now.micros() > 0 => LineAnswer::Partly { now, later, promised },
            (_, Some(quantity)) => LineAnswer::BackOrdered { quantity, promised },
            (Some(quantity), None) if quantity.micros() > 0 => LineAnswer::Confirmed { quantity, promised },
            (Some(_), None) => LineAnswer::Refused,
            (None, None) => LineAnswer::Unsaid,
        })
    }

    /// The last day of what is promised; an estimate is no promise.
    fn promised(&self) -> Option<NaiveDate> {
        let periods = self.deliveries.iter().filter_map(|delivery| delivery.promised.as_ref());
        let days = periods.filter_map(|period| period.end.as_ref().or(period.start.as_ref()));
        days.map(crate::Day::date).max()
    }
}

fn status(word: &str) -> CodeValue {
    CodeValue {
        agency: Some("UBL".to_owned()),
        list_name: Some(LINE_STATUS_LIST.to_owned()),
        ..CodeValue::from(word)
    }
}
