use chrono::{DateTime, Utc};
use ecrm_core::{
    Attribute, AttributeName, AttributeValue, ContactData, Country, Customer, EmailAddress, Identifier, Locale,
    Organisation, PersonName, PhoneNumber, PostalAddress, Recipient,
};
use proptest::option;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::activity::{instant, source, subject};
use super::{external_ref, id, line, money, text};

/// A mailbox, some with an international domain.
pub fn email() -> impl Strategy<Value = EmailAddress> {
    let local = "[a-zA-Z0-9]([a-zA-Z0-9+_-]{0,8}[.]?[a-zA-Z0-9]){0,3}";
    let domain = prop_oneof![
        "[a-z][a-z0-9]{0,10}",
        Just("bücher".to_owned()),
        Just("δοκιμή".to_owned())
    ];
    (
        local,
        domain,
        prop_oneof![Just("example"), Just("shop.example"), Just("EXAMPLE")],
    )
        .prop_map(|(local, domain, top)| format!("{local}@{domain}.{top}").parse().expect("built by the rules"))
}

/// A telephone number.
pub fn phone() -> impl Strategy<Value = PhoneNumber> {
    "[+][1-9][0-9]{6,14}".prop_map(|number| number.parse().expect("built by the rules"))
}

/// A country.
pub fn country() -> impl Strategy<Value = Country> {
    proptest::sample::select(Country::all().collect::<Vec<_>>())
}

/// A language.
pub fn locale() -> impl Strategy<Value = Locale> {
    proptest::sample::select(vec!["en", "fr", "fr-CA", "de-AT", "zh-Hant-TW", "ar"])
        .prop_map(|tag| tag.parse().expect("a tag"))
}

/// A name.
pub fn name() -> impl Strategy<Value = PersonName> {
    let parts = (
        line(20),
        line(20),
        option::of(line(5)),
        option::of(line(10)),
        option::of(line(5)),
    );
    let full = parts.prop_map(|(given, family, title, additional, suffix)| {
        let mut name = PersonName::new(&given, &family).expect("lines");
        if let Some(title) = title {
            name = name.with_title(&title).expect("a line");
        }
        if let Some(additional) = additional {
            name = name.with_additional(&additional).expect("a line");
        }
        if let Some(suffix) = suffix {
            name = name.with_suffix(&suffix).expect("a line");
        }
        name
    });
    prop_oneof![
        full,
        line(30).prop_map(|name| PersonName::single(&name).expect("a line"))
    ]
}

/// A postal address.
pub fn postal_address() -> impl Strategy<Value = PostalAddress> {
    let parts = (
        proptest::collection::vec(line(20), 0..4),
        line(20),
        option::of(line(8)),
        option::of(line(8)),
        country(),
    );
    parts.prop_map(|(lines, town, code, region, country)| {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let mut address = PostalAddress::new(&lines, &town, country).expect("lines");
        if let Some(code) = code {
            address = address.with_postal_code(&code).expect("a line");
        }
        if let Some(region) = region {
            address = address.with_region(&region).expect("a line");
        }
        address
    })
}

/// Contact data of which any part may be missing.
pub fn contact_data() -> impl Strategy<Value = ContactData> {
    let parts = (
        option::of(name()),
        option::of(line(20)),
        option::of(email()),
        option::of(phone()),
        option::of(postal_address()),
        option::of(locale()),
    );
    parts.prop_map(|(name, organisation, email, phone, address, locale)| {
        let mut contact = ContactData::new();
        if let Some(name) = name {
            contact = contact.with_name(name);
        }
        if let Some(organisation) = organisation {
            contact = contact.with_organisation(Organisation::new(&organisation).expect("a line"));
        }
        if let Some(email) = email {
            contact = contact.with_email(email);
        }
        if let Some(phone) = phone {
            contact = contact.with_phone(phone);
        }
        if let Some(address) = address {
            contact = contact.with_address(address);
        }
        if let Some(locale) = locale {
            contact = contact.with_locale(locale);
        }
        contact
    })
}

/// A customer who is not stored yet.
pub fn customer() -> impl Strategy<Value = Customer> {
    (id(), instant(), contact_data()).prop_map(|(id, at, contact)| Customer::new(id, at).with_contact(contact))
}

/// Something that a customer is recognised by, of any kind.
pub fn identifier() -> impl Strategy<Value = Identifier> {
    prop_oneof![
        external_ref().prop_map(Identifier::Device),
        email().prop_map(Identifier::Email),
        external_ref().prop_map(Identifier::External),
        phone().prop_map(Identifier::Phone),
    ]
}

/// A customer or guest who can be reached in some ways.
pub fn recipient() -> impl Strategy<Value = Recipient> {
    (subject(), contact_data()).prop_map(|(subject, contact)| Recipient::new(subject, contact))
}

/// One version of an attribute of any type.
pub fn attribute() -> impl Strategy<Value = Attribute> {
    let value = prop_oneof![
        any::<bool>().prop_map(AttributeValue::Boolean),
        instant().prop_map(|at: DateTime<Utc>| AttributeValue::Date(at.date_naive())),
        (any::<i64>(), 0..10_u32).prop_map(|(number, scale)| AttributeValue::Decimal(Decimal::new(number, scale))),
        instant().prop_map(AttributeValue::Instant),
        any::<i64>().prop_map(AttributeValue::Integer),
        money().prop_map(AttributeValue::Money),
        text(30).prop_map(AttributeValue::Text),
    ];
    let name = prop_oneof!["[a-z][a-z0-9_]{0,12}", "preference[.][a-z]{1,8}"];
    (name, option::of(value), instant(), instant(), source()).prop_map(|(name, value, valid, recorded, source)| {
        let name = AttributeName::new(&name).expect("built by the rules");
        Attribute::new(name, value, valid, recorded, source)
    })
}
