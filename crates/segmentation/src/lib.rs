#![doc = include_str!("../README.md")]

pub mod criteria;
mod text;

pub use criteria::{Criteria, CriteriaError};
pub use text::ParseError;
