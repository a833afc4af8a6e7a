//! What a caller can act on.

use ecrm_core::{Money, ValueError};

/// Why a document that was read cannot be used for what was asked. Documents that cannot be read at all are an
/// [`XmlError`](ecrm_xml::XmlError), with the place.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ExchangeError {
    /// The answers do not fit to the lines of the order.
    #[error("the order has {lines} lines and there are {answers} answers; give one for each line, in their order")]
    AnswerCount {
        /// The number of lines.
        lines: usize,
        /// The number of answers.
        answers: usize,
    },
    /// Something of a line cannot be used.
    #[error("line {line}: {why}")]
    Line {
        /// The line's own number in the document.
        line: String,
        /// Its place among the lines, from 1: a number may stand there twice.
        place: usize,
        /// What is wrong.
        why: ValueError,
    },
    /// An amount beside the lines cannot be used.
    #[error("the {part} of the order: {why}")]
    Part {
        /// Which: `allowance or charge`, `tax`, `total`, `currency`, `date`.
        part: &'static str,
        /// What is wrong.
        why: ValueError,
    },
    /// The order does not add up.
    #[error(
        "the order says that {stated} are to be paid, but its lines, allowances, charges and taxes come to {computed}; ask the sender which is meant"
    )]
    Total {
        /// What the order says.
        stated: Money,
        /// What its parts come to.
        computed: Money,
    },
    /// The core model refuses the order as a whole.
    #[error(transparent)]
    Value(#[from] ValueError),
}
