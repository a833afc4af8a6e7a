//! The laws of the model.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use ecrm_core::{
    Activity, Attribute, AttributeValue, Channel, Code, Consent, Country, Customer, EmailAddress, ExternalRef, Id,
    IdSource, LineKind, Metric, Money, Order, OrderStatus, PersonName, PhoneNumber, PostalAddress, Promise,
    PromiseOutcome, PromiseState, Purpose, Quantity, Recipient, Rounding, SeededIds, SuppressionReason, SystemIds,
    UnitPrice,
};
use ecrm_testkit::generate as any_of;
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde::Serialize;
use serde::de::DeserializeOwned;

fn json_round_trip<T: Serialize + DeserializeOwned>(value: &T) -> T {
    serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()
}

proptest! {
    #[test]
    fn money_reads_back_what_it_writes(money in any_of::money()) {
        prop_assert_eq!(money.to_string().parse::<Money>().unwrap(), money);
        prop_assert_eq!(Money::from_decimal(money.to_decimal(), money.currency()).unwrap(), money);
        prop_assert_eq!(json_round_trip(&money), money);
    }

    #[test]
    fn a_sum_of_money_does_not_depend_on_the_order(a in any_of::money(), b in any_of::money()) {
        prop_assert_eq!(a.checked_add(b).ok(), b.checked_add(a).ok());
    }

    #[test]
    fn what_is_added_can_be_taken_away(a in any_of::money(), minor in any::<i32>()) {
        let b = Money::from_minor(i64::from(minor), a.currency());
        if let Ok(sum) = a.checked_add(b) {
            prop_assert_eq!(sum.checked_sub(b), Ok(a));
        }
    }

    #[test]
    fn currencies_never_mix(a in any_of::money(), b in any_of::money()) {
        prop_assume!(a.currency() != b.currency());
        prop_assert!(a.checked_add(b).is_err());
        prop_assert!(a.checked_sub(b).is_err());
        prop_assert!(Money::sum(a.currency(), [b]).is_err());
    }

    #[test]
    fn arithmetic_that_does_not_fit_is_an_error(minor in any::<i64>(), other in any::<i64>(), currency in any_of::currency()) {
        let sum = Money::from_minor(minor, currency).checked_add(Money::from_minor(other, currency));
        prop_assert_eq!(sum.ok().map(Money::minor), minor.checked_add(other));
    }

    #[test]
    fn shares_add_up_and_differ_by_one_minor_unit_at_most(money in any_of::money(), parts in 1..50_u32) {
        let shares = money.split(parts).unwrap();
        prop_assert_eq!(shares.len(), parts as usize);
        prop_assert_eq!(Money::sum(money.currency(), shares.iter().copied()).unwrap(), money);
        let (most, least) = (shares.iter().map(|share| share.minor()).max(), shares.iter().map(|share| share.minor()).min());
        prop_assert!(most.unwrap() - least.unwrap() <= 1);
    }

    #[test]
    fn rounding_moves_by_less_than_one_minor_unit(number in any::<i32>(), scale in 0..9_u32, currency in any_of::currency()) {
        let exact = Decimal::new(i64::from(number), scale);
        let unit = Decimal::new(1, currency.exponent());
        for rounding in [Rounding::Ceiling, Rounding::Down, Rounding::Floor, Rounding::HalfEven, Rounding::HalfUp, Rounding::Up] {
            let rounded = Money::rounded(exact, currency, rounding).unwrap().to_decimal();
            prop_assert!((rounded - exact).abs() < unit);
            match rounding {
                Rounding::Ceiling => prop_assert!(rounded >= exact),
                Rounding::Floor => prop_assert!(rounded <= exact),
                Rounding::Down => prop_assert!(rounded.abs() <= exact.abs()),
                Rounding::Up => prop_assert!(rounded.abs() >= exact.abs()),
                _ => prop_assert!((rounded - exact).abs() * Decimal::TWO <= unit),
            }
        }
    }

    #[test]
    fn an_inexact_amount_is_refused_unless_rounded(minor in -1_000_000..1_000_000_i64, currency in any_of::currency()) {
        let exact = Decimal::new(minor * 10 + 5, currency.exponent() + 1);
        prop_assert!(Money::from_decimal(exact, currency).is_err());
    }

    #[test]
    fn quantities_and_prices_read_back_what_they_write(quantity in any_of::quantity(), price in any_of::unit_price()) {
        prop_assert_eq!(quantity.to_string().parse::<Quantity>().unwrap(), quantity);
        prop_assert_eq!(price.to_string().parse::<UnitPrice>().unwrap(), price);
        prop_assert_eq!(json_round_trip(&(quantity, price)), (quantity, price));
    }

    #[test]
    fn no_text_makes_a_constructor_panic(text in ".{0,300}") {
        let _ = text.parse::<EmailAddress>();
        let _ = text.parse::<PhoneNumber>();
        let _ = text.parse::<Money>();
        let _ = text.parse::<Quantity>();
        let _ = text.parse::<UnitPrice>();
        let _ = text.parse::<Country>();
        let _ = PersonName::single(&text);
        let _ = ExternalRef::new(&text, &text);
        let _ = AttributeValue::from_text("decimal", &text);
    }

    #[test]
    fn an_address_is_the_same_in_upper_and_lower_case(address in any_of::email()) {
        let upper: EmailAddress = address.ascii().to_ascii_uppercase().parse().unwrap();
        prop_assert_eq!(&upper, &address);
        prop_assert_eq!(upper.key(), address.key());
        prop_assert!(address.ascii().is_ascii() && address.ascii().len() <= 254);
    }

    #[test]
    fn an_address_reads_back_what_was_typed(address in any_of::email()) {
        let read: EmailAddress = json_round_trip(&address);
        prop_assert_eq!(read.as_str(), address.as_str());
    }

    #[test]
    fn a_line_break_never_gets_into_an_address_or_a_name(before in any_of::line(10), after in any_of::line(10)) {
        for line_break in ["\r\n", "\n", "\r", "\u{0}", "\u{85}"] {
            let text = format!("{before}{line_break}{after}");
            let address = format!("{text}@shop.example");
            prop_assert!(address.parse::<EmailAddress>().is_err());
            prop_assert!(PersonName::single(&text).is_err());
            prop_assert!(ExternalRef::new("shop", &text).is_err());
        }
    }

    #[test]
    fn a_telephone_number_is_the_same_with_and_without_separators(number in any_of::phone()) {
        let digits = number.as_str();
        let spaced = format!("{} {}-{}", &digits[..3], &digits[3..5], &digits[5..]);
        prop_assert_eq!(spaced.parse::<PhoneNumber>().unwrap(), number);
    }

    #[test]
    fn contact_data_survives_json(
        name in any_of::name(), address in any_of::postal_address(), customer in any_of::customer(), recipient in any_of::recipient(),
    ) {
        prop_assert_eq!(&json_round_trip::<PersonName>(&name), &name);
        prop_assert_eq!(&json_round_trip::<PostalAddress>(&address), &address);
        prop_assert_eq!(&json_round_trip::<Customer>(&customer), &customer);
        prop_assert_eq!(&json_round_trip::<Recipient>(&recipient), &recipient);
    }

    #[test]
    fn activities_and_orders_survive_json(activity in any_of::activity(), order in any_of::order()) {
        prop_assert_eq!(&json_round_trip::<Activity>(&activity), &activity);
        prop_assert_eq!(&json_round_trip::<Order>(&order), &order);
    }

    #[test]
    fn consent_promises_and_attributes_survive_json(
        consent in any_of::consent(), promise in any_of::promise(), attribute in any_of::attribute(),
    ) {
        prop_assert_eq!(&json_round_trip::<Consent>(&consent), &consent);
        prop_assert_eq!(&json_round_trip::<Promise>(&promise), &promise);
        prop_assert_eq!(&json_round_trip::<Attribute>(&attribute), &attribute);
    }

    #[test]
    fn an_attribute_value_reads_back_what_it_writes(attribute in any_of::attribute()) {
        if let Some(value) = attribute.value() {
            prop_assert_eq!(&AttributeValue::from_text(value.kind(), &value.to_text()).unwrap(), value);
        }
    }

    #[test]
    fn the_total_of_an_order_is_the_sum_of_its_lines(order in any_of::order()) {
        let sum: i64 = order.lines().iter().map(|line| line.amount().minor()).sum();
        prop_assert_eq!(order.total().minor(), sum);
    }

    #[test]
    fn a_promise_breaks_by_itself_when_its_time_is_over(promise in any_of::promise(), now in any_of::instant()) {
        let open = promise.ended().is_none_or(|end| end.at > now);
        let is_over = now > promise.due_at();
        let expected = if is_over { PromiseState::Broken } else { PromiseState::Open };
        // What ended otherwise than kept, and too late, was broken before.
        let ended_too_late = !open && promise.ended().is_some_and(|end| end.at > promise.due_at() && end.how != PromiseOutcome::Kept);
        prop_assert_eq!(open || ended_too_late, promise.state_at(now) == expected);
    }

    #[test]
    fn ids_sort_by_the_millisecond_in_which_they_were_made(a in 0..4_000_000_000_000_i64, b in 0..4_000_000_000_000_i64, seed in any::<u64>()) {
        let ids = SeededIds::new(seed);
        let made_at = |milliseconds| Id::<Order>::new(&ids, chrono::DateTime::from_timestamp_millis(milliseconds).unwrap());
        let (first, second) = (made_at(a), made_at(b));
        prop_assert_eq!(first.uuid().get_version_num(), 7);
        prop_assert!(a == b || (a < b) == (first < second));
    }

    #[test]
    fn debug_never_shows_contact_data(customer in any_of::customer(), recipient in any_of::recipient()) {
        let shown = format!("{customer:?} {recipient:?}");
        for secret in [
            customer.contact().email().map(|email| email.as_str().to_owned()),
            customer.contact().phone().map(|phone| phone.as_str().to_owned()),
            recipient.contact().email().map(|email| email.ascii().to_owned()),
            recipient.contact().address().map(|address| address.locality().to_owned()).filter(|town| town.len() > 12),
            customer.contact().name().map(PersonName::full).filter(|name| name.len() > 12),
        ].into_iter().flatten() {
            prop_assert!(!shown.contains(&secret));
        }
    }
}

