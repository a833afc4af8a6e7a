//! Writing cards.

use ecrm_xml::{Name, Writer};

use super::{Card, CardAddress, Parameters, PhoneValue, Property, StructuredName, v};

pub(super) fn card(card: &Card, writer: &mut Writer<'_>) {
    writer.within(v("vcard"), |writer| {
        single(writer, v("uid"), v("uri"), card.uid.as_deref());
        single(writer, v("rev"), v("timestamp"), card.rev.as_deref());
        single(writer, v("kind"), v("text"), card.kind.as_deref());
        properties(writer, v("fn"), &card.full_names, text);
        if let Some(name) = &card.name {
            writer.within(v("n"), |writer| structured_name(writer, name));
        }
        single(writer, v("bday"), v("date"), card.birthday.as_deref());
        if let Some(gender) = &card.gender {
            writer.within(v("gender"), |writer| {
                writer.element(v("sex"), &gender.sex);
                if let Some(identity) = &gender.identity {
                    writer.element(v("identity"), identity);
                }
            });
        }
        properties(writer, v("adr"), &card.addresses, address);
        properties(writer, v("tel"), &card.phones, |writer, phone| match phone {
            PhoneValue::Text(number) => writer.element(v("text"), number),
            PhoneValue::Uri(uri) => writer.element(v("uri"), uri),
        });
        properties(writer, v("email"), &card.emails, text);
        properties(writer, v("lang"), &card.languages, |writer, tag| {
            writer.element(v("language-tag"), tag);
        });
        properties(writer, v("org"), &card.organisations, texts);
        properties(writer, v("categories"), &card.categories, texts);
    });
}

fn properties<T>(
    writer: &mut Writer<'_>,
    name: Name<'_>,
    properties: &[Property<T>],
    write: impl Fn(&mut Writer<'_>, &T),
) {
    for property in properties {
        writer.within(name, |writer| {
            parameters(writer, &property.parameters);
            write(writer, &property.value);
        });
    }
}

/// Parameters have an order of their own, in which the preference comes before the types.
fn parameters(writer: &mut Writer<'_>, parameters: &Parameters) {
    if *parameters == Parameters::default() {
        return;
    }
    writer.within(v("parameters"), |writer| {
        single(writer, v("pref"), v("integer"), parameters.preference.as_deref());
        if !parameters.types.is_empty() {
            writer.within(v("type"), |writer| texts(writer, &parameters.types));
        }
    });
}

fn single(writer: &mut Writer<'_>, name: Name<'_>, form: Name<'_>, value: Option<&str>) {
    if let Some(value) = value {
        writer.within(name, |writer| writer.element(form, value));
    }
}

#[expect(clippy::ptr_arg, reason = "the value of a property")]
fn text(writer: &mut Writer<'_>, text: &String) {
    writer.element(v("text"), text);
}

fn texts(writer: &mut Writer<'_>, all: &Vec<String>) {
    for one in all {
        text(writer, one);
    }
}

fn structured_name(writer: &mut Writer<'_>, name: &StructuredName) {
    words(writer, v("surname"), &name.surnames);
    words(writer, v("given"), &name.given);
    words(writer, v("additional"), &name.additional);
    words(writer, v("prefix"), &name.prefixes);
    words(writer, v("suffix"), &name.suffixes);
}

fn address(writer: &mut Writer<'_>, address: &CardAddress) {
    words(writer, v("pobox"), &address.post_boxes);
    words(writer, v("ext"), &address.extensions);
    words(writer, v("street"), &address.streets);
    words(writer, v("locality"), &address.localities);
    words(writer, v("region"), &address.regions);
    words(writer, v("code"), &address.postal_codes);
    words(writer, v("country"), &address.countries);
}

/// Every part has to be there, if only empty.
fn words(writer: &mut Writer<'_>, name: Name<'_>, words: &[String]) {
    if words.is_empty() {
        writer.element(name, "");
    }
    for word in words {
        writer.element(name, word);
    }
}
