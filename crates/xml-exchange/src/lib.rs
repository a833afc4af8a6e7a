#![doc = include_str!("../README.md")]

pub mod ciq;
mod document;
mod error;
mod profile;
mod text;
pub mod ubl;
pub mod xcard;

pub use document::{Document, Exchanged};
pub use error::ExchangeError;
pub use profile::{PartyProfile, Unusable};
pub use text::{Day, TimeOfDay};
