//! Generators of values.

use chrono::{NaiveDate, NaiveTime};
use ecrm_xml_exchange::ubl::{Amount, CodeValue, Identification, Measure};
use ecrm_xml_exchange::{Day, TimeOfDay};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use rust_decimal::Decimal;

/// One line, with everything in it that has to be escaped.
pub(crate) fn token() -> impl Strategy<Value = String> + Clone {
    "[!-~äß€😀]([ -~äß€]{0,8}[!-~äß€])?"
}

/// Several lines and any white space.
pub(crate) fn text() -> impl Strategy<Value = String> {
    "[ -~äß€\t\n\r]{0,20}"
}

pub(crate) fn texts() -> impl Strategy<Value = Vec<String>> {
    vec(text(), 0..3)
}

pub(crate) fn tokens() -> impl Strategy<Value = Vec<String>> {
    vec(token(), 0..3)
}

pub(crate) fn day() -> impl Strategy<Value = Day> {
    let zone = prop_oneof![Just(""), Just("Z"), Just("+01:00"), Just("-05:30")];
    (0..60_000, zone).prop_map(|(days, zone)| {
        let date = NaiveDate::from_num_days_from_ce_opt(700_000 + days).unwrap();
        format!("{date}{zone}").parse().unwrap()
    })
}

pub(crate) fn time() -> impl Strategy<Value = TimeOfDay> {
    (0..86_400_u32, 0..1_000_000_000_u32).prop_map(|(second, nano)| {
        NaiveTime::from_num_seconds_from_midnight_opt(second, nano)
            .unwrap()
            .into()
    })
}

pub(crate) fn decimal() -> impl Strategy<Value = Decimal> {
    (any::<i64>(), 0..12_u32).prop_map(|(number, scale)| Decimal::new(number, scale))
}

pub(crate) fn measure() -> BoxedStrategy<Measure> {
    (decimal(), of(token()))
        .prop_map(|(value, unit)| Measure::new(value, unit.as_deref()))
        .boxed()
}

pub(crate) fn amount() -> BoxedStrategy<Amount> {
    (decimal(), token())
        .prop_map(|(value, currency)| {
            let mut amount = Amount::default();
            (amount.value, amount.currency) = (value, currency);
            amount
        })
        .boxed()
}

pub(crate) fn identification() -> BoxedStrategy<Identification> {
    (token(), of(token()), of(token()))
        .prop_map(|(value, scheme, agency)| {
            let mut id = Identification::from(value.as_str());
            (id.scheme, id.agency) = (scheme, agency);
            id
        })
        .boxed()
}

pub(crate) fn code() -> BoxedStrategy<CodeValue> {
    (token(), of(token()), of(token()), of(token()))
        .prop_map(|(value, list, agency, name)| {
            let mut code = CodeValue::from(value.as_str());
            (code.list, code.agency, code.list_name) = (list, agency, name);
            code
        })
        .boxed()
}
