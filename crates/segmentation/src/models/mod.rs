//! Named models as data: tables of segments and stages of a life that a shop can edit, and in which everybody has exactly one place.
//!
//! A [`Model`] has axes, each a value of a customer, and stages, each with the areas that it covers. What no stage covers and what two
//! cover is refused, with a point where that is so. [`RFM`] and [`LIFECYCLE`] are models to begin with:
//!
//! ```
//! use ecrm_segmentation::models::{self, Model, ModelError};
//! let edited = models::LIFECYCLE.replace("silence until 90", "silence until 60");
//! let Err(error @ ModelError::Gap { .. }) = Model::parse(&edited) else { panic!() };
//! assert_eq!(error.to_string(), "nothing covers orders 1, silence 60; add it to a stage");
//! ```

mod cells;
mod error;
mod parts;
mod scale;
mod scoring;
mod segments;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use error::ModelError;
pub use parts::{Area, Axis, Domain, Range, Stage};
pub use scoring::{ScoringError, ScoringPlan};

use crate::criteria::{Criteria, Name};
use scale::Scale;

/// The usual table over scores of 1 to 5 that are published as `rfm.recency_score`, `rfm.frequency_score` and `rfm.monetary_score`.
pub const RFM: &str = include_str!("rfm.txt");

/// Stages from the first order to the last.
pub const LIFECYCLE: &str = include_str!("lifecycle.txt");

/// Axes of a model.
const AXES: usize = 10;
/// Areas of all stages.
const AREAS: usize = 1_000;

/// Named stages that share out all customers: everybody is in exactly one of them, at every instant.
///
/// It is built in Rust, written as text (see [`Model::parse`]) or kept as JSON, and is checked whichever way it comes.
///
/// ```
/// use ecrm_segmentation::models::Model;
/// let model: Model = "model value
/// axis spent: sum(orders.amount in last 365 days)
/// small: spent until 100.00 EUR
/// large: spent from 100.00 EUR"
///     .parse()?;
/// let segments: Vec<String> = model.segments().iter().map(|(name, criteria)| format!("{name} = {criteria}")).collect();
/// assert_eq!(segments, [
///     "value: small = sum(orders.amount in last 365 days) < 100.00 EUR",
///     "value: large = sum(orders.amount in last 365 days) >= 100.00 EUR",
/// ]);
/// # Ok::<(), ecrm_segmentation::models::ModelError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Parts")]
pub struct Model {
    name: Name,
    axes: Vec<Axis>,
    stages: Vec<Stage>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    name: Name,
    axes: Vec<Axis>,
    stages: Vec<Stage>,
}

impl Model {
    /// A model, checked.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn new(name: Name, axes: Vec<Axis>, stages: Vec<Stage>) -> Result<Self, ModelError> {
        let model = Self { name, axes, stages };
        model.check()?;
        Ok(model)
    }

    /// Checks that the stages share out everything that there can be: each axis is cut at all bounds, and each cell must belong to
    /// exactly one stage. Every model that there is has passed it.
    ///
    /// # Errors
    /// [`ModelError::Gap`] and [`ModelError::Overlap`] with a point where it is so; otherwise what is wrong with a name, an axis or a
    /// range.
    pub fn check(&self) -> Result<(), ModelError> {
        self.check_names()?;
        let scales = self.scales()?;
        cells::check(&scales, &self.stages)?;
        for stage in &self.stages {
            self.name_of(stage)?;
            segments::criteria(&scales, stage)?
                .check()
                .map_err(|error| ModelError::Criteria {
                    stage: stage.name().clone(),
                    error,
                })?;
        }
        Ok(())
    }

    /// Each stage as ordinary criteria, called `MODEL: STAGE`, in the order of the model.
    #[must_use]
    pub fn segments(&self) -> Vec<(Name, Criteria)> {
        let scales = self.scales().unwrap_or_default();
        let segment = |stage| Some((self.name_of(stage).ok()?, segments::criteria(&scales, stage).ok()?));
        self.stages.iter().filter_map(segment).collect()
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// What customers are told apart by.
    #[must_use]
    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// The stages.
    #[must_use]
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    fn check_names(&self) -> Result<(), ModelError> {
        let areas: usize = self.stages.iter().map(|stage| stage.areas().len()).sum();
        if self.axes.is_empty() || self.axes.len() > AXES || self.stages.is_empty() || areas > AREAS {
            return Err(ModelError::Size);
        }
        let axes = unique("axes", self.axes.iter().map(Axis::name))?;
        unique("stages", self.stages.iter().map(Stage::name))?;
        for stage in &self.stages {
            if stage.areas().is_empty() {
                return Err(ModelError::Empty(stage.name().clone()));
            }
            for (axis, _) in stage.areas().iter().flat_map(Area::ranges) {
                if !axes.contains(axis) {
                    return Err(ModelError::Unknown {
                        stage: stage.name().clone(),
                        axis: axis.clone(),
                    });
                }
            }
        }
        Ok(())
    }

    fn scales(&self) -> Result<Vec<Scale<'_>>, ModelError> {
        self.axes.iter().map(|axis| Scale::of(axis, &self.stages)).collect()
    }

    fn name_of(&self, stage: &Stage) -> Result<Name, ModelError> {
        Name::new(&format!("{}: {}", self.name, stage.name())).map_err(|_| ModelError::LongName(stage.name().clone()))
    }
}

impl TryFrom<Parts> for Model {
    type Error = ModelError;

    fn try_from(parts: Parts) -> Result<Self, ModelError> {
        Self::new(parts.name, parts.axes, parts.stages)
    }
}

/// All names, each of which must be there once.
fn unique<'n>(what: &'static str, names: impl Iterator<Item = &'n Name>) -> Result<BTreeSet<&'n Name>, ModelError> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(ModelError::Twice {
                what,
                name: name.clone(),
            });
        }
    }
    Ok(seen)
}
