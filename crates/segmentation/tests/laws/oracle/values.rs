//! Values, exact: every number is a fraction of whole numbers.

use std::cmp::Ordering;
use std::fmt;

use chrono::NaiveDate;
use ecrm_core::{AttributeValue, Currency, Money};
use ecrm_segmentation::criteria::Value;
use rust_decimal::Decimal;

use super::time::{Micros, micros};

/// A value of a customer or of an event.
#[derive(Debug, Clone)]
pub(super) enum Fact {
    Boolean(bool),
    Day(NaiveDate),
    Instant(Micros),
    Money(Ratio, Currency),
    Number(Ratio),
    Text(String),
}

impl Fact {
    pub(super) fn count(count: usize) -> Self {
        Self::Number(Ratio::new(i128::try_from(count).unwrap(), 1))
    }

    pub(super) fn money(money: Money) -> Self {
        Self::Money(Ratio::of(money.to_decimal()), money.currency())
    }

    pub(super) fn of_attribute(value: &AttributeValue) -> Self {
        match value {
            AttributeValue::Boolean(value) => Self::Boolean(*value),
            AttributeValue::Date(value) => Self::Day(*value),
            AttributeValue::Decimal(value) => Self::Number(Ratio::of(*value)),
            AttributeValue::Instant(value) => Self::Instant(micros(*value)),
            AttributeValue::Integer(value) => Self::Number(Ratio::new((*value).into(), 1)),
            AttributeValue::Money(value) => Self::money(*value),
            AttributeValue::Text(value) => Self::Text(value.clone()),
            _ => panic!("the oracle does not know {value:?}"),
        }
    }

    fn of_value(value: &Value) -> Self {
        match value {
            Value::Boolean(value) => Self::Boolean(*value),
            Value::Date(value) => Self::Day(*value),
            Value::Instant(value) => Self::Instant(micros(*value)),
            Value::Money(value) => Self::money(*value),
            Value::Number(value) => Self::Number(Ratio::of(*value)),
            Value::Text(value) => Self::Text(value.clone()),
        }
    }

    /// How it stands to the value of a test; nothing where the two cannot be compared.
    pub(super) fn compare(&self, value: &Value) -> Option<Ordering> {
        self.stands_to(&Self::of_value(value))
    }

    fn stands_to(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Boolean(one), Self::Boolean(other)) => Some(one.cmp(other)),
            (Self::Day(one), Self::Day(other)) => Some(one.cmp(other)),
            (Self::Instant(one), Self::Instant(other)) => Some(one.cmp(other)),
            (Self::Money(one, of), Self::Money(other, in_)) if of == in_ => Some(one.cmp(other)),
            (Self::Number(one), Self::Number(other)) => Some(one.cmp(other)),
            (Self::Text(one), Self::Text(other)) => Some(one.cmp(other)),
            _ => None,
        }
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.stands_to(other) == Some(Ordering::Equal)
    }

    /// The order of two values of one field.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        self.stands_to(other).unwrap()
    }

    pub(super) fn ratio(&self) -> Ratio {
        match self {
            Self::Money(ratio, _) | Self::Number(ratio) => ratio.clone(),
            _ => panic!("{self:?} is no number"),
        }
    }
}

/// A fraction, whose lower part is positive.
#[derive(Debug, Clone)]
pub(super) struct Ratio {
    over: i128,
    under: i128,
}

impl Ratio {
    pub(super) fn new(over: i128, under: i128) -> Self {
        assert!(under > 0, "a fraction of nothing");
        Self { over, under }
    }

    pub(super) fn of(decimal: Decimal) -> Self {
        Self::new(decimal.mantissa(), 10_i128.pow(decimal.scale()))
    }

    /// The shortest decimal number that denotes this one.
    pub(super) fn shortest(number: f64) -> Self {
        match Decimal::from_str_exact(&number.to_string()) {
            Ok(decimal) => Self::of(decimal),
            // The numbers of the language are less than 10^15 and have six digits behind the point: no number that is greater than
            // 28 digits can hold, or finer, is ever equal to one of them, and any other such number stands to them as it does.
            Err(_) if number.abs() > 1.0 => Self::new(if number > 0.0 { 1 } else { -1 } * 10_i128.pow(30), 1),
            Err(_) => {
                let whole: Decimal = Decimal::from_str_exact(&format!("{number:.20}")).unwrap();
                let finer = if number > 0.0 { 1 } else { -1 };
                Self::new(whole.mantissa() * 10 + finer, 10_i128.pow(whole.scale() + 1))
            }
        }
    }

    /// The sum of fractions whose lower parts are powers of ten.
    pub(super) fn sum(parts: impl Iterator<Item = Self>) -> Self {
        parts.fold(Self::new(0, 1), |sum, part| {
            let under = sum.under.max(part.under);
            let over = sum.over * (under / sum.under) + part.over * (under / part.under);
            Self::new(over, under)
        })
    }

    pub(super) fn shared_by(self, count: usize) -> Self {
        Self::new(self.over, self.under * i128::try_from(count).unwrap())
    }

    /// Whole parts first, then the rests turned upside down: nothing is ever multiplied, so nothing can overflow.
    pub(super) fn cmp(&self, other: &Self) -> Ordering {
        let parts = |ratio: &Self| (ratio.over.div_euclid(ratio.under), ratio.over.rem_euclid(ratio.under));
        let ((whole, rest), (other_whole, other_rest)) = (parts(self), parts(other));
        match (whole.cmp(&other_whole), rest, other_rest) {
            (Ordering::Equal, 0, _) | (Ordering::Equal, _, 0) => rest.cmp(&other_rest),
            (Ordering::Equal, _, _) => Self::new(other.under, other_rest).cmp(&Self::new(self.under, rest)),
            (different, _, _) => different,
        }
    }
}

impl fmt::Display for Ratio {
    /// As a decimal number: only for those whose lower part is a power of ten.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.under.ilog10();
        assert_eq!(10_i128.pow(digits), self.under, "no decimal number");
        write!(f, "{}", Decimal::from_i128_with_scale(self.over, digits))
    }
}

#[test]
fn fractions_are_compared_exactly() {
    let ratio = Ratio::new;
    for (one, other, expected) in [
        (ratio(1, 3), ratio(333_333, 1_000_000), Ordering::Greater),
        (ratio(2, 6), ratio(1, 3), Ordering::Equal),
        (ratio(-1, 3), ratio(-1, 2), Ordering::Greater),
        (ratio(i128::MAX, 3), ratio(i128::MAX, 2), Ordering::Less),
        (Ratio::shortest(0.1), ratio(1, 10), Ordering::Equal),
        (Ratio::shortest(1e300), ratio(10_i128.pow(15), 1), Ordering::Greater),
        (Ratio::shortest(-1e-300), ratio(0, 1), Ordering::Less),
        (Ratio::shortest(-1e-300), ratio(-1, 1_000_000), Ordering::Greater),
    ] {
        assert_eq!(one.cmp(&other), expected, "{one:?} {other:?}");
    }
}
