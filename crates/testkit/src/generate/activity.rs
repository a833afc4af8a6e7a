use chrono::{DateTime, Days, Utc};
use ecrm_core::{
    Activity, AttributeName, Channel, Code, Consent, ConsentDecision, Contact, Direction, Event, Metric, OrderProgress,
    OrderStatus, Promise, PromiseEnd, PromiseOutcome, Purpose, Source, Subject,
};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::order::{order, returned};
use super::visit::{cart, visit, wish};
use super::{external_ref, id, line, text};

/// An instant to the microsecond: of the years 1900 to 2100, and seldom of a year that needs a sign or five digits.
pub fn instant() -> impl Strategy<Value = DateTime<Utc>> {
    let micros = prop_oneof![
        19 => -2_208_988_800_000_000..4_102_444_800_000_000_i64,
        1 => -100_000_000_000_000_000..1_000_000_000_000_000_000_i64,
    ];
    let at = |micros| DateTime::from_timestamp_micros(micros).expect("within the range of chrono");
    // Instants are in everything: boxed, they do not make the strategies of large records outgrow the stack.
    micros.prop_map(at).boxed()
}

/// A customer or a guest.
pub fn subject() -> impl Strategy<Value = Subject> {
    prop_oneof![id().prop_map(Subject::Customer), id().prop_map(Subject::Guest)]
}

/// Where a datum came from.
pub fn source() -> impl Strategy<Value = Source> {
    line(20).prop_map(|name| Source::new(&name).expect("a line"))
}

/// Anything that can happen.
pub fn activity() -> impl Strategy<Value = Activity> {
    (
        id(),
        subject(),
        instant(),
        instant(),
        source(),
        event(),
        option::of(id()),
    )
        .prop_map(|(id, subject, valid, recorded, source, event, corrects)| {
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
        source(),
        option::of(text(10)),
        option::of(text(20)),
    );
    parts.prop_map(
        |(subject, purpose, channel, decision, recorded, valid, days, source, text, proof)| {
            let mut consent = Consent::new(subject, purpose, channel, decision, recorded, source)
                .valid_from(valid)
                .expect("it has no end yet");
            if let Some(days) = days {
                consent = consent.until(valid + Days::new(days)).expect("later");
            }
            if let Some(text) = text {
                consent = consent.to_text(text);
            }
            if let Some(proof) = proof {
                consent = consent.with_proof(proof);
            }
            consent
        },
    )
}

/// A promise, open or ended.
pub fn promise() -> impl Strategy<Value = Promise> {
    let end = (instant(), select(PromiseOutcome::ALL), option::of(text(10)))
        .prop_map(|(at, how, evidence)| PromiseEnd { at, how, evidence });
    (
        id(),
        id(),
        line(30),
        line(10),
        instant(),
        instant(),
        option::of(id()),
        line(10),
        option::of(end),
    )
        .prop_map(|(id, subject, about, what, due, made, earlier, maker, end)| {
            let mut promise = Promise::new(id, subject, &about, &what, due, made, &maker).expect("lines");
            if let Some(earlier) = earlier {
                promise = promise.superseding(earlier);
            }
            end.map_or(promise.clone(), |end| promise.with_end(end))
        })
}

/// A finite number of any size about somebody.
pub fn metric() -> impl Strategy<Value = Metric> {
    let value = prop_oneof![
        -1_000.0..1_000.0,
        any::<f64>().prop_filter("a metric is finite", |value| value.is_finite())
    ];
    (id(), "[a-z]{1,8}[.][a-z0-9_]{1,12}", value, line(10), instant()).prop_map(|(subject, name, value, unit, at)| {
        let name = AttributeName::new(&name).expect("built by the rules");
        Metric::new(subject, name, value, &unit, at).expect("finite, in a unit of one line")
    })
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => order().prop_map(Event::Order),
        2 => returned().prop_map(Event::Return),
        1 => (id(), select(OrderStatus::ALL)).prop_map(|(order, status)| Event::OrderStatus(OrderProgress { order, status })),
        2 => visit().prop_map(Event::Visit),
        1 => cart().prop_map(Event::Cart),
        1 => wish().prop_map(Event::Wish),
        1 => interaction().prop_map(Event::Contact),
        1 => Just(Event::Retracted),
    ]
}

/// A contact by any channel.
pub fn interaction() -> impl Strategy<Value = Contact> {
    let direction = prop_oneof![Just(Direction::Inbound), Just(Direction::Outbound)];
    (
        select(Channel::ALL),
        direction,
        option::of(text(20)),
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
