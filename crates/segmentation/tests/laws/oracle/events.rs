//! The events of a customer, with their fields.

use std::collections::HashMap;

use ecrm_core::{
    Activity, ActivityId, Cart, Code, Contact, Event, Money, Order, OrderLine, Quantity, Return, UnitPrice, Visit, Wish,
};
use ecrm_segmentation::History;
use ecrm_segmentation::criteria::{EventSet, Field};

use super::time::{Micros, Time, micros};
use super::values::{Fact, Ratio};

/// One event.
pub(super) struct Happening {
    pub(super) at: Micros,
    id: ActivityId,
    place: usize,
    pub(super) fields: HashMap<Field, Fact>,
}

/// All events of a kind, by their time, the id of the activity, and the place in it.
pub(super) fn of(history: &History, set: EventSet, time: &Time) -> Vec<Happening> {
    let is_corrected = |activity: &Activity| {
        let mut others = history.activities.iter();
        others.any(|other| other.corrects() == Some(activity.id()))
    };
    let mut found = Vec::new();
    for activity in history.activities.iter().filter(|activity| !is_corrected(activity)) {
        let parts = parts(activity.event(), set).into_iter().enumerate();
        for (place, (own, mut fields)) in parts {
            let at = own.unwrap_or(micros(activity.valid_at()));
            fields.0.insert(Field::At, Fact::Instant(at));
            fields.0.insert(Field::Day, Fact::Day(time.day_at(at)));
            found.push(Happening {
                at,
                id: activity.id(),
                place,
                fields: fields.0,
            });
        }
    }
    found.sort_by_key(|event| (event.at, event.id, event.place));
    found
}

/// What an activity has of a kind: the time where it is a time of its own, and the fields.
fn parts(event: &Event, set: EventSet) -> Vec<(Option<Micros>, Fields)> {
    let one = |fields| vec![(None, fields)];
    match (set, event) {
        (EventSet::Orders, Event::Order(order)) => one(order_fields(order)),
        (EventSet::Lines, Event::Order(order)) => {
            let channel = order.channel().code();
            let fields = |line| {
                let fields = line_fields(line, order.total(), order.number().key());
                fields.text(Field::OrderChannel, channel)
            };
            order.lines().iter().map(|line| (None, fields(line))).collect()
        }
        (EventSet::Returns, Event::Return(returned)) => one(return_fields(returned)),
        (EventSet::ReturnedLines, Event::Return(returned)) => {
            let fields = |line| line_fields(line, returned.total(), returned.number().key());
            returned.lines().iter().map(|line| (None, fields(line))).collect()
        }
        (EventSet::Statuses, Event::OrderStatus(step)) => {
            one(Fields::default().text(Field::Status, step.status.code()))
        }
        (EventSet::Visits, Event::Visit(visit)) => one(visit_fields(visit)),
        (EventSet::Pages, Event::Visit(visit)) => {
            let fields = |path, section| {
                let fields = Fields::default().text(Field::Path, path);
                fields.text(Field::Section, section)
            };
            let pages = visit.pages().iter();
            pages
                .map(|page| (Some(micros(page.at())), fields(page.path(), page.section())))
                .collect()
        }
        (EventSet::Searches, Event::Visit(visit)) => {
            let fields = |query, results: u32| {
                let fields = Fields::default().text(Field::Query, query);
                fields.fact(Field::Results, Fact::count(results as usize))
            };
            let searches = visit.searches().iter();
            searches
                .map(|search| (Some(micros(search.at())), fields(search.query(), search.results())))
                .collect()
        }
        (EventSet::Carts, Event::Cart(cart)) => one(cart_fields(cart)),
        (EventSet::Contacts, Event::Contact(contact)) => one(contact_fields(contact)),
        (EventSet::Wishes, Event::Wish(wish)) => one(wish_fields(wish)),
        _ => Vec::new(),
    }
}

