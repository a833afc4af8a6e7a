//! Events of one kind, of many customers, in columns.

use super::times::Times;
use crate::calendar::Range;
use crate::criteria::Field;

/// The place of a text in the dictionary of a block. 0 is a text that is missing.
pub(crate) type Symbol = u32;

/// Events of one kind: those of a customer lie together, in the order of their time.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    /// Where the events of each customer begin, and where the last ones end.
    pub(crate) starts: Vec<u32>,
    /// When they happened, in microseconds.
    pub(crate) at: Times,
    /// Their properties, where any of them has one.
    pub(crate) columns: Vec<(Field, Column)>,
}

/// A property of events, one value for each.
#[derive(Debug, Clone)]
pub(crate) enum Column {
    Text(Vec<Symbol>),
    /// Days since the year 1; the smallest number where there is none.
    Date(Vec<i32>),
    /// In millionths.
    Number(Vec<i64>),
    Money {
        amounts: Vec<i64>,
        /// The symbol of the currency's code; 0 where there is no amount.
        currencies: Vec<Symbol>,
        unit: MoneyUnit,
    },
}

/// In what the amounts of a column are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MoneyUnit {
    /// The smallest unit of each currency.
    Minor,
    /// Millionths of the currency.
    Micro,
}

impl Table {
    /// When the last of all events happened.
    pub(crate) fn latest(&self) -> Option<i64> {
        if let Some(runs) = self.at.runs() {
            return runs.iter().map(|(at, _)| *at).max();
        }
        let ends = self.starts.windows(2).filter(|pair| pair[0] < pair[1]);
        ends.map(|pair| self.at[pair[1] as usize - 1]).max()
    }

    /// How many events there are.
    pub(super) fn events(&self) -> usize {
        self.starts.last().map_or(0, |end| *end as usize)
    }

    /// How many customers there are, with and without events.
    pub(crate) fn customers(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// The places of the events of a customer.
    pub(crate) fn of(&self, customer: usize) -> std::ops::Range<usize> {
        match (self.starts.get(customer), self.starts.get(customer + 1)) {
            (Some(start), Some(end)) => *start as usize..*end as usize,
            _ => 0..0,
        }
    }

    /// The places of the events of a customer in a range of time.
    pub(crate) fn between(&self, customer: usize, range: Range) -> std::ops::Range<usize> {
        let all = self.of(customer);
        let times = &self.at[all.clone()];
        let start = all.start + times.partition_point(|at| *at < range.first);
        let end = all.start + times.partition_point(|at| *at <= range.last);
        start..end.max(start)
    }

    pub(crate) fn column(&self, field: Field) -> Option<&Column> {
        let found = self.columns.iter().find(|(known, _)| *known == field);
        found.map(|(_, column)| column)
    }
}
