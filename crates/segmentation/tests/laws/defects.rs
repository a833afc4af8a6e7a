//! Defects that others had, and those that the second evaluator found, each as a test of what must be true instead.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use ecrm_core::{
    Activity, ActivityId, Attribute, AttributeName, AttributeValue, Channel, ContactData, Customer, CustomerId, Event,
    ExternalRef, IdSource, Order, OrderId, OrderLine, Quantity, SeededIds, Source, Visit,
};
use ecrm_segmentation::criteria::*;
use ecrm_segmentation::{Catalogue, History, Zone};
use proptest::prelude::*;

use crate::histories::history;
use crate::trees::{NOW, WORDS, criteria, instant};

const SECOND: TimeDelta = TimeDelta::seconds(1);
const MICROSECOND: TimeDelta = TimeDelta::microseconds(1);

fn source() -> Source {
    Source::new("tests").unwrap()
}

fn customer(seed: u64) -> History {
    History::of(Customer::new(CustomerId::new(&SeededIds::new(seed), NOW), NOW))
}

/// A customer with an order of 10 euros at each of these instants.
fn with_orders(times: &[DateTime<Utc>]) -> History {
    let orders: Vec<_> = times.iter().map(|at| (*at, "10.00 EUR")).collect();
    with_amounts(&orders)
}

fn with_amounts(orders: &[(DateTime<Utc>, &str)]) -> History {
    let (mut history, ids) = (customer(1), SeededIds::new(2));
    for (at, price) in orders {
        let line = OrderLine::product("LAMP", "Lamp", Quantity::pieces(1), price.parse().unwrap()).unwrap();
        let number = ExternalRef::new("shop", &ids.uuid(*at).to_string()).unwrap();
        let order = Order::new(OrderId::new(&ids, *at), number, *at, Channel::Web, vec![line]).unwrap();
        history
            .activities
            .push(activity(&history, &ids, *at, Event::Order(order)));
    }
    history
}

fn with_visits(count: usize) -> History {
    let (mut history, ids) = (customer(1), SeededIds::new(2));
    for at in 0..count {
        let at = NOW - TimeDelta::seconds(i64::try_from(at).unwrap());
        let visit = Event::Visit(Visit::new(Channel::Web));
        history.activities.push(activity(&history, &ids, at, visit));
    }
    history
}

fn activity(history: &History, ids: &SeededIds, at: DateTime<Utc>, event: Event) -> Activity {
    Activity::new(ActivityId::new(ids, at), history.customer.id(), at, at, source(), event)
}

fn with_attribute(name: &str, value: AttributeValue) -> History {
    let (mut history, long_ago) = (customer(1), DateTime::UNIX_EPOCH);
    let name = AttributeName::new(name).unwrap();
    let attribute = Attribute::new(name, Some(value), long_ago, long_ago, source());
    history.attributes.push(attribute);
    history
}

fn is_named(name: &str, zone: &str, criteria: Criteria, history: &History, now: DateTime<Utc>) -> bool {
    let name = Name::new(name).unwrap();
    let catalogue = Catalogue::new(Zone::new(zone).unwrap(), [(name.clone(), criteria)]).unwrap();
    catalogue.membership(&name, history, now).unwrap().is_member
}

fn is_member_in(zone: &str, criteria: &str, history: &History, now: DateTime<Utc>) -> bool {
    is_named("segment", zone, criteria.parse().unwrap(), history, now)
}

