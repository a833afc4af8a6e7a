//! The values that are found, and whether they pass a test.

use std::cmp::Ordering;

use chrono::{DateTime, Datelike, Days, NaiveDate};
use ecrm_core::{AttributeValue, Money};

use super::ratio::{Ratio, micros_of};
use crate::calendar::Moment;
use crate::criteria::{Span, Test, Value};
use crate::facts::AttributeKind;

/// A value of a customer or of an event.
#[derive(Debug, Clone)]
pub(crate) enum Found<'b> {
    Missing,
    Boolean(bool),
    Date(NaiveDate),
    /// In microseconds.
    Instant(i64),
    Money(Ratio, &'b str),
    Number(Ratio),
    Text(&'b str),
    /// Different values.
    Many(Vec<Found<'b>>),
}

impl<'b> Found<'b> {
    /// A value of an attribute, from its text.
    pub(crate) fn of_attribute(kind: AttributeKind, text: &'b str) -> Self {
        match AttributeValue::from_text(kind.word(), text) {
            _ if kind == AttributeKind::Text => Self::Text(text),
            Ok(AttributeValue::Boolean(value)) => Self::Boolean(value),
            Ok(AttributeValue::Date(day)) => Self::Date(day),
            Ok(AttributeValue::Decimal(number)) => Self::Number(Ratio::of_decimal(number)),
            Ok(AttributeValue::Instant(instant)) => Self::Instant(instant.timestamp_micros()),
            Ok(AttributeValue::Integer(number)) => Self::Number(Ratio::of_decimal(number.into())),
            Ok(AttributeValue::Money(money)) => Self::Money(Ratio::of_money(money), money.currency().code()),
            _ => Self::Missing,
        }
    }

    /// How it compares with a value of its own type, amounts with those in its own currency.
    fn compared(&self, value: &Value) -> Option<Ordering> {
        match (self, value) {
            (Self::Boolean(found), Value::Boolean(value)) => Some(found.cmp(value)),
            (Self::Date(found), Value::Date(value)) => Some(found.cmp(value)),
            (Self::Instant(found), Value::Instant(value)) => Some(found.cmp(&value.timestamp_micros())),
            (Self::Money(found, currency), Value::Money(value)) if *currency == value.currency().code() => {
                Some(found.cmp_micros(micros_of_money(*value)))
            }
            (Self::Number(found), Value::Number(value)) => Some(found.cmp_micros(micros_of(*value))),
            (Self::Text(found), Value::Text(value)) => Some((**found).cmp(value.as_str())),
            _ => None,
        }
    }

    /// The same value of the same type.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Boolean(a), Self::Boolean(b)) => a == b,
            (Self::Date(a), Self::Date(b)) => a == b,
            (Self::Instant(a), Self::Instant(b)) => a == b,
            (Self::Money(a, in_a), Self::Money(b, in_b)) => in_a == in_b && a.cmp(*b).is_eq(),
            (Self::Number(a), Self::Number(b)) => a.cmp(*b).is_eq(),
            (Self::Text(a), Self::Text(b)) => a == b,
            _ => false,
        }
    }
}

fn micros_of_money(money: Money) -> i128 {
    micros_of(money.to_decimal())
}

