//! What an order costs.

use ecrm_core::{Channel, Money, OrderId, SeededIds};
use ecrm_xml_exchange::ExchangeError;
use ecrm_xml_exchange::ubl::{AllowanceCharge, Amount, Measure, MonetaryTotal, PurchaseOrder, TaxTotal};
use rust_decimal::Decimal;

use crate::answers::order;
use crate::own_files::placed;

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

fn amount(text: &str) -> Amount {
    money(text).into()
}

fn tax(text: &str) -> TaxTotal {
    let mut tax = TaxTotal::default();
    tax.amount = amount(text);
    tax
}

fn total(payable: &str) -> MonetaryTotal {
    let mut total = MonetaryTotal::default();
    total.payable = amount(payable);
    total
}

fn refused(order: &PurchaseOrder) -> String {
    let id = OrderId::new(&SeededIds::new(1), chrono::DateTime::UNIX_EPOCH);
    order.order(id, "shop", Channel::Web).unwrap_err().to_string()
}

#[test]
fn the_amount_of_a_line_is_what_the_document_says() {
    let mut order = order(&[3_000_000]);
    assert_eq!(placed(&order).total(), money("29.70 EUR"));
    order.lines[0].line_item.amount = Some(amount("25.00 EUR"));
    assert_eq!(placed(&order).total(), money("25.00 EUR"));
}

#[test]
fn allowances_and_charges_of_a_line_are_in_its_amount() {
    let mut order = order(&[3_000_000]);
    let line = &mut order.lines[0].line_item;
    line.charges = vec![
        AllowanceCharge::allowance("Bulk", amount("2.70 EUR")),
        AllowanceCharge::charge("Engraving", amount("5.00 EUR")),
    ];
    assert_eq!(placed(&order).total(), money("32.00 EUR"));
    order.lines[0].line_item.amount = Some(amount("32.00 EUR"));
    assert_eq!(placed(&order).total(), money("32.00 EUR"), "not counted twice");
}

#[test]
fn a_price_for_many_is_divided_and_the_amount_is_exact() {
    let mut order = order(&[250_000_000]);
    let price = order.lines[0].line_item.price.as_mut().unwrap();
    price.amount = amount("1.00 EUR");
    price.base_quantity = Some(Measure::new(Decimal::from(300), Some("EA")));
    let placed = placed(&order);
    assert_eq!(placed.lines()[0].unit_price().to_string(), "0.003333 EUR");
    assert_eq!(
        placed.total(),
        money("0.83 EUR"),
        "of the exact price, not of the rounded one"
    );
}

#[test]
fn a_price_for_another_unit_is_no_price() {
    let mut order = order(&[2_000_000]);
    let price = order.lines[0].line_item.price.as_mut().unwrap();
    price.base_quantity = Some(Measure::new(Decimal::ONE, Some("KGM")));
    assert!(refused(&order).starts_with("line 1: price is missing, or is for another unit"));
    order.lines[0].line_item.amount = Some(amount("5.00 EUR"));
    assert_eq!(placed(&order).lines()[0].unit_price().to_string(), "2.5 EUR");
}

#[test]
fn a_line_without_what_it_needs_is_named() {
    let mut order = order(&[1_000_000, 3_000_000]);
    let whole = order.clone();
    order.lines[1].line_item.price = None;
    assert!(refused(&order).starts_with("line 2: price is missing"));
    order.lines[1].line_item.amount = Some(amount("10.00 EUR"));
    assert!(
        order.product_lines().is_ok(),
        "a third of ten is rounded, and the amount stays ten"
    );
    order = whole.clone();
    order.lines[1].line_item.quantity = None;
    assert!(refused(&order).starts_with("line 2: quantity is missing"));
    order = whole.clone();
    order.lines[1].line_item.quantity = Some(Measure::new(Decimal::ZERO, None));
    assert_eq!(refused(&order), "line 2: quantity must be more than nothing");
    order = whole.clone();
    order.lines[1].line_item.item = ecrm_xml_exchange::ubl::Item::default();
    assert_eq!(refused(&order), "line 2: item has neither an identification nor a name");
    order = whole.clone();
    order.lines[1].line_item.amount.get_or_insert_default().value = Decimal::new(99_999, 3);
    order.lines[1].line_item.amount.as_mut().unwrap().currency = "EUR".to_owned();
    assert!(refused(&order).starts_with("line 2: amount of money has more than 2 decimals"));
    order = whole;
    order.lines[1].line_item.price.as_mut().unwrap().amount.currency = "coins".to_owned();
    assert!(refused(&order).starts_with("line 2: currency must be a code of ISO 4217"));
}

#[test]
fn lines_in_two_currencies_make_no_order() {
    let mut order = order(&[1_000_000, 1_000_000]);
    order.lines[1].line_item.price.as_mut().unwrap().amount = amount("9.90 USD");
    assert!(refused(&order).contains("in EUR meets one in USD"));
}

