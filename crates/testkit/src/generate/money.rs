use ecrm_core::{Currency, Money, Quantity, UnitPrice};
use proptest::prelude::*;

/// A currency with none, two or three decimals.
pub fn currency() -> impl Strategy<Value = Currency> {
    prop_oneof![
        Just(Currency::CHF),
        Just(Currency::EUR),
        Just(Currency::GBP),
        Just(Currency::JPY),
        Just(Currency::KWD),
        Just(Currency::USD),
    ]
}

/// Any amount, the largest and smallest included.
pub fn money() -> impl Strategy<Value = Money> {
    (prop_oneof![any::<i64>(), -100_000..100_000_i64], currency())
        .prop_map(|(minor, currency)| Money::from_minor(minor, currency))
}

/// Any quantity.
pub fn quantity() -> impl Strategy<Value = Quantity> {
    prop_oneof![any::<i64>(), (-50..50_i64).prop_map(|pieces| pieces * 1_000_000)].prop_map(Quantity::from_micros)
}

/// Any price of one.
pub fn unit_price() -> impl Strategy<Value = UnitPrice> {
    (any::<i64>(), currency()).prop_map(|(micros, currency)| UnitPrice::from_micros(micros, currency))
}
