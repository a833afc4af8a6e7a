//! The windows of time in which a program counts events: where they lie for a customer is found once for all leaves.

use std::cell::Cell;
use std::ops::Range;

use super::until::NEVER;
use crate::calendar::{self, Moment};
use crate::criteria::{EventSet, Window};
use crate::facts::{Block, Table};

/// The different windows of a program.
#[derive(Debug, Clone, Default)]
pub(super) struct Spans {
    all: Vec<(EventSet, Option<Window>)>,
}

impl Spans {
    /// The place of a window among them.
    pub(super) fn span(&mut self, set: EventSet, window: Option<&Window>) -> usize {
        let is_known = |(known, its): &(EventSet, Option<Window>)| *known == set && its.as_ref() == window;
        self.all.iter().position(is_known).unwrap_or_else(|| {
            self.all.push((set, window.cloned()));
            self.all.len() - 1
        })
    }

    /// What of one has happened.
    pub(super) fn places<'b>(&self, span: usize, block: &'b Block, moment: Moment) -> Places<'b> {
        let (set, window) = &self.all[span];
        Places::of(block.table(*set), moment, window.as_ref())
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }
}

/// The events in a window, of each customer of a block.
pub(super) struct Places<'b> {
    pub(super) table: &'b Table,
    range: calendar::Range,
    /// Whether these are all events that there are.
    is_all: bool,
    /// Whether no event of this kind is dated ahead.
    is_past: bool,
    /// What was found already, where there are several customers.
    known: Vec<Cell<Option<(u32, u32)>>>,
}

impl<'b> Places<'b> {
    fn of(table: &'b Table, moment: Moment, window: Option<&Window>) -> Self {
        let is_past = table.latest().is_none_or(|latest| latest <= moment.micros());
        let is_all = is_past && window.is_none();
        Self {
            table,
            range: moment.happened(window),
            is_all,
            is_past,
            known: vec![
                Cell::new(None);
                if is_all || table.customers() == 1 {
                    0
                } else {
                    table.customers()
                }
            ],
        }
    }

    /// Where those of a customer lie.
    pub(super) fn customer(&self, customer: usize) -> Range<usize> {
        if self.is_all {
            return self.table.of(customer);
        }
        let Some(known) = self.known.get(customer) else {
            return self.table.between(customer, self.range);
        };
        let (start, end) = known.get().unwrap_or_else(|| {
            let found = self.table.between(customer, self.range);
            let found = (place(found.start), place(found.end));
            known.set(Some(found));
            found
        });
        start as usize..end as usize
    }

    /// When the first event of a customer that is dated ahead comes true, in microseconds.
    pub(super) fn first_ahead(&self, customer: usize, now: i64) -> i64 {
        if self.is_past {
            return NEVER;
        }
        let times = &self.table.at[self.table.of(customer)];
        let first = times.get(times.partition_point(|at| *at <= now));
        first.copied().unwrap_or(NEVER)
    }

    /// Whether no event of this kind is dated ahead.
    pub(super) fn is_past(&self) -> bool {
        self.is_past
    }
}

/// Blocks have fewer events.
fn place(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