#[test]
fn every_code_is_the_word_that_json_uses() {
    fn check<T: Code + Serialize + std::fmt::Debug>() {
        for variant in T::ALL {
            assert_eq!(serde_json::to_value(variant).unwrap(), variant.code());
            assert_eq!(T::from_code(variant.code()).as_ref(), Ok(variant));
        }
    }
    check::<Channel>();
    check::<LineKind>();
    check::<OrderStatus>();
    check::<Purpose>();
    check::<SuppressionReason>();
}

#[test]
fn seeded_ids_are_the_same_at_every_run_and_never_repeat() {
    let draw = || {
        let ids = SeededIds::new(42);
        (0..1000)
            .map(|_| ids.uuid(chrono::DateTime::UNIX_EPOCH))
            .collect::<Vec<_>>()
    };
    let mut drawn = draw();
    assert_eq!(drawn, draw());
    drawn.sort();
    drawn.dedup();
    assert_eq!(drawn.len(), 1000);
}

#[test]
fn ids_of_the_system_sort_in_the_order_in_which_they_were_made() {
    let drawn: Vec<_> = (0..10_000)
        .map(|_| SystemIds.uuid(chrono::DateTime::UNIX_EPOCH))
        .collect();
    assert!(drawn.is_sorted_by(|one, next| one < next));
    assert!(drawn.iter().all(|id| id.get_version_num() == 7));
}

