use ecrm_core::{
    Availability, Channel, Code, Currency, LineKind, Money, Order, OrderLine, Quantity, Return, ReturnKind, UnitPrice,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::activity::instant;
use super::{currency, external_ref, id, line};

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
        option::of(any::<i64>()),
    );
    parts.prop_map(
        move |(kind, sku, text, quantity, price, category, brand, cost, availability, amount)| {
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
            if let Some(amount) = amount {
                // Of an order's total there must be room for a few.
                line = line
                    .with_amount(Money::from_minor(amount / 1_000, currency))
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

/// A return of one to five lines.
pub fn returned() -> impl Strategy<Value = Return> {
    (order(), external_ref(), select(ReturnKind::ALL), option::of(id())).prop_map(|(order, number, kind, of)| {
        let returned = Return::new(number, kind, order.lines().to_vec()).expect("one currency");
        match of {
            Some(order) => returned.of_order(order),
            None => returned,
        }
    })
}

/// Any state of a line, with and without a day.
pub fn availability() -> impl Strategy<Value = Availability> {
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
