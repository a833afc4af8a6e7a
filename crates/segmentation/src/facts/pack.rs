//! A block as bytes: what most criteria look at, and the rest. Each column tells its length, so that one that nobody asks for is passed
//! over.

use ecrm_core::{Channel, Code, ConsentDecision, CustomerId, Purpose, SuppressionReason};
use uuid::Uuid;

use super::block::{AttributeFact, AttributeKind, Block, ConsentFact, SuppressionFact};
use super::bytes::{Input, Output};
use super::table::{Column, MoneyUnit, Symbol, Table};
use crate::criteria::{EventSet, Field, Needs, ProfileField};

/// For so many events room is made before they are read.
const MOST_AT_ONCE: usize = 1 << 16;
/// The events of one kind in a block are fewer.
const MOST: u32 = 1 << 26;

/// The first byte of a part. Another layout gets another one.
const VERSION: u8 = 1;

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
        let mut block = Self {
            texts: vec![Box::default()],
            ..Self::default()
        };
        let mut hot = Input::new(hot);
        if hot.byte()? != VERSION {
            return None;
        }
        block.unpack_texts(&mut hot)?;
        block.unpack_customers(&mut hot)?;
        for (place, set) in EventSet::ALL.into_iter().enumerate() {
            let times = hot.slice()?;
            if needs.is_none_or(|needs| needs.has_set(set)) {
                block.tables[place] = unpack_times(&mut Input::new(times), block.ids.len())?;
            } else {
                block.tables[place].starts = vec![0; block.ids.len() + 1];
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
        pack_numbers(
            self.is_corrected.iter().map(|is_corrected| i64::from(*is_corrected)),
            1,
            output,
        );
        for texts in &self.profile {
            pack_symbols(texts, numbering, output);
        }
        for addresses in &self.addresses {
            let channels = addresses.iter().map(|(channel, _)| *channel);
            output.number(channels.fold(0_u64, |bits, channel| bits | 1 << place(channel)));
            for (channel, fingerprint) in addresses {
                if channel.needs_address() {
                    output.bytes.extend_from_slice(&fingerprint.to_le_bytes());
                }
            }
        }
        for facts in &self.attributes {
            output.length(facts.len());
            for fact in facts {
                output.number(numbering.number(fact.name));
                output.signed(fact.from);
                output.byte(fact.kind as u8);
                output.number(numbering.number(fact.value));
            }
        }
        for facts in &self.consents {
            output.length(facts.len());
            for fact in facts {
                output.byte(place(fact.purpose));
                output.byte(place(fact.channel));
                output.signed(fact.from);
                output.byte(place(fact.decision));
                pack_end(fact.until, output);
            }
        }
        for metrics in &self.metrics {
            output.length(metrics.len());
            for (name, value) in metrics {
                output.number(numbering.number(*name));
                output.bytes.extend_from_slice(&value.to_le_bytes());
            }
        }
        for facts in &self.suppressed {
            output.length(facts.len());
            for fact in facts {
                output.byte(place(fact.channel));
                output.byte(place(fact.reason));
                output.signed(fact.from);
                pack_end(fact.until, output);
            }
        }
        for lists in &self.lists {
            output.length(lists.len());
            lists.iter().for_each(|list| output.number(numbering.number(*list)));
        }
    }

    fn unpack_customers(&mut self, input: &mut Input<'_>) -> Option<()> {
        let customers = input.length(16)?;
        for _ in 0..customers {
            self.ids.push(CustomerId::from_uuid(Uuid::from_bytes(input.array()?)));
        }
        self.registered_at = unpack_instants(input, customers)?;
        self.is_corrected = unpack_each(input, customers, |number| Some(number != 0))?;
        for field in 0..ProfileField::ALL.len() {
            self.profile[field] = unpack_symbols(input, customers)?;
        }
        for _ in 0..customers {
            let bits = input.number()?;
            let channels = Channel::ALL.iter().copied();
            let addresses = channels
                .filter(|channel| bits >> place(*channel) & 1 == 1)
                .map(|channel| {
                    let fingerprint = if channel.needs_address() {
                        input.array()?
                    } else {
                        [0; 4]
                    };
                    Some((channel, u32::from_le_bytes(fingerprint)))
                });
            self.addresses.push(addresses.collect::<Option<_>>()?);
        }
        self.attributes = unpack_lists(input, customers, |input| {
            Some(AttributeFact {
                name: symbol(input)?,
                from: input.signed()?,
                kind: *AttributeKind::ALL.get(usize::from(input.byte()?))?,
                value: symbol(input)?,
            })
        })?;
        self.consents = unpack_lists(input, customers, |input| {
            Some(ConsentFact {
                purpose: choice::<Purpose>(input)?,
                channel: choice::<Channel>(input)?,
                from: input.signed()?,
                decision: choice::<ConsentDecision>(input)?,
                until: unpack_end(input)?,
            })
        })?;
        self.metrics = unpack_lists(input, customers, |input| {
            Some((symbol(input)?, f64::from_le_bytes(input.array()?)))
        })?;
        self.suppressed = unpack_lists(input, customers, |input| {
            Some(SuppressionFact {
                channel: choice::<Channel>(input)?,
                reason: choice::<SuppressionReason>(input)?,
                from: input.signed()?,
                until: unpack_end(input)?,
            })
        })?;
        self.lists = unpack_lists(input, customers, symbol)?;
        Some(())
    }

    fn unpack_texts(&mut self, input: &mut Input<'_>) -> Option<()> {
        for _ in 0..input.length(1)? {
            self.texts.push(std::str::from_utf8(input.slice()?).ok()?.into());
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
        for fact in block.attributes.iter().flatten() {
            mark(fact.name);
            mark(fact.value);
        }
        block.metrics.iter().flatten().for_each(|(name, _)| mark(*name));
        block.lists.iter().flatten().for_each(|list| mark(*list));
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
            1 => Column::Date(unpack_each(&mut inside, events, |day| i32::try_from(day).ok())?),
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

/// Symbols: one for all, or each.
fn pack_symbols(symbols: &[Symbol], numbering: &Numbering, output: &mut Output) {
    pack_numbers(
        symbols.iter().map(|symbol| numbering.number(*symbol).cast_signed()),
        1,
        output,
    );
}

fn unpack_symbols(input: &mut Input<'_>, length: usize) -> Option<Vec<Symbol>> {
    unpack_each(input, length, |number| Symbol::try_from(number).ok())
}

/// Numbers: one for all of them, or each; without a factor that all have in common.
fn pack_numbers(numbers: impl Iterator<Item = i64> + Clone, factor: i64, output: &mut Output) {
    let first = numbers.clone().next().unwrap_or(0);
    if numbers.clone().all(|number| number == first) {
        output.byte(0);
        return output.signed(first);
    }
    let is_divisible = factor > 1 && numbers.clone().all(|number| number % factor == 0);
    let factor = if is_divisible { factor } else { 1 };
    output.byte(1);
    output.signed(factor);
    numbers.for_each(|number| output.signed(number / factor));
}

fn unpack_numbers(input: &mut Input<'_>, length: usize) -> Option<Vec<i64>> {
    unpack_each(input, length, Some)
}

fn unpack_each<T: Clone>(input: &mut Input<'_>, length: usize, convert: impl Fn(i64) -> Option<T>) -> Option<Vec<T>> {
    if input.byte()? == 0 {
        return Some(vec![convert(input.signed()?)?; length]);
    }
    let factor = input.signed()?;
    if !input.holds(length) {
        return None;
    }
    let mut numbers = Vec::with_capacity(length);
    for _ in 0..length {
        numbers.push(convert(input.signed()?.checked_mul(factor)?)?);
    }
    Some(numbers)
}

/// Instants: the distance of each from the one before it, in seconds where all are whole ones. The lines of an order are of one
/// instant, so behind a distance of nothing it stands how many more there are.
fn pack_instants(instants: impl Iterator<Item = i64> + Clone, output: &mut Output) {
    const SECOND: i64 = 1_000_000;
    let unit = if instants.clone().all(|instant| instant % SECOND == 0) {
        SECOND
    } else {
        1
    };
    output.signed(unit);
    let (mut before, mut repeated) = (0, 0_u64);
    for instant in instants {
        let distance = (instant / unit).wrapping_sub(before);
        before = instant / unit;
        if distance == 0 {
            repeated += 1;
            continue;
        }
        pack_repeated(std::mem::take(&mut repeated), output);
        output.signed(distance);
    }
    pack_repeated(repeated, output);
}

fn pack_repeated(repeated: u64, output: &mut Output) {
    if repeated > 0 {
        output.signed(0);
        output.number(repeated - 1);
    }
}

fn unpack_instants(input: &mut Input<'_>, length: usize) -> Option<Vec<i64>> {
    let unit = input.signed()?;
    let mut instants = Vec::with_capacity(length.min(MOST_AT_ONCE));
    let (mut at, mut instant): (i64, i64) = (0, 0);
    while instants.len() < length {
        let distance = input.signed()?;
        if distance == 0 {
            let repeated = usize::try_from(input.number()?).ok()?.checked_add(1)?;
            let end = instants.len().checked_add(repeated).filter(|end| *end <= length)?;
            instants.resize(end, instant);
        } else {
            at = at.wrapping_add(distance);
            instant = at.checked_mul(unit)?;
            instants.push(instant);
        }
    }
    Some(instants)
}

/// A list for each customer.
fn unpack_lists<'b, T>(
    input: &mut Input<'b>,
    customers: usize,
    read: impl Fn(&mut Input<'b>) -> Option<T>,
) -> Option<Vec<Vec<T>>> {
    let mut lists = Vec::with_capacity(customers);
    for _ in 0..customers {
        let length = input.length(1)?;
        lists.push((0..length).map(|_| read(input)).collect::<Option<_>>()?);
    }
    Some(lists)
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
