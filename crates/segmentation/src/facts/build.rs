//! From the core model to columns.

use std::collections::HashSet;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use ecrm_core::{
    Activity, ActivityId, Channel, Code, Contact, Currency, Customer, CustomerId, Event, Order, OrderLine, Quantity,
    Recipient, Visit,
};

use ecrm_store::suppressions;

use super::block::{AttributeFact, AttributeKind, Block, ConsentFact, SuppressionFact};
use super::interner::Interner;
use super::table::{Column, MoneyUnit, Symbol, Table};
use super::{History, Suppressed};
use crate::criteria::{EventSet, Field, ProfileField};

impl Block {
    /// The columns of some customers.
    pub(crate) fn of(histories: &[History]) -> Self {
        let mut builder = Builder::default();
        for history in histories {
            builder.add(history, &history.activities);
        }
        builder.finish()
    }

    /// Events of a customer, and nothing else of what is known.
    pub(crate) fn of_events(customer: CustomerId, activities: &[Activity]) -> Self {
        let mut builder = Builder::default();
        let unknown = History::of(Customer::new(customer, DateTime::UNIX_EPOCH));
        builder.add(&unknown, activities);
        builder.finish()
    }
}

/// The value of a field of an event.
enum Cell<'h> {
    Text(Option<&'h str>),
    Date(Option<NaiveDate>),
    /// In millionths.
    Number(i64),
    /// In the smallest unit.
    Money(Option<(i64, Currency)>),
    /// In millionths.
    Price(i64, Currency),
}

type Cells<'h, const N: usize> = [(Field, Cell<'h>); N];

#[derive(Default)]
struct Builder {
    block: Block,
    texts: Interner,
}

impl Builder {
    fn add(&mut self, history: &History, activities: &[Activity]) {
        let customer = &history.customer;
        self.block.ids.push(customer.id());
        self.block
            .registered_at
            .push(customer.registered_at().timestamp_micros());
        let is_corrected = activities.iter().any(|activity| activity.corrects().is_some());
        self.block.is_corrected.push(is_corrected);
        for field in ProfileField::ALL {
            let text = field.text_of(customer);
            let symbol = self.symbol(text.as_deref());
            self.block.profile[field as usize].push(symbol);
        }
        self.block.addresses.push(addresses(history));
        let attributes = self.attributes(history);
        self.block.attributes.push(attributes);
        self.block.consents.push(consents(history));
        let metrics = history.metrics.iter();
        let metrics = metrics.map(|metric| (self.symbol(Some(metric.name().as_str())), metric.value()));
        let metrics: Vec<_> = metrics.collect();
        self.block.metrics.push(metrics);
        self.block.suppressed.push(history.suppressed.iter().map(suppression));
        let lists: Vec<_> = history
            .lists
            .iter()
            .map(|list| self.symbol(Some(list.as_str())))
            .collect();
        self.block.lists.push(lists);
        self.events(activities);
    }

    fn attributes(&mut self, history: &History) -> Vec<AttributeFact> {
        let mut versions: Vec<_> = history.attributes.iter().collect();
        versions.sort_by_key(|attribute| (attribute.valid_at(), attribute.recorded_at()));
        let fact = |attribute: &ecrm_core::Attribute| {
            let value = attribute.value();
            let kind = value.and_then(|value| AttributeKind::ALL.into_iter().find(|kind| kind.word() == value.kind()));
            let text = value.map(ecrm_core::AttributeValue::to_text);
            AttributeFact {
                name: self.symbol(Some(attribute.name().as_str())),
                from: attribute.valid_at().timestamp_micros(),
                kind: kind.unwrap_or(AttributeKind::Text),
                value: self.symbol(text.as_deref().filter(|_| kind.is_some())),
            }
        };
        versions.into_iter().map(fact).collect()
    }

    /// Adds the events of a customer, those of each kind in the order of their time.
    fn events(&mut self, activities: &[Activity]) {
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
        self.block.tables[set as usize].at.extend([at.timestamp_micros()]);
        for (place, (field, cell)) in cells.into_iter().enumerate() {
            let symbol = match &cell {
                Cell::Text(text) => self.symbol(*text),
                Cell::Money(money) => self.symbol(money.map(|(_, currency)| currency.code())),
                Cell::Price(_, currency) => self.symbol(Some(currency.code())),
                Cell::Date(_) | Cell::Number(_) => 0,
            };
            push_cell(&mut self.block.tables[set as usize], (place, field), &cell, symbol);
        }
    }

    fn symbol(&mut self, text: Option<&str>) -> Symbol {
        self.texts.symbol(text)
    }

    fn finish(mut self) -> Block {
        for table in &mut self.block.tables {
            let end = length(table);
            table.starts.push(end);
        }
        self.block.texts = self.texts.into_texts();
        self.block
    }
}

