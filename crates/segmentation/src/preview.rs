//! Whom criteria would fit, before they are a segment.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use ecrm_store::Session;

use crate::criteria::{Criteria, Name};
use crate::current::Current;
use crate::error::SegmentationError;
use crate::members::CustomerSet;
use crate::scan::Scan;
use crate::segmentation::Segmentation;
use crate::store::{changed, histories};

impl Segmentation {
    /// The customers whom criteria fit at this instant. The criteria are no segment yet, and nothing is written.
    ///
    /// ```
    /// # use chrono::{DateTime, Utc};
    /// # use ecrm_segmentation::{Criteria, Segmentation};
    /// # use ecrm_store::Session;
    /// # fn story(
    /// #     session: &mut dyn Session, segments: &Segmentation, now: DateTime<Utc>,
    /// # ) -> Result<(), Box<dyn std::error::Error>> {
    /// let criteria: Criteria = "count(orders in last 90 days) >= 2".parse()?;
    /// let found = segments.preview(session, &criteria, now)?;
    /// println!("{} customers, such as {:?}", found.count(), found.page(session, None, 5)?.customers);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`SegmentationError::Catalogue`] for what cannot be evaluated exactly, and [`SegmentationError::Stale`].
    pub fn preview(
        &self,
        session: &mut dyn Session,
        criteria: &Criteria,
        now: DateTime<Utc>,
    ) -> Result<CustomerSet, SegmentationError> {
        let _span = ecrm_store::span("segmentation", "preview");
        let (state, loaded) = self.readable(session)?;
        let name = Name::reserved("what is previewed ");
        let catalogue = loaded.catalogue.with(name.clone(), criteria.clone())?;
        let (program, needs) = catalogue.part(&[&name]);
        let scan = Scan {
            catalogue: &catalogue,
            program: &program,
            needs: &needs,
            now,
            is_ahead: false,
            registered_by: None,
        };
        self.scan_with_changed(session, &scan, (&name, state.customers))
    }

    /// What a scan for one segment finds, with those whose blocks do not yet know what happened to them.
    pub(crate) fn scan_with_changed(
        &self,
        session: &mut dyn Session,
        scan: &Scan<'_>,
        (name, next_number): (&Name, u32),
    ) -> Result<CustomerSet, SegmentationError> {
        let found = scan.run(session, self.threads())?;
        let numbers = found.members.into_iter().next().unwrap_or_default();
        let mut members = CustomerSet::of(numbers, Vec::new(), next_number);
        for customer in changed::customers(session)? {
            let current = Current::load(session, scan.needs, customer)?;
            let facts = match current.known() {
                None => histories::facts(session, customer)?.map(Cow::Owned),
                known => known,
            };
            let facts = facts.filter(|facts| scan.is_registered(facts, 0));
            let membership = facts.and_then(|facts| scan.catalogue.membership_in(name, &facts, scan.now));
            members.put(
                session,
                customer,
                membership.is_some_and(|membership| membership.is_member),
            )?;
        }
        Ok(members)
    }
}
