//! What there can be on an axis, and its ranges as numbers.

use ecrm_core::{Currency, Money};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{Axis, Domain, ModelError, Range, Stage};
use crate::criteria::{Expression, Function, Name, Value, ValueType, Window, value_type};
use crate::evaluate::micros_of;

/// Whole numbers of a domain: each may be written out in criteria.
const LARGEST_DOMAIN: i64 = 1_000;

/// An axis with what there can be on it.
pub(super) struct Scale<'m> {
    pub(super) axis: &'m Axis,
    pub(super) unit: Unit,
    /// The least that there can be.
    pub(super) low: Option<i128>,
    /// What everything is less than.
    pub(super) high: Option<i128>,
    pub(super) may_miss: bool,
    /// A value that the axis is cut at, where there is one.
    pub(super) cut: Option<Value>,
}

/// What a number on the axis counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Whole numbers.
    Whole,
    /// Millionths.
    Micros,
    /// The minor units of a currency.
    Minor(Currency),
}

/// A range as numbers.
pub(super) enum Extent {
    Missing,
    /// This or more, and less than that, where there is an end.
    Values(Option<i128>, Option<i128>),
}

impl<'m> Scale<'m> {
    /// What there can be on an axis. An amount names its currency where a stage does.
    pub(super) fn of(axis: &'m Axis, stages: &'m [Stage]) -> Result<Self, ModelError> {
        let refuse = |text: String| ModelError::Axis {
            axis: axis.name().clone(),
            text,
        };
        let kind = value_type(axis.value()).map_err(|error| refuse(error.to_string()))?;
        let ranges = stages
            .iter()
            .flat_map(Stage::areas)
            .filter_map(|area| area.range(axis.name()));
        let cut = ranges.flat_map(Range::bounds).next().cloned();
        let (is_counted, is_always_there) = nature(axis.value());
        let mut scale = Self {
            axis,
            unit: match (&cut, kind) {
                _ if is_counted || axis.domain().is_some() => Unit::Whole,
                (Some(Value::Money(amount)), None | Some(ValueType::Money)) => Unit::Minor(amount.currency()),
                _ => Unit::Micros,
            },
            low: is_never_negative(axis.value()).then_some(0),
            high: None,
            may_miss: !is_always_there,
            cut,
        };
        if !matches!(kind, None | Some(ValueType::Number | ValueType::Money)) {
            let found = kind.map_or("", ValueType::word);
            return Err(refuse(format!("is {found}; an axis is a number or an amount of money")));
        }
        if let Some(Domain { first, last }) = axis.domain() {
            let size = i128::from(last) - i128::from(first) + 1;
            if kind == Some(ValueType::Money) || !(1..=i128::from(LARGEST_DOMAIN)).contains(&size) {
                return Err(refuse(
                    "its domain must be 1 to 1,000 whole numbers, such as 1..5".to_owned(),
                ));
            }
            scale.low = Some(first.into());
            scale.high = Some(i128::from(last) + 1);
            scale.may_miss = true;
        }
        Ok(scale)
    }

    /// A range of a stage as numbers.
    pub(super) fn extent(&self, stage: &Name, range: &Range) -> Result<Extent, ModelError> {
        let refuse = |text: String| ModelError::Range {
            stage: stage.clone(),
            axis: self.axis.name().clone(),
            text,
        };
        let point = |value| self.point(value).map_err(refuse);
        let (low, high) = match range {
            Range::Missing if self.may_miss => return Ok(Extent::Missing),
            Range::Missing => return Err(refuse(format!("{} is never missing", self.axis.value()))),
            Range::Present => (None, None),
            Range::Whole(Domain { first, last }) if self.unit == Unit::Whole => {
                (Some(i128::from(*first)), Some(i128::from(*last) + 1))
            }
            Range::Whole(_) => {
                let text = "has more than whole numbers; write `from 1 to 4` (the end excluded), or name those that count in the \
                            axis, such as `in 1..5`";
                return Err(refuse(text.to_owned()));
            }
            Range::From(low) => (Some(point(low)?), None),
            Range::Until(high) => (None, Some(point(high)?)),
            Range::FromTo(low, high) => (Some(point(low)?), Some(point(high)?)),
        };
        if low.zip(high).is_some_and(|(low, high)| low >= high) {
            return Err(refuse(format!("`{range}` ends before it begins")));
        }
        let is_below = |least: i128| low.is_some_and(|low| low < least) || high.is_some_and(|high| high <= least);
        let is_above = |end: i128| high.is_some_and(|high| high > end) || low.is_some_and(|low| low >= end);
        if self.low.is_some_and(is_below) || self.high.is_some_and(is_above) {
            let text = format!(
                "`{range}` reaches beyond what there is; {} has {}",
                self.axis.value(),
                self.all()
            );
            return Err(refuse(text));
        }
        Ok(Extent::Values(low, high))
    }

    /// A number on the axis as people write it.
    pub(super) fn tell(&self, point: i128) -> String {
        match self.unit {
            Unit::Whole => point.to_string(),
            Unit::Micros => Decimal::try_from_i128_with_scale(point, 6)
                .map_or_else(|_| point.to_string(), |number| number.normalize().to_string()),
            Unit::Minor(currency) => i64::try_from(point).map_or_else(
                |_| point.to_string(),
                |minor| Money::from_minor(minor, currency).to_string(),
            ),
        }
    }

    /// One less, as people count.
    pub(super) fn below(&self, point: i128) -> i128 {
        match self.unit {
            Unit::Micros => point - 1_000_000,
            Unit::Whole | Unit::Minor(_) => point - 1,
        }
    }

    fn point(&self, value: &Value) -> Result<i128, String> {
        match (self.unit, value) {
            (Unit::Whole, Value::Number(number)) if number.fract().is_zero() => number.to_i128(),
            (Unit::Whole, Value::Number(_)) => return Err(format!("has no {value}, but whole numbers alone")),
            (Unit::Micros, Value::Number(number)) if number.normalize().scale() <= 6 => Some(micros_of(*number)),
            (Unit::Minor(currency), Value::Money(amount)) if amount.currency() == currency => {
                Some(i128::from(amount.minor()))
            }
            (Unit::Minor(currency), _) => {
                return Err(format!(
                    "begins and ends at amounts in {}, not at {value}",
                    currency.code()
                ));
            }
            _ => None,
        }
        .ok_or_else(|| format!("begins and ends at numbers of at most 6 decimals, not at {value}"))
    }

    /// All that there can be.
    fn all(&self) -> String {
        match (self.low, self.high) {
            (Some(low), Some(high)) => format!("{}..{}", self.tell(low), self.tell(high - 1)),
            (Some(low), None) => format!("{} or more", self.tell(low)),
            _ => "all numbers".to_owned(),
        }
    }
}

/// Whether a value is a whole number from 0 on, and whether there is always one.
fn nature(value: &Expression) -> (bool, bool) {
    match value {
        Expression::Count(_) => (true, true),
        Expression::Score(_) => (false, true),
        Expression::Aggregate(aggregate) => match aggregate.function {
            Function::Distinct => (true, true),
            Function::Sum => (false, true),
            _ => (false, false),
        },
        _ => (false, false),
    }
}

fn is_never_negative(value: &Expression) -> bool {
    match value {
        // Only such a window holds what is still to come.
        Expression::DaysSince { of, .. } => !matches!(of.window(), Some(Window::Next(_))),
        Expression::Distance { .. } => true,
        other => nature(other).0,
    }
}
