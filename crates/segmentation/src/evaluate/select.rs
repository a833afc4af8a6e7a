//! The events that count, and what is computed from them.

use chrono::NaiveDate;

use super::found::{Found, passes};
use super::ratio::{MILLION, Ratio};
use crate::calendar::{Moment, Range};
use crate::criteria::{Aggregate, Edge, Events, Field, Filter, Function, Test, Value};
use crate::facts::{Block, Column, MoneyUnit, Table};

/// A customer of a block.
#[derive(Clone, Copy)]
pub(crate) struct Customer<'b> {
    pub(crate) block: &'b Block,
    pub(crate) index: usize,
}

/// Microseconds of a day of 24 hours.
const DAY: i128 = 86_400_000_000;

impl<'b> Customer<'b> {
    pub(crate) fn table(self, events: &Events) -> &'b Table {
        self.block.table(events.set())
    }

    /// The places of the events in a range of time that pass the filter, in the order of their time.
    pub(crate) fn select<'e>(
        self,
        events: &'e Events,
        range: Range,
        moment: Moment,
    ) -> impl DoubleEndedIterator<Item = usize> + use<'b, 'e> {
        let table = self.table(events);
        let filter = events.filter();
        table
            .between(self.index, range)
            .filter(move |event| filter.is_none_or(|filter| self.has(table, *event, filter, moment)))
    }

    /// The events that count now.
    pub(crate) fn happened<'e>(
        self,
        events: &'e Events,
        moment: Moment,
    ) -> impl DoubleEndedIterator<Item = usize> + use<'b, 'e> {
        self.select(events, moment.happened(events.window()), moment)
    }

    fn has(self, table: &Table, event: usize, filter: &Filter, moment: Moment) -> bool {
        match filter {
            Filter::All(parts) => parts.iter().all(|part| self.has(table, event, part, moment)),
            Filter::Any(parts) => parts.iter().any(|part| self.has(table, event, part, moment)),
            Filter::Not(part) => !self.has(table, event, part, moment),
            Filter::Is { field, test } => passes(test, &self.field(table, event, *field, moment), moment),
        }
    }

    /// A property of an event.
    pub(crate) fn field(self, table: &Table, event: usize, field: Field, moment: Moment) -> Found<'b> {
        let at = table.at.get(event).copied().unwrap_or_default();
        if field == Field::At {
            return Found::Instant(at);
        }
        if field == Field::Day {
            let instant = chrono::DateTime::from_timestamp_micros(at);
            return instant.map_or(Found::Missing, |instant| Found::Date(moment.zone.day_of(instant)));
        }
        let text = |symbol: u32| self.block.text(symbol);
        match table.column(field) {
            None => Found::Missing,
            Some(Column::Text(symbols)) => text(symbols[event]).map_or(Found::Missing, Found::Text),
            Some(Column::Number(numbers)) => Found::Number(Ratio::micros(numbers[event].into())),
            Some(Column::Date(days)) => NaiveDate::from_num_days_from_ce_opt(days[event])
                .filter(|_| days[event] != i32::MIN)
                .map_or(Found::Missing, Found::Date),
            Some(Column::Money {
                amounts,
                currencies,
                unit,
            }) => match text(currencies[event]) {
                Some(currency) => Found::Money(Ratio::micros(micros_in(amounts[event], currency, *unit)), currency),
                None => Found::Missing,
            },
        }
    }

    /// A function of a field of events. A test names the currency of the amounts that are added up or compared.
    pub(crate) fn aggregate(self, aggregate: &Aggregate, test: Option<&Test>, moment: Moment) -> Found<'b> {
        let table = self.table(&aggregate.of);
        let currency = test.and_then(currency_of);
        let counts = |found: &Found<'_>| match found {
            Found::Missing => false,
            Found::Money(_, code) => !mixes(aggregate) || currency.is_none_or(|currency| currency == *code),
            _ => true,
        };
        let mut values = self
            .happened(&aggregate.of, moment)
            .map(|event| self.field(table, event, aggregate.field, moment))
            .filter(counts);
        match aggregate.function {
            Function::First => values.next().unwrap_or(Found::Missing),
            Function::Last => values.next_back().unwrap_or(Found::Missing),
            Function::Sum => sum(values, currency),
            Function::Average => average(values),
            Function::Min => extreme(values, |better, best| compare(better, best).is_lt()),
            Function::Max => extreme(values, |better, best| compare(better, best).is_gt()),
            Function::Distinct => Found::Number(Ratio::whole(match table.column(aggregate.field) {
                Some(Column::Text(symbols)) => self.different_texts(&aggregate.of, symbols, moment),
                _ => different(values).len(),
            })),
            Function::Values => Found::Many(different(values)),
        }
    }

    /// The currencies of amounts that do not count, because a test is about another one.
    pub(crate) fn other_currencies(self, aggregate: &Aggregate, test: &Test, moment: Moment) -> Vec<&'b str> {
        let table = self.table(&aggregate.of);
        let (Some(currency), Some(Column::Money { currencies, .. })) =
            (currency_of(test), table.column(aggregate.field))
        else {
            return Vec::new();
        };
        let of_events = self.happened(&aggregate.of, moment);
        let mut others: Vec<&str> = of_events
            .filter_map(|event| self.block.text(currencies[event]))
            .filter(|other| mixes(aggregate) && *other != currency)
            .collect();
        others.sort_unstable();
        others.dedup();
        others
    }

    /// How many different texts there are. Each text has one symbol, so that none has to be read.
    fn different_texts(self, of: &Events, symbols: &[u32], moment: Moment) -> usize {
        let symbols = self.happened(of, moment).map(|event| symbols[event]);
        let mut found: Vec<u32> = symbols.filter(|symbol| self.block.text(*symbol).is_some()).collect();
        found.sort_unstable();
        found.dedup();
        found.len()
    }

    /// The days since the first or last event.
    pub(crate) fn days_since(self, edge: Edge, of: &Events, moment: Moment) -> Found<'b> {
        match self.edge(edge, of, moment) {
            Some(at) => {
                let elapsed = i128::from(moment.micros()) - i128::from(at);
                Found::Number(Ratio::divided(elapsed * MILLION, DAY))
            }
            None => Found::Missing,
        }
    }

    /// When the first or last event was that counts now.
    pub(crate) fn edge(self, edge: Edge, of: &Events, moment: Moment) -> Option<i64> {
        let mut events = self.happened(of, moment);
        let event = match edge {
            Edge::First => events.next(),
            Edge::Last => events.next_back(),
        };
        Some(self.table(of).at[event?])
    }
}

