//! The definitions in force, ready to be evaluated.

use std::collections::BTreeMap;

use ecrm_store::{Session, hex};
use sha2::{Digest, Sha256};

use crate::calendar::Zone;
use crate::catalogue::Catalogue;
use crate::criteria::{Criteria, Name};
use crate::error::SegmentationError;
use crate::store::definitions::{self, Definition};
use crate::store::unreadable;

/// The segments that are not archived.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) stamp: String,
    pub(crate) catalogue: Catalogue,
    /// The numbers of the segments, in the order in which the program has them.
    pub(crate) numbers: Vec<u32>,
    /// Archived ones as well.
    pub(crate) names: BTreeMap<u32, Name>,
}

impl Loaded {
    pub(crate) fn load(session: &mut dyn Session, zone: &str) -> Result<Self, SegmentationError> {
        let zone = Zone::new(zone).map_err(|_| unreadable("the time zone of the segments"))?;
        let all = definitions::all(session)?;
        Self::of(zone, &all)
    }

    /// Checks definitions and makes them ready.
    pub(crate) fn of(zone: Zone, all: &[Definition]) -> Result<Self, SegmentationError> {
        let in_force: BTreeMap<&Name, &Definition> = all
            .iter()
            .filter(|definition| definition.archived_at.is_none())
            .map(|definition| (&definition.name, definition))
            .collect();
        let segments = in_force
            .values()
            .map(|definition| (definition.name.clone(), definition.effective()));
        let catalogue = Catalogue::new(zone, segments)?;
        let numbers = catalogue.program().names().filter_map(|name| in_force.get(name));
        Ok(Self {
            stamp: stamp(zone, in_force.values().copied()),
            numbers: numbers.map(|definition| definition.segment).collect(),
            names: all
                .iter()
                .map(|definition| (definition.segment, definition.name.clone()))
                .collect(),
            catalogue,
        })
    }

    pub(crate) fn name(&self, segment: u32) -> Result<&Name, SegmentationError> {
        self.names
            .get(&segment)
            .ok_or_else(|| unreadable("the number of a segment").into())
    }
}

impl Definition {
    /// The criteria, with those who were put in or kept out by hand.
    pub(crate) fn effective(&self) -> Criteria {
        if !self.has_manual {
            return self.criteria.clone();
        }
        let list = |kind| Criteria::InList(manual_list(self.segment, kind));
        (self.criteria.clone() | list(Manual::Included)) & !list(Manual::Excluded)
    }
}

/// What somebody did by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manual {
    Included,
    Excluded,
}

/// The list of those who were put into a segment, or kept out of it, by hand.
pub(crate) fn manual_list(segment: u32, kind: Manual) -> Name {
    let kind = match kind {
        Manual::Included => "included",
        Manual::Excluded => "excluded",
    };
    Name::reserved(&format!("segment {segment}: {kind} by hand "))
}

/// A digest of the definitions, half of it, because every event writes it: another one for any other set of them.
fn stamp<'d>(zone: Zone, all: impl Iterator<Item = &'d Definition>) -> String {
    let mut digest = Sha256::new();
    digest.update(zone.name());
    for definition in all {
        let of = (definition.segment, definition.version, definition.has_manual);
        digest.update(format!("\n{of:?} {}", definition.effective()));
    }
    hex(&digest.finalize()[..16])
}
