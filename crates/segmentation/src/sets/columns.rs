//! What events add up to: how many there are, or their amounts.

use std::ops::Range;

use super::ranges::Ranges;
use super::words::{Symbols, Word, Words, of_words};
use crate::criteria::{Aggregate, Events, Expression, Field, Filter, Function, Test};
use crate::evaluate::{currency_of, micros_in};
use crate::facts::{Column, MoneyUnit, Table};

/// What a leaf adds up.
#[derive(Debug, Clone)]
pub(super) enum Measure {
    /// All events.
    Events,
    /// The events whose text is one of these.
    OfText { field: Field, is: Vec<Word> },
    /// Amounts in one currency.
    Amounts {
        field: Field,
        currency: Word,
        /// So many millionths the smallest unit of the currency is worth.
        minor: i128,
    },
}

impl Measure {
    /// What an expression adds up, of which events, and which totals pass its test; nothing for expressions that add nothing up.
    pub(super) fn of<'c>(value: &'c Expression, test: &Test, words: &mut Words) -> Option<(Self, &'c Events, Ranges)> {
        match value {
            Expression::Count(events) => {
                let measure = match events.filter() {
                    None => Self::Events,
                    Some(Filter::Is { field, test }) => Self::OfText {
                        field: *field,
                        is: of_words(test, words)?,
                    },
                    Some(_) => return None,
                };
                Some((measure, events, Ranges::of(test)?.whole()))
            }
            Expression::Aggregate(Aggregate {
                function: Function::Sum,
                field,
                of,
            }) if of.filter().is_none() => {
                let currency = currency_of(test)?;
                let measure = Self::Amounts {
                    field: *field,
                    currency: words.word(currency),
                    minor: micros_in(1, currency, MoneyUnit::Minor),
                };
                Some((measure, of, Ranges::of(test)?))
            }
            _ => None,
        }
    }

    /// The same in a block.
    pub(super) fn column<'b>(&self, table: &'b Table, symbols: &Symbols) -> Measured<'b> {
        match self {
            Self::Events => Measured::Events,
            Self::OfText { field, is } => match (table.column(*field), symbols.of_all(is).as_slice()) {
                (Some(Column::Text(texts)), [wanted]) => Measured::OfText(texts, *wanted),
                (Some(Column::Text(texts)), wanted @ [_, ..]) => Measured::OfTexts(texts, wanted.to_vec()),
                _ => Measured::Nothing,
            },
            Self::Amounts { field, currency, minor } => match (table.column(*field), symbols.of(*currency)) {
                (
                    Some(Column::Money {
                        amounts,
                        currencies,
                        unit,
                    }),
                    Some(symbol),
                ) => Measured::Amounts {
                    amounts,
                    currencies,
                    currency: symbol,
                    scale: match unit {
                        MoneyUnit::Minor => *minor,
                        MoneyUnit::Micro => 1,
                    },
                },
                _ => Measured::Nothing,
            },
        }
    }
}

/// The column of a block that a leaf adds up.
pub(super) enum Measured<'b> {
    Nothing,
    Events,
    OfText(&'b [u32], u32),
    OfTexts(&'b [u32], Vec<u32>),
    Amounts {
        amounts: &'b [i64],
        currencies: &'b [u32],
        currency: u32,
        scale: i128,
    },
}

impl Measured<'_> {
    /// The number of the events at some places, or their amounts in millionths.
    pub(super) fn total(&self, places: Range<usize>) -> i128 {
        match self {
            Self::Nothing => 0,
            Self::Events => whole(places.len()),
            Self::OfText(symbols, wanted) => {
                let texts = symbols[places].iter();
                whole(texts.filter(|symbol| *symbol == wanted).count())
            }
            Self::OfTexts(symbols, wanted) => {
                let texts = symbols[places].iter();
                whole(texts.filter(|symbol| wanted.contains(symbol)).count())
            }
            Self::Amounts {
                amounts,
                currencies,
                currency,
                scale,
            } => {
                let pairs = amounts[places.clone()].iter().zip(&currencies[places]);
                let of_currency = pairs.filter(|(_, its)| *its == currency);
                of_currency.map(|(amount, _)| i128::from(*amount)).sum::<i128>() * scale
            }
        }
    }
}

impl Measured<'_> {
    /// What the event at a place adds to the total.
    pub(super) fn of(&self, place: usize) -> i128 {
        match self {
            Self::Nothing => 0,
            Self::Events => 1,
            Self::OfText(symbols, wanted) => i128::from(symbols[place] == *wanted),
            Self::OfTexts(symbols, wanted) => i128::from(wanted.contains(&symbols[place])),
            Self::Amounts { .. } => self.total(place..place + 1),
        }
    }
}

fn whole(count: usize) -> i128 {
    i128::try_from(count).unwrap_or(i128::MAX)
}