/// Events of one kind have the same fields, in the same order.
fn push_cell(table: &mut Table, (place, field): (usize, Field), cell: &Cell<'_>, symbol: Symbol) {
    if place == table.columns.len() {
        table.columns.push((field, empty_column(cell)));
    }
    let Some((known, column)) = table.columns.get_mut(place) else {
        return;
    };
    debug_assert_eq!(*known, field, "the fields of an event come in their order");
    match (column, cell) {
        (Column::Text(symbols), Cell::Text(_)) => symbols.push(symbol),
        (Column::Date(days), Cell::Date(day)) => days.push(day.map_or(i32::MIN, |day| day.num_days_from_ce())),
        (Column::Number(numbers), Cell::Number(number)) => numbers.push(*number),
        (
            Column::Money {
                amounts, currencies, ..
            },
            Cell::Money(_) | Cell::Price(..),
        ) => {
            amounts.push(match cell {
                Cell::Money(money) => money.map_or(0, |(amount, _)| amount),
                Cell::Price(price, _) => *price,
                _ => 0,
            });
            currencies.push(symbol);
        }
        // A field has one type in events of one kind.
        _ => {}
    }
}

fn empty_column(cell: &Cell<'_>) -> Column {
    let money = |unit| Column::Money {
        amounts: Vec::new(),
        currencies: Vec::new(),
        unit,
    };
    match cell {
        Cell::Text(_) => Column::Text(Vec::new()),
        Cell::Date(_) => Column::Date(Vec::new()),
        Cell::Number(_) => Column::Number(Vec::new()),
        Cell::Money(_) => money(MoneyUnit::Minor),
        Cell::Price(..) => money(MoneyUnit::Micro),
    }
}

fn length(table: &Table) -> u32 {
    u32::try_from(table.at.len()).unwrap_or(u32::MAX)
}

fn money(money: ecrm_core::Money) -> Cell<'static> {
    Cell::Money(Some((money.minor(), money.currency())))
}

fn quantity(quantity: Quantity) -> Cell<'static> {
    Cell::Number(quantity.micros())
}

fn count(number: usize) -> Cell<'static> {
    Cell::Number(i64::try_from(number).unwrap_or(i64::MAX).saturating_mul(1_000_000))
}

/// What is earned by a line whose cost is known.
fn margin(line: &OrderLine) -> Option<i64> {
    line.amount().minor().checked_sub(line.cost()?.minor())
}

fn line_cells(line: &OrderLine) -> Cells<'_, 12> {
    let currency = line.amount().currency();
    [
        (Field::Amount, money(line.amount())),
        (Field::Availability, Cell::Text(Some(line.availability().code()))),
        (Field::Brand, Cell::Text(line.brand())),
        (Field::Category, Cell::Text(line.category())),
        (
            Field::Cost,
            Cell::Money(line.cost().map(|cost| (cost.minor(), currency))),
        ),
        (Field::Description, Cell::Text(Some(line.description()))),
        (Field::ExpectedOn, Cell::Date(line.availability().expected())),
        (Field::Kind, Cell::Text(Some(line.kind().code()))),
        (
            Field::Margin,
            Cell::Money(margin(line).map(|margin| (margin, currency))),
        ),
        (Field::Quantity, quantity(line.quantity())),
        (Field::Sku, Cell::Text(Some(line.sku()))),
        (
            Field::UnitPrice,
            Cell::Price(line.unit_price().micros(), line.unit_price().currency()),
        ),
    ]
}

fn contact_cells(contact: &Contact) -> Cells<'_, 3> {
    [
        (Field::Channel, Cell::Text(Some(contact.channel().code()))),
        (Field::Direction, Cell::Text(Some(contact.direction().code()))),
        (Field::Topic, Cell::Text(contact.topic())),
    ]
}

fn visit_cells(visit: &Visit) -> Cells<'_, 3> {
    [
        (Field::Channel, Cell::Text(Some(visit.channel().code()))),
        (Field::Pages, count(visit.pages().len())),
        (Field::Referrer, Cell::Text(visit.referrer())),
    ]
}

/// The channels over which `may_contact` finds an address, or needs none.
fn addresses(history: &History) -> Vec<(Channel, u32)> {
    let recipient = Recipient::from(&history.customer);
    let channels = Channel::ALL.iter().copied();
    let address = |channel: Channel| match suppressions::fingerprint(&recipient, channel) {
        Some(fingerprint) => Some((channel, fingerprint)),
        None => (!channel.needs_address()).then_some((channel, 0)),
    };
    channels.filter_map(address).collect()
}

fn consents(history: &History) -> Vec<ConsentFact> {
    let mut entries: Vec<_> = history.consents.iter().collect();
    entries.sort_by_key(|consent| (consent.valid_at(), consent.recorded_at()));
    let fact = |consent: &ecrm_core::Consent| ConsentFact {
        purpose: consent.purpose(),
        channel: consent.channel(),
        from: consent.valid_at().timestamp_micros(),
        decision: consent.decision(),
        until: consent.expires_at().map(|end| end.timestamp_micros()),
    };
    entries.into_iter().map(fact).collect()
}

fn suppression(suppressed: &Suppressed) -> SuppressionFact {
    SuppressionFact {
        channel: suppressed.channel,
        reason: suppressed.reason,
        from: suppressed.from.timestamp_micros(),
        until: suppressed.until.map(|until| until.timestamp_micros()),
    }
}