fn order_fields(order: &Order) -> Fields {
    let margins: Vec<Money> = order.lines().iter().filter_map(margin).collect();
    let sum: i128 = margins.iter().map(|margin| i128::from(margin.minor())).sum();
    let fields = Fields::default()
        .money(Field::Amount, order.total())
        .fact(Field::Lines, Fact::count(order.lines().len()))
        .text(Field::Channel, order.channel().code())
        .text(Field::Number, order.number().key());
    match i64::try_from(sum) {
        Ok(sum) if !margins.is_empty() => fields.money(Field::Margin, Money::from_minor(sum, order.currency())),
        _ => fields,
    }
}

fn line_fields(line: &OrderLine, total: Money, number: &str) -> Fields {
    let mut fields = Fields::default()
        .money(Field::Amount, line.amount())
        .money(Field::OrderAmount, total)
        .fact(Field::UnitPrice, price(line.unit_price()))
        .fact(Field::Quantity, quantity(line.quantity()))
        .text(Field::Sku, line.sku())
        .text(Field::Description, line.description())
        .text(Field::Category, line.category())
        .text(Field::Brand, line.brand())
        .text(Field::Kind, line.kind().code())
        .text(Field::Availability, line.availability().code())
        .text(Field::OrderNumber, number);
    if let Some(cost) = line.cost() {
        fields = fields.money(Field::Cost, cost);
    }
    if let Some(margin) = margin(line) {
        fields = fields.money(Field::Margin, margin);
    }
    if let Some(day) = line.availability().expected() {
        fields = fields.fact(Field::ExpectedOn, Fact::Day(day));
    }
    fields
}

/// The amount without the cost, where the cost is known and the difference is an amount.
fn margin(line: &OrderLine) -> Option<Money> {
    line.amount().checked_sub(line.cost()?).ok()
}

fn price(price: UnitPrice) -> Fact {
    Fact::Money(Ratio::of(price.to_decimal()), price.currency())
}

fn quantity(quantity: Quantity) -> Fact {
    Fact::Number(Ratio::of(quantity.to_decimal()))
}

fn return_fields(returned: &Return) -> Fields {
    Fields::default()
        .money(Field::Amount, returned.total())
        .fact(Field::Lines, Fact::count(returned.lines().len()))
        .text(Field::Kind, returned.kind().code())
        .text(Field::Number, returned.number().key())
}

fn visit_fields(visit: &Visit) -> Fields {
    Fields::default()
        .text(Field::Channel, visit.channel().code())
        .text(Field::Referrer, visit.referrer())
        .fact(Field::Pages, Fact::count(visit.pages().len()))
}

fn cart_fields(cart: &Cart) -> Fields {
    Fields::default()
        .text(Field::Fate, cart.fate().code())
        .text(Field::Number, cart.number().key())
        .fact(Field::Lines, Fact::count(cart.lines().len()))
}

fn contact_fields(contact: &Contact) -> Fields {
    Fields::default()
        .text(Field::Channel, contact.channel().code())
        .text(Field::Direction, contact.direction().code())
        .text(Field::Topic, contact.topic())
}

fn wish_fields(wish: &Wish) -> Fields {
    Fields::default()
        .text(Field::Sku, wish.sku())
        .text(Field::Reason, wish.reason().code())
        .fact(Field::Quantity, quantity(wish.quantity()))
}

#[derive(Default)]
struct Fields(HashMap<Field, Fact>);

impl Fields {
    /// A text, where there is one: an empty text is a missing one.
    fn text<'a>(mut self, field: Field, text: impl Into<Option<&'a str>>) -> Self {
        if let Some(text) = text.into().filter(|text| !text.is_empty()) {
            self.0.insert(field, Fact::Text(text.to_owned()));
        }
        self
    }

    fn money(self, field: Field, money: Money) -> Self {
        self.fact(field, Fact::money(money))
    }

    fn fact(mut self, field: Field, fact: Fact) -> Self {
        self.0.insert(field, fact);
        self
    }
}
