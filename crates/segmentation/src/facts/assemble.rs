//! A block from customers of other blocks.

use std::ops::Range;

use super::block::{AttributeFact, Block};
use super::interner::Interner;
use super::table::{Column, Symbol, Table};

/// A customer in a block.
#[derive(Clone, Copy)]
pub(crate) struct Place<'b> {
    pub(crate) block: &'b Block,
    pub(crate) index: usize,
}

/// A customer of a new block: what stood in another one, and events that came later.
#[derive(Clone, Copy)]
pub(crate) struct Source<'b> {
    pub(crate) base: Place<'b>,
    /// Only its events count.
    pub(crate) later: Option<Place<'b>>,
}

impl<'b> Source<'b> {
    pub(crate) fn of(base: Place<'b>, later: Option<Place<'b>>) -> Self {
        Self { base, later }
    }

    /// Whether events of both parts are of the same instant: then their order is told by ids, which blocks do not keep.
    pub(crate) fn collides(self) -> bool {
        let Some(later) = self.later else { return false };
        let pairs = self.base.block.tables.iter().zip(&later.block.tables);
        let mut pairs = pairs.map(|(base, later_table)| (base.of_place(self.base), later_table.of_place(later)));
        pairs.any(|(base, later)| later.iter().any(|at| base.binary_search(at).is_ok()))
    }
}

impl Table {
    fn of_place(&self, place: Place<'_>) -> &[i64] {
        &self.at[self.of(place.index)]
    }
}

impl Block {
    /// The block of some customers of others, in this order.
    pub(crate) fn assemble(sources: &[Source<'_>]) -> Self {
        let mut assembly = Assembly::default();
        for source in sources {
            assembly.customer(*source);
        }
        for table in &mut assembly.block.tables {
            table.starts.push(length(&table.at));
        }
        assembly.finish()
    }

    /// The only customer of a block with the events of another block; nothing where their order cannot be told.
    pub(crate) fn with_events_of(&self, later: &Self) -> Option<Self> {
        let of = |block| Place { block, index: 0 };
        let source = Source::of(of(self), Some(of(later)));
        if source.collides() {
            return None;
        }
        let mut block = self.clone();
        let mut assembly = Assembly {
            texts: Interner::of(std::mem::take(&mut block.texts)),
            block,
        };
        for table in 0..later.tables.len() {
            assembly.add(table, source);
        }
        Some(assembly.finish())
    }
}

#[derive(Default)]
struct Assembly {
    block: Block,
    texts: Interner,
}

impl Assembly {
    fn customer(&mut self, source: Source<'_>) {
        let Place { block, index } = source.base;
        self.block.ids.push(block.ids[index]);
        self.block.registered_at.push(block.registered_at[index]);
        self.block.is_corrected.push(block.is_corrected[index]);
        for (field, symbols) in block.profile.iter().enumerate() {
            // Of a block of which not all was read.
            let symbol = symbols.get(index).map_or(0, |symbol| self.symbol(block, *symbol));
            self.block.profile[field].push(symbol);
        }
        self.block.addresses.push(block.addresses[index].iter().copied());
        self.block.consents.push(block.consents[index].iter().copied());
        self.block.suppressed.push(block.suppressed[index].iter().copied());
        let attributes = block.attributes[index].iter();
        let attributes = attributes.map(|fact| AttributeFact {
            name: self.symbol(block, fact.name),
            value: self.symbol(block, fact.value),
            ..*fact
        });
        let attributes: Vec<_> = attributes.collect();
        self.block.attributes.push(attributes);
        let metrics = block.metrics[index].iter();
        let metrics: Vec<_> = metrics
            .map(|(name, value)| (self.symbol(block, *name), *value))
            .collect();
        self.block.metrics.push(metrics);
        let lists: Vec<_> = block.lists[index]
            .iter()
            .map(|list| self.symbol(block, *list))
            .collect();
        self.block.lists.push(lists);
        for place in 0..self.block.tables.len() {
            self.events(place, source);
        }
    }

