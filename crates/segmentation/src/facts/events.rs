//! The rows of an activity.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use ecrm_core::{Activity, ActivityId, Code, Event, Order};

use super::build::{Builder, length};
use super::cells::{Cell, Cells, contact_cells, count, line_cells, margin, money, push_cell, quantity, visit_cells};
use crate::criteria::{EventSet, Field};

impl Builder {
    /// Adds the events of a customer, those of each kind in the order of their time.
    pub(super) fn events(&mut self, activities: &[Activity]) {
        for table in &mut self.block.tables {
            let end = length(table);
            table.starts.push(end);
        }
        let corrected: HashSet<ActivityId> = activities.iter().filter_map(Activity::corrects).collect();
        let mut counted: Vec<&Activity> = activities
            .iter()
            .filter(|activity| !corrected.contains(&activity.id()))
            .collect();
        counted.sort_by_key(|activity| (activity.valid_at(), activity.id().uuid()));
        let mut pages: Vec<(DateTime<Utc>, Cells<'_, 2>)> = Vec::new();
        let mut searches: Vec<(DateTime<Utc>, Cells<'_, 2>)> = Vec::new();
        for activity in counted {
            let at = activity.valid_at();
            match activity.event() {
                Event::Cart(cart) => self.push(
                    EventSet::Carts,
                    at,
                    [
                        (Field::Fate, Cell::Text(Some(cart.fate().code()))),
                        (Field::Lines, count(cart.lines().len())),
                        (Field::Number, Cell::Text(Some(cart.number().key()))),
                    ],
                ),
                Event::Contact(contact) => self.push(EventSet::Contacts, at, contact_cells(contact)),
                Event::Order(order) => self.order(at, order),
                Event::OrderStatus(progress) => self.push(
                    EventSet::Statuses,
                    at,
                    vec![(Field::Status, Cell::Text(Some(progress.status.code())))],
                ),
                Event::Return(returned) => {
                    self.push(
                        EventSet::Returns,
                        at,
                        [
                            (Field::Amount, money(returned.total())),
                            (Field::Kind, Cell::Text(Some(returned.kind().code()))),
                            (Field::Lines, count(returned.lines().len())),
                            (Field::Number, Cell::Text(Some(returned.number().key()))),
                        ],
                    );
                    for line in returned.lines() {
                        let of_all = [
                            (Field::OrderAmount, money(returned.total())),
                            (Field::OrderChannel, Cell::Text(None)),
                            (Field::OrderNumber, Cell::Text(Some(returned.number().key()))),
                        ];
                        self.push(EventSet::ReturnedLines, at, line_cells(line).into_iter().chain(of_all));
                    }
                }
                Event::Visit(visit) => {
                    self.push(EventSet::Visits, at, visit_cells(visit));
                    pages.extend(visit.pages().iter().map(|page| {
                        let cells = [
                            (Field::Path, Cell::Text(Some(page.path()))),
                            (Field::Section, Cell::Text(page.section())),
                        ];
                        (page.at(), cells)
                    }));
                    searches.extend(visit.searches().iter().map(|search| {
                        let cells = [
                            (Field::Query, Cell::Text(Some(search.query()))),
                            (Field::Results, Cell::Number(i64::from(search.results()) * 1_000_000)),
                        ];
                        (search.at(), cells)
                    }));
                }
                Event::Wish(wish) => self.push(
                    EventSet::Wishes,
                    at,
                    [
                        (Field::Quantity, quantity(wish.quantity())),
                        (Field::Reason, Cell::Text(Some(wish.reason().code()))),
                        (Field::Sku, Cell::Text(Some(wish.sku()))),
                    ],
                ),
                _ => {}
            }
        }
        for (set, mut inside) in [(EventSet::Pages, pages), (EventSet::Searches, searches)] {
            inside.sort_by_key(|(at, _)| *at);
            for (at, cells) in inside {
                self.push(set, at, cells);
            }
        }
    }

    fn order(&mut self, at: DateTime<Utc>, order: &Order) {
        let margins: Vec<Option<i64>> = order.lines().iter().map(margin).collect();
        let known: Vec<i64> = margins.iter().copied().flatten().collect();
        let total: i128 = known.iter().copied().map(i128::from).sum();
        let earned = i64::try_from(total).ok().filter(|_| !known.is_empty());
        self.push(
            EventSet::Orders,
            at,
            [
                (Field::Amount, money(order.total())),
                (Field::Channel, Cell::Text(Some(order.channel().code()))),
                (Field::Lines, count(order.lines().len())),
                (
                    Field::Margin,
                    Cell::Money(earned.map(|earned| (earned, order.currency()))),
                ),
                (Field::Number, Cell::Text(Some(order.number().key()))),
            ],
        );
        for line in order.lines() {
            let of_all = [
                (Field::OrderAmount, money(order.total())),
                (Field::OrderChannel, Cell::Text(Some(order.channel().code()))),
                (Field::OrderNumber, Cell::Text(Some(order.number().key()))),
            ];
            self.push(EventSet::Lines, at, line_cells(line).into_iter().chain(of_all));
        }
    }

    fn push<'h>(&mut self, set: EventSet, at: DateTime<Utc>, cells: impl IntoIterator<Item = (Field, Cell<'h>)>) {
        let cells = cells.into_iter();
        let table = &mut self.block.tables[set as usize];
        table.at.extend([at.timestamp_micros()]);
        if table.columns.is_empty() {
            table.columns.reserve_exact(cells.size_hint().0);
        }
        for (place, (field, cell)) in cells.enumerate() {
            let symbol = match &cell {
                Cell::Text(text) => self.texts.symbol(*text),
                Cell::Money(money) => self.texts.symbol(money.map(|(_, currency)| currency.code())),
                Cell::Price(_, currency) => self.texts.symbol(Some(currency.code())),
                Cell::Date(_) | Cell::Number(_) => 0,
            };
            push_cell(table, (place, field), &cell, symbol);
        }
    }
}
