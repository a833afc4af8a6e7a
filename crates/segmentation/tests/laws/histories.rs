//! Random customers, whose values meet those of the criteria.

use chrono::{DateTime, TimeDelta, Utc};
use ecrm_core::{
    Activity, ActivityId, Attribute, AttributeValue, Availability, Cart, CartFate, Channel, Code, Consent,
    ConsentDecision, Contact, ContactData, Customer, Direction, Event, ExternalRef, LineKind, Metric, Money, Order,
    OrderLine, OrderProgress, OrderStatus, Organisation, PageView, PersonName, PostalAddress, Purpose, Quantity,
    Return, ReturnKind, Search, Source, Subject, SuppressionReason, UnitPrice, Visit, Wish, WishReason,
};
use ecrm_segmentation::criteria::Name;
use ecrm_segmentation::{History, Suppressed};
use ecrm_testkit::generate::{self, id};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::trees::{NOW, attribute_name, currency, day, instant, metric_name, minor, money, word};

fn source() -> Source {
    Source::new("tests").unwrap()
}

fn code<T: Code + std::fmt::Debug + 'static>() -> impl Strategy<Value = T> {
    proptest::sample::select(T::ALL)
}

fn reference() -> impl Strategy<Value = ExternalRef> {
    proptest::sample::select(vec!["1", "2", "a"]).prop_map(|key| ExternalRef::new("shop", key).unwrap())
}

fn line() -> impl Strategy<Value = OrderLine> {
    let text = proptest::sample::select(vec!["a", "b", "lamp", "Lamp 2"]);
    let availability = (code_of_availability(), option::of(day()))
        .prop_map(|(code, expected)| Availability::from_code(code, expected).unwrap_or(Availability::InStock));
    (
        (code::<LineKind>(), text.clone(), text.clone(), 1_i32..5),
        option::of(text.clone()),
        option::of(text),
        option::of(0_i64..2_000),
        availability,
        0_i64..6,
    )
        .prop_map(
            |((kind, sku, description, pieces), category, brand, cost, availability, euros)| {
                let price: UnitPrice = format!("{euros}.50 EUR").parse().unwrap();
                let mut line = OrderLine::of(kind, sku, description, Quantity::pieces(pieces), price)
                    .unwrap()
                    .with_availability(availability);
                if let Some(category) = category {
                    line = line.with_category(category).unwrap();
                }
                if let Some(brand) = brand {
                    line = line.with_brand(brand).unwrap();
                }
                match cost {
                    Some(cost) => line.with_cost(Money::from_minor(cost, "EUR".parse().unwrap())).unwrap(),
                    None => line,
                }
            },
        )
}

fn code_of_availability() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "back_ordered",
        "digital",
        "in_stock",
        "made_to_order",
        "unavailable",
        "unknown",
    ])
}

/// The lines of an order, all in one currency; now and then as much as an amount can be.
fn lines() -> impl Strategy<Value = Vec<OrderLine>> {
    let huge = (minor(), minor(), currency()).prop_map(|(amount, cost, currency)| {
        let price = UnitPrice::from_micros(1, currency);
        let line = OrderLine::product("a", "a", Quantity::pieces(1), price).unwrap();
        let line = line.with_amount(Money::from_minor(amount, currency)).unwrap();
        vec![line.with_cost(Money::from_minor(cost, currency)).unwrap()]
    });
    prop_oneof![15 => usual_lines(), 1 => huge]
}

fn usual_lines() -> impl Strategy<Value = Vec<OrderLine>> {
    (vec(line(), 1..4), currency()).prop_map(|(lines, currency)| {
        let in_currency = |line: OrderLine| {
            let price: UnitPrice = format!("{} {}", line.unit_price().to_decimal(), currency.code())
                .parse()
                .unwrap();
            let mut other = OrderLine::of(line.kind(), line.sku(), line.description(), line.quantity(), price)
                .unwrap()
                .with_availability(line.availability());
            if let Some(category) = line.category() {
                other = other.with_category(category).unwrap();
            }
            if let Some(brand) = line.brand() {
                other = other.with_brand(brand).unwrap();
            }
            match line.cost() {
                Some(cost) => other.with_cost(Money::from_minor(cost.minor(), currency)).unwrap(),
                None => other,
            }
        };
        lines.into_iter().map(in_currency).collect()
    })
}