    /// Adds the later events of one kind of a single customer, whose others are there.
    fn add(&mut self, table: usize, source: Source<'_>) {
        let Some(later) = source.later else { return };
        let events = later.block.tables[table].of(later.index);
        if events.is_empty() {
            return;
        }
        let (known, more) = (&self.block.tables[table].at, &later.block.tables[table].at);
        if known.last().is_none_or(|last| *last <= more[events.start]) {
            self.push(table, later, events);
        } else {
            self.block.tables[table] = Table::default();
            self.events(table, source);
        }
        let end = length(&self.block.tables[table].at);
        self.block.tables[table].starts = vec![0, end];
    }

    fn finish(self) -> Block {
        Block {
            texts: self.texts.into_texts(),
            ..self.block
        }
    }

    /// The events of one kind, in the order of their time.
    fn events(&mut self, table: usize, source: Source<'_>) {
        let start = length(&self.block.tables[table].at);
        self.block.tables[table].starts.push(start);
        let events = |place: Place<'_>| place.block.tables[table].of(place.index);
        let (base, later) = (events(source.base), source.later.map(events));
        let Some((place, later)) = source.later.zip(later.filter(|later| !later.is_empty())) else {
            return self.push(table, source.base, base);
        };
        let (first, second) = (&source.base.block.tables[table].at, &place.block.tables[table].at);
        let (mut base, mut later) = (base, later);
        while !(base.is_empty() && later.is_empty()) {
            let is_first = later.is_empty() || !base.is_empty() && first[base.start] <= second[later.start];
            if is_first {
                let end = later.clone().next().map_or(base.end, |next| {
                    base.start + first[base.clone()].partition_point(|at| *at <= second[next])
                });
                self.push(table, source.base, base.start..end);
                base.start = end;
            } else {
                self.push(table, place, later.start..later.start + 1);
                later.start += 1;
            }
        }
    }

    fn push(&mut self, table: usize, from: Place<'_>, events: Range<usize>) {
        if events.is_empty() {
            return;
        }
        let source = &from.block.tables[table];
        let Self { block, texts } = self;
        let table = &mut block.tables[table];
        if table.at.is_empty() {
            let columns = source.columns.iter();
            table.columns = columns.map(|(field, column)| (*field, column.empty())).collect();
        } else {
            // Events of one kind have the same columns, unless only some of them were read.
            table.columns.retain(|(field, _)| source.column(*field).is_some());
        }
        table.at.extend(source.at[events.clone()].iter().copied());
        for (field, column) in &mut table.columns {
            if let Some(part) = source.column(*field) {
                column.append(part, events.clone(), |symbol| texts.symbol(from.block.text(symbol)));
            }
        }
    }

    fn symbol(&mut self, block: &Block, symbol: Symbol) -> Symbol {
        self.texts.symbol(block.text(symbol))
    }
}

impl Column {
    fn empty(&self) -> Self {
        match self {
            Self::Text(_) => Self::Text(Vec::new()),
            Self::Date(_) => Self::Date(Vec::new()),
            Self::Number(_) => Self::Number(Vec::new()),
            Self::Money { unit, .. } => Self::Money {
                amounts: Vec::new(),
                currencies: Vec::new(),
                unit: *unit,
            },
        }
    }

    /// Appends a part of a column of the same type, whose symbols have others here.
    fn append(&mut self, of: &Self, part: Range<usize>, mut symbol: impl FnMut(Symbol) -> Symbol) {
        match (self, of) {
            (Self::Text(all), Self::Text(of)) => all.extend(of[part].iter().map(|of| symbol(*of))),
            (Self::Date(all), Self::Date(of)) => all.extend_from_slice(&of[part]),
            (Self::Number(all), Self::Number(of)) => all.extend_from_slice(&of[part]),
            (
                Self::Money {
                    amounts, currencies, ..
                },
                Self::Money {
                    amounts: of,
                    currencies: of_currency,
                    ..
                },
            ) => {
                amounts.extend_from_slice(&of[part.clone()]);
                currencies.extend(of_currency[part].iter().map(|of| symbol(*of)));
            }
            // A field has one type in events of one kind.
            _ => {}
        }
    }
}

fn length(events: &[i64]) -> u32 {
    u32::try_from(events.len()).unwrap_or(u32::MAX)
}
