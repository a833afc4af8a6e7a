//! Who was in a segment on a date, as it was known then and as it is known now.

use chrono::{DateTime, Utc};
use ecrm_core::CustomerId;
use ecrm_store::Session;

use crate::catalogue::Catalogue;
use crate::criteria::{Criteria, Name, Needs, Other};
use crate::error::SegmentationError;
use crate::facts::Facts;
use crate::model::Knowledge;
use crate::scan::Scan;
use crate::segmentation::Segmentation;
use crate::store::histories::past;

/// So many customers are read at once.
const AT_ONCE: u32 = 1_024;

impl Segmentation {
    /// How many belonged to criteria at some instants of the past: for a definition that is to be tried over the last year, or for the
    /// growth of a segment (`in segment "NAME"`). The definitions are those in force now.
    ///
    /// Who registered later did not belong to anything. Fields of the profile have the values that were recorded by then, because they
    /// have no other time; lists those who were on them.
    ///
    /// With [`Knowledge::Now`] it takes as long as a [`preview`](Self::preview) for each instant, unless profile or lists are looked at;
    /// with [`Knowledge::Then`] the whole record is read once.
    ///
    /// ```
    /// # use chrono::{DateTime, TimeDelta, Utc};
    /// # use ecrm_segmentation::{Criteria, Knowledge, Segmentation};
    /// # use ecrm_store::Session;
    /// # fn story(
    /// #     session: &mut dyn Session, segments: &Segmentation, now: DateTime<Utc>,
    /// # ) -> Result<(), Box<dyn std::error::Error>> {
    /// let criteria: Criteria = "count(orders in last 90 days) >= 2".parse()?;
    /// let weeks: Vec<_> = (0..52).map(|week| now - TimeDelta::weeks(week)).collect();
    /// for (week, members) in weeks.iter().zip(segments.backtest(session, &criteria, &weeks, Knowledge::Now, now)?) {
    ///     println!("{week}: {members}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`SegmentationError::NoHistory`] for criteria over metrics, of which only the last value is kept, and for instants to come;
    /// [`SegmentationError::Catalogue`] for what cannot be evaluated exactly, and [`SegmentationError::Stale`].
    pub fn backtest(
        &self,
        session: &mut dyn Session,
        criteria: &Criteria,
        instants: &[DateTime<Utc>],
        knowledge: Knowledge,
        now: DateTime<Utc>,
    ) -> Result<Vec<u64>, SegmentationError> {
        let mut counts = vec![0; instants.len()];
        self.look_back(session, criteria, (instants, now), knowledge, |place, members| {
            counts[place] += members.count();
        })?;
        Ok(counts)
    }

    /// Who belonged to criteria at an instant of the past, by their ids; as [`backtest`](Self::backtest).
    ///
    /// # Errors
    /// As [`backtest`](Self::backtest).
    pub fn members_at(
        &self,
        session: &mut dyn Session,
        criteria: &Criteria,
        at: DateTime<Utc>,
        knowledge: Knowledge,
        now: DateTime<Utc>,
    ) -> Result<Vec<CustomerId>, SegmentationError> {
        let mut all = Vec::new();
        let mut sets = Vec::new();
        self.look_back(session, criteria, (&[at], now), knowledge, |_, members| match members {
            Members::Ids(ids) => all.extend(ids),
            Members::Set(set) => sets.push(set),
        })?;
        for set in sets {
            let mut after = None;
            loop {
                let page = set.page(session, after, u32::from(u16::MAX))?;
                all.extend(page.customers);
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
        }
        all.sort_unstable();
        Ok(all)
    }

    fn look_back(
        &self,
        session: &mut dyn Session,
        criteria: &Criteria,
        (instants, now): (&[DateTime<Utc>], DateTime<Utc>),
        knowledge: Knowledge,
        mut found: impl FnMut(usize, Members),
    ) -> Result<(), SegmentationError> {
        let _span = ecrm_store::span("segmentation", "as_of");
        if instants.iter().any(|at| *at > now) {
            return Err(SegmentationError::NoHistory("an instant is still to come".to_owned()));
        }
        let (state, loaded) = self.readable(session)?;
        let name = Name::reserved("what is looked back at ");
        let catalogue = loaded.catalogue.with(name.clone(), criteria.clone())?;
        let (_, needs) = catalogue.part(&[&name]);
        if needs.has(Other::Metrics) {
            let what = "of metrics only the last value is kept; leave them out of the criteria";
            return Err(SegmentationError::NoHistory(what.to_owned()));
        }
        // Of these the packed facts know only what holds now.
        let is_of_now = [Other::Lists, Other::Profile, Other::Reachable]
            .into_iter()
            .any(|other| needs.has(other));
        let is_quick = knowledge == Knowledge::Now && !is_of_now;
        if is_quick {
            for (place, at) in instants.iter().enumerate() {
                found(
                    place,
                    Members::Set(self.of_blocks(session, (&catalogue, &name, &needs), (*at, state.customers))?),
                );
            }
            return Ok(());
        }
        past(session, AT_ONCE, &mut |batch| {
            for (place, at) in instants.iter().enumerate() {
                let facts = Facts::of(&batch.at(*at, knowledge));
                let members = catalogue.members_of(&name, &facts, *at);
                found(place, Members::Ids(members));
            }
        })?;
        Ok(())
    }

    /// From the packed facts.
    fn of_blocks(
        &self,
        session: &mut dyn Session,
        (catalogue, name, needs): (&Catalogue, &Name, &Needs),
        (at, next_number): (DateTime<Utc>, u32),
    ) -> Result<crate::CustomerSet, SegmentationError> {
        let (program, _) = catalogue.part(&[name]);
        let scan = Scan {
            catalogue,
            program: &program,
            needs,
            now: at,
            is_ahead: false,
            registered_by: Some(at.timestamp_micros()),
        };
        self.scan_with_changed(session, &scan, (name, next_number))
    }
}

/// Members that were found.
enum Members {
    Ids(Vec<CustomerId>),
    Set(crate::CustomerSet),
}

impl Members {
    fn count(&self) -> u64 {
        match self {
            Self::Ids(ids) => ids.len() as u64,
            Self::Set(set) => set.count(),
        }
    }
}