fn is_member(criteria: &str, history: &History, now: DateTime<Utc>) -> bool {
    is_member_in("Europe/Vienna", criteria, history, now)
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn two_windows_with_the_same_end_and_another_beginning_count_apart() {
    let history = with_orders(&[at("2026-03-01T12:00:00Z"), at("2026-06-01T12:00:00Z")]);
    let count = |from: &str, count: u8| format!("count(orders from {from} to 2026-07-01T00:00:00Z) = {count}");
    let (long, short) = (count("2026-01-01T00:00:00Z", 2), count("2026-05-01T00:00:00Z", 1));
    assert!(is_member(&format!("{long} and {short}"), &history, NOW));
    assert!(is_member(&format!("{short} and {long}"), &history, NOW));
    let tree = |text: &str| text.parse::<Criteria>().unwrap();
    assert_ne!(tree(&long), tree(&short.replace("= 1", "= 2")));
}

#[test]
fn at_most_so_many_includes_those_with_none() {
    for (orders, expected) in [(0, true), (3, true), (4, false)] {
        let history = with_orders(&vec![NOW; orders]);
        for criteria in [
            "count(orders) <= 3",
            "count(orders in last 90 days) <= 3",
            "count(lines where sku = \"LAMP\") <= 3",
            "sum(orders.amount) <= 30 EUR",
        ] {
            assert_eq!(
                is_member(criteria, &history, NOW),
                expected,
                "{criteria}, {orders} orders"
            );
        }
    }
}

#[test]
fn an_age_in_days_is_exact_and_not_one_of_whole_days() {
    let history = with_orders(&[NOW]);
    let then = NOW + TimeDelta::days(30);
    for step in [SECOND, MICROSECOND] {
        for (now, is_within) in [(then - step, true), (then, true), (then + step, false)] {
            for criteria in [
                "count(orders in last 30 days) = 1",
                "days since last(orders) <= 30",
                "not stopped(orders for 30 days)",
                "not days since first(orders) > 30",
                "last(orders.at) in last 30 days",
            ] {
                assert_eq!(is_member(criteria, &history, now), is_within, "{criteria} at {now}");
            }
        }
    }
}

#[test]
fn a_window_includes_both_its_ends_to_the_microsecond() {
    let history = with_orders(&[NOW]);
    for (criteria, first, last) in [
        ("count(orders in last 30 days) = 1", NOW, NOW + TimeDelta::days(30)),
        ("count(orders in last 1 microsecond) = 1", NOW, NOW + MICROSECOND),
        ("count(orders in next 30 days) = 1", NOW - TimeDelta::days(30), NOW),
        (
            "count(orders in last 1 day 12 hours) = 1",
            NOW,
            NOW + TimeDelta::hours(36),
        ),
    ] {
        for (now, expected) in [
            (first - MICROSECOND, false),
            (first, true),
            (last, true),
            (last + MICROSECOND, false),
        ] {
            assert_eq!(is_member(criteria, &history, now), expected, "{criteria} at {now}");
        }
    }
}

#[test]
fn a_hundred_thousand_events_are_counted_exactly() {
    let history = with_visits(100_000);
    for (criteria, expected) in [
        ("count(visits) = 100000", true),
        ("count(visits) < 100000", false),
        ("count(visits) > 100000", false),
        ("count(visits in last 49999 seconds) = 50000", true),
        ("distinct(visits.at) = 100000", true),
        ("distinct(visits.channel) = 1", true),
    ] {
        assert_eq!(is_member(criteria, &history, NOW), expected, "{criteria}");
    }
}

#[test]
fn fewer_than_none_is_nobody_and_none_or_more_is_everybody() {
    for orders in 0..3 {
        let history = with_orders(&vec![NOW; orders]);
        assert!(!is_member("count(orders) < 0", &history, NOW));
        assert!(is_member("count(orders) >= 0", &history, NOW));
        assert!(is_member("not count(orders) < 0", &history, NOW));
    }
}

#[test]
fn a_sample_stays_the_same_when_the_segment_is_renamed() {
    let sample: Criteria = "sample(30%, \"spring\")".parse().unwrap();
    let drawn = |name: &str| -> Vec<bool> {
        let customers = (0..1_000).map(customer);
        customers
            .map(|customer| is_named(name, "UTC", sample.clone(), &customer, NOW))
            .collect()
    };
    let first = drawn("Spring sale");
    assert_eq!(drawn("Autumn sale"), first);
    let members = first.iter().filter(|is_member| **is_member).count();
    assert!((250..350).contains(&members), "{members} of 1,000 are not near 30%");
    let of = |seed: &str| -> Vec<bool> {
        let criteria = format!("sample(30%, {seed:?})");
        (0..1_000).map(|id| is_member(&criteria, &customer(id), NOW)).collect()
    };
    assert_ne!(of("summer"), first, "another seed is another draw");
}

#[test]
fn a_negated_comparison_keeps_the_value_at_the_boundary() {
    for (number, is_greater) in [(4, false), (5, false), (6, true)] {
        let history = with_attribute("size", AttributeValue::Integer(number));
        assert_eq!(is_member("attribute.size > 5", &history, NOW), is_greater);
        assert_eq!(is_member("not attribute.size > 5", &history, NOW), !is_greater);
        assert_eq!(is_member("not attribute.size <= 5", &history, NOW), is_greater);
    }
}

#[test]
fn a_missing_value_makes_every_comparison_false_and_its_complement_true() {
    let history = customer(1);
    for comparison in [
        "profile.city = \"Wien\"",
        "profile.city != \"Wien\"",
        "profile.city not in (\"Wien\")",
        "profile.city not contains \"W\"",
        "profile.city is present",
        "attribute.size < 5",
        "attribute.size >= 5",
        "attribute.size not between 1 and 5",
        "attribute.since not in last 30 days",
        "average(orders.amount) < 5 EUR",
        "last(orders.channel) != \"web\"",
        "days since last(orders) > 5",
        "metric.rfm.recency != 3",
        "consent(marketing, email) != \"granted\"",
    ] {
        assert!(!is_member(comparison, &history, NOW), "{comparison}");
        assert!(is_member(&format!("not {comparison}"), &history, NOW), "{comparison}");
    }
    assert!(is_member("profile.city is missing", &history, NOW));
}

#[test]
fn an_empty_text_is_a_missing_one() {
    let history = with_attribute("size", AttributeValue::Text(String::new()));
    assert!(is_member("attribute.size is missing", &history, NOW));
    assert!(!is_member("attribute.size != \"M\"", &history, NOW));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn de_morgan_holds_whatever_is_missing(one in criteria(), other in criteria(), history in history(), now in instant()) {
        let is_true = |criteria: Criteria| {
            let mut segments: Vec<_> = WORDS.iter().filter_map(|word| Name::new(word).ok()).map(|name| (name, Criteria::everyone())).collect();
            let name = Name::new("segment").unwrap();
            segments.push((name.clone(), criteria));
            let catalogue = Catalogue::new(Zone::new("UTC").unwrap(), segments).unwrap();
            catalogue.membership(&name, &history, now).unwrap().is_member
        };
        let both = Criteria::All(vec![one.clone(), other.clone()]);
        let neither = Criteria::All(vec![!one.clone(), !other.clone()]);
        let either = Criteria::Any(vec![one.clone(), other.clone()]);
        let not_both = Criteria::Any(vec![!one.clone(), !other]);
        prop_assert_eq!(is_true(!both), is_true(not_both));
        prop_assert_eq!(is_true(!either), is_true(neither));
        prop_assert_eq!(is_true(!!one.clone()), is_true(one));
    }
}

#[test]
fn criteria_mean_the_same_in_every_language() {
    let text = "profile.registered_at in this month and attribute.birthday has anniversary today";
    let birthday = AttributeValue::Date(NaiveDate::from_ymd_opt(1990, 11, 22).unwrap());
    let english = with_attribute("birthday", birthday);
    for locale in ["en", "de-AT", "ar", "ja"] {
        let mut history = english.clone();
        let contact = ContactData::new().with_locale(locale.parse().unwrap());
        history.customer = history.customer.with_contact(contact);
        assert!(is_member(text, &history, NOW), "{locale}");
    }
    assert!("profile.registered_at in diesem Monat".parse::<Criteria>().is_err());
    let tree: Criteria = text.parse().unwrap();
    let json = serde_json::to_string(&tree).unwrap();
    assert_eq!(serde_json::from_str::<Criteria>(&json).unwrap(), tree);
}

#[test]
fn a_month_is_one_of_the_calendar_and_not_thirty_days() {
    let january = with_orders(&[at("2026-01-31T12:00:00Z")]);
    for (now, is_previous) in [
        ("2026-01-31T22:59:59.999999Z", false),
        ("2026-01-31T23:00:00Z", true),
        ("2026-02-28T22:59:59.999999Z", true),
        ("2026-02-28T23:00:00Z", false),
    ] {
        let criteria = "count(orders in previous month) = 1";
        assert_eq!(is_member(criteria, &january, at(now)), is_previous, "at {now}");
    }
}

#[test]
fn a_year_has_its_leap_day() {
    let leap = with_orders(&[at("2024-02-29T12:00:00Z")]);
    for (criteria, now, expected) in [
        ("count(orders in this month) = 1", "2024-02-29T22:59:59.999999Z", true),
        ("count(orders in this month) = 1", "2024-02-29T23:00:00Z", false),
        (
            "count(orders in previous year) = 1",
            "2025-12-31T22:59:59.999999Z",
            true,
        ),
        ("count(orders in previous year) = 1", "2025-12-31T23:00:00Z", false),
        ("count(orders in last 365 days) = 1", "2025-02-28T12:00:00Z", true),
        (
            "count(orders in last 365 days) = 1",
            "2025-02-28T12:00:00.000001Z",
            false,
        ),
    ] {
        assert_eq!(is_member(criteria, &leap, at(now)), expected, "{criteria} at {now}");
    }
    let birthday = AttributeValue::Date(NaiveDate::from_ymd_opt(2000, 2, 29).unwrap());
    let born = with_attribute("birthday", birthday);
    for (now, is_today) in [
        ("2028-02-29T12:00:00Z", true),
        ("2028-03-01T12:00:00Z", false),
        ("2027-02-28T12:00:00Z", false),
        ("2027-03-01T12:00:00Z", true),
    ] {
        let criteria = "attribute.birthday has anniversary today";
        assert_eq!(is_member(criteria, &born, at(now)), is_today, "at {now}");
    }
}

#[test]
fn a_day_ends_where_the_clock_says_so_when_it_is_put_forward_or_back() {
    let today = "count(orders in this day) = 1";
    // In Vienna the 29th of March 2026 has 23 hours, and the 25th of October 25.
    for (order, first, last) in [
        (
            "2026-03-28T23:00:00Z",
            "2026-03-28T23:00:00Z",
            "2026-03-29T21:59:59.999999Z",
        ),
        (
            "2026-10-24T22:00:00Z",
            "2026-10-24T22:00:00Z",
            "2026-10-25T22:59:59.999999Z",
        ),
    ] {
        let history = with_orders(&[at(order)]);
        for (now, expected) in [
            (at(first) - MICROSECOND, false),
            (at(first), true),
            (at(last), true),
            (at(last) + MICROSECOND, false),
        ] {
            assert_eq!(is_member(today, &history, now), expected, "at {now}");
        }
    }
}

#[test]
fn a_day_without_midnight_begins_with_its_first_instant() {
    // In Havana the clock goes from midnight to one on the 8th of March 2026, and there are two midnights on the 1st of November.
    for (first, day) in [
        ("2026-03-08T05:00:00Z", "2026-03-08"),
        ("2026-11-01T04:00:00Z", "2026-11-01"),
    ] {
        let first = at(first);
        let history = with_orders(&[first]);
        let criteria =
            format!("count(orders in this day) = 1 and last(orders.at) on {day} and last(orders.day) = {day}");
        assert!(is_member_in("America/Havana", &criteria, &history, first));
        let before = with_orders(&[first - MICROSECOND]);
        assert!(!is_member_in(
            "America/Havana",
            "count(orders in this day) = 1",
            &before,
            first
        ));
    }
}

#[test]
fn no_event_at_all_is_a_plain_comparison() {
    for (orders, expected) in [
        (vec![], true),
        (vec![NOW - TimeDelta::days(8)], true),
        (vec![NOW], false),
    ] {
        let history = with_orders(&orders);
        assert_eq!(is_member("count(orders in last 7 days) = 0", &history, NOW), expected);
        assert_eq!(is_member("count(orders in last 7 days) <= 0", &history, NOW), expected);
        assert_eq!(
            is_member("not count(orders in last 7 days) >= 1", &history, NOW),
            expected
        );
    }
}

#[test]
fn values_of_different_types_are_never_compared() {
    let by_hand = [
        Expression::Profile(ProfileField::RegisteredAt).at_least("2026-01-01T00:00:00Z"),
        orders().last(Field::At).greater("2026-01-01"),
        orders().count().equals("3"),
        orders().sum(Field::Amount).at_least(200),
        orders().last(Field::Channel).equals(1),
        orders().filtered(Filter::equals(Field::Amount, "50")).count().equals(1),
        lines().last(Field::Quantity).equals("1"),
    ];
    for criteria in by_hand {
        assert!(criteria.check().is_err(), "{criteria}");
        let name = Name::new("segment").unwrap();
        let refused = Catalogue::new(Zone::new("UTC").unwrap(), [(name, criteria)]);
        assert!(refused.is_err(), "a segment that cannot be evaluated is not defined");
    }
    // An attribute has whatever type was written: a text that looks like a day is none.
    let text = with_attribute("since", AttributeValue::Text("2026-11-22".to_owned()));
    for criteria in [
        "attribute.since = 2026-11-22",
        "attribute.since != 2026-11-23",
        "attribute.since >= 2026-01-01T00:00:00Z",
        "attribute.since in last 30 days",
    ] {
        assert!(!is_member(criteria, &text, NOW), "{criteria}");
    }
    assert!(is_member(
        "attribute.since = \"2026-11-22\" and attribute.since is present",
        &text,
        NOW
    ));
}

#[test]
fn a_sequence_is_one_of_what_has_happened() {
    let (first, second) = (NOW + TimeDelta::days(1), NOW + TimeDelta::days(2));
    let history = with_orders(&[first, second]);
    for window in ["", " in last 7 days", " from 2026-11-01T00:00:00Z"] {
        let criteria = format!("sequence(orders then orders{window})");
        assert!(!is_member(&criteria, &history, NOW), "{criteria}");
        assert!(!is_member(&criteria, &history, second - MICROSECOND), "{criteria}");
        assert!(is_member(&criteria, &history, second), "{criteria}");
    }
}

#[test]
fn the_course_of_events_is_exact_at_its_edges() {
    let days = TimeDelta::days;
    let restarted = "restarted(orders after 180 days in last 30 days)";
    let regularly = "regularly(orders in 1 of 1 periods of 30 days)";
    let soon = "sequence(orders then orders within 7 days)";
    let clear = "sequence(orders then orders without orders)";
    for (criteria, before, age, expected) in [
        (restarted, days(180), days(0), true),
        (restarted, days(180), days(30), true),
        (restarted, days(180), days(30) + MICROSECOND, false),
        (restarted, days(180) - MICROSECOND, days(0), false),
        (regularly, days(180), days(30) - MICROSECOND, true),
        (regularly, days(180), days(30), false),
        (soon, days(7), days(0), true),
        (soon, days(7) + MICROSECOND, days(0), false),
        (soon, days(0), days(0), false),
        (clear, MICROSECOND, days(0), true),
    ] {
        let history = with_orders(&[NOW - before, NOW]);
        assert_eq!(
            is_member(criteria, &history, NOW + age),
            expected,
            "{criteria}, {before} before, {age} ago"
        );
    }
}

#[test]
fn amounts_in_another_currency_do_not_count_and_the_explanation_says_so() {
    let history = with_amounts(&[(NOW - SECOND, "2500.00 CHF"), (NOW, "10.00 EUR")]);
    for (text, said) in [
        ("sum(orders.amount) < 30.00 EUR", "10 EUR; amounts in CHF are left out"),
        (
            "sum(orders.amount) > 30.00 CHF",
            "2500 CHF; amounts in EUR are left out",
        ),
        (
            "average(orders.amount) > 1.00 USD",
            "nothing; amounts in CHF, EUR are left out",
        ),
        ("sum(orders.amount in last 1 millisecond) < 30.00 EUR", "10 EUR"),
        ("last(orders.amount) = 10.00 EUR", "10 EUR"),
    ] {
        let name = Name::new("segment").unwrap();
        let segments = Catalogue::new(Zone::UTC, [(name.clone(), text.parse().unwrap())]).unwrap();
        let explanation = segments.explain(&name, &history, NOW).unwrap();
        assert_eq!(explanation.found.as_deref(), Some(said), "{text}");
    }
}
