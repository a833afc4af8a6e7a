//! Segments that may refer to each other.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ecrm_core::CustomerId;

use crate::calendar::{Moment, Zone};
use crate::criteria::{Criteria, CriteriaError, Expression, Name, Needs};
use crate::evaluate::{Customer, Evaluation, Explanation, Segments};
use crate::facts::{Block, Facts, History};
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

/// Why segments are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CatalogueError {
    /// Criteria that cannot be evaluated exactly.
    #[error("{}: {error}", told(segment))]
    Criteria {
        /// Of which segment.
        segment: Name,
        /// Where, and why.
        error: CriteriaError,
    },
    /// Segments that refer to each other in a circle.
    #[error("segments refer to each other in a circle: {}", way(.0))]
    Cycle(Vec<Name>),
    /// A segment that is not there.
    #[error("{} refers to segment `{unknown}`, which is not there", told(segment))]
    Unknown {
        /// Who refers.
        segment: Name,
        /// To what.
        unknown: Name,
    },
}

/// What is only looked at has a name that nobody gave.
fn told(segment: &Name) -> String {
    match segment.is_reserved() {
        true => "what is asked for".to_owned(),
        false => format!("segment `{segment}`"),
    }
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
            for unknown in references(criteria) {
                if !segments.contains_key(unknown) {
                    return Err(CatalogueError::Unknown {
                        segment: name.clone(),
                        unknown: unknown.clone(),
                    });
                }
            }
        }
        let mut walk = Walk {
            segments: &segments,
            seen: BTreeMap::new(),
        };
        for name in segments.keys() {
            walk.visit(name, &mut Vec::new())?;
        }
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

fn way(names: &[Name]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(" -> ")
}

impl Criteria {
    /// Whether they name a segment.
    pub(crate) fn refers_to(&self, segment: &Name) -> bool {
        references(self).contains(&segment)
    }

    /// The same, where a segment has another name.
    pub(crate) fn renamed(mut self, from: &Name, to: &Name) -> Self {
        rename(&mut self, from, to);
        self
    }
}

fn rename(criteria: &mut Criteria, from: &Name, to: &Name) {
    match criteria {
        Criteria::All(parts) | Criteria::Any(parts) => parts.iter_mut().for_each(|part| rename(part, from, to)),
        Criteria::Not(part) => rename(part, from, to),
        Criteria::InSegment(name) if name == from => name.clone_from(to),
        Criteria::Is {
            value: Expression::Score(parts),
            ..
        } => parts.iter_mut().for_each(|part| rename(&mut part.when, from, to)),
        _ => {}
    }
}

/// The segments that criteria refer to.
fn references(criteria: &Criteria) -> Vec<&Name> {
    match criteria {
        Criteria::All(parts) | Criteria::Any(parts) => parts.iter().flat_map(references).collect(),
        Criteria::Not(part) => references(part),
        Criteria::InSegment(name) => vec![name],
        Criteria::Is {
            value: Expression::Score(parts),
            ..
        } => parts.iter().flat_map(|part| references(&part.when)).collect(),
        _ => Vec::new(),
    }
}

/// Segments that refer to each other over more levels.
const LEVELS: usize = 50;
/// Segments that one asks for, those behind others included, each as often as it is asked for.
const ASKED: usize = 5_000;

/// Looks for circles, and for references without bounds.
struct Walk<'s> {
    segments: &'s Segments,
    /// What each asks for, once everything behind it was looked at.
    seen: BTreeMap<&'s Name, Option<Reach>>,
}

/// How far a segment reaches.
#[derive(Clone, Copy)]
struct Reach {
    levels: usize,
    asked: usize,
}

