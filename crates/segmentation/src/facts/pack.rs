//! A block as bytes: what most criteria look at, and the rest. Each column tells its length, so that one that nobody asks for is passed
//! over.

use ecrm_core::{Channel, Code, ConsentDecision, CustomerId, Purpose, SuppressionReason};
use uuid::Uuid;

use super::block::{AttributeFact, AttributeKind, Block, ConsentFact, SuppressionFact};
use super::bytes::{Input, Output};
use super::lists::Lists;
use super::numbers::{pack_instants, pack_numbers, unpack_instants, unpack_numbers, unpack_small, unpack_symbols};
use super::table::{Column, MoneyUnit, Symbol, Table};
use crate::criteria::{EventSet, Field, Needs, Other, ProfileField};

/// The events of one kind in a block are fewer.
const MOST: u32 = 1 << 26;

/// The first byte of a part. Another layout gets another one.
const VERSION: u8 = 2;

/// The two parts of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Packed {
    /// Profiles, consents, times, amounts, categories.
    pub(crate) hot: Vec<u8>,
    /// The other columns of events.
    pub(crate) cold: Vec<u8>,
}

/// The columns that stand in the first part. The others may hold texts of which nearly every one is different.
const HOT: [(EventSet, Field); 11] = [
    (EventSet::Carts, Field::Fate),
    (EventSet::Contacts, Field::Channel),
    (EventSet::Contacts, Field::Direction),
    (EventSet::Lines, Field::Brand),
    (EventSet::Lines, Field::Category),
    (EventSet::Lines, Field::Kind),
    (EventSet::Orders, Field::Amount),
    (EventSet::Orders, Field::Channel),
    (EventSet::Returns, Field::Amount),
    (EventSet::Statuses, Field::Status),
    (EventSet::Visits, Field::Channel),
];

/// Whether a property of events stands in the first part. Their times always do.
pub(crate) fn is_hot(set: EventSet, field: Field) -> bool {
    matches!(field, Field::At | Field::Day) || HOT.contains(&(set, field))
}

impl Block {
    /// The block as bytes.
    pub(crate) fn pack(&self) -> Packed {
        let numbering = Numbering::of(self);
        let (mut hot, mut cold) = (Output::default(), Output::default());
        hot.byte(VERSION);
        cold.byte(VERSION);
        numbering.texts(self, 1..numbering.first_cold, &mut hot);
        numbering.texts(self, numbering.first_cold..numbering.order.len(), &mut cold);
        self.pack_customers(&numbering, &mut hot);
        for (set, table) in EventSet::ALL.into_iter().zip(&self.tables) {
            let mut times = Output::default();
            pack_times(table, &mut times);
            hot.slice(&times.bytes);
            let is_hot = |field: Field| HOT.contains(&(set, field));
            pack_columns(table, is_hot, &numbering, &mut hot);
            pack_columns(table, |field| !is_hot(field), &numbering, &mut cold);
        }
        Packed {
            hot: hot.bytes,
            cold: cold.bytes,
        }
    }

    /// The block from its bytes; nothing where they are none. Only what is needed is read, or all of it; without the second part its
    /// columns are missing.
    pub(crate) fn unpack(hot: &[u8], cold: Option<&[u8]>, needs: Option<&Needs>) -> Option<Self> {
        let mut block = Self::default();
        let mut hot = Input::new(hot);
        if hot.byte()? != VERSION {
            return None;
        }
        block.unpack_texts(&mut hot)?;
        block.unpack_customers(&mut hot, needs)?;
        for (place, set) in EventSet::ALL.into_iter().enumerate() {
            let times = hot.slice()?;
            if needs.is_none_or(|needs| needs.has_set(set)) {
                block.tables[place] = unpack_times(&mut Input::new(times), block.ids.len())?;
            }
            unpack_columns(&mut block.tables[place], &mut hot, (set, needs))?;
        }
        let Some(cold) = cold else { return Some(block) };
        let mut cold = Input::new(cold);
        if cold.byte()? != VERSION {
            return None;
        }
        block.unpack_texts(&mut cold)?;
        for (table, set) in block.tables.iter_mut().zip(EventSet::ALL) {
            unpack_columns(table, &mut cold, (set, needs))?;
        }
        Some(block)
    }