/// Whether a value passes a test.
pub(crate) fn passes(test: &Test, found: &Found<'_>, moment: Moment) -> bool {
    let is = |value: &Value, wanted: fn(Ordering) -> bool| found.compared(value).is_some_and(wanted);
    let is_between = |low: &Value, high: &Value| {
        let bounds = found.compared(low).zip(found.compared(high));
        bounds.map(|(low, high)| low.is_ge() && high.is_le())
    };
    let among = |values: &[Value]| values.iter().any(|value| is(value, Ordering::is_eq));
    let is_comparable = |values: &[Value]| values.iter().any(|value| found.compared(value).is_some());
    let text = |wanted: &dyn Fn(&str) -> bool| matches!(found, Found::Text(text) if wanted(text));
    match test {
        Test::Equals(value) => is(value, Ordering::is_eq),
        Test::Differs(value) => is(value, Ordering::is_ne),
        Test::Less(value) => is(value, Ordering::is_lt),
        Test::AtMost(value) => is(value, Ordering::is_le),
        Test::Greater(value) => is(value, Ordering::is_gt),
        Test::AtLeast(value) => is(value, Ordering::is_ge),
        Test::Between(low, high) => is_between(low, high) == Some(true),
        Test::NotBetween(low, high) => is_between(low, high) == Some(false),
        Test::OneOf(values) => among(values),
        Test::NoneOf(values) => is_comparable(values) && !among(values),
        Test::Missing => matches!(found, Found::Missing),
        Test::Present => !matches!(found, Found::Missing),
        Test::Contains(part) => text(&|text| text.contains(part)),
        Test::NotContains(part) => text(&|text| !text.contains(part)),
        Test::StartsWith(part) => text(&|text| text.starts_with(part)),
        Test::NotStartsWith(part) => text(&|text| !text.starts_with(part)),
        Test::EndsWith(part) => text(&|text| text.ends_with(part)),
        Test::NotEndsWith(part) => text(&|text| !text.ends_with(part)),
        Test::Matches(pattern) => text(&|text| is_match(pattern, text) == Some(true)),
        Test::NotMatches(pattern) => text(&|text| is_match(pattern, text) == Some(false)),
        Test::OnDay(day) => day_of(found, moment) == Some(*day),
        Test::NotOnDay(day) => day_of(found, moment).is_some_and(|found| found != *day),
        Test::Within(window) => instant_of(found, moment).is_some_and(|at| moment.range(window).contains(at)),
        Test::NotWithin(window) => instant_of(found, moment).is_some_and(|at| !moment.range(window).contains(at)),
        Test::Anniversary(span) => day_of(found, moment).is_some_and(|day| comes_again(day, *span, moment)),
        Test::HasAll(values) => values.iter().all(|value| is_among(found, value)),
        Test::HasAny(values) => values.iter().any(|value| is_among(found, value)),
        Test::HasNone(values) => !values.iter().any(|value| is_among(found, value)),
    }
}

fn is_among(found: &Found<'_>, value: &Value) -> bool {
    matches!(found, Found::Many(many) if many.iter().any(|one| one.compared(value).is_some_and(Ordering::is_eq)))
}

fn is_match(pattern: &str, text: &str) -> Option<bool> {
    regex_lite::Regex::new(pattern)
        .ok()
        .map(|pattern| pattern.is_match(text))
}

/// The day of a value, where the shop is.
pub(crate) fn day_of(found: &Found<'_>, moment: Moment) -> Option<NaiveDate> {
    match found {
        Found::Date(day) => Some(*day),
        Found::Instant(at) => DateTime::from_timestamp_micros(*at).map(|at| moment.zone.day_of(at)),
        _ => None,
    }
}

/// The instant of a value: of a day, its first.
pub(crate) fn instant_of(found: &Found<'_>, moment: Moment) -> Option<i64> {
    match found {
        Found::Date(day) => Some(moment.zone.start_of(*day).timestamp_micros()),
        Found::Instant(at) => Some(*at),
        _ => None,
    }
}

fn comes_again(day: NaiveDate, within: Option<Span>, moment: Moment) -> bool {
    let today = moment.today();
    let until = within.map(|span| moment.micros().saturating_add(span.as_microseconds()));
    anniversaries(day, today.year()).any(|again| {
        let begins = moment.zone.start_of(again).timestamp_micros();
        again == today || until.is_some_and(|until| moment.micros() < begins && begins <= until)
    })
}

/// The days on which a day of the year comes again in a year and in the one after it: 29 February as 1 March where there is none.
pub(crate) fn anniversaries(day: NaiveDate, year: i32) -> impl Iterator<Item = NaiveDate> {
    (year..=year.saturating_add(1)).filter_map(move |year| {
        let same = NaiveDate::from_ymd_opt(year, day.month(), day.day());
        same.or_else(|| NaiveDate::from_ymd_opt(year, 2, 28)?.checked_add_days(Days::new(1)))
    })
}
