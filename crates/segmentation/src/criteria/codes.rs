//! The words of the core model that a text can be: any other is a slip of the pen, of which nothing would ever be true.

use ecrm_core::{
    Availability, CartFate, Channel, Code, ConsentDecision, Country, Direction, LineKind, Locale, OrderId, OrderStatus,
    ReturnKind, WishReason,
};

use super::{EventSet, Field, ProfileField};

/// The words that a property of events can be; nothing where it is any text.
pub(super) fn codes_of(field: Field, set: EventSet) -> Option<Vec<&'static str>> {
    Some(match (field, set) {
        (Field::Channel | Field::OrderChannel, _) => all::<Channel>(),
        (Field::Direction, _) => all::<Direction>(),
        (Field::Status, _) => all::<OrderStatus>(),
        (Field::Reason, _) => all::<WishReason>(),
        (Field::Kind, EventSet::Lines) => all::<LineKind>(),
        (Field::Kind, EventSet::Returns) => all::<ReturnKind>(),
        (Field::Availability, _) => availabilities(),
        (Field::Fate, _) => fates(),
        _ => return None,
    })
}

/// What can be said about a consent.
pub(super) fn consents() -> Vec<&'static str> {
    let mut words = all::<ConsentDecision>();
    words.push("expired");
    words
}

/// Why no customer ever has this text in a field whose texts a standard writes; nothing where one can have it.
pub(super) fn misspelt(field: ProfileField, text: &str) -> Option<String> {
    let (written, standard) = match field {
        ProfileField::Country => {
            let country = text.parse::<Country>().ok();
            (country.map(|country| country.code().to_owned()), "DE, by ISO 3166-1")
        }
        ProfileField::Locale => {
            let locale = text.parse::<Locale>().ok();
            (locale.map(|locale| locale.to_string()), "de-AT, by BCP 47")
        }
        _ => return None,
    };
    match written {
        Some(written) if written == text => None,
        Some(written) => Some(format!("is never \"{text}\", but \"{written}\"")),
        None => Some(format!("is never \"{text}\"; it is written as {standard}")),
    }
}

fn all<T: Code>() -> Vec<&'static str> {
    T::ALL.iter().map(|choice| choice.code()).collect()
}

fn availabilities() -> Vec<&'static str> {
    let all = [
        Availability::BackOrdered { expected: None },
        Availability::Digital,
        Availability::InStock,
        Availability::MadeToOrder { expected: None },
        Availability::Unavailable,
        Availability::Unknown,
    ];
    all.into_iter().map(Availability::code).collect()
}

fn fates() -> Vec<&'static str> {
    let ordered = CartFate::Ordered(OrderId::from_uuid(uuid::Uuid::nil()));
    let all = [CartFate::Emptied, CartFate::Left, CartFate::Open, ordered];
    all.into_iter().map(CartFate::code).collect()
}