/// A text, which may be empty.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![9 => word(), 1 => Just(String::new())]
}

fn visit() -> impl Strategy<Value = Visit> {
    let page = (text(), option::of(text()), instant()).prop_map(|(path, section, at)| {
        let page = PageView::new(path, at);
        section.into_iter().fold(page, PageView::in_section)
    });
    let search = (text(), 0_u32..9, instant()).prop_map(|(query, results, at)| Search::new(query, results, at));
    (
        code::<Channel>(),
        option::of(text()),
        vec(page, 0..3),
        vec(search, 0..2),
    )
        .prop_map(|(channel, referrer, pages, searches)| {
            let visit = referrer.into_iter().fold(Visit::new(channel), Visit::with_referrer);
            let visit = pages.into_iter().fold(visit, Visit::with_page);
            searches.into_iter().fold(visit, Visit::with_search)
        })
}

fn event() -> impl Strategy<Value = Event> {
    let fate = prop_oneof![
        Just(CartFate::Emptied),
        Just(CartFate::Left),
        Just(CartFate::Open),
        id().prop_map(CartFate::Ordered),
    ];
    let quantity = (1_i32..9).prop_map(Quantity::pieces);
    prop_oneof![
        4 => (id(), reference(), instant(), code::<Channel>(), lines()).prop_map(
            |(id, number, at, channel, lines)| Event::Order(Order::new(id, number, at, channel, lines).unwrap())
        ),
        3 => visit().prop_map(Event::Visit),
        1 => (reference(), fate).prop_map(|(number, fate)| Event::Cart(Cart::new(number, Vec::new(), fate))),
        1 => (code::<Channel>(), code::<Direction>(), option::of(text())).prop_map(|(channel, direction, topic)| {
            let contact = Contact::new(channel, direction);
            Event::Contact(topic.into_iter().fold(contact, Contact::about))
        }),
        1 => (id(), code::<OrderStatus>())
            .prop_map(|(order, status)| Event::OrderStatus(OrderProgress { order, status })),
        1 => (reference(), code::<ReturnKind>(), lines())
            .prop_map(|(number, kind, lines)| Event::Return(Return::new(number, kind, lines).unwrap())),
        1 => (text(), quantity, code::<WishReason>()).prop_map(|(sku, quantity, reason)| Event::Wish(Wish::new(sku, quantity, reason))),
        1 => Just(Event::Retracted),
    ]
}

fn attribute() -> impl Strategy<Value = Attribute> {
    let value = prop_oneof![
        any::<bool>().prop_map(AttributeValue::Boolean),
        day().prop_map(AttributeValue::Date),
        (0_i64..200).prop_map(|tenths| AttributeValue::Decimal(Decimal::new(tenths, 1))),
        proptest::sample::select(vec![
            Decimal::MAX,
            Decimal::MIN,
            Decimal::new(1, 28),
            Decimal::new(-1, 28)
        ])
        .prop_map(AttributeValue::Decimal),
        instant().prop_map(AttributeValue::Instant),
        prop_oneof![9 => 0_i64..20, 1 => Just(i64::MAX)].prop_map(AttributeValue::Integer),
        money().prop_map(AttributeValue::Money),
        text().prop_map(AttributeValue::Text),
    ];
    let place = proptest::sample::select(vec!["location.latitude", "location.longitude"])
        .prop_map(|name| ecrm_core::AttributeName::new(name).unwrap());
    let degrees = (-80_i64..80).prop_map(|degrees| Some(AttributeValue::Integer(degrees)));
    let any_value = (attribute_name(), option::weighted(0.9, value));
    (prop_oneof![3 => any_value, 2 => (place, degrees)], instant(), instant())
        .prop_map(|((name, value), valid_at, recorded_at)| Attribute::new(name, value, valid_at, recorded_at, source()))
}

