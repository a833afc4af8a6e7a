//! Scoring plans: points for criteria.

use rust_decimal::Decimal;

use crate::criteria::{Criteria, CriteriaError, Expression, Name, Weighted};
use crate::text::ParseError;

/// A scoring plan: a customer has the points of all criteria that are true.
///
/// ```
/// use ecrm_segmentation::models::ScoringPlan;
/// use ecrm_segmentation::criteria::Name;
/// let plan = ScoringPlan::parse(Name::new("interest")?, "
///     10 if count(orders in last 90 days) >= 1
///      5 if count(visits in last 30 days) >= 3
///     -3 if count(contacts where topic = \"complaint\") >= 1
/// ")?;
/// assert_eq!(
///     plan.at_least(10).to_string().split_once('(').map(|(function, _)| function.to_owned()).as_deref(),
///     Some("score")
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoringPlan {
    name: Name,
    parts: Vec<Weighted>,
}

/// Why a scoring plan is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScoringError {
    /// Criteria that cannot be evaluated exactly.
    #[error("scoring plan `{0}`: {1}")]
    Criteria(Name, CriteriaError),
    /// A line that is no part of a plan.
    #[error("line {line} of the scoring plan: {what}")]
    Line {
        /// Which line, from 1.
        line: usize,
        /// What is wrong.
        what: String,
    },
}

impl ScoringPlan {
    /// A plan of some parts.
    ///
    /// # Errors
    /// [`ScoringError::Criteria`] for what cannot be evaluated exactly.
    pub fn new(name: Name, parts: Vec<Weighted>) -> Result<Self, ScoringError> {
        let plan = Self { name, parts };
        plan.at_least(0)
            .check()
            .map_err(|error| ScoringError::Criteria(plan.name.clone(), error))?;
        Ok(plan)
    }

    /// From text: a line for each part, `POINTS if CRITERIA`. Empty lines and those with a `#` in front are passed over.
    ///
    /// # Errors
    /// [`ScoringError`].
    pub fn parse(name: Name, text: &str) -> Result<Self, ScoringError> {
        let lines = (1..).zip(text.lines().map(str::trim));
        let wanted = lines.filter(|(_, text)| !text.is_empty() && !text.starts_with('#'));
        let parts = wanted.map(|(line, text)| part(line, text)).collect::<Result<_, _>>()?;
        Self::new(name, parts)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// Its parts.
    #[must_use]
    pub fn parts(&self) -> &[Weighted] {
        &self.parts
    }

    /// The points of a customer, as a value of the language.
    #[must_use]
    pub fn points(&self) -> Expression {
        Expression::Score(self.parts.clone())
    }

    /// Customers with at least so many points.
    #[must_use]
    pub fn at_least(&self, points: impl Into<Decimal>) -> Criteria {
        self.points().at_least(points.into())
    }
}

fn part(line: usize, text: &str) -> Result<Weighted, ScoringError> {
    let wrong = |what: &str| ScoringError::Line {
        line,
        what: what.to_owned(),
    };
    let (points, when) = text
        .split_once(" if ")
        .ok_or_else(|| wrong("write the points, `if` and the criteria, such as `10 if count(orders) >= 3`"))?;
    let points = Decimal::from_str_exact(points.trim()).map_err(|_| wrong("the points must be a number"))?;
    let when = when.parse().map_err(|error: ParseError| wrong(&error.to_string()))?;
    Ok(Weighted {
        points: points.normalize(),
        when,
    })
}
