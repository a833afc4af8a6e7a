//! Lists that people keep, and who is put into a segment or kept out of it by hand.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use ecrm_core::{CustomerId, Source};
use ecrm_store::Session;
use ecrm_store::changes::{self, ChangeKind};

use crate::criteria::Name;
use crate::error::SegmentationError;
use crate::loaded::{Manual, manual_list};
use crate::model::Crossing;
use crate::segmentation::Segmentation;
use crate::store::histories::subject;
use crate::store::{definitions, lists};

impl Segmentation {
    /// Puts a customer on a list, which criteria name by `in list "NAME"`, and tells what that changed. A list needs no set-up.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub fn add_to_list(
        &self,
        session: &mut dyn Session,
        list: &Name,
        customer: CustomerId,
        source: &Source,
        now: DateTime<Utc>,
    ) -> Result<Vec<Crossing>, SegmentationError> {
        if lists::add(session, list, customer, source, now)? {
            changes::note(session, subject(customer), ChangeKind::List, now)?;
        }
        self.update(session, customer, &[], now)
    }

    /// Takes a customer from a list, and tells what that changed.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub fn remove_from_list(
        &self,
        session: &mut dyn Session,
        list: &Name,
        customer: CustomerId,
        now: DateTime<Utc>,
    ) -> Result<Vec<Crossing>, SegmentationError> {
        if lists::remove(session, list, customer, now)? {
            changes::note(session, subject(customer), ChangeKind::List, now)?;
        }
        self.update(session, customer, &[], now)
    }

    /// The customers on a list, by their ids.
    ///
    /// # Errors
    /// Those of the database.
    pub fn list(&self, session: &mut dyn Session, list: &Name) -> Result<Vec<CustomerId>, SegmentationError> {
        Ok(lists::customers(session, list)?)
    }

    /// Puts a customer into a segment, whatever its criteria say, until he is [released](Self::release). It outlives every new version. The
    /// first time for a segment it waits for whoever defines or advances, and takes into account what is open.
    ///
    /// # Errors
    /// [`SegmentationError::UnknownSegment`], and as [`update`](Self::update).
    pub fn include(
        &self,
        session: &mut dyn Session,
        segment: &Name,
        customer: CustomerId,
        source: &Source,
        now: DateTime<Utc>,
    ) -> Result<Vec<Crossing>, SegmentationError> {
        self.by_hand(session, segment, customer, (Manual::Included, source), now)
    }

    /// Keeps a customer out of a segment, whatever its criteria say, until he is [released](Self::release). It outlives every new
    /// version, and wins over [`include`](Self::include).
    ///
    /// # Errors
    /// As [`include`](Self::include).
    pub fn exclude(
        &self,
        session: &mut dyn Session,
        segment: &Name,
        customer: CustomerId,
        source: &Source,
        now: DateTime<Utc>,
    ) -> Result<Vec<Crossing>, SegmentationError> {
        self.by_hand(session, segment, customer, (Manual::Excluded, source), now)
    }

    /// Lets the criteria of a segment decide about a customer again.
    ///
    /// # Errors
    /// As [`include`](Self::include).
    pub fn release(
        &self,
        session: &mut dyn Session,
        segment: &Name,
        customer: CustomerId,
        now: DateTime<Utc>,
    ) -> Result<Vec<Crossing>, SegmentationError> {
        let unknown = || SegmentationError::UnknownSegment(segment.clone());
        let definition = definitions::find(session, segment)?.ok_or_else(unknown)?;
        let mut crossings = Vec::new();
        for kind in [Manual::Included, Manual::Excluded] {
            let list = manual_list(definition.segment, kind);
            crossings.extend(self.remove_from_list(session, &list, customer, now)?);
        }
        Ok(crossings)
    }

    fn by_hand(
        &self,
        session: &mut dyn Session,
        segment: &Name,
        customer: CustomerId,
        (kind, source): (Manual, &Source),
        now: DateTime<Utc>,
    ) -> Result<Vec<Crossing>, SegmentationError> {
        let unknown = || SegmentationError::UnknownSegment(segment.clone());
        let definition = definitions::find(session, segment)?.ok_or_else(unknown)?;
        if !definition.has_manual {
            // From now on the definition asks for its two lists. Nobody is on them, so its members stay the same.
            self.redefine(session, now, |all, _| {
                let of_name = |known: &&mut definitions::Definition| known.segment == definition.segment;
                all.iter_mut().filter(of_name).for_each(|known| known.has_manual = true);
                Ok(BTreeSet::new())
            })?;
        }
        self.add_to_list(session, &manual_list(definition.segment, kind), customer, source, now)
    }
}
