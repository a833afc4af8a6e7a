use chrono::{DateTime, Days, Utc};
use ecrm_core::{
    Activity, Availability, Cart, CartFate, CartLine, Channel, Code, Consent, ConsentDecision, Contact, Currency,
    Direction, Event, LineKind, Money, Order, OrderLine, OrderProgress, OrderStatus, PageView, Promise, PromiseEnd,
    PromiseOutcome, Purpose, Quantity, Return, ReturnKind, Search, Source, Subject, UnitPrice, Visit, Wish, WishReason,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::{currency, external_ref, id, line, quantity, unit_price};

/// An instant of the years 1900 to 2100, to the microsecond.
pub fn instant() -> impl Strategy<Value = DateTime<Utc>> {
    (-2_208_988_800_000_000..4_102_444_800_000_000_i64)
        .prop_map(|micros| DateTime::from_timestamp_micros(micros).expect("within the range of chrono"))
}

/// A customer or a guest.
pub fn subject() -> impl Strategy<Value = Subject> {
    prop_oneof![id().prop_map(Subject::Customer), id().prop_map(Subject::Guest)]
}

/// A line of an order in a currency.
pub fn order_line(currency: Currency) -> impl Strategy<Value = OrderLine> {
    let parts = (
        select(LineKind::ALL),
        line(12),
        line(40),
        -1_000_000_000..1_000_000_000_i64,
        0..1_000_000_000_i64,
        option::of(line(10)),
        option::of(line(10)),
        option::of(0..100_000_i64),
        availability(),
    );
    parts.prop_map(
        move |(kind, sku, text, quantity, price, category, brand, cost, availability)| {
            let price = UnitPrice::from_micros(price, currency);
            let mut line = OrderLine::of(kind, &sku, &text, Quantity::from_micros(quantity), price)
                .expect("small numbers")
                .with_availability(availability);
            if let Some(category) = category {
                line = line.with_category(&category).expect("a line");
            }
            if let Some(brand) = brand {
                line = line.with_brand(&brand).expect("a line");
            }
            if let Some(cost) = cost {
                line = line
                    .with_cost(Money::from_minor(cost, currency))
                    .expect("the same currency");
            }
            line
        },
    )
}

/// An order of one to five lines.
pub fn order() -> impl Strategy<Value = Order> {
    currency().prop_flat_map(|currency| {
        (
            id(),
            external_ref(),
            instant(),
            select(Channel::ALL),
            vec(order_line(currency), 1..6),
        )
            .prop_map(|(id, number, at, channel, lines)| {
                Order::new(id, number, at, channel, lines).expect("one currency")
            })
    })
}

/// Anything that can happen.
pub fn activity() -> impl Strategy<Value = Activity> {
    (
        id(),
        subject(),
        instant(),
        instant(),
        line(20),
        event(),
        option::of(id()),
    )
        .prop_map(|(id, subject, valid, recorded, source, event, corrects)| {
            let source = Source::new(&source).expect("a line");
            let activity = Activity::new(id, subject, valid, recorded, source, event);
            match corrects {
                Some(earlier) => activity.correcting(earlier),
                None => activity,
            }
        })
}

/// An entry of the consent ledger.
pub fn consent() -> impl Strategy<Value = Consent> {
    let parts = (
        id(),
        select(Purpose::ALL),
        select(Channel::ALL),
        select(ConsentDecision::ALL),
        instant(),
        instant(),
        option::of(1..10_000_u64),
        option::of(line(10)),
    );
    parts.prop_map(|(subject, purpose, channel, decision, recorded, valid, days, text)| {
        let mut consent = Consent::new(subject, purpose, channel, decision, recorded, Source::checkout())
            .valid_from(valid)
            .expect("it has no end yet");
        if let Some(days) = days {
            consent = consent.until(valid + Days::new(days)).expect("later");
        }
        if let Some(text) = text {
            consent = consent.to_text(text.clone()).with_proof(text);
        }
        consent
    })
}

/// A promise, open or ended.
pub fn promise() -> impl Strategy<Value = Promise> {
    let end = (instant(), select(PromiseOutcome::ALL), option::of(line(10)))
        .prop_map(|(at, how, evidence)| PromiseEnd { at, how, evidence });
    (
        id(),
        id(),
        line(30),
        line(10),
        instant(),
        instant(),
        option::of(id()),
        option::of(end),
    )
        .prop_map(|(id, subject, about, what, due, made, earlier, end)| {
            let mut promise = Promise::new(id, subject, &about, &what, due, made, "tests").expect("lines");
            if let Some(earlier) = earlier {
                promise = promise.superseding(earlier);
            }
            end.map_or(promise.clone(), |end| promise.with_end(end))
        })
}

fn availability() -> impl Strategy<Value = Availability> {
    let day = || option::of(instant().prop_map(|at| at.date_naive()));
    prop_oneof![
        Just(Availability::InStock),
        Just(Availability::Digital),
        Just(Availability::Unavailable),
        Just(Availability::Unknown),
        day().prop_map(|expected| Availability::BackOrdered { expected }),
        day().prop_map(|expected| Availability::MadeToOrder { expected }),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => order().prop_map(Event::Order),
        2 => returned().prop_map(Event::Return),
        1 => (id(), select(OrderStatus::ALL)).prop_map(|(order, status)| Event::OrderStatus(OrderProgress { order, status })),
        2 => visit().prop_map(Event::Visit),
        1 => cart().prop_map(Event::Cart),
        1 => (line(10), quantity()).prop_map(|(sku, quantity)| Event::Wish(Wish::new(sku, quantity, WishReason::BackInStock))),
        1 => contact().prop_map(Event::Contact),
        1 => Just(Event::Retracted),
    ]
}

fn returned() -> impl Strategy<Value = Return> {
    (order(), external_ref(), select(ReturnKind::ALL), option::of(id())).prop_map(|(order, number, kind, of)| {
        let returned = Return::new(number, kind, order.lines().to_vec()).expect("one currency");
        match of {
            Some(order) => returned.of_order(order),
            None => returned,
        }
    })
}

fn visit() -> impl Strategy<Value = Visit> {
    let page = (line(20), instant(), option::of(line(10))).prop_map(|(path, at, section)| match section {
        Some(section) => PageView::new(path, at).in_section(section),
        None => PageView::new(path, at),
    });
    let search = (line(20), 0..100_u32, instant()).prop_map(|(query, results, at)| Search::new(query, results, at));
    (
        select(Channel::ALL),
        option::of(line(30)),
        vec(page, 0..4),
        vec(search, 0..3),
    )
        .prop_map(|(channel, referrer, pages, searches)| {
            let visit = Visit::new(channel);
            let visit = match referrer {
                Some(referrer) => visit.with_referrer(referrer),
                None => visit,
            };
            let visit = pages.into_iter().fold(visit, Visit::with_page);
            searches.into_iter().fold(visit, Visit::with_search)
        })
}

fn cart() -> impl Strategy<Value = Cart> {
    let line =
        (line(10), quantity(), unit_price()).prop_map(|(sku, quantity, price)| CartLine::new(sku, quantity, price));
    let fate = prop_oneof![
        Just(CartFate::Open),
        Just(CartFate::Left),
        Just(CartFate::Emptied),
        id().prop_map(CartFate::Ordered),
    ];
    (external_ref(), vec(line, 0..4), fate).prop_map(|(number, lines, fate)| Cart::new(number, lines, fate))
}

fn contact() -> impl Strategy<Value = Contact> {
    let direction = prop_oneof![Just(Direction::Inbound), Just(Direction::Outbound)];
    (
        select(Channel::ALL),
        direction,
        option::of(line(20)),
        option::of(external_ref()),
    )
        .prop_map(|(channel, direction, topic, reference)| {
            let contact = Contact::new(channel, direction);
            let contact = match topic {
                Some(topic) => contact.about(topic),
                None => contact,
            };
            match reference {
                Some(reference) => contact.with_reference(reference),
                None => contact,
            }
        })
}
