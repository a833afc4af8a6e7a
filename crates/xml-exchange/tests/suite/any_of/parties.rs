//! Generators of parties of CIQ and xCard.

use ecrm_xml_exchange::{ciq, xcard};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

use super::values::{token, tokens};

fn typed() -> impl Strategy<Value = ciq::Typed> + Clone {
    (of(token()), token()).prop_map(|(kind, text)| ciq::Typed::new(kind.as_deref(), &text))
}

fn place() -> impl Strategy<Value = Vec<ciq::PlacePart>> {
    let part = prop_oneof![
        token().prop_map(ciq::PlacePart::Name),
        token().prop_map(ciq::PlacePart::Number)
    ];
    vec(part, 0..3)
}

fn ciq_address() -> BoxedStrategy<ciq::Address> {
    let parts = (
        (of(token()), tokens(), vec(typed(), 0..3), tokens(), tokens()),
        (place(), place(), tokens(), tokens()),
    );
    parts
        .prop_map(|(first, last)| {
            let mut address = ciq::Address::default();
            (
                address.kind,
                address.free_lines,
                address.countries,
                address.regions,
                address.localities,
            ) = first;
            (
                address.thoroughfare,
                address.premises,
                address.post_codes,
                address.delivery_points,
            ) = last;
            address
        })
        .boxed()
}

pub(crate) fn ciq_party() -> BoxedStrategy<ciq::Party> {
    let names = vec(vec(typed(), 0..3), 0..3);
    let name = (tokens(), names.clone(), names).prop_map(|(lines, persons, organisations)| {
        let mut name = ciq::PartyName::default();
        (name.lines, name.persons, name.organisations) = (lines, persons, organisations);
        name
    });
    let number = (of(token()), vec(typed(), 0..3)).prop_map(|(media, elements)| {
        let mut number = ciq::ContactNumber::default();
        (number.media, number.elements) = (media, elements);
        number
    });
    let identifier = (of(token()), vec(typed(), 0..3), vec(typed(), 0..2)).prop_map(|parts| {
        let mut identifier = ciq::PartyIdentifier::default();
        (identifier.kind, identifier.elements, identifier.issuer) = parts;
        identifier
    });
    let parts = (
        (
            of(token()),
            of(token()),
            of(token()),
            of(name),
            vec(ciq_address(), 0..3),
        ),
        (vec(number, 0..3), vec(typed(), 0..3), vec(identifier, 0..3)),
        (of(token()), of(token()), vec(typed(), 0..3), vec(typed(), 0..3)),
    );
    parts
        .prop_map(|(first, second, last)| {
            let mut party = ciq::Party::default();
            (party.id, party.id_type, party.kind, party.name, party.addresses) = first;
            (party.contact_numbers, party.electronic_addresses, party.identifiers) = second;
            (party.gender, party.birth, party.languages, party.preferences) = last;
            party
        })
        .boxed()
}

fn property<T: std::fmt::Debug>(value: impl Strategy<Value = T>) -> impl Strategy<Value = xcard::Property<T>> {
    (of(1..=100_u8), tokens(), value).prop_map(|(preference, types, value)| {
        let mut property = xcard::Property::from(value);
        property.parameters.preference = preference.map(|number| number.to_string());
        property.parameters.types = types;
        property
    })
}

pub(crate) fn card() -> BoxedStrategy<xcard::Card> {
    let name = (tokens(), tokens(), tokens(), tokens(), tokens()).prop_map(|parts| {
        let mut name = xcard::StructuredName::default();
        (name.surnames, name.given, name.additional, name.prefixes, name.suffixes) = parts;
        name
    });
    let gender = (token(), of(token())).prop_map(|(sex, identity)| {
        let mut gender = xcard::Gender::default();
        (gender.sex, gender.identity) = (sex, identity);
        gender
    });
    let address = (tokens(), tokens(), tokens(), tokens(), tokens(), tokens(), tokens()).prop_map(|parts| {
        let mut address = xcard::CardAddress::default();
        (
            address.post_boxes,
            address.extensions,
            address.streets,
            address.localities,
            address.regions,
            address.postal_codes,
            address.countries,
        ) = parts;
        address
    });
    let phone = prop_oneof![
        token().prop_map(xcard::PhoneValue::Text),
        token().prop_map(xcard::PhoneValue::Uri)
    ];
    let parts = (
        (
            of(token()),
            of(token()),
            of(token()),
            vec(property(token()), 0..3),
            of(name),
        ),
        (
            of(token()),
            of(gender),
            vec(property(address), 0..3),
            vec(property(phone), 0..3),
        ),
        (vec(property(token()), 0..3), vec(property(token()), 0..3)),
        (
            vec(property(vec(token(), 1..3)), 0..2),
            vec(property(vec(token(), 1..3)), 0..2),
        ),
    );
    parts
        .prop_map(|(first, second, third, last)| {
            let mut card = xcard::Card::default();
            (card.uid, card.rev, card.kind, card.full_names, card.name) = first;
            (card.birthday, card.gender, card.addresses, card.phones) = second;
            (card.emails, card.languages) = third;
            (card.organisations, card.categories) = last;
            card
        })
        .boxed()
}