fn contact_data() -> impl Strategy<Value = ContactData> {
    (
        option::of(proptest::sample::select(vec!["a", "b", "lamp"])),
        option::of(proptest::sample::select(vec!["ada@mail.example", "b@lamp.example"])),
        option::of(proptest::sample::select(vec!["+43 1 234567", "+49 30 1234567"])),
        option::of((
            proptest::sample::select(vec!["a", "lamp"]),
            proptest::sample::select(vec!["DE", "AT"]),
            any::<bool>(),
        )),
        option::of(proptest::sample::select(vec!["de-AT", "en"])),
        option::of(proptest::sample::select(vec!["a", "Lamp 2"])),
    )
        .prop_map(|(name, email, phone, address, locale, organisation)| {
            let mut contact = ContactData::new();
            if let Some(name) = name {
                contact = contact.with_name(PersonName::new(name, "b").unwrap());
            }
            if let Some(email) = email {
                contact = contact.with_email(email.parse().unwrap());
            }
            if let Some(phone) = phone {
                contact = contact.with_phone(phone.parse().unwrap());
            }
            if let Some((city, country, has_code)) = address {
                let mut address = PostalAddress::new(&["a 1"], city, country.parse().unwrap()).unwrap();
                if has_code {
                    address = address.with_postal_code("1070").unwrap();
                }
                contact = contact.with_address(address);
            }
            if let Some(locale) = locale {
                contact = contact.with_locale(locale.parse().unwrap());
            }
            match organisation {
                Some(name) => contact.with_organisation(Organisation::new(name).unwrap()),
                None => contact,
            }
        })
}

fn consent(subject: Subject) -> impl Strategy<Value = Consent> {
    (
        code::<Purpose>(),
        code::<Channel>(),
        code::<ConsentDecision>(),
        instant(),
        option::of(instant()),
        option::of(1_i64..400),
    )
        .prop_map(move |(purpose, channel, decision, at, learnt_at, days)| {
            let consent = Consent::new(
                subject.id(),
                purpose,
                channel,
                decision,
                learnt_at.unwrap_or(at),
                source(),
            );
            let consent = consent.valid_from(at).unwrap();
            match days {
                Some(days) => consent.clone().until(at + TimeDelta::days(days)).unwrap_or(consent),
                None => consent,
            }
        })
}

/// Numbers that no decimal of 28 digits holds, and such as a computation leaves behind.
const NUMBERS: [f64; 8] = [0.1, 0.1 + 0.2, 0.3, 1e300, -1e300, 5e-324, -5e-324, 1.5e-20];

/// Any customer.
pub(crate) fn history() -> impl Strategy<Value = History> {
    (id(), instant(), contact_data()).prop_flat_map(|(id, registered_at, contact)| {
        let customer = Customer::new(id, registered_at).with_contact(contact);
        let subject = Subject::Customer(id);
        let number = prop_oneof![
            9 => (-2_i32..40).prop_map(|halves| f64::from(halves) / 2.0),
            1 => proptest::sample::select(&NUMBERS[..]),
        ];
        let metric = (metric_name(), number)
            .prop_map(move |(name, number)| Metric::new(subject.id(), name, number, "1", NOW).unwrap());
        let suppressed = (
            code::<Channel>(),
            code::<SuppressionReason>(),
            instant(),
            option::of(instant()),
        )
            .prop_map(|(channel, reason, from, until)| Suppressed {
                channel,
                reason,
                from,
                until,
            });
        let activity = (
            generate::id(),
            instant(),
            event(),
            any::<prop::sample::Index>(),
            0_u8..8,
        );
        (
            vec(activity, 0..14),
            vec(attribute(), 0..8),
            vec(consent(subject), 0..6),
            vec(metric, 0..3),
            vec(suppressed, 0..3),
            vec(word().prop_filter_map("a name", |name| Name::new(&name).ok()), 0..2),
        )
            .prop_map(
                move |(events, attributes, consents, metrics, suppressed, lists)| History {
                    customer: customer.clone(),
                    attributes,
                    consents,
                    metrics,
                    activities: activities(subject, events),
                    suppressed,
                    lists,
                },
            )
    })
}

/// Activities, of which some correct an earlier one.
fn activities(
    subject: Subject,
    events: Vec<(ActivityId, DateTime<Utc>, Event, prop::sample::Index, u8)>,
) -> Vec<Activity> {
    let ids: Vec<ActivityId> = events.iter().map(|event| event.0).collect();
    let mut activities = Vec::new();
    for (at, (id, valid_at, event, other, corrects)) in events.into_iter().enumerate() {
        let activity = Activity::new(id, subject, valid_at, NOW, source(), event);
        activities.push(if at > 0 && corrects == 0 {
            activity.correcting(ids[other.index(at)])
        } else {
            activity
        });
    }
    activities
}
