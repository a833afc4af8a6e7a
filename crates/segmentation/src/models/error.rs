//! Why models are refused.

use crate::ParseError;
use crate::criteria::{CriteriaError, Name};

/// Why a model is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// A text that is no model.
    #[error(transparent)]
    Text(#[from] ParseError),
    /// Customers whom no stage covers.
    #[error("nothing covers {point}; add it to a stage")]
    Gap {
        /// A point on each axis, such as `recency 3, frequency 1`.
        point: String,
    },
    /// Customers whom two stages cover.
    #[error("`{}` and `{}` both cover {point}; take it out of one of them", .stages[0], .stages[1])]
    Overlap {
        /// The stages.
        stages: [Name; 2],
        /// A point on each axis.
        point: String,
    },
    /// An axis that tells nobody apart.
    #[error("axis `{axis}`: {text}")]
    Axis {
        /// The axis.
        axis: Name,
        /// What is wrong, and what would be right.
        text: String,
    },
    /// A range that its axis does not have.
    #[error("stage `{stage}`, axis `{axis}`: {text}")]
    Range {
        /// The stage.
        stage: Name,
        /// The axis.
        axis: Name,
        /// What is wrong, and what would be right.
        text: String,
    },
    /// An axis that is not there.
    #[error("stage `{stage}` has a range on `{axis}`, which is no axis; add it as an axis or correct the name")]
    Unknown {
        /// The stage.
        stage: Name,
        /// What is no axis.
        axis: Name,
    },
    /// A stage without any area.
    #[error("stage `{0}` covers nothing; give it an area or take it out")]
    Empty(Name),
    /// Two axes or two stages of the same name.
    #[error("there are two {what} `{name}`; give one another name, or put their areas together")]
    Twice {
        /// `axes` or `stages`.
        what: &'static str,
        /// The name.
        name: Name,
    },
    /// A stage whose segment would have too long a name.
    #[error("stage `{0}` has more than 100 characters together with the name of the model; shorten one of them")]
    LongName(Name),
    /// Too little or too much.
    #[error("a model has 1 to 10 axes, at least one stage, and at most 1,000 areas")]
    Size,
    /// Too many bounds on too many axes to look at everything between them.
    #[error("the bounds cut the model into more than 100,000 cells; give it fewer bounds or fewer axes")]
    Cells,
    /// A stage that cannot be evaluated exactly.
    #[error("stage `{stage}`: {error}")]
    Criteria {
        /// The stage.
        stage: Name,
        /// Where, and why.
        error: CriteriaError,
    },
}
