//! Any model, written and read, is the same model, and nothing of what was written is left over.

use std::fmt::Debug;

use chrono::{DateTime, NaiveDate};
use ecrm_core::{
    Attribute, AttributeName, AttributeValue, Availability, CartLine, Channel, ContactData, Currency, EmailAddress,
    ExternalRef, Id, Identifier, Metric, Money, PersonName, Quantity, Source, UnitPrice, Visit,
};
use ecrm_testkit::generate as any_of;
use ecrm_xml::format::{AnyRecord, CustomerRecord, KnownIdentifier, Sighting, VOCABULARY};
use ecrm_xml::{Limits, Writer, XmlForm, parse};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::{read, written};

fn check<T: XmlForm + PartialEq + Debug>(value: &T) -> Result<(), TestCaseError> {
    let document = written(value);
    let record = parse(document.as_bytes(), &Limits::default()).unwrap();
    prop_assert_eq!(&T::read(&record.element()).unwrap(), value);
    prop_assert_eq!(record.leftovers().unwrap(), []);
    prop_assert_eq!(record.element().name(), T::NAME);

    let mut indented = Writer::new(&VOCABULARY).indented();
    value.write(&mut indented);
    let indented = String::from_utf8(indented.finish().unwrap()).unwrap();
    prop_assert_eq!(&read::<T>(&indented).unwrap(), value);
    Ok(())
}

/// A customer with all that can be known, some of it missing.
pub(super) fn customer_record() -> impl Strategy<Value = CustomerRecord> {
    let identifier = (
        any_of::identifier(),
        option::of((any_of::source(), any_of::instant(), any_of::instant())),
    )
        .prop_map(|(identifier, sighting)| {
            let identifier = KnownIdentifier::new(identifier);
            match sighting {
                Some((source, first_at, last_at)) => identifier.seen(Sighting {
                    source,
                    first_at,
                    last_at,
                }),
                None => identifier,
            }
        });
    let parts = (
        any_of::customer(),
        any::<u64>(),
        option::of((any_of::instant(), any_of::source())),
        vec(identifier, 0..4),
        vec(any_of::attribute(), 0..4),
        vec(any_of::consent(), 0..3),
    );
    parts.prop_map(|(customer, version, recorded, identifiers, attributes, consents)| {
        let mut record = CustomerRecord::new(customer.with_version(version));
        if let Some((at, source)) = recorded {
            record = record.recorded(at, source);
        }
        let record = identifiers.into_iter().fold(record, CustomerRecord::with_identifier);
        let record = attributes.into_iter().fold(record, CustomerRecord::with_attribute);
        consents.into_iter().fold(record, CustomerRecord::with_consent)
    })
}

/// A record of any kind.
pub(super) fn any_record() -> impl Strategy<Value = AnyRecord> {
    prop_oneof![
        4 => any_of::activity().prop_map(AnyRecord::Activity),
        1 => any_of::consent().prop_map(AnyRecord::Consent),
        2 => customer_record().prop_map(AnyRecord::Customer),
        1 => any_of::metric().prop_map(AnyRecord::Metric),
        1 => any_of::order().prop_map(AnyRecord::Order),
        1 => any_of::promise().prop_map(AnyRecord::Promise),
        1 => any_of::recipient().prop_map(AnyRecord::Recipient),
        1 => any_of::returned().prop_map(AnyRecord::Return),
    ]
}

