//! Writing xPIL, in the order of its schema.

use ecrm_xml::{Name, Writer};

use super::{Address, ContactNumber, Party, PartyIdentifier, PartyName, PlacePart, Typed, a, n, p};

pub(super) fn party(party: &Party, writer: &mut Writer<'_>) {
    writer.within(p("Party"), |writer| {
        attribute(writer, p("PartyType"), &party.kind);
        attribute(writer, p("PartyID"), &party.id);
        attribute(writer, p("PartyIDType"), &party.id_type);
        if let Some(name) = &party.name {
            writer.within(p("PartyName"), |writer| party_name(writer, name));
        }
        list(writer, p("Addresses"), p("Address"), &party.addresses, address);
        list(
            writer,
            p("ContactNumbers"),
            p("ContactNumber"),
            &party.contact_numbers,
            contact_number,
        );
        list(
            writer,
            p("ElectronicAddressIdentifiers"),
            p("ElectronicAddressIdentifier"),
            &party.electronic_addresses,
            |writer, address| typed(writer, p("Type"), address),
        );
        list(
            writer,
            p("Identifiers"),
            p("Identifier"),
            &party.identifiers,
            identifier,
        );
        with_attribute(writer, p("PersonInfo"), p("Gender"), &party.gender);
        with_attribute(writer, p("BirthInfo"), p("BirthDateTime"), &party.birth);
        list(
            writer,
            p("Languages"),
            p("Language"),
            &party.languages,
            |writer, language| {
                typed(writer, p("Preference"), language);
            },
        );
        list(
            writer,
            p("Preferences"),
            p("Preference"),
            &party.preferences,
            |writer, preference| {
                typed(writer, p("Type"), preference);
            },
        );
    });
}

fn party_name(writer: &mut Writer<'_>, name: &PartyName) {
    for line in &name.lines {
        writer.element(n("NameLine"), line);
    }
    let mut named = |frame: Name<'_>, names: &[Vec<Typed>]| {
        for elements in names {
            writer.within(frame, |writer| name_elements(writer, elements));
        }
    };
    named(n("PersonName"), &name.persons);
    named(n("OrganisationName"), &name.organisations);
}

fn name_elements(writer: &mut Writer<'_>, elements: &[Typed]) {
    for element in elements {
        writer.within(n("NameElement"), |writer| typed(writer, n("ElementType"), element));
    }
}

fn address(writer: &mut Writer<'_>, address: &Address) {
    attribute(writer, a("Type"), &address.kind);
    list(
        writer,
        a("FreeTextAddress"),
        a("AddressLine"),
        &address.free_lines,
        text,
    );
    list(
        writer,
        a("Country"),
        a("NameElement"),
        &address.countries,
        |writer, country| {
            typed(writer, a("NameCode"), country);
        },
    );
    list(
        writer,
        a("AdministrativeArea"),
        a("NameElement"),
        &address.regions,
        text,
    );
    list(writer, a("Locality"), a("NameElement"), &address.localities, text);
    place(writer, a("Thoroughfare"), &address.thoroughfare);
    place(writer, a("Premises"), &address.premises);
    list(writer, a("PostCode"), a("Identifier"), &address.post_codes, text);
    list(
        writer,
        a("PostalDeliveryPoint"),
        a("Identifier"),
        &address.delivery_points,
        text,
    );
}

fn place(writer: &mut Writer<'_>, name: Name<'_>, parts: &[PlacePart]) {
    if parts.is_empty() {
        return;
    }
    writer.within(name, |writer| {
        for part in parts {
            match part {
                PlacePart::Name(name) => writer.element(a("NameElement"), name),
                PlacePart::Number(number) => writer.element(a("Number"), number),
            }
        }
    });
}

fn contact_number(writer: &mut Writer<'_>, number: &ContactNumber) {
    attribute(writer, p("CommunicationMediaType"), &number.media);
    for element in &number.elements {
        writer.within(p("ContactNumberElement"), |writer| typed(writer, p("Type"), element));
    }
}

fn identifier(writer: &mut Writer<'_>, identifier: &PartyIdentifier) {
    attribute(writer, p("Type"), &identifier.kind);
    for element in &identifier.elements {
        writer.within(p("IdentifierElement"), |writer| typed(writer, p("Type"), element));
    }
    if !identifier.issuer.is_empty() {
        writer.within(p("IssuerName"), |writer| name_elements(writer, &identifier.issuer));
    }
}

/// A frame with its elements; no frame for none.
fn list<T>(
    writer: &mut Writer<'_>,
    frame: Name<'_>,
    item: Name<'_>,
    values: &[T],
    write: impl Fn(&mut Writer<'_>, &T),
) {
    if values.is_empty() {
        return;
    }
    writer.within(frame, |writer| {
        for value in values {
            writer.within(item, |writer| write(writer, value));
        }
    });
}

fn with_attribute(writer: &mut Writer<'_>, element: Name<'_>, name: Name<'_>, value: &Option<String>) {
    if value.is_some() {
        writer.within(element, |writer| attribute(writer, name, value));
    }
}

fn attribute(writer: &mut Writer<'_>, name: Name<'_>, value: &Option<String>) {
    if let Some(value) = value {
        writer.attribute(name, value);
    }
}

fn typed(writer: &mut Writer<'_>, kind: Name<'_>, value: &Typed) {
    attribute(writer, kind, &value.kind);
    writer.text(&value.text);
}

#[expect(clippy::ptr_arg, reason = "an element of a list of texts")]
fn text(writer: &mut Writer<'_>, text: &String) {
    writer.text(text);
}
