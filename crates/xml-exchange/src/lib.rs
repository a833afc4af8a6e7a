#![doc = include_str!("../README.md")]

/// `Debug` for types that are all about people: it shows the name of the type.
macro_rules! redacted {
    ($($type:ident),*) => {$(
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($type), "(…)"))
            }
        }
    )*};
}

pub mod ciq;
mod document;
mod error;
mod frame;
pub mod import;
mod profile;
mod store;
mod text;
pub mod ubl;
pub mod xcard;

pub use document::{Document, Exchanged};
pub use error::ExchangeError;
pub use profile::{PartyProfile, Unusable};
pub use store::{MODULE, StoredDocument, find_document, keep, kept, store_document};
pub use text::{Day, TimeOfDay};
