//! Random values of the model, for property tests.

mod activity;
mod contact;
mod money;
mod order;
mod visit;

pub use activity::{activity, consent, instant, interaction, metric, promise, source, subject};
pub use contact::{
    attribute, contact_data, country, customer, email, identifier, locale, name, phone, postal_address, recipient,
};
pub use money::{currency, money, quantity, unit_price};
pub use order::{availability, order, order_line, returned};
pub use visit::{cart, page_view, search, visit, wish};

use ecrm_core::{ExternalRef, Id};
use proptest::prelude::*;
use uuid::Uuid;

/// An id of anything.
pub fn id<T: 'static>() -> impl Strategy<Value = Id<T>> {
    any::<u128>().prop_map(|bits| Id::from_uuid(Uuid::from_u128(bits)))
}

/// One line of text of 1 to `longest` characters, of several scripts, with what a markup language would stumble over.
pub fn line(longest: usize) -> impl Strategy<Value = String> {
    let letter = prop_oneof![
        8 => proptest::char::range('a', 'z'),
        4 => proptest::char::range('!', '~'),
        2 => proptest::char::range('À', 'ſ'),
        1 => proptest::char::range('א', 'ת'),
        1 => proptest::char::range('一', '丏'),
        1 => proptest::char::range('😀', '😏'),
        1 => Just(' '),
        1 => prop_oneof![Just('\u{FFFE}'), Just('\u{2028}'), Just('\u{200B}')],
    ];
    proptest::collection::vec(letter, 1..=longest)
        .prop_map(|letters| letters.into_iter().collect::<String>().trim().to_owned())
        .prop_filter("a line is not empty", |line| !line.is_empty())
}

/// Any text of up to `longest` characters that a database can hold: empty, with line ends, with blanks around it.
pub fn text(longest: usize) -> impl Strategy<Value = String> {
    let character = prop_oneof![
        4 => any::<char>().prop_filter("PostgreSQL has no U+0000", |character| *character != '\0'),
        2 => proptest::char::range(' ', '~'),
        1 => prop_oneof![Just('\r'), Just('\n'), Just('\t'), Just(' '), Just('\u{1}'), Just('\u{FFFF}')],
    ];
    let wild =
        proptest::collection::vec(character, 0..=longest).prop_map(|characters| characters.into_iter().collect());
    prop_oneof![line(longest.max(1)), wild]
}

/// A key of another system.
pub fn external_ref() -> impl Strategy<Value = ExternalRef> {
    let system = prop_oneof![
        4 => "[a-z][a-z0-9-]{0,10}",
        1 => line(10).prop_filter("a system has no colon", |system| !system.contains(':')),
    ];
    (system, line(20)).prop_map(|(system, key)| ExternalRef::new(&system, &key).expect("both are checked"))
}