    fn pack_customers(&self, numbering: &Numbering, output: &mut Output) {
        output.length(self.ids.len());
        for id in &self.ids {
            output.bytes.extend_from_slice(id.uuid().as_bytes());
        }
        pack_instants(self.registered_at.iter().copied(), output);
        let is_corrected = self.is_corrected.iter().map(|is_corrected| i64::from(*is_corrected));
        pack_numbers(is_corrected, 1, output);
        let mut profile = Output::default();
        for texts in &self.profile {
            pack_symbols(texts, numbering, &mut profile);
        }
        output.slice(&profile.bytes);
        pack_lists(&self.addresses, output, |(channel, fingerprint), output| {
            output.byte(place(*channel));
            output.bytes.extend_from_slice(&fingerprint.to_le_bytes());
        });
        pack_lists(&self.attributes, output, |fact, output| {
            output.number(numbering.number(fact.name));
            output.signed(fact.from);
            output.byte(fact.kind as u8);
            output.number(numbering.number(fact.value));
        });
        pack_lists(&self.consents, output, |fact, output| {
            output.byte(place(fact.purpose));
            output.byte(place(fact.channel));
            output.signed(fact.from);
            output.byte(place(fact.decision));
            pack_end(fact.until, output);
        });
        pack_lists(&self.metrics, output, |(name, value), output| {
            output.number(numbering.number(*name));
            output.bytes.extend_from_slice(&value.to_le_bytes());
        });
        pack_lists(&self.suppressed, output, |fact, output| {
            output.byte(place(fact.channel));
            output.byte(place(fact.reason));
            output.signed(fact.from);
            pack_end(fact.until, output);
        });
        pack_lists(&self.lists, output, |list, output| {
            output.number(numbering.number(*list));
        });
    }

    fn unpack_customers(&mut self, input: &mut Input<'_>, needs: Option<&Needs>) -> Option<()> {
        let customers = input.length(16)?;
        for _ in 0..customers {
            self.ids.push(CustomerId::from_uuid(Uuid::from_bytes(input.array()?)));
        }
        let is_wanted = |other| needs.is_none_or(|needs: &Needs| needs.has(other));
        self.registered_at = unpack_instants(input, customers)?;
        self.is_corrected = unpack_small(input, customers, |number| Some(number != 0))?;
        let mut profile = Input::new(input.slice()?);
        for field in 0..ProfileField::ALL.len() {
            if is_wanted(Other::Profile) {
                self.profile[field] = unpack_symbols(&mut profile, customers)?;
            }
        }
        self.addresses = unpack_lists(input, customers, is_wanted(Other::Reachable), |input| {
            Some((choice::<Channel>(input)?, u32::from_le_bytes(input.array()?)))
        })?;
        self.attributes = unpack_lists(input, customers, is_wanted(Other::Attributes), |input| {
            Some(AttributeFact {
                name: symbol(input)?,
                from: input.signed()?,
                kind: *AttributeKind::ALL.get(usize::from(input.byte()?))?,
                value: symbol(input)?,
            })
        })?;
        self.consents = unpack_lists(input, customers, is_wanted(Other::Consents), |input| {
            Some(ConsentFact {
                purpose: choice::<Purpose>(input)?,
                channel: choice::<Channel>(input)?,
                from: input.signed()?,
                decision: choice::<ConsentDecision>(input)?,
                until: unpack_end(input)?,
            })
        })?;
        self.metrics = unpack_lists(input, customers, is_wanted(Other::Metrics), |input| {
            Some((symbol(input)?, f64::from_le_bytes(input.array()?)))
        })?;
        self.suppressed = unpack_lists(input, customers, is_wanted(Other::Reachable), |input| {
            Some(SuppressionFact {
                channel: choice::<Channel>(input)?,
                reason: choice::<SuppressionReason>(input)?,
                from: input.signed()?,
                until: unpack_end(input)?,
            })
        })?;
        self.lists = unpack_lists(input, customers, is_wanted(Other::Lists), symbol)?;
        Some(())
    }

    fn unpack_texts(&mut self, input: &mut Input<'_>) -> Option<()> {
        for _ in 0..input.length(1)? {
            self.texts.push(std::str::from_utf8(input.slice()?).ok()?);
        }
        Some(())
    }
}

/// The symbols of a block in the order of the packed one: first those of the first part.
struct Numbering {
    /// The old symbol of each new one.
    order: Vec<Symbol>,
    /// The new symbol of each old one.
    new: Vec<Symbol>,
    first_cold: usize,
}

