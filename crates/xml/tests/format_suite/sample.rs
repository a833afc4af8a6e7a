//! One document with every kind of record, to be read by people.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use ecrm_core::{
    Activity, Attribute, AttributeName, AttributeValue, Availability, Cart, CartFate, CartLine, Channel, Consent,
    ConsentDecision, Contact, ContactData, Customer, CustomerId, Direction, Event, ExternalRef, Id, Identifier,
    LineKind, Metric, Order, OrderLine, OrderProgress, OrderStatus, Organisation, PageView, PersonName, PostalAddress,
    Promise, PromiseEnd, PromiseOutcome, Purpose, Quantity, Recipient, Return, ReturnKind, Search, Source, Subject,
    Visit, Wish, WishReason,
};
use ecrm_xml::Writer;
use ecrm_xml::format::{AnyRecord, CustomerRecord, KnownIdentifier, Sighting, VOCABULARY};
use uuid::Uuid;

fn id<T>(number: u128) -> Id<T> {
    Id::from_uuid(Uuid::from_u128(0x6e7c_1a52_3f0e_4b7e_9a55_0000_0000_0000 + number))
}

fn now() -> DateTime<Utc> {
    "2026-11-22T09:30:00Z".parse().unwrap()
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, 1).unwrap()
}

fn ada() -> CustomerId {
    id(1)
}

fn shop(key: &str) -> ExternalRef {
    ExternalRef::new("shop", key).unwrap()
}

fn contact() -> ContactData {
    let name = PersonName::new("Ada", "Lovelace")
        .unwrap()
        .with_title("Countess")
        .unwrap();
    let address = PostalAddress::new(&["12 St James's Square"], "London", "GB".parse().unwrap()).unwrap();
    ContactData::new()
        .with_name(name)
        .with_organisation(Organisation::new("Engines & Sons").unwrap())
        .with_email("ada@engines.example".parse().unwrap())
        .with_phone("+442079460000".parse().unwrap())
        .with_address(address.with_postal_code("SW1Y 4JH").unwrap())
        .with_locale("en-GB".parse().unwrap())
}

fn attribute(name: &str, value: Option<AttributeValue>) -> Attribute {
    let source = Source::new("customer").unwrap();
    Attribute::new(AttributeName::new(name).unwrap(), value, now(), now(), source)
}

fn customer() -> CustomerRecord {
    let customer = Customer::new(ada(), now()).with_contact(contact()).with_version(3);
    let seen = Sighting {
        source: Source::checkout(),
        first_at: now() - TimeDelta::days(400),
        last_at: now(),
    };
    let consent = Consent::new(
        id(1),
        Purpose::Marketing,
        Channel::Email,
        ConsentDecision::Granted,
        now(),
        Source::checkout(),
    )
    .until(now() + TimeDelta::days(730))
    .unwrap()
    .to_text("newsletter-2026")
    .with_proof("double opt-in 7f3a");
    CustomerRecord::new(customer)
        .recorded(now() + TimeDelta::microseconds(1_500), Source::checkout())
        .with_identifier(KnownIdentifier::new(Identifier::Email("ada@engines.example".parse().unwrap())).seen(seen))
        .with_identifier(KnownIdentifier::new(Identifier::Phone(
            "+442079460000".parse().unwrap(),
        )))
        .with_identifier(KnownIdentifier::new(Identifier::External(
            ExternalRef::new("erp", "C-1001").unwrap(),
        )))
        .with_identifier(KnownIdentifier::new(Identifier::Device(
            ExternalRef::new("cookie", "a81f").unwrap(),
        )))
        .with_attribute(attribute("club_member", Some(AttributeValue::Boolean(true))))
        .with_attribute(attribute("birthday", Some(AttributeValue::Date(day()))))
        .with_attribute(attribute(
            "shoe_size",
            Some(AttributeValue::Decimal("37.5".parse().unwrap())),
        ))
        .with_attribute(attribute("last_call", Some(AttributeValue::Instant(now()))))
        .with_attribute(attribute("children", Some(AttributeValue::Integer(3))))
        .with_attribute(attribute(
            "credit_limit",
            Some(AttributeValue::Money("500 GBP".parse().unwrap())),
        ))
        .with_attribute(attribute(
            "note",
            Some(AttributeValue::Text("a tab\tand a bell\u{7}".to_owned())),
        ))
        .with_attribute(attribute(
            "preference.channel",
            Some(AttributeValue::Text("email".to_owned())),
        ))
        .with_attribute(attribute("employer", None))
        .with_consent(consent)
}

