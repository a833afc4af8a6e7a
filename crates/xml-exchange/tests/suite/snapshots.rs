//! One document of each kind, as it goes out.

use ecrm_core::{ContactData, EmailAddress, ExternalRef, Organisation, PersonName, PostalAddress, Quantity};
use ecrm_xml_exchange::ubl::{
    AllowanceCharge, Amount, ApplicationResponse, CustomerParty, DespatchAdvice, DespatchLine, DocumentReference,
    DocumentResponse, LineAnswer, Measure, OrderCancellation, OrderLineReference, OrderReference, OrderResponse,
    OrderResponseSimple, Party, PurchaseOrder, Response,
};
use ecrm_xml_exchange::xcard::{Card, Cards};
use ecrm_xml_exchange::{Day, Document, PartyProfile, ciq};
use rust_decimal::Decimal;

use crate::support::{Schema, assert_valid, xml_of};

fn day() -> Day {
    "2026-11-22".parse().unwrap()
}

fn profile() -> PartyProfile {
    let address = PostalAddress::new(
        &["Karl-Liebknecht-Str. 12", "Hinterhaus"],
        "Leipzig",
        "DE".parse().unwrap(),
    );
    let contact = ContactData::new()
        .with_name(PersonName::new("Anna", "Keller").unwrap())
        .with_organisation(Organisation::new("Keller & Töchter").unwrap())
        .with_email("anna@mail.example".parse::<EmailAddress>().unwrap())
        .with_phone("+49 341 5550100".parse().unwrap())
        .with_address(address.unwrap().with_postal_code("04107").unwrap())
        .with_locale("de-DE".parse().unwrap());
    let keys = [("shop", "C-1001"), ("erp", "7")];
    PartyProfile::new(
        contact,
        keys.map(|(system, key)| ExternalRef::new(system, key).unwrap())
            .to_vec(),
    )
}

fn order() -> PurchaseOrder {
    let mut order = crate::answers::order(&[3_000_000, 500_000]);
    order.currency = Some("EUR".to_owned());
    order.buyer = CustomerParty::new(Some("C-1001"), Some(Party::from_profile(&profile())));
    order.charges = vec![AllowanceCharge::charge(
        "Parcel",
        Amount::from("4.95 EUR".parse::<ecrm_core::Money>().unwrap()),
    )];
    order
}

fn reference() -> OrderReference {
    OrderReference::from(&order().heading)
}

fn check<T: Document>(schema: Schema, content: T) -> String {
    let xml = xml_of(content);
    assert_valid(schema, &xml);
    String::from_utf8(xml).unwrap()
}

#[test]
fn an_order() {
    insta::assert_snapshot!(check(Schema::Ubl("Order"), order()));
}

#[test]
fn an_order_response() {
    let answers = [
        LineAnswer::Partly {
            now: Quantity::pieces(2),
            later: Quantity::pieces(1),
            promised: chrono::NaiveDate::from_ymd_opt(2026, 12, 4),
        },
        LineAnswer::Unsaid,
    ];
    let response = OrderResponse::answering(&order(), "OR-42-1", chrono::DateTime::UNIX_EPOCH, &answers).unwrap();
    insta::assert_snapshot!(check(Schema::Ubl("OrderResponse"), response));
}

#[test]
fn a_simple_order_response() {
    let response = OrderResponseSimple::refusing("ORS-1", day(), reference(), "We do not deliver to islands.");
    insta::assert_snapshot!(check(Schema::Ubl("OrderResponseSimple"), response));
}

#[test]
fn an_order_cancellation() {
    let cancellation = OrderCancellation::new("OC-1", day(), reference(), "Ordered twice.");
    insta::assert_snapshot!(check(Schema::Ubl("OrderCancellation"), cancellation));
}

#[test]
fn a_despatch_advice() {
    let ordered = &order().lines[0].line_item;
    let mut of_line = OrderLineReference::default();
    (of_line.line_id, of_line.order) = (ordered.id.clone(), Some(reference()));
    let pieces = |number: i64| Measure::new(Decimal::from(number), Some("EA"));
    let mut line = DespatchLine::new("1", pieces(2), of_line, ordered.item.clone());
    line.backorder = Some(pieces(1));
    line.backorder_reasons = vec!["The harvest is late.".to_owned()];
    let mut advice = DespatchAdvice::new("D-42-1", day(), vec![line]);
    advice.orders = vec![reference()];
    insta::assert_snapshot!(check(Schema::Ubl("DespatchAdvice"), advice));
}

#[test]
fn an_application_response() {
    let document = DocumentReference::from(&order().heading);
    let response = DocumentResponse::new(Response::refused("Line 2 has no price."), document);
    let response = ApplicationResponse::new("AR-1", day(), vec![response]);
    insta::assert_snapshot!(check(Schema::Ubl("ApplicationResponse"), response));
}

#[test]
fn a_party_of_ciq() {
    insta::assert_snapshot!(check(Schema::Ciq, ciq::Party::from_profile(&profile())));
}

#[test]
fn a_card() {
    insta::assert_snapshot!(check(Schema::XCard, Cards::from(vec![Card::from_profile(&profile())])));
}
