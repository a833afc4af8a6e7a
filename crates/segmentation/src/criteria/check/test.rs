//! What values are compared with.

use rust_decimal::Decimal;

use super::{Checked, Checker, TEXT, Yields};
use crate::criteria::codes::{codes_of, consents, misspelt};
use crate::criteria::{Expression, Function, Test, Value, ValueType};

/// Values of one list.
const LIST: usize = 10_000;
/// Numbers are less.
const LARGEST: i64 = 1_000_000_000_000_000;

impl Checker {
    pub(super) fn test(&self, test: &Test, yields: Yields) -> Checked {
        let is_many = matches!(yields, Yields::Many(_));
        let kind = match yields {
            Yields::One(kind) | Yields::Many(kind) => Some(kind),
            Yields::Any => None,
        };
        let one_value = |is_right: bool, what: &str| {
            self.ensure(
                !is_many,
                "several values are compared by `has all of`, `has any of` or `has none of`",
            )?;
            self.ensure(is_right, what)
        };
        match test {
            Test::Equals(value) | Test::Differs(value) => {
                one_value(true, "")?;
                self.values(std::slice::from_ref(value), kind)
            }
            Test::Less(value) | Test::AtMost(value) | Test::Greater(value) | Test::AtLeast(value) => {
                one_value(
                    is_ordered(value.kind()),
                    "only numbers, money, days and instants have an order",
                )?;
                self.values(std::slice::from_ref(value), kind)
            }
            Test::Between(low, high) | Test::NotBetween(low, high) => {
                one_value(
                    is_ordered(low.kind()),
                    "only numbers, money, days and instants have an order",
                )?;
                self.values(&[low.clone(), high.clone()], kind)?;
                self.ensure(is_in_order(low, high), "the first bound must not be above the second")
            }
            Test::OneOf(values) | Test::NoneOf(values) => {
                one_value(true, "")?;
                self.values(values, kind)
            }
            Test::HasAll(values) | Test::HasAny(values) | Test::HasNone(values) => {
                self.ensure(is_many, "only `values(...)` yields several values")?;
                self.values(values, kind)
            }
            Test::Missing | Test::Present => one_value(true, ""),
            Test::Contains(text)
            | Test::NotContains(text)
            | Test::StartsWith(text)
            | Test::NotStartsWith(text)
            | Test::EndsWith(text)
            | Test::NotEndsWith(text) => {
                one_value(is_of(kind, &[ValueType::Text]), "only a text can be looked into")?;
                self.ensure(
                    !text.is_empty() && text.len() <= TEXT,
                    "needs a text of 1 to 1,000 bytes",
                )
            }
            Test::Matches(pattern) | Test::NotMatches(pattern) => {
                one_value(is_of(kind, &[ValueType::Text]), "only a text can match")?;
                self.ensure(pattern.len() <= TEXT, "a pattern has at most 1,000 bytes")?;
                regex_lite::Regex::new(pattern)
                    .map(|_| ())
                    .map_err(|error| self.refuse(format!("the pattern cannot be read: {error}")))
            }
            Test::OnDay(_) | Test::NotOnDay(_) | Test::Anniversary(_) => one_value(
                is_of(kind, &[ValueType::Date, ValueType::Instant]),
                "only a day or an instant has a day",
            ),
            Test::Within(window) | Test::NotWithin(window) => {
                one_value(
                    is_of(kind, &[ValueType::Date, ValueType::Instant]),
                    "only a day or an instant lies in a window",
                )?;
                self.window(window)
            }
        }
    }

    /// All values of a test are of the type, and amounts in one currency.
    fn values(&self, values: &[Value], kind: Option<ValueType>) -> Checked {
        let Some(first) = values.first() else {
            return Err(self.refuse("a list needs at least one value"));
        };
        self.ensure(values.len() <= LIST, "a list has at most 10,000 values")?;
        let kind = kind.unwrap_or(first.kind());
        for value in values {
            if value.kind() != kind {
                let text = format!("is compared with {}, but it is {}", value.kind().word(), kind.word());
                return Err(self.refuse(text));
            }
            match value {
                Value::Text(text) => {
                    self.ensure(text.len() <= TEXT, "a text has at most 1,000 bytes")?;
                    self.ensure(!text.contains('\0'), "no text has the character U+0000")?;
                    self.ensure(!text.is_empty(), "an empty text is a missing one; say `is missing`")?;
                }
                Value::Number(number) => self.number(*number)?,
                _ => {}
            }
            self.ensure(
                currency(value) == currency(first),
                "amounts in different currencies cannot be compared",
            )?;
        }
        Ok(())
    }

