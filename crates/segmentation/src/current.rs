//! What is stored of one customer, as the one sees it who holds the customer's lock.

use std::borrow::Cow;

use ecrm_core::CustomerId;
use ecrm_store::Session;

use crate::criteria::Needs;
use crate::error::SegmentationError;
use crate::facts::Block;
use crate::loaded::Loaded;
use crate::sets::Answers;
use crate::standing::Standing;
use crate::store::changed::{self, Changed};
use crate::store::state::State;
use crate::store::{numbers, sets};

/// What is stored of a customer.
pub(crate) struct Current {
    /// What was known before; nothing for one who is new, or of whom the row below knows all.
    base: Option<Block>,
    pub(crate) row: Option<Changed>,
}

impl Current {
    /// Reads what is needed.
    pub(crate) fn load(
        session: &mut dyn Session,
        needs: &Needs,
        customer: CustomerId,
    ) -> Result<Self, SegmentationError> {
        let row = changed::load(session, customer)?;
        Self::with_row(session, needs, customer, row)
    }

    /// Reads the rest.
    pub(crate) fn with_row(
        session: &mut dyn Session,
        needs: &Needs,
        customer: CustomerId,
        row: Option<Changed>,
    ) -> Result<Self, SegmentationError> {
        let base = match &row {
            Some(row) if row.is_whole => None,
            _ => numbers::facts(session, customer, needs)?,
        };
        Ok(Self { base, row })
    }

    pub(crate) fn is_corrected(&self) -> bool {
        let rows = [self.base.as_ref(), self.row.as_ref().map(|row| &row.facts)];
        rows.into_iter()
            .flatten()
            .any(|facts| facts.is_corrected.contains(&true))
    }

    /// The facts as far as the definitions need them; nothing where their order cannot be told.
    pub(crate) fn known(&self) -> Option<Cow<'_, Block>> {
        let row = self.row.as_ref().map(|row| &row.facts);
        match (&self.base, row) {
            (Some(base), Some(row)) => base.with_events_of(row).map(Cow::Owned),
            (base, row) => base.as_ref().or(row).map(Cow::Borrowed),
        }
    }

    /// What the row of the customer is to hold after later events; nothing where their order cannot be told.
    pub(crate) fn row_with(&self, later: Block) -> Option<(bool, Block)> {
        match &self.row {
            Some(row) => Some((row.is_whole, row.facts.with_events_of(&later)?)),
            None => Some((false, later)),
        }
    }

    /// Where the customer stood when he was last looked at.
    pub(crate) fn standing(
        &self,
        session: &mut dyn Session,
        (state, loaded): (&State, &Loaded),
        facts: Option<&Block>,
    ) -> Result<Standing, SegmentationError> {
        Ok(match (&self.row, facts) {
            (Some(row), _) if row.stamp == loaded.stamp => Standing {
                members: row.members.clone(),
                at: row.evaluated_at,
                next_flip: row.next_flip,
                answers: Answers::default(),
            },
            // The definitions changed in between: what the sets and the news say is what was told.
            (Some(row), _) => Standing {
                members: told(session, loaded, row)?,
                at: row.evaluated_at.max(state.advanced_to),
                next_flip: None,
                answers: Answers::default(),
            },
            // The sets hold at that instant, so what they say can be told from the facts.
            (None, Some(facts)) => Standing::of(loaded, facts, state.advanced_to),
            (None, None) => Standing::nowhere(state.advanced_to),
        })
    }
}

/// The segments of a customer as the sets and the news have them.
fn told(session: &mut dyn Session, loaded: &Loaded, row: &Changed) -> Result<Vec<u32>, SegmentationError> {
    let mut members = in_sets(session, loaded, row.customer)?;
    // What became of a segment that is archived meanwhile is told by its last version.
    for entry in row.news.iter().filter(|entry| loaded.numbers.contains(&entry.segment)) {
        members.retain(|segment| *segment != entry.segment);
        if entry.is_member {
            members.push(entry.segment);
        }
    }
    members.sort_unstable();
    Ok(members)
}

/// The segments of a customer as the sets have them.
pub(crate) fn in_sets(
    session: &mut dyn Session,
    loaded: &Loaded,
    customer: CustomerId,
) -> Result<Vec<u32>, SegmentationError> {
    let mut members = Vec::new();
    if let Some(number) = numbers::find(session, customer)? {
        for segment in &loaded.numbers {
            if sets::load_sheet(session, *segment, sets::sheet(number))?.contains(number) {
                members.push(*segment);
            }
        }
    }
    members.sort_unstable();
    Ok(members)
}