/// Whether a function makes one amount of several.
fn mixes(aggregate: &Aggregate) -> bool {
    matches!(
        aggregate.function,
        Function::Sum | Function::Average | Function::Min | Function::Max
    )
}

/// An amount in millionths of its currency.
pub(crate) fn micros_in(amount: i64, currency: &str, unit: MoneyUnit) -> i128 {
    let exponent = match unit {
        MoneyUnit::Micro => 6,
        MoneyUnit::Minor => currency
            .parse::<ecrm_core::Currency>()
            .map_or(2, ecrm_core::Currency::exponent),
    };
    i128::from(amount) * 10_i128.pow(6_u32.saturating_sub(exponent))
}

/// The currency of the amounts that a test compares with.
pub(crate) fn currency_of(test: &Test) -> Option<&'static str> {
    let value = match test {
        Test::Equals(value)
        | Test::Differs(value)
        | Test::Less(value)
        | Test::AtMost(value)
        | Test::Greater(value)
        | Test::AtLeast(value)
        | Test::Between(value, _)
        | Test::NotBetween(value, _) => Some(value),
        Test::OneOf(values) | Test::NoneOf(values) => values.first(),
        _ => None,
    };
    match value {
        Some(Value::Money(money)) => Some(money.currency().code()),
        _ => None,
    }
}

fn micros_of(found: &Found<'_>) -> Option<Ratio> {
    match found {
        Found::Money(ratio, _) | Found::Number(ratio) => Some(*ratio),
        _ => None,
    }
}

fn total<'b>(values: impl Iterator<Item = Found<'b>>) -> (i128, i128) {
    values
        .filter_map(|value| micros_of(&value))
        .fold((0, 0), |(sum, count), ratio| (sum + ratio.whole_micros(), count + 1))
}

fn sum<'b>(values: impl Iterator<Item = Found<'b>>, currency: Option<&'static str>) -> Found<'b> {
    let (sum, _) = total(values);
    match currency {
        Some(currency) => Found::Money(Ratio::micros(sum), currency),
        None => Found::Number(Ratio::micros(sum)),
    }
}

fn average<'b>(values: impl Iterator<Item = Found<'b>>) -> Found<'b> {
    let mut values = values.peekable();
    let currency = match values.peek() {
        None => return Found::Missing,
        Some(Found::Money(_, currency)) => Some(*currency),
        Some(_) => None,
    };
    let (sum, count) = total(values);
    let mean = Ratio::divided(sum, count);
    currency.map_or(Found::Number(mean), |currency| Found::Money(mean, currency))
}

fn extreme<'b>(
    values: impl Iterator<Item = Found<'b>>,
    is_better: impl Fn(&Found<'b>, &Found<'b>) -> bool,
) -> Found<'b> {
    values.fold(Found::Missing, |best, value| {
        if matches!(best, Found::Missing) || is_better(&value, &best) {
            value
        } else {
            best
        }
    })
}

/// The order of two values of one field: amounts by their currency first.
fn compare(a: &Found<'_>, b: &Found<'_>) -> std::cmp::Ordering {
    match (a, b) {
        (Found::Date(a), Found::Date(b)) => a.cmp(b),
        (Found::Instant(a), Found::Instant(b)) => a.cmp(b),
        (Found::Money(a, in_a), Found::Money(b, in_b)) => in_a.cmp(in_b).then_with(|| a.cmp(*b)),
        (Found::Number(a), Found::Number(b)) => a.cmp(*b),
        (Found::Text(a), Found::Text(b)) => a.cmp(b),
        _ => std::cmp::Ordering::Equal,
    }
}

/// The different ones among the values of one field. They are sorted, because a field may have a hundred thousand.
fn different<'b>(values: impl Iterator<Item = Found<'b>>) -> Vec<Found<'b>> {
    let mut found: Vec<Found<'b>> = values.collect();
    found.sort_by(compare);
    found.dedup_by(|value, before| value.is_same(before));
    found
}