impl<'s> Walk<'s> {
    fn visit(&mut self, name: &'s Name, way: &mut Vec<Name>) -> Result<Reach, CatalogueError> {
        match self.seen.get(name) {
            Some(Some(reach)) => return Ok(*reach),
            Some(None) => {
                way.push(name.clone());
                let start = way.iter().position(|known| known == name).unwrap_or_default();
                return Err(CatalogueError::Cycle(way[start..].to_vec()));
            }
            None => {}
        }
        way.push(name.clone());
        let too_deep = "segments refer to each other over more than 50 levels";
        ensure(way.len() <= LEVELS, name, too_deep)?;
        self.seen.insert(name, None);
        let mut reach = Reach { levels: 1, asked: 1 };
        for next in self.segments.get(name).map(references).unwrap_or_default() {
            let next = self.visit(next, way)?;
            reach.levels = reach.levels.max(next.levels + 1);
            reach.asked = reach.asked.saturating_add(next.asked);
        }
        ensure(reach.levels <= LEVELS, name, too_deep)?;
        let too_many = "asks for more than 5,000 segments, those behind others included";
        ensure(reach.asked <= ASKED, name, too_many)?;
        self.seen.insert(name, Some(reach));
        way.pop();
        Ok(reach)
    }
}

fn ensure(is_right: bool, segment: &Name, text: &str) -> Result<(), CatalogueError> {
    if is_right {
        return Ok(());
    }
    Err(CatalogueError::Criteria {
        segment: segment.clone(),
        error: CriteriaError {
            place: "in segment".to_owned(),
            text: text.to_owned(),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue(segments: &[(&str, &str)]) -> Result<Catalogue, CatalogueError> {
        let segment = |(name, text): &(&str, &str)| (Name::new(name).unwrap(), text.parse().unwrap());
        Catalogue::new(Zone::UTC, segments.iter().map(segment))
    }

    #[test]
    fn a_circle_is_refused_with_its_way() {
        let circle = catalogue(&[
            ("a", "in segment \"b\""),
            ("b", "not (everyone and in segment \"c\")"),
            ("c", "score(1 if in segment \"a\") > 0"),
        ]);
        let Err(CatalogueError::Cycle(way)) = circle else {
            panic!("{circle:?}")
        };
        assert_eq!((way.len(), way.first()), (4, way.last()));
    }

    #[test]
    fn references_have_bounds() {
        let chain = |length: usize| {
            let names: Vec<String> = (0..=length).map(|number| format!("s{number:05}")).collect();
            let text = |number: usize| match number {
                0 => "everyone".to_owned(),
                _ => format!("in segment \"{}\"", names[number - 1]),
            };
            let segments =
                (0..=length).map(|number| (Name::new(&names[number]).unwrap(), text(number).parse().unwrap()));
            Catalogue::new(Zone::UTC, segments)
        };
        assert!(chain(49).is_ok());
        assert!(matches!(chain(50), Err(CatalogueError::Criteria { .. })));
        assert!(matches!(chain(20_000), Err(CatalogueError::Criteria { .. })));
        let twice = |number: usize| {
            let before = format!("in segment \"s{:02}\"", number - 1);
            (
                format!("s{number:02}"),
                format!("({before} and count(orders) > {number}) or {before}"),
            )
        };
        let diamonds: Vec<(String, String)> = std::iter::once(("s00".to_owned(), "everyone".to_owned()))
            .chain((1..20).map(twice))
            .collect();
        let diamonds: Vec<(&str, &str)> = diamonds.iter().map(|(name, text)| (&**name, &**text)).collect();
        assert!(catalogue(&diamonds[..10]).is_ok());
        assert!(matches!(catalogue(&diamonds), Err(CatalogueError::Criteria { .. })));
    }

    #[test]
    fn a_segment_may_be_used_twice_and_must_be_there() {
        let twice = [("a", "in segment \"b\" or not in segment \"b\""), ("b", "everyone")];
        assert!(catalogue(&twice).is_ok());
        let missing = catalogue(&[("a", "in segment \"b\"")]);
        assert!(matches!(missing, Err(CatalogueError::Unknown { .. })), "{missing:?}");
    }
}