/// An order of a lamp that is back-ordered, and its carriage.
pub(super) fn order() -> Order {
    let lamp = OrderLine::product("LAMP-1", "Lamp", Quantity::pieces(2), "14.5 EUR".parse().unwrap())
        .unwrap()
        .with_category("lighting")
        .unwrap()
        .with_brand("Lumen")
        .unwrap()
        .with_cost("17.20 EUR".parse().unwrap())
        .unwrap()
        .with_availability(Availability::BackOrdered { expected: Some(day()) });
    let carriage = OrderLine::of(
        LineKind::Shipping,
        "POST",
        "Carriage",
        Quantity::pieces(1),
        "4.95 EUR".parse().unwrap(),
    );
    Order::new(id(2), shop("10248"), now(), Channel::Web, vec![lamp, carriage.unwrap()]).unwrap()
}

fn returned() -> Return {
    let line = order().lines()[0].clone().with_availability(Availability::Unknown);
    Return::new(shop("R-7"), ReturnKind::Return, vec![line])
        .unwrap()
        .of_order(id(2))
}

fn happened(number: u128, event: Event) -> Activity {
    Activity::new(
        id(number),
        ada(),
        now(),
        now() + TimeDelta::seconds(1),
        Source::checkout(),
        event,
    )
}

/// A wish.
pub(super) fn activity() -> Activity {
    happened(
        15,
        Event::Wish(Wish::new("LAMP-2", Quantity::pieces(1), WishReason::BackInStock)),
    )
}

/// Every kind of record.
pub(super) fn records() -> Vec<AnyRecord> {
    let visit = Visit::new(Channel::Web)
        .with_referrer("https://search.example/?q=lamp&page=2")
        .with_page(PageView::new("/lamps", now()).in_section("lighting"))
        .with_search(Search::new("lamp", 12, now()))
        .with_search(Search::new("gas mantle", 0, now()));
    let cart = |fate| {
        let line = CartLine::new("LAMP-1", Quantity::pieces(2), "14.5 EUR".parse().unwrap());
        Event::Cart(Cart::new(shop("cart-5"), vec![line], fate))
    };
    let call = Contact::new(Channel::Phone, Direction::Inbound)
        .about("Where is my lamp?")
        .with_reference(shop("inquiry-3"));
    let clv = AttributeName::new("value.clv").unwrap();
    let promise = Promise::new(
        id(30),
        id(1),
        "order:10248/line:1",
        "delivery",
        now() + TimeDelta::days(9),
        now(),
        "checkout",
    );
    let kept = PromiseEnd {
        at: now() + TimeDelta::days(8),
        how: PromiseOutcome::Kept,
        evidence: Some("parcel 00340434".to_owned()),
    };
    let guest = Recipient::new(
        Subject::Guest(id(40)),
        ContactData::new().with_email("guest@inn.example".parse().unwrap()),
    );
    let no = Consent::new(
        id(40),
        Purpose::Research,
        Channel::Phone,
        ConsentDecision::Denied,
        now(),
        Source::checkout(),
    );
    vec![
        AnyRecord::Customer(customer()),
        AnyRecord::Recipient(guest),
        AnyRecord::Consent(no),
        AnyRecord::Order(order()),
        AnyRecord::Return(returned()),
        AnyRecord::Activity(happened(10, Event::Visit(visit))),
        AnyRecord::Activity(happened(11, cart(CartFate::Left))),
        AnyRecord::Activity(happened(12, cart(CartFate::Ordered(id(2))))),
        AnyRecord::Activity(happened(13, Event::Order(order()))),
        AnyRecord::Activity(happened(
            14,
            Event::OrderStatus(OrderProgress {
                order: id(2),
                status: OrderStatus::PartlyShipped,
            }),
        )),
        AnyRecord::Activity(activity()),
        AnyRecord::Activity(happened(16, Event::Contact(call))),
        AnyRecord::Activity(happened(17, Event::Return(returned()))),
        AnyRecord::Activity(happened(18, Event::Retracted).correcting(id(17))),
        AnyRecord::Metric(Metric::new(id(1), clv, 412.75, "EUR", now()).unwrap()),
        AnyRecord::Promise(promise.unwrap().superseding(id(29)).with_end(kept)),
    ]
}

/// The sample as a document, indented.
pub(super) fn document() -> String {
    let mut writer = Writer::new(&VOCABULARY).indented();
    super::write_all(&mut writer, records());
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

#[test]
fn a_document_with_every_kind_of_record_can_be_read_by_people() {
    insta::assert_snapshot!("sample", document());
}