    /// The texts of a test are among the words that there are.
    pub(super) fn words(&self, test: &Test, known: Option<&[&str]>) -> Checked {
        let Some(known) = known else { return Ok(()) };
        match texts_of(test).find(|text| !known.contains(text)) {
            Some(text) => Err(self.refuse(format!("is never \"{text}\", but {}", known.join(", ")))),
            None => Ok(()),
        }
    }

    /// Countries and languages are kept as their standards write them.
    pub(super) fn codes(&self, value: &Expression, test: &Test) -> Checked {
        let Expression::Profile(field) = value else {
            return Ok(());
        };
        match texts_of(test).find_map(|text| misspelt(*field, text)) {
            Some(refusal) => Err(self.refuse(refusal)),
            None => Ok(()),
        }
    }

    /// What is compared with it is counted in millionths.
    pub(super) fn number(&self, number: Decimal) -> Checked {
        let is_small = number.normalize().scale() <= 6 && number.abs() < Decimal::from(LARGEST);
        self.ensure(
            is_small,
            "a number has at most 15 digits before the point and 6 behind it",
        )
    }

    /// A sum or mean of money is one of amounts in a currency, which the test names.
    pub(super) fn has_currency(&self, value: &Expression, test: &Test) -> Checked {
        let Expression::Aggregate(aggregate) = value else {
            return Ok(());
        };
        let is_money = aggregate.field.type_in(aggregate.of.set) == Some(ValueType::Money);
        let mixes = matches!(
            aggregate.function,
            Function::Sum | Function::Average | Function::Min | Function::Max
        );
        self.ensure(
            !(is_money && mixes && matches!(test, Test::Missing | Test::Present)),
            "compare it with an amount, so that it is known which currency is meant",
        )
    }
}

/// The texts that a test looks for as a whole.
fn texts_of(test: &Test) -> impl Iterator<Item = &str> {
    let values: &[Value] = match test {
        Test::Equals(value) | Test::Differs(value) => std::slice::from_ref(value),
        Test::OneOf(values)
        | Test::NoneOf(values)
        | Test::HasAll(values)
        | Test::HasAny(values)
        | Test::HasNone(values) => values,
        _ => &[],
    };
    values.iter().filter_map(|value| match value {
        Value::Text(text) => Some(text.as_str()),
        _ => None,
    })
}

/// The words that a value can be; nothing where it is any text.
pub(super) fn words_of(value: &Expression) -> Option<Vec<&'static str>> {
    match value {
        Expression::Consent { .. } => Some(consents()),
        Expression::Aggregate(aggregate) => codes_of(aggregate.field, aggregate.of.set),
        _ => None,
    }
}

fn is_of(kind: Option<ValueType>, kinds: &[ValueType]) -> bool {
    kind.is_none_or(|kind| kinds.contains(&kind))
}

pub(super) fn is_ordered(kind: ValueType) -> bool {
    matches!(
        kind,
        ValueType::Number | ValueType::Money | ValueType::Date | ValueType::Instant
    )
}

fn is_in_order(low: &Value, high: &Value) -> bool {
    match (low, high) {
        (Value::Number(low), Value::Number(high)) => low <= high,
        (Value::Money(low), Value::Money(high)) => low.minor() <= high.minor(),
        (Value::Date(low), Value::Date(high)) => low <= high,
        (Value::Instant(low), Value::Instant(high)) => low <= high,
        _ => false,
    }
}

fn currency(value: &Value) -> Option<ecrm_core::Currency> {
    match value {
        Value::Money(money) => Some(money.currency()),
        _ => None,
    }
}
