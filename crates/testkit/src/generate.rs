//! Random values of the model, for property tests.

mod activity;
mod contact;
mod money;

pub use activity::{activity, consent, instant, order, order_line, promise, subject};
pub use contact::{attribute, contact_data, country, customer, email, locale, name, phone, postal_address, recipient};
pub use money::{currency, money, quantity, unit_price};

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
    ];
    proptest::collection::vec(letter, 1..=longest)
        .prop_map(|letters| letters.into_iter().collect::<String>().trim().to_owned())
        .prop_filter("a line is not empty", |line| !line.is_empty())
}

/// A key of another system.
pub fn external_ref() -> impl Strategy<Value = ExternalRef> {
    ("[a-z][a-z0-9-]{0,10}", line(20))
        .prop_map(|(system, key)| ExternalRef::new(&system, &key).expect("both are checked"))
}
