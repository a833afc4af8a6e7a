//! The texts of a block as bytes, and the numbers that stand for them.

use super::bytes::{Input, Output};
use super::numbers::{pack_numbers, unpack_small};
use super::{HOT, MOST};
use crate::criteria::EventSet;
use crate::facts::block::Block;
use crate::facts::table::{Column, Symbol};
use crate::facts::texts::Texts;

/// The symbols of a block in the order of the packed one: first those of the first part.
pub(super) struct Numbering {
    /// The old symbol of each new one.
    pub(super) order: Vec<Symbol>,
    /// The new symbol of each old one.
    new: Vec<Symbol>,
    pub(super) first_cold: usize,
}

impl Numbering {
    pub(super) fn of(block: &Block) -> Self {
        let mut is_hot = vec![false; block.texts.len()];
        let mut mark = |symbol: Symbol| {
            if let Some(is_hot) = is_hot.get_mut(symbol as usize) {
                *is_hot = true;
            }
        };
        block.profile.iter().flatten().for_each(|symbol| mark(*symbol));
        for fact in block.attributes.all() {
            mark(fact.name);
            mark(fact.value);
        }
        block.metrics.all().iter().for_each(|(name, _)| mark(*name));
        block.lists.all().iter().for_each(|list| mark(*list));
        for (set, table) in EventSet::ALL.into_iter().zip(&block.tables) {
            for (_, column) in table.columns.iter().filter(|(field, _)| HOT.contains(&(set, *field))) {
                match column {
                    Column::Text(symbols)
                    | Column::Money {
                        currencies: symbols, ..
                    } => {
                        symbols.iter().for_each(|symbol| mark(*symbol));
                    }
                    Column::Date(_) | Column::Number(_) => {}
                }
            }
        }
        let symbols = || (0..).zip(&is_hot).skip(1);
        let hot = symbols().filter(|(_, is_hot)| **is_hot).map(|(symbol, _)| symbol);
        let cold = symbols().filter(|(_, is_hot)| !**is_hot).map(|(symbol, _)| symbol);
        let mut order: Vec<Symbol> = std::iter::once(0).chain(hot).collect();
        let first_cold = order.len();
        order.extend(cold);
        let mut new = vec![0; order.len()];
        for (number, old) in (0..).zip(&order) {
            new[*old as usize] = number;
        }
        Self { order, new, first_cold }
    }

    pub(super) fn number(&self, symbol: Symbol) -> u64 {
        self.new.get(symbol as usize).copied().unwrap_or(0).into()
    }

    /// How long each of some texts is, and all of them.
    pub(super) fn texts(&self, block: &Block, of: std::ops::Range<usize>, output: &mut Output) {
        let texts = self.order[of].iter().map(|old| block.text(*old).unwrap_or_default());
        output.length(texts.len());
        let lengths = texts.clone().map(|text| i64::try_from(text.len()).unwrap_or(i64::MAX));
        pack_numbers(lengths, 1, output);
        output.slice(|output| texts.for_each(|text| output.bytes.extend_from_slice(text.as_bytes())));
    }
}

pub(super) fn unpack_texts(input: &mut Input<'_>, texts: &mut Texts) -> Option<()> {
    let length = input.number().and_then(|length| usize::try_from(length).ok())?;
    let lengths = unpack_small(input, length.min(MOST as usize), |length| u32::try_from(length).ok())?;
    texts.append(std::str::from_utf8(input.slice()?).ok()?, &lengths)
}

pub(super) fn pack_symbols(symbols: impl Iterator<Item = Symbol> + Clone, numbering: &Numbering, output: &mut Output) {
    pack_numbers(symbols.map(|symbol| numbering.number(symbol).cast_signed()), 1, output);
}