proptest! {
    #[test]
    fn an_activity_is_read_back(activity in any_of::activity()) {
        check(&activity)?;
    }

    #[test]
    fn an_attribute_is_read_back(attribute in any_of::attribute()) {
        check(&attribute)?;
    }

    #[test]
    fn an_availability_is_read_back(availability in any_of::availability()) {
        check(&availability)?;
    }

    #[test]
    fn a_cart_is_read_back(cart in any_of::cart()) {
        check(&cart)?;
        for line in cart.lines() {
            check(line)?;
        }
    }

    #[test]
    fn a_consent_is_read_back(consent in any_of::consent()) {
        check(&consent)?;
    }

    #[test]
    fn contact_data_are_read_back(contact in any_of::contact_data()) {
        check(&contact)?;
        // Two spellings of one mailbox are equal; it must come back as it was typed.
        let again = read::<ContactData>(&written(&contact)).unwrap();
        prop_assert_eq!(again.email().map(EmailAddress::as_str), contact.email().map(EmailAddress::as_str));
    }

    #[test]
    fn a_customer_is_read_back(record in customer_record()) {
        check(&record)?;
        check(record.customer())?;
    }

    #[test]
    fn an_identifier_is_read_back(identifier in any_of::identifier()) {
        check(&identifier)?;
    }

    #[test]
    fn an_interaction_is_read_back(interaction in any_of::interaction()) {
        check(&interaction)?;
    }

    #[test]
    fn a_metric_is_read_back(metric in any_of::metric()) {
        check(&metric)?;
    }

    #[test]
    fn a_name_is_read_back(name in any_of::name()) {
        check(&name)?;
    }

    #[test]
    fn an_order_is_read_back(order in any_of::order()) {
        check(&order)?;
        for line in order.lines() {
            check(line)?;
        }
    }

    #[test]
    fn a_page_view_is_read_back(page in any_of::page_view()) {
        check(&page)?;
    }

    #[test]
    fn a_postal_address_is_read_back(address in any_of::postal_address()) {
        check(&address)?;
    }

    #[test]
    fn a_promise_is_read_back(promise in any_of::promise()) {
        check(&promise)?;
        if let Some(end) = promise.ended() {
            check(end)?;
        }
    }

    #[test]
    fn a_recipient_is_read_back(recipient in any_of::recipient()) {
        check(&recipient)?;
    }

    #[test]
    fn a_return_is_read_back(returned in any_of::returned()) {
        check(&returned)?;
    }

    #[test]
    fn a_search_is_read_back(search in any_of::search()) {
        check(&search)?;
    }

    #[test]
    fn a_visit_is_read_back(visit in any_of::visit()) {
        check(&visit)?;
    }

    #[test]
    fn a_wish_is_read_back(wish in any_of::wish()) {
        check(&wish)?;
    }

    #[test]
    fn a_document_of_many_records_is_read_back(records in vec(any_record(), 0..8)) {
        let mut writer = Writer::new(&VOCABULARY);
        super::write_all(&mut writer, records.iter().cloned());
        let document = parse(&writer.finish().unwrap(), &Limits::default()).unwrap();
        let again: Result<Vec<_>, _> = document.element().children().map(|record| AnyRecord::read(&record)).collect();
        prop_assert_eq!(again.unwrap(), records);
    }

    #[test]
    fn any_instant_of_any_year_is_read_back(seconds in -8_334_601_228_800..8_210_266_876_799_i64, nanos in 0..1_000_000_000_u32) {
        let at = DateTime::from_timestamp(seconds, nanos).unwrap();
        check(&attribute(AttributeValue::Instant(at)))?;
        check(&attribute(AttributeValue::Date(at.date_naive())))?;
    }

    #[test]
    fn any_text_is_read_back(text in any::<String>()) {
        check(&Visit::new(Channel::Web).with_referrer(text.clone()))?;
        check(&attribute(AttributeValue::Text(text)))?;
    }
}

fn attribute(value: AttributeValue) -> Attribute {
    let name = AttributeName::new("any").unwrap();
    Attribute::new(
        name,
        Some(value),
        DateTime::UNIX_EPOCH,
        DateTime::UNIX_EPOCH,
        Source::checkout(),
    )
}

#[test]
fn what_strategies_seldom_hit_is_read_back() {
    for text in [
        "",
        " ",
        "\0",
        "\r\n",
        "\u{1}",
        "\u{FFFE}",
        "]]>",
        "&amp;",
        "<a b=\"c\">",
        "\u{85}\u{2028}",
        "\t indented \t",
    ] {
        check(&attribute(AttributeValue::Text(text.to_owned()))).unwrap();
    }
    for number in [0, 1, -1, i64::MAX, i64::MIN] {
        check(&attribute(AttributeValue::Integer(number))).unwrap();
        check(&attribute(AttributeValue::Money(Money::from_minor(
            number,
            Currency::EUR,
        ))))
        .unwrap();
        check(&CartLine::new(
            "a",
            Quantity::from_micros(number),
            UnitPrice::from_micros(number, Currency::KWD),
        ))
        .unwrap();
    }
    for number in [Decimal::MAX, Decimal::MIN, Decimal::new(1, 28), Decimal::new(100, 2)] {
        let value = attribute(AttributeValue::Decimal(number));
        check(&value).unwrap();
        let again = read::<Attribute>(&written(&value)).unwrap();
        assert_eq!(
            again.value().unwrap().to_text(),
            number.to_string(),
            "decimals that are zero count as well"
        );
    }
    for number in [
        0.0,
        -0.0,
        f64::MAX,
        f64::MIN,
        f64::MIN_POSITIVE,
        f64::EPSILON,
        5e-324,
        0.1 + 0.2,
    ] {
        let name = AttributeName::new("value.clv").unwrap();
        let metric = Metric::new(Id::from_uuid(Uuid::nil()), name, number, "EUR", DateTime::UNIX_EPOCH).unwrap();
        check(&metric).unwrap();
        let again = read::<Metric>(&written(&metric)).unwrap();
        assert_eq!(again.value().to_bits(), number.to_bits());
    }
    for day in [NaiveDate::MIN, NaiveDate::MAX, NaiveDate::default()] {
        check(&Availability::BackOrdered { expected: Some(day) }).unwrap();
    }
    let leap_second = DateTime::from_timestamp(1_483_228_799, 1_500_000_000).unwrap();
    check(&attribute(AttributeValue::Instant(leap_second))).unwrap();
}

#[test]
fn a_name_of_a_family_alone_is_read_back() {
    let document = "<name xmlns='urn:ecrm:xml:1'><title>Dr.</title><family>Lovelace</family></name>";
    let name = read::<PersonName>(document).unwrap();
    assert_eq!((name.given(), name.full().as_str()), (None, "Dr. Lovelace"));
    check(&name).unwrap();
}

#[test]
fn a_reference_that_xml_cannot_hold_is_read_back() {
    for (system, key) in [("\u{FFFE}", "1"), ("shop", "a:b\u{FFFF}"), ("shop", "a:b")] {
        check(&Identifier::External(ExternalRef::new(system, key).unwrap())).unwrap();
    }
}