impl Numbering {
    fn of(block: &Block) -> Self {
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

    fn number(&self, symbol: Symbol) -> u64 {
        self.new.get(symbol as usize).copied().unwrap_or(0).into()
    }

    fn texts(&self, block: &Block, of: std::ops::Range<usize>, output: &mut Output) {
        let texts = &self.order[of];
        output.length(texts.len());
        for old in texts {
            output.slice(block.text(*old).unwrap_or_default().as_bytes());
        }
    }
}

/// How many events each customer has, and when they were: the distances from one to the next.
fn pack_times(table: &Table, output: &mut Output) {
    let counts = table.starts.windows(2).map(|pair| u64::from(pair[1] - pair[0]));
    if table.at.is_empty() {
        return output.byte(0);
    }
    output.byte(1);
    counts.for_each(|count| output.number(count));
    pack_instants(table.at.iter().copied(), output);
}

fn unpack_times(input: &mut Input<'_>, customers: usize) -> Option<Table> {
    let mut table = Table {
        starts: vec![0; customers + 1],
        ..Table::default()
    };
    if input.byte()? == 0 {
        return Some(table);
    }
    let mut end: u32 = 0;
    for start in table.starts.iter_mut().skip(1) {
        end = end
            .checked_add(u32::try_from(input.number()?).ok()?)
            .filter(|end| *end <= MOST)?;
        *start = end;
    }
    table.at = unpack_instants(input, end as usize)?;
    Some(table)
}

fn pack_columns(table: &Table, is_wanted: impl Fn(Field) -> bool, numbering: &Numbering, output: &mut Output) {
    let wanted: Vec<_> = table.columns.iter().filter(|(field, _)| is_wanted(*field)).collect();
    output.length(wanted.len());
    for (field, column) in wanted {
        let mut inside = Output::default();
        match column {
            Column::Text(symbols) => {
                inside.byte(0);
                pack_symbols(symbols, numbering, &mut inside);
            }
            Column::Date(days) => {
                inside.byte(1);
                pack_numbers(days.iter().map(|day| i64::from(*day)), 1, &mut inside);
            }
            Column::Number(numbers) => {
                inside.byte(2);
                pack_numbers(numbers.iter().copied(), 1_000_000, &mut inside);
            }
            Column::Money {
                amounts,
                currencies,
                unit,
            } => {
                inside.byte(match unit {
                    MoneyUnit::Minor => 3,
                    MoneyUnit::Micro => 4,
                });
                pack_symbols(currencies, numbering, &mut inside);
                pack_numbers(amounts.iter().copied(), 10_000, &mut inside);
            }
        }
        output.byte(*field as u8);
        output.slice(&inside.bytes);
    }
}

/// The columns of a kind of events that are needed.
fn unpack_columns(table: &mut Table, input: &mut Input<'_>, (set, needs): (EventSet, Option<&Needs>)) -> Option<()> {
    let events = table.at.len();
    for _ in 0..input.length(2)? {
        let field = *Field::ALL.get(usize::from(input.byte()?))?;
        let mut inside = Input::new(input.slice()?);
        if needs.is_some_and(|needs| !needs.has_field(set, field)) {
            continue;
        }
        let column = match inside.byte()? {
            0 => Column::Text(unpack_symbols(&mut inside, events)?),
            1 => Column::Date(unpack_small(&mut inside, events, |day| i32::try_from(day).ok())?),
            2 => Column::Number(unpack_numbers(&mut inside, events)?),
            kind @ (3 | 4) => Column::Money {
                currencies: unpack_symbols(&mut inside, events)?,
                amounts: unpack_numbers(&mut inside, events)?,
                unit: if kind == 3 { MoneyUnit::Minor } else { MoneyUnit::Micro },
            },
            _ => return None,
        };
        table.columns.push((field, column));
    }
    Some(())
}

fn pack_symbols(symbols: &[Symbol], numbering: &Numbering, output: &mut Output) {
    let numbers = symbols.iter().map(|symbol| numbering.number(*symbol).cast_signed());
    pack_numbers(numbers, 1, output);
}

/// A list for each customer: how many there are in each, and all of them.
fn pack_lists<T>(lists: &Lists<T>, output: &mut Output, write: impl Fn(&T, &mut Output)) {
    let mut inside = Output::default();
    if !lists.all().is_empty() {
        let counts = lists.iter().map(|list| i64::try_from(list.len()).unwrap_or(i64::MAX));
        pack_numbers(counts, 1, &mut inside);
        lists.all().iter().for_each(|item| write(item, &mut inside));
    }
    output.slice(&inside.bytes);
}

fn unpack_lists<'b, T>(
    input: &mut Input<'b>,
    customers: usize,
    is_wanted: bool,
    read: impl Fn(&mut Input<'b>) -> Option<T>,
) -> Option<Lists<T>> {
    let inside = input.slice()?;
    if inside.is_empty() || !is_wanted {
        return Some(Lists::empty(customers));
    }
    let mut inside = Input::new(inside);
    let counts = unpack_small(&mut inside, customers, |count| u32::try_from(count).ok())?;
    let all: u64 = counts.iter().map(|count| u64::from(*count)).sum();
    let all = u32::try_from(all).ok().filter(|all| *all <= MOST)?;
    let items = (0..all).map(|_| read(&mut inside)).collect::<Option<_>>()?;
    Some(Lists::of(&counts, items))
}

fn pack_end(end: Option<i64>, output: &mut Output) {
    output.byte(end.is_some().into());
    end.into_iter().for_each(|end| output.signed(end));
}

fn unpack_end(input: &mut Input<'_>) -> Option<Option<i64>> {
    match input.byte()? {
        0 => Some(None),
        _ => input.signed().map(Some),
    }
}

fn symbol(input: &mut Input<'_>) -> Option<Symbol> {
    Symbol::try_from(input.number()?).ok()
}

/// The place of a choice in the list of the model.
fn place<T: Code + PartialEq>(choice: T) -> u8 {
    let place = T::ALL.iter().position(|known| *known == choice);
    place.and_then(|place| u8::try_from(place).ok()).unwrap_or(u8::MAX)
}

fn choice<T: Code>(input: &mut Input<'_>) -> Option<T> {
    T::ALL.get(usize::from(input.byte()?)).copied()
}
