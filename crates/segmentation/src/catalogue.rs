//! Segments that may refer to each other.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ecrm_core::CustomerId;

use crate::calendar::{Moment, Zone};
use crate::criteria::{Criteria, Name, Needs};
use crate::error::CatalogueError;
use crate::evaluate::{Customer, Evaluation, Explanation, Segments};
use crate::facts::{Block, Facts, History};
use crate::references::{self, references};
use crate::sets::{Bits, Ground, Program};

/// The segments of a shop, checked: each can be evaluated exactly, and what they refer to is there and leads nowhere back.
///
/// ```
/// use chrono::DateTime;
/// use ecrm_core::{Customer, CustomerId, SeededIds};
/// use ecrm_segmentation::{Catalogue, Criteria, History, Zone};
/// use ecrm_segmentation::criteria::Name;
/// let new: Criteria = "profile.registered_at in last 30 days".parse()?;
/// let segments = Catalogue::new(Zone::new("Europe/Vienna")?, [(Name::new("new")?, new)])?;
/// let registered = DateTime::UNIX_EPOCH;
/// let ada = History::of(Customer::new(CustomerId::new(&SeededIds::new(1), registered), registered));
/// let member = segments.membership(&Name::new("new")?, &ada, registered).unwrap();
/// assert!(member.is_member);
/// assert_eq!(member.until.unwrap().to_string(), "1970-01-31 00:00:00.000001 UTC");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Catalogue {
    zone: Zone,
    segments: Segments,
    needs: Needs,
    program: Program,
}

/// Whether somebody belongs to a segment, and how long that holds by time alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Membership {
    /// Whether the customer belongs to it.
    pub is_member: bool,
    /// The first instant at which that is another answer though nothing happens; nothing where there is none. Where it cannot be
    /// looked so far ahead at once, an instant before which the answer stays.
    pub until: Option<DateTime<Utc>>,
}

impl Catalogue {
    /// Checks segments, whose days begin and end in a zone.
    ///
    /// # Errors
    /// [`CatalogueError`].
    pub fn new(zone: Zone, segments: impl IntoIterator<Item = (Name, Criteria)>) -> Result<Self, CatalogueError> {
        let segments: Segments = segments.into_iter().collect();
        for (name, criteria) in &segments {
            criteria.check().map_err(|error| CatalogueError::Criteria {
                segment: name.clone(),
                error,
            })?;
        }
        references::check(&segments)?;
        Ok(Self {
            zone,
            needs: Needs::of(segments.values()),
            program: Program::of(&segments),
            segments,
        })
    }

    /// The members of each segment among some customers, in the order in which those stand in the facts.
    #[must_use]
    pub fn members(&self, facts: &Facts, now: DateTime<Utc>) -> BTreeMap<Name, Vec<CustomerId>> {
        let block = &facts.0;
        let ids = |bits: &Bits| bits.places().map(|customer| block.ids[customer]).collect();
        let members = self.program.run(self.ground(block, now));
        self.program
            .names()
            .zip(&members.0)
            .map(|(name, bits)| (name.clone(), ids(bits)))
            .collect()
    }

    /// Whether somebody belongs to a segment at an instant; nothing for a segment that is not there.
    #[must_use]
    pub fn membership(&self, segment: &Name, history: &History, now: DateTime<Utc>) -> Option<Membership> {
        self.membership_in(segment, &Block::of(std::slice::from_ref(history)), now)
    }

