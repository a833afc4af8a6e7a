//! The points that a customer has by a scoring plan.

use chrono::{DateTime, Utc};
use ecrm_core::CustomerId;
use ecrm_store::Session;
use rust_decimal::Decimal;

use crate::criteria::Name;
use crate::error::SegmentationError;
use crate::models::ScoringPlan;
use crate::segmentation::Segmentation;
use crate::store::histories;

/// The points of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scored {
    /// All together.
    pub points: Decimal,
    /// Which parts of the plan are true, in its order.
    pub parts: Vec<bool>,
}

impl Segmentation {
    /// The points that a customer has by a scoring plan at an instant.
    ///
    /// # Errors
    /// [`SegmentationError::UnknownCustomer`], and [`SegmentationError::Catalogue`] where the plan refers to a segment that is not there.
    pub fn score(
        &self,
        session: &mut dyn Session,
        customer: CustomerId,
        plan: &ScoringPlan,
        now: DateTime<Utc>,
    ) -> Result<Scored, SegmentationError> {
        let (_, loaded) = self.read(session)?;
        let name = Name::reserved("what is scored ");
        let catalogue = loaded.catalogue.with(name.clone(), plan.at_least(0))?;
        let history = histories::load(session, customer)?.ok_or(SegmentationError::UnknownCustomer)?;
        let why = catalogue.explain(&name, &history, now);
        let parts: Vec<bool> = why
            .into_iter()
            .flat_map(|why| why.parts)
            .map(|part| part.is_true)
            .collect();
        let true_ones = plan.parts().iter().zip(&parts).filter(|(_, is_true)| **is_true);
        Ok(Scored {
            points: true_ones.map(|(part, _)| part.points).sum(),
            parts,
        })
    }
}
