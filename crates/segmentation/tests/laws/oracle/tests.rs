//! What a value must be.

use std::cmp::Ordering::{Equal, Greater, Less};

use ecrm_core::Currency;
use ecrm_segmentation::criteria::{Test, Value};
use regex_lite::Regex;

use super::time::Time;
use super::values::Fact;

/// Whether one value passes; of a missing one only `is missing` is true.
pub(super) fn passes(test: &Test, fact: Option<&Fact>, time: &Time) -> bool {
    let Some(fact) = fact else {
        return matches!(test, Test::Missing);
    };
    let stands = |value: &Value| fact.compare(value);
    let equals = |value: &Value| stands(value) == Some(Equal);
    let differs = |value: &Value| matches!(stands(value), Some(Less | Greater));
    let text = |holds: &dyn Fn(&str) -> bool| match fact {
        Fact::Text(text) => holds(text),
        _ => false,
    };
    match test {
        Test::Missing => false,
        Test::Present => true,
        Test::Equals(value) => equals(value),
        Test::Differs(value) => differs(value),
        Test::Less(value) => stands(value) == Some(Less),
        Test::AtMost(value) => matches!(stands(value), Some(Less | Equal)),
        Test::Greater(value) => stands(value) == Some(Greater),
        Test::AtLeast(value) => matches!(stands(value), Some(Greater | Equal)),
        Test::Between(low, high) => {
            matches!(stands(low), Some(Greater | Equal)) && matches!(stands(high), Some(Less | Equal))
        }
        Test::NotBetween(low, high) => stands(low) == Some(Less) || stands(high) == Some(Greater),
        Test::OneOf(values) => values.iter().any(equals),
        Test::NoneOf(values) => values.iter().all(differs),
        Test::Contains(part) => text(&|text| text.contains(part)),
        Test::NotContains(part) => text(&|text| !text.contains(part)),
        Test::StartsWith(part) => text(&|text| text.starts_with(part)),
        Test::NotStartsWith(part) => text(&|text| !text.starts_with(part)),
        Test::EndsWith(part) => text(&|text| text.ends_with(part)),
        Test::NotEndsWith(part) => text(&|text| !text.ends_with(part)),
        Test::Matches(pattern) => text(&|text| Regex::new(pattern).unwrap().is_match(text)),
        Test::NotMatches(pattern) => text(&|text| !Regex::new(pattern).unwrap().is_match(text)),
        Test::OnDay(day) => time.day_of(fact).is_some_and(|own| own == *day),
        Test::NotOnDay(day) => time.day_of(fact).is_some_and(|own| own != *day),
        Test::Within(window) => time.beginning_of(fact).is_some_and(|at| time.is_within(window, at)),
        Test::NotWithin(window) => time.beginning_of(fact).is_some_and(|at| !time.is_within(window, at)),
        Test::Anniversary(within) => time.day_of(fact).is_some_and(|day| time.has_anniversary(day, *within)),
        _ => panic!("{test:?} is not for one value"),
    }
}

/// Whether several values pass.
pub(super) fn several_pass(test: &Test, facts: &[Fact]) -> bool {
    let is_there = |value: &Value| facts.iter().any(|fact| fact.compare(value) == Some(Equal));
    match test {
        Test::HasAll(values) => values.iter().all(is_there),
        Test::HasAny(values) => values.iter().any(is_there),
        Test::HasNone(values) => !values.iter().any(is_there),
        _ => panic!("{test:?} is not for several values"),
    }
}

/// The currency in which a test of money compares.
pub(super) fn currency(test: &Test) -> Option<Currency> {
    let value = match test {
        Test::Equals(value)
        | Test::Differs(value)
        | Test::Less(value)
        | Test::AtMost(value)
        | Test::Greater(value)
        | Test::AtLeast(value)
        | Test::Between(value, _)
        | Test::NotBetween(value, _) => value,
        Test::OneOf(values) | Test::NoneOf(values) => values.first()?,
        _ => return None,
    };
    match value {
        Value::Money(money) => Some(money.currency()),
        _ => None,
    }
}
