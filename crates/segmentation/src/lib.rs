#![doc = include_str!("../README.md")]

mod calendar;
mod catalogue;
pub mod criteria;
mod evaluate;
mod facts;
mod sets;
mod text;
#[cfg(feature = "xml")]
pub mod xml;

pub use calendar::Zone;
pub use catalogue::{Catalogue, CatalogueError, Membership};
pub use criteria::{Criteria, CriteriaError};
pub use evaluate::Explanation;
pub use facts::{Facts, History, Suppressed};
pub use text::ParseError;
