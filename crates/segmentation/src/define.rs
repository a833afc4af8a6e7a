//! Definitions come, change and go.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use ecrm_store::Session;
use roaring::RoaringBitmap;

use crate::calendar::Zone;
use crate::criteria::{Criteria, Name};
use crate::error::SegmentationError;
use crate::loaded::Loaded;
use crate::model::Segment;
use crate::scan::{Found, Scan};
use crate::segmentation::Segmentation;
use crate::store::definitions::{self, Definition};
use crate::store::flips;
use crate::store::state::{self, State};
use crate::store::{differences, sets};

/// What a definition did to its segment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Defined {
    /// The segment.
    pub segment: Name,
    /// The version that is in force now, from 1.
    pub version: u32,
    /// How many belong to it now.
    pub members: u64,
    /// How many of them did not before.
    pub entered: u64,
    /// How many did, and do not now.
    pub left: u64,
}

impl Segmentation {
    /// Defines segments, new ones and others that are there, and finds their members: in one pass over all customers. Segments that
    /// refer to them are found anew as well.
    ///
    /// The new sets are built beside the old ones and take their place with this transaction; until then everybody sees the old ones. The
    /// log gets one entry for each segment, not one for each member; who came in and who went is told by
    /// [`difference`](Self::difference). All that was before is taken into account first, as by [`advance`](Self::advance).
    ///
    /// # Errors
    /// [`SegmentationError::Catalogue`] for what cannot be evaluated exactly; then no definition was changed.
    pub fn define(
        &self,
        session: &mut dyn Session,
        segments: impl IntoIterator<Item = (Name, Criteria)>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Defined>, SegmentationError> {
        let segments: Vec<(Name, Criteria)> = segments.into_iter().collect();
        self.redefine(session, now, |all, state| {
            let mut changed = BTreeSet::new();
            for (name, criteria) in segments {
                changed.insert(name.clone());
                put(all, state, name, criteria);
            }
            Ok(changed)
        })
    }

    /// Takes a segment out of force. Its definition, log and name stay; [`define`](Self::define) brings it back. Subscribers hear of it as of a
    /// version that all members leave.
    ///
    /// # Errors
    /// [`SegmentationError::InUse`] where another segment refers to it, and [`SegmentationError::UnknownSegment`].
    pub fn archive(
        &self,
        session: &mut dyn Session,
        segment: &Name,
        now: DateTime<Utc>,
    ) -> Result<(), SegmentationError> {
        self.redefine(session, now, |all, _| {
            let of_name =
                |definition: &&mut Definition| &definition.name == segment && definition.archived_at.is_none();
            let Some(definition) = all.iter_mut().find(of_name) else {
                return Err(SegmentationError::UnknownSegment(segment.clone()));
            };
            definition.archived_at = Some(now);
            let refers =
                |definition: &&Definition| definition.archived_at.is_none() && definition.criteria.refers_to(segment);
            match all.iter().find(refers) {
                Some(by) => Err(SegmentationError::InUse {
                    segment: segment.clone(),
                    by: by.name.clone(),
                }),
                None => Ok(BTreeSet::new()),
            }
        })?;
        let (mut state, _) = self.lock(session)?;
        let unknown = || SegmentationError::UnknownSegment(segment.clone());
        let mut definition = definitions::find(session, segment)?.ok_or_else(unknown)?;
        definition.version += 1;
        definition.defined_at = now;
        state.position += 1;
        swap(session, &definition, &RoaringBitmap::new(), state.position)?;
        state::save(session, &state)?;
        Ok(())
    }

    /// Gives a segment another name, also where others refer to it. Nothing else changes.
    ///
    /// # Errors
    /// [`SegmentationError::NameTaken`], and [`SegmentationError::UnknownSegment`].
    pub fn rename(
        &self,
        session: &mut dyn Session,
        from: &Name,
        to: &Name,
        now: DateTime<Utc>,
    ) -> Result<(), SegmentationError> {
        let (mut state, _) = self.lock(session)?;
        if definitions::find(session, to)?.is_some() {
            return Err(SegmentationError::NameTaken(to.clone()));
        }
        if definitions::find(session, from)?.is_none() {
            return Err(SegmentationError::UnknownSegment(from.clone()));
        }
        self.advance_wholly(session, now)?;
        if let Some(after) = state::load(session)? {
            state = after;
        }
        definitions::rename(session, from, to)?;
        for mut definition in definitions::all(session)? {
            if definition.criteria.refers_to(from) {
                definition.criteria = definition.criteria.renamed(from, to);
                definitions::rewrite(session, &definition)?;
            }
        }
        let loaded = Loaded::load(session, &state.zone)?;
        state.stamp.clone_from(&loaded.stamp);
        state::save(session, &state)?;
        self.remember(&Arc::new(loaded));
        Ok(())
    }

    /// The segments with their definitions in force, by name; archived ones as well.
    ///
    /// # Errors
    /// Those of the database.
    pub fn segments(&self, session: &mut dyn Session) -> Result<Vec<Segment>, SegmentationError> {
        let all = definitions::all(session)?.into_iter();
        let segment = |definition: Definition| Segment {
            name: definition.name,
            version: definition.version,
            criteria: definition.criteria,
            defined_at: definition.defined_at,
            archived_at: definition.archived_at,
        };
        Ok(all.map(segment).collect())
    }

    /// All versions of a definition, the latest first.
    ///
    /// # Errors
    /// [`SegmentationError::UnknownSegment`].
    pub fn versions(&self, session: &mut dyn Session, segment: &Name) -> Result<Vec<Segment>, SegmentationError> {
        let unknown = || SegmentationError::UnknownSegment(segment.clone());
        let definition = definitions::find(session, segment)?.ok_or_else(unknown)?;
        let versions = definitions::versions(session, definition.segment)?.into_iter();
        let of_version = |(version, criteria, defined_at)| Segment {
            name: segment.clone(),
            version,
            criteria,
            defined_at,
            archived_at: definition.archived_at,
        };
        Ok(versions.map(of_version).collect())
    }

    pub(crate) fn change_zone(
        &self,
        session: &mut dyn Session,
        mut state: State,
        zone: Zone,
        now: DateTime<Utc>,
    ) -> Result<(), SegmentationError> {
        if state.is_packed {
            self.advance_wholly(session, now)?;
            state = state::lock(session)?.ok_or(SegmentationError::NotInstalled)?;
        }
        zone.name().clone_into(&mut state.zone);
        state::save(session, &state)?;
        if state.is_packed {
            self.define_again(session, now)?;
        }
        Ok(())
    }

    /// Finds the members of all segments anew, by the definitions in force.
    pub(crate) fn define_again(&self, session: &mut dyn Session, now: DateTime<Utc>) -> Result<(), SegmentationError> {
        self.redefine(session, now, |all, _| {
            let in_force = all.iter().filter(|definition| definition.archived_at.is_none());
            Ok(in_force.map(|definition| definition.name.clone()).collect())
        })?;
        Ok(())
    }

    /// Changes definitions, and finds the members of those that are changed and of those that refer to them.
    pub(crate) fn redefine(
        &self,
        session: &mut dyn Session,
        now: DateTime<Utc>,
        change: impl FnOnce(&mut Vec<Definition>, &mut State) -> Result<BTreeSet<Name>, SegmentationError>,
    ) -> Result<Vec<Defined>, SegmentationError> {
        let _span = ecrm_store::span("segmentation", "define");
        let (state, _) = self.lock(session)?;
        if !state.is_packed {
            return Err(SegmentationError::Stale(crate::error::Staleness::NotPacked));
        }
        self.advance_wholly(session, now)?;
        let mut state = state::load(session)?.ok_or(SegmentationError::NotInstalled)?;
        let mut all = definitions::all(session)?;
        let changed = change(&mut all, &mut state)?;
        let zone = Zone::new(&state.zone)?;
        let loaded = Loaded::of(zone, &all)?;
        let changed = with_dependents(&loaded, changed);
        let found = self.find(session, &loaded, &changed, &state)?;
        let mut defined = Vec::new();
        for definition in &mut all {
            if let Some(place) = changed.iter().position(|name| *name == definition.name) {
                definition.version += 1;
                definition.defined_at = now;
                state.position += 1;
                defined.push(swap(session, definition, &found.members[place], state.position)?);
            } else {
                definitions::save_segment(session, definition)?;
            }
        }
        flips::add(session, &found.flips)?;
        let loaded = Loaded::of(zone, &all)?;
        state.stamp.clone_from(&loaded.stamp);
        state.next_flip = flips::earliest(session)?;
        state::save(session, &state)?;
        self.remember(&Arc::new(loaded));
        Ok(defined)
    }

    fn find(
        &self,
        session: &mut dyn Session,
        loaded: &Loaded,
        changed: &[Name],
        state: &State,
    ) -> Result<Found, SegmentationError> {
        if changed.is_empty() {
            return Ok(Found::default());
        }
        let (program, needs) = loaded.catalogue.part(&changed.iter().collect::<Vec<_>>());
        let scan = Scan {
            catalogue: &loaded.catalogue,
            program: &program,
            needs: &needs,
            now: DateTime::from_timestamp_micros(state.advanced_to).unwrap_or_default(),
            is_ahead: true,
            registered_by: None,
        };
        Ok(scan.run(session, self.threads())?)
    }
}

/// Puts a definition in the place of the one of the same name.
fn put(all: &mut Vec<Definition>, state: &mut State, name: Name, criteria: Criteria) {
    if let Some(known) = all.iter_mut().find(|definition| definition.name == name) {
        known.criteria = criteria;
        known.archived_at = None;
        return;
    }
    all.push(Definition {
        segment: state.segments,
        name,
        version: 0,
        criteria,
        defined_at: DateTime::UNIX_EPOCH,
        archived_at: None,
        has_manual: false,
    });
    state.segments += 1;
}

/// Some segments, and those that refer to them, directly or through others; by name.
fn with_dependents(loaded: &Loaded, changed: BTreeSet<Name>) -> Vec<Name> {
    let mut all = changed;
    loop {
        let names = loaded.names.values().filter(|name| !all.contains(*name));
        let touched: Vec<Name> = names
            .filter(|name| {
                let references = loaded.catalogue.references_of(name);
                references.into_iter().any(|reference| all.contains(reference))
            })
            .cloned()
            .collect();
        if touched.is_empty() {
            return all.into_iter().collect();
        }
        all.extend(touched);
    }
}

/// The new members take the place of the old ones.
fn swap(
    session: &mut dyn Session,
    definition: &Definition,
    members: &RoaringBitmap,
    position: i64,
) -> Result<Defined, SegmentationError> {
    let before = sets::load(session, definition.segment)?;
    let (entered, left) = (members - &before, &before - members);
    definitions::save_segment(session, definition)?;
    definitions::save_version(session, definition, (position, entered.len(), left.len()))?;
    if definition.version > 1 {
        differences::save(session, (definition.segment, definition.version), &entered, &left)?;
    }
    sets::replace(session, definition.segment, members)?;
    Ok(Defined {
        segment: definition.name.clone(),
        version: definition.version,
        members: members.len(),
        entered: entered.len(),
        left: left.len(),
    })
}