#[test]
fn an_address_that_a_mail_cannot_reach_is_refused() {
    for text in [
        "",
        "@",
        "ann",
        "ann@",
        "@shop.example",
        "ann@localhost",
        "ann@[127.0.0.1]",
        "ann@127.0.0.1",
        "\"ann b\"@shop.example",
        "ann@shop..example",
        "a..b@shop.example",
        ".ann@shop.example",
        "ann@-shop.example",
        "ann@shop.example.",
        "ann@sh op.example",
        "Ann <ann@shop.example>",
        "ann@shop.example,bob@shop.example",
        "änn@shop.example",
        "ann@shop_x.example",
    ] {
        assert!(text.parse::<EmailAddress>().is_err(), "{text} was accepted");
    }
    let long = format!("{}@shop.example", "a".repeat(65));
    assert!(
        long.parse::<EmailAddress>().is_err(),
        "a local part of 65 characters was accepted"
    );
    let long = format!("ann@{}.example", vec!["abcdefghi"; 26].join("."));
    assert!(
        long.parse::<EmailAddress>().is_err(),
        "an address of more than 254 characters was accepted"
    );
}

#[test]
fn a_metric_is_a_finite_number() {
    let name = ecrm_core::AttributeName::new("rfm.recency").unwrap();
    let now = chrono::DateTime::UNIX_EPOCH;
    let subject = Id::new(&SeededIds::new(1), now);
    for value in [f64::NAN, f64::INFINITY] {
        assert!(Metric::new(subject, name.clone(), value, "days", now).is_err());
    }
}

#[test]
fn an_order_with_lines_in_two_currencies_is_refused() {
    let line =
        |price: &str| ecrm_core::OrderLine::product("A", "A", Quantity::pieces(1), price.parse().unwrap()).unwrap();
    let now = chrono::DateTime::UNIX_EPOCH;
    let number = ExternalRef::new("shop", "1").unwrap();
    let order = |lines| {
        Order::new(
            Id::new(&SeededIds::new(1), now),
            number.clone(),
            now,
            Channel::Web,
            lines,
        )
    };
    assert!(order(vec![line("1 EUR"), line("1 USD")]).is_err());
    assert!(order(Vec::new()).is_err());
}