    /// Why somebody belongs to a segment or not; nothing for a segment that is not there.
    ///
    /// ```
    /// # use chrono::DateTime;
    /// # use ecrm_core::{Customer, CustomerId, SeededIds};
    /// # use ecrm_segmentation::{Catalogue, Criteria, History, Zone};
    /// # use ecrm_segmentation::criteria::Name;
    /// # let name = Name::new("new")?;
    /// # let now = DateTime::UNIX_EPOCH;
    /// # let ada = History::of(Customer::new(CustomerId::new(&SeededIds::new(1), now), now));
    /// let criteria: Criteria = "profile.registered_at in last 30 days and count(orders) >= 1".parse()?;
    /// let segments = Catalogue::new(Zone::UTC, [(name.clone(), criteria)])?;
    /// let why = segments.explain(&name, &ada, now).unwrap();
    /// let lines: Vec<String> = why.to_string().lines().map(str::to_owned).collect();
    /// assert_eq!(lines[0], "no  profile.registered_at in last 30 days and count(orders) >= 1");
    /// assert_eq!(lines[2], "  no  count(orders) >= 1 -- found 0");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn explain(&self, segment: &Name, history: &History, now: DateTime<Utc>) -> Option<Explanation> {
        let criteria = self.segments.get(segment)?;
        let block = Block::of(std::slice::from_ref(history));
        Some(self.evaluation(&block).explain(criteria, self.moment(now)))
    }
}

impl Catalogue {
    pub(crate) fn needs(&self) -> &Needs {
        &self.needs
    }

    /// Of the only customer of a block.
    fn evaluation<'e>(&'e self, block: &'e Block) -> Evaluation<'e> {
        Evaluation {
            customer: Customer { block, index: 0 },
            segments: &self.segments,
        }
    }

    pub(crate) fn ground<'g>(&'g self, block: &'g Block, now: DateTime<Utc>) -> Ground<'g> {
        Ground {
            block,
            segments: &self.segments,
            moment: self.moment(now),
        }
    }

    /// That of the only customer of a block.
    pub(crate) fn membership_in(&self, segment: &Name, block: &Block, now: DateTime<Utc>) -> Option<Membership> {
        let criteria = self.segments.get(segment)?;
        let (evaluation, moment) = (self.evaluation(block), self.moment(now));
        Some(Membership {
            is_member: evaluation.is_true(criteria, moment),
            until: evaluation
                .flip(criteria, moment)
                .and_then(DateTime::from_timestamp_micros),
        })
    }

    /// The members of one segment among some customers.
    pub(crate) fn members_of(&self, segment: &Name, facts: &Facts, now: DateTime<Utc>) -> Vec<CustomerId> {
        let (program, _) = self.part(&[segment]);
        let members = program.run(self.ground(&facts.0, now));
        let places = members.0.iter().flat_map(Bits::places);
        places.map(|place| facts.0.ids[place]).collect()
    }

    pub(crate) fn criteria(&self, segment: &Name) -> Option<&Criteria> {
        self.segments.get(segment)
    }

    /// These segments and one more.
    pub(crate) fn with(&self, name: Name, criteria: Criteria) -> Result<Self, CatalogueError> {
        let known = self
            .segments
            .iter()
            .map(|(name, criteria)| (name.clone(), criteria.clone()));
        Self::new(self.zone, known.chain([(name, criteria)]))
    }

    /// The segments that others name, directly or through others.
    pub(crate) fn references_of(&self, segment: &Name) -> Vec<&Name> {
        self.segments.get(segment).map(references).unwrap_or_default()
    }

    /// A program for some of the segments, and what it needs.
    pub(crate) fn part(&self, segments: &[&Name]) -> (Program, Needs) {
        let program = Program::of_some(&self.segments, segments);
        let needs = Needs::of(self.with_references(segments));
        (program, needs)
    }

    fn with_references(&self, segments: &[&Name]) -> Vec<&Criteria> {
        let mut seen: Vec<&Name> = Vec::new();
        let mut open: Vec<&Name> = segments.to_vec();
        while let Some(name) = open.pop() {
            if !seen.contains(&name) {
                open.extend(self.references_of(name));
                if let Some((name, _)) = self.segments.get_key_value(name) {
                    seen.push(name);
                }
            }
        }
        seen.into_iter().filter_map(|name| self.segments.get(name)).collect()
    }

    pub(crate) fn program(&self) -> &Program {
        &self.program
    }

    fn moment(&self, now: DateTime<Utc>) -> Moment {
        Moment {
            now: ecrm_core::to_microseconds(now),
            zone: self.zone,
        }
    }
}