#[test]
fn taxes_are_a_line_where_the_total_has_them() {
    let mut order = order(&[10_000_000]);
    order.taxes = vec![tax("18.81 EUR"), tax("20.00 USD")];
    assert_eq!(
        placed(&order).total(),
        money("117.81 EUR"),
        "without a total, prices are without taxes"
    );
    order.total = Some(total("117.81 EUR"));
    let with_tax = placed(&order);
    assert_eq!((with_tax.lines().len(), with_tax.lines()[1].sku()), (2, "TAX"));
    order.total = Some(total("99.00 EUR"));
    assert_eq!(placed(&order).lines().len(), 1, "the total has no taxes");
    order.total = None;
    order.taxes[0].is_included = Some(true);
    assert_eq!(placed(&order).total(), money("99.00 EUR"));
}

#[test]
fn a_tax_that_only_the_lines_name_is_in_the_sum() {
    let mut order = order(&[10_000_000, 1_000_000]);
    order.lines[0].line_item.taxes = vec![tax("18.81 EUR")];
    order.lines[1].line_item.taxes = vec![tax("1.88 EUR")];
    order.total = Some(total("129.59 EUR"));
    let placed_order = placed(&order);
    assert_eq!(placed_order.total(), money("129.59 EUR"));
    assert_eq!(placed_order.lines()[2].amount(), money("20.69 EUR"));
    order.taxes = vec![tax("20.69 EUR")];
    assert_eq!(placed(&order).total(), money("129.59 EUR"), "not counted twice");
}

#[test]
fn a_tax_that_only_the_total_names_is_in_the_sum() {
    let mut order = order(&[10_000_000]);
    let mut stated = total("117.81 EUR");
    stated.with_tax = Some(amount("117.81 EUR"));
    order.total = Some(stated.clone());
    let without_base = placed(&order);
    assert_eq!(
        (without_base.lines()[1].sku(), without_base.total()),
        ("TAX", money("117.81 EUR"))
    );
    stated.without_tax = Some(amount("99.00 EUR"));
    order.total = Some(stated.clone());
    assert_eq!(placed(&order).total(), money("117.81 EUR"));
    // What the order says is to be paid is still compared.
    stated.payable = amount("120.00 EUR");
    order.total = Some(stated);
    assert!(refused(&order).contains("120.00 EUR") && refused(&order).contains("117.81 EUR"));
}

#[test]
fn a_line_whose_number_stands_there_twice_is_told_by_its_place() {
    let mut order = order(&[1_000_000, 1_000_000]);
    order.lines[1].line_item.id = "1".to_owned();
    order.lines[1].line_item.price = None;
    let error = order.product_lines().unwrap_err();
    assert!(
        matches!(&error, ExchangeError::Line { line, place: 2, .. } if line == "1"),
        "{error}"
    );
}

#[test]
fn what_was_paid_and_rounded_does_not_change_what_the_order_costs() {
    let mut order = order(&[1_000_000]);
    let mut stated = total("5.00 EUR");
    stated.prepaid = Some(amount("5.00 EUR"));
    stated.rounding = Some(amount("0.10 EUR"));
    order.total = Some(stated);
    assert_eq!(placed(&order).total(), money("9.90 EUR"));
}

#[test]
fn an_order_that_does_not_add_up_is_refused_with_both_sums() {
    let mut order = order(&[1_000_000]);
    order.total = Some(total("8.00 EUR"));
    let id = OrderId::new(&SeededIds::new(1), chrono::DateTime::UNIX_EPOCH);
    let (stated, computed) = (money("8.00 EUR"), money("9.90 EUR"));
    let error = order.order(id, "shop", Channel::Web).unwrap_err();
    assert_eq!(error, ExchangeError::Total { stated, computed });
    assert_eq!(
        order.product_lines().unwrap().len(),
        1,
        "its lines can be looked at all the same"
    );
    order.total = Some(total("9.90 USD"));
    assert!(refused(&order).contains("another currency"));
}

#[test]
fn charges_and_allowances_become_lines() {
    let mut order = order(&[1_000_000]);
    let mut carriage = AllowanceCharge::charge("Parcel", amount("4.95 EUR"));
    carriage.reason_code = Some("FC".to_owned());
    order.charges = vec![
        carriage,
        AllowanceCharge::charge("", amount("1.00 EUR")),
        AllowanceCharge::allowance("Welcome\nback", amount("2.00 EUR")),
    ];
    let placed = placed(&order);
    let lines: Vec<String> = placed.lines()[1..]
        .iter()
        .map(|line| {
            format!(
                "{:?} {} {} {}",
                line.kind(),
                line.sku(),
                line.description(),
                line.amount()
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            "Shipping FC Parcel 4.95 EUR",
            "Fee CHARGE Charge 1.00 EUR",
            "Discount ALLOWANCE Welcome back -2.00 EUR",
        ]
    );
}
