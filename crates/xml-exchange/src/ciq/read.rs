//! Reading xPIL. Nothing is required: a party of which only a telephone number is known is a party.

use ecrm_xml::{Element, Name};

use super::{Address, ContactNumber, Party, PartyIdentifier, PartyName, PlacePart, Typed, a, n, p};
use crate::frame::{every, listed, text};

pub(super) fn party(root: &Element<'_>) -> Party {
    Party {
        id: attribute(root, p("PartyID")),
        id_type: attribute(root, p("PartyIDType")),
        kind: attribute(root, p("PartyType")),
        name: root.first(p("PartyName")).map(|name| party_name(&name)),
        addresses: listed(root, p("Addresses"), p("Address"), address),
        contact_numbers: listed(root, p("ContactNumbers"), p("ContactNumber"), contact_number),
        electronic_addresses: listed(
            root,
            p("ElectronicAddressIdentifiers"),
            p("ElectronicAddressIdentifier"),
            |element| typed(element, p("Type")),
        ),
        identifiers: listed(root, p("Identifiers"), p("Identifier"), identifier),
        gender: attribute_of(root, p("PersonInfo"), p("Gender")),
        birth: attribute_of(root, p("BirthInfo"), p("BirthDateTime")),
        languages: listed(root, p("Languages"), p("Language"), |element| {
            typed(element, p("Preference"))
        }),
        preferences: listed(root, p("Preferences"), p("Preference"), |element| {
            typed(element, p("Type"))
        }),
    }
}

fn party_name(element: &Element<'_>) -> PartyName {
    let name_elements = |name: Element<'_>| every(&name, n("NameElement"), |part| typed(part, n("ElementType")));
    PartyName {
        lines: every(element, n("NameLine"), text),
        persons: element.all(n("PersonName")).map(name_elements).collect(),
        organisations: element.all(n("OrganisationName")).map(name_elements).collect(),
    }
}

fn address(element: &Element<'_>) -> Address {
    Address {
        kind: attribute(element, a("Type")),
        free_lines: listed(element, a("FreeTextAddress"), a("AddressLine"), text),
        countries: listed(element, a("Country"), a("NameElement"), |name| {
            typed(name, a("NameCode"))
        }),
        regions: listed(element, a("AdministrativeArea"), a("NameElement"), text),
        localities: listed(element, a("Locality"), a("NameElement"), text),
        thoroughfare: place(element, a("Thoroughfare")),
        premises: place(element, a("Premises")),
        post_codes: listed(element, a("PostCode"), a("Identifier"), text),
        delivery_points: listed(element, a("PostalDeliveryPoint"), a("Identifier"), text),
    }
}

/// Names and numbers in their order: `12 High Street` and `Hauptstraße 12` are both said so.
fn place(address: &Element<'_>, name: Name<'_>) -> Vec<PlacePart> {
    let part = |element: &Element<'_>| {
        if element.is(a("NameElement")) {
            Some(PlacePart::Name(text(element)))
        } else if element.is(a("Number")) {
            Some(PlacePart::Number(text(element)))
        } else {
            None
        }
    };
    let found = address.children().find(|child| child.is(name));
    let Some(place) = found else { return Vec::new() };
    let mut parts = Vec::new();
    for child in place.children() {
        if let Some(part) = part(&child) {
            child.take();
            parts.push(part);
        }
    }
    if !parts.is_empty() {
        place.take();
    }
    parts
}

fn contact_number(element: &Element<'_>) -> ContactNumber {
    ContactNumber {
        media: attribute(element, p("CommunicationMediaType")),
        elements: every(element, p("ContactNumberElement"), |part| typed(part, p("Type"))),
    }
}

fn identifier(element: &Element<'_>) -> PartyIdentifier {
    PartyIdentifier {
        kind: attribute(element, p("Type")),
        elements: every(element, p("IdentifierElement"), |part| typed(part, p("Type"))),
        issuer: listed(element, p("IssuerName"), n("NameElement"), |part| {
            typed(part, n("ElementType"))
        }),
    }
}

/// An attribute for whose sake an element is there.
fn attribute_of(parent: &Element<'_>, name: Name<'_>, of: Name<'_>) -> Option<String> {
    let element = parent.children().find(|child| child.is(name))?;
    let value = attribute(&element, of)?;
    element.take();
    Some(value)
}

fn typed(element: &Element<'_>, kind: Name<'_>) -> Typed {
    Typed {
        kind: attribute(element, kind),
        text: text(element),
    }
}

/// The attributes of CIQ have namespaces; those who forget that mean the same.
fn attribute(element: &Element<'_>, name: Name<'_>) -> Option<String> {
    let value = element
        .attribute(name)
        .or_else(|| element.attribute(Name::local(name.local)));
    value.map(std::borrow::Cow::into_owned)
}
