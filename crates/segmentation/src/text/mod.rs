//! The readable form of criteria: what is printed is read back as the same tree.

mod lexer;
mod model;
mod parser;
mod printer;
pub(crate) mod words;

use std::str::FromStr;

use crate::criteria::Criteria;

/// Why a text is no criteria: where, what would be right, and what stands there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: expected {expected}, found {found}")]
#[non_exhaustive]
pub struct ParseError {
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
    /// What would be right.
    pub expected: String,
    /// What stands there.
    pub found: String,
}

impl Criteria {
    /// Reads criteria from their text, whose language `docs/segmentation.md` describes.
    ///
    /// # Errors
    /// Where the text is none, with what was expected there.
    ///
    /// ```
    /// use ecrm_segmentation::Criteria;
    /// let error = Criteria::parse("count(orders) >= 3 and count(visit) > 1").unwrap_err();
    /// assert_eq!((error.line, error.column, error.found.as_str()), (1, 30, "`visit`"));
    /// ```
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        parser::parse(text)
    }
}

impl FromStr for Criteria {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}
