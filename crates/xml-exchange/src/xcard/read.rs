//! Reading cards. A property that is not in a form that is understood is left over, and so are those of its name behind it: what is
//! kept of a property is found again by its place.

use ecrm_xml::{Element, Name};

use super::{Card, CardAddress, Gender, Parameters, PhoneValue, Property, StructuredName, v};
use crate::frame::{every, listed, text};

pub(super) fn card(card: &Element<'_>) -> Card {
    Card {
        uid: single(card, v("uid"), v("uri")),
        rev: single(card, v("rev"), v("timestamp")),
        kind: single(card, v("kind"), v("text")),
        full_names: properties(card, v("fn"), |element| first(element, v("text"))),
        name: card.first(v("n")).map(|name| structured_name(&name)),
        birthday: single(card, v("bday"), v("date")),
        gender: gender(card),
        addresses: properties(card, v("adr"), |element| Some(address(element))),
        phones: properties(card, v("tel"), phone),
        emails: properties(card, v("email"), |element| first(element, v("text"))),
        languages: properties(card, v("lang"), |element| first(element, v("language-tag"))),
        organisations: properties(card, v("org"), |element| some(every(element, v("text"), text))),
        categories: properties(card, v("categories"), |element| some(every(element, v("text"), text))),
    }
}

fn properties<T>(card: &Element<'_>, name: Name<'_>, value: impl Fn(&Element<'_>) -> Option<T>) -> Vec<Property<T>> {
    let named = card.children().filter(|child| child.is(name));
    let readable = named.map_while(|element| {
        let value = value(&element)?;
        element.take();
        let parameters = parameters(&element);
        Some(Property { parameters, value })
    });
    readable.collect()
}

fn parameters(property: &Element<'_>) -> Parameters {
    let found = property.children().find(|child| child.is(v("parameters")));
    let Some(element) = found else {
        return Parameters::default();
    };
    let parameters = Parameters {
        preference: single(&element, v("pref"), v("integer")),
        types: listed(&element, v("type"), v("text"), text),
    };
    if parameters != Parameters::default() {
        element.take();
    }
    parameters
}

/// The value of a property that is there once.
fn single(parent: &Element<'_>, name: Name<'_>, form: Name<'_>) -> Option<String> {
    let property = parent.children().find(|child| child.is(name))?;
    let value = first(&property, form)?;
    property.take();
    Some(value)
}

fn first(property: &Element<'_>, form: Name<'_>) -> Option<String> {
    property.first(form).map(|value| text(&value))
}

fn some<T>(values: Vec<T>) -> Option<Vec<T>> {
    (!values.is_empty()).then_some(values)
}

fn phone(element: &Element<'_>) -> Option<PhoneValue> {
    let uri = first(element, v("uri")).map(PhoneValue::Uri);
    uri.or_else(|| first(element, v("text")).map(PhoneValue::Text))
}

fn gender(card: &Element<'_>) -> Option<Gender> {
    let element = card.children().find(|child| child.is(v("gender")))?;
    let sex = first(&element, v("sex"))?;
    element.take();
    let identity = first(&element, v("identity"));
    Some(Gender { sex, identity })
}

fn structured_name(element: &Element<'_>) -> StructuredName {
    StructuredName {
        surnames: words(element, v("surname")),
        given: words(element, v("given")),
        additional: words(element, v("additional")),
        prefixes: words(element, v("prefix")),
        suffixes: words(element, v("suffix")),
    }
}

fn address(element: &Element<'_>) -> CardAddress {
    CardAddress {
        post_boxes: words(element, v("pobox")),
        extensions: words(element, v("ext")),
        streets: words(element, v("street")),
        localities: words(element, v("locality")),
        regions: words(element, v("region")),
        postal_codes: words(element, v("code")),
        countries: words(element, v("country")),
    }
}

/// The texts of a part; an empty element only says that there is none.
fn words(element: &Element<'_>, name: Name<'_>) -> Vec<String> {
    let mut words = every(element, name, text);
    words.retain(|word| !word.is_empty());
    words
}
