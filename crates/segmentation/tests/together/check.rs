//! What is kept is what the histories say and what a rebuild finds.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use ecrm_core::CustomerId;
use ecrm_segmentation::criteria::Name;
use ecrm_segmentation::{Catalogue, Change, Crossing, LogCursor, SegmentationError, Zone};
use ecrm_store::Session;

use crate::shop::{Shop, definitions, is_redefined};

type Outcome = Result<(), SegmentationError>;

impl Shop {
    /// Now, and while time goes on alone; then all segments are built again.
    pub fn check(&self) {
        for days in [0, 1, 3, 30] {
            self.pass(TimeDelta::days(days));
            self.advance_wholly();
            self.commit(|session| definitions().try_for_each(|(name, _)| self.check_segment(session, &name)));
        }
        self.commit(|session| self.check_rebuild(session));
    }

    fn check_segment(&self, session: &mut dyn Session, name: &Name) -> Outcome {
        let members = self.check_customers(session, name)?;
        let now = self.now();
        assert_eq!(self.segments.count(session, name, now)?, members.len() as u64, "{name}");
        let page = self.segments.members(session, name, None, 1_000, now)?.customers;
        assert_eq!(page.len(), members.len(), "{name}");
        assert_eq!(page.into_iter().collect::<BTreeSet<_>>(), members, "{name}");
        Ok(())
    }

    /// Each customer alone, by what was committed; and the log of all of them. Tells who belongs to the segment.
    fn check_customers(
        &self,
        session: &mut dyn Session,
        name: &Name,
    ) -> Result<BTreeSet<CustomerId>, SegmentationError> {
        let catalogue = Catalogue::new(Zone::UTC, definitions()).unwrap();
        let (mut members, mut crossings) = (BTreeSet::new(), 0);
        for (customer, history) in &*self.histories.lock().unwrap() {
            let expected = catalogue.membership(name, history, self.now()).unwrap();
            let found = self.segments.membership(session, *customer, name, self.now())?;
            assert_eq!(found, expected, "{name} at {}", self.now());
            members.extend(expected.is_member.then_some(*customer));
            let log = self.segments.why(session, *customer, name)?;
            check_log(name, &log, expected.is_member);
            crossings += log.len() as u64;
        }
        let changes = self.segments.changes(session, name, LogCursor::START, 100_000)?.changes;
        let told = changes.iter().map(|change| match change {
            Change::Crossing(_) => 1,
            Change::Defined {
                version, entered, left, ..
            } if *version > 1 => entered + left,
            _ => 0,
        });
        assert_eq!(
            told.sum::<u64>(),
            crossings,
            "the changes of {name} are the logs of its customers"
        );
        Ok(members)
    }

    /// The same criteria under a second name have the same members, and the first ones defined anew find nothing to mend.
    fn check_rebuild(&self, session: &mut dyn Session) -> Outcome {
        let second = |name: &Name| Name::new(&format!("{name} again")).unwrap();
        let again = definitions().map(|(name, criteria)| (second(&name), criteria));
        self.segments.define(session, again, self.now())?;
        for (name, _) in definitions() {
            let (a, b) = (
                format!("in segment \"{name}\""),
                format!("in segment \"{}\"", second(&name)),
            );
            let differs = format!("{a} and not {b} or {b} and not {a}").parse().unwrap();
            assert_eq!(
                self.segments.combine(session, &differs, self.now())?.count(),
                0,
                "{name}"
            );
        }
        for defined in self.segments.define(session, definitions(), self.now())? {
            assert_eq!((defined.entered, defined.left), (0, 0), "{}", defined.segment);
        }
        Ok(())
    }
}

/// Somebody comes in, goes, comes in again: never twice the same, never back in time, and the last word is the truth.
fn check_log(name: &Name, latest_first: &[Crossing], is_member: bool) {
    let told: Vec<_> = latest_first
        .iter()
        .map(|crossing| (crossing.is_member, crossing.at))
        .collect();
    assert_eq!(told.first().is_some_and(|last| last.0), is_member, "{name}: {told:?}");
    // An order under way while its segment is defined anew says what the old definition says, behind what the new one did.
    let mut pairs = told.windows(2).filter(|_| !is_redefined(name));
    assert!(
        pairs.all(|pair| pair[0].0 != pair[1].0 && pair[0].1 >= pair[1].1),
        "{name}: {told:?}"
    );
    assert!(told.last().is_none_or(|first| first.0), "{name}: {told:?}");
}
