//! Counts, pages and sets of members, as they are at an instant.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use ecrm_core::CustomerId;
use ecrm_store::{Session, changes, suppressions};
use roaring::RoaringBitmap;

use crate::catalogue::Membership;
use crate::criteria::{Criteria, Name};
use crate::current::Current;
use crate::error::{SegmentationError, Staleness};
use crate::evaluate::Explanation;
use crate::loaded::Loaded;
use crate::members::{Cursor, CustomerSet, Page};
use crate::model::{Cause, Crossing, Reason};
use crate::segmentation::Segmentation;
use crate::store::changed::Glance;
use crate::store::log::Entry;
use crate::store::state::State;
use crate::store::{CONSUMER, changed, definitions, differences, histories, log, numbers, sets};

impl Segmentation {
    /// How many belong to a segment. What is shared does not go back: an instant before the one up to which `advance` was called last, as
    /// clocks that differ give it, is taken for that one. [`members_at`](Self::members_at) looks at the past.
    ///
    /// # Errors
    /// [`SegmentationError::Stale`] where something is not yet taken into account that may change it, and
    /// [`SegmentationError::UnknownSegment`].
    pub fn count(
        &self,
        session: &mut dyn Session,
        segment: &Name,
        now: DateTime<Utc>,
    ) -> Result<u64, SegmentationError> {
        let fresh = self.fresh(session, now)?;
        let (number, members) = definitions::members(session, segment)?
            .ok_or_else(|| SegmentationError::UnknownSegment(segment.clone()))?;
        let moves = fresh.changed.iter().filter_map(|glance| glance.move_in(number));
        let members = moves.fold(members, |sum, is_in| if is_in { sum + 1 } else { sum - 1 });
        Ok(u64::try_from(members).unwrap_or_default())
    }

    /// The members of a segment, at most `limit`, from the first or behind a page, in an order that stays.
    ///
    /// # Errors
    /// As [`count`](Self::count).
    pub fn members(
        &self,
        session: &mut dyn Session,
        segment: &Name,
        after: Option<Cursor>,
        limit: u32,
        now: DateTime<Utc>,
    ) -> Result<Page, SegmentationError> {
        let fresh = self.fresh(session, now)?;
        let number = fresh.loaded.number(segment)?;
        let from = after.map_or(0, Cursor::number);
        fresh.members(session, number, from)?.page(session, after, limit)
    }

    /// How many belong to all, to some of several segments: `criteria` made of nothing but `in segment`, `and`, `or` and `not`, evaluated
    /// from the sets of the members.
    ///
    /// ```
    /// # use chrono::{DateTime, Utc};
    /// # use ecrm_segmentation::{Criteria, Segmentation, SegmentationError};
    /// # use ecrm_store::Session;
    /// # fn story(
    /// #     session: &mut dyn Session, segments: &Segmentation, now: DateTime<Utc>,
    /// # ) -> Result<(), Box<dyn std::error::Error>> {
    /// let both: Criteria = "in segment \"big\" and not in segment \"lost\"".parse()?;
    /// let set = segments.combine(session, &both, now)?;
    /// println!("{} customers, the first page: {:?}", set.count(), set.page(session, None, 50)?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`count`](Self::count), and [`SegmentationError::Value`] for other criteria: those are for
    /// [`preview`](Self::preview).
    pub fn combine(
        &self,
        session: &mut dyn Session,
        criteria: &Criteria,
        now: DateTime<Utc>,
    ) -> Result<CustomerSet, SegmentationError> {
        let fresh = self.fresh(session, now)?;
        let everybody = fresh.everybody(session)?;
        let combination = Combination {
            fresh: &fresh,
            everybody: &everybody,
        };
        combination.of(session, criteria)
    }

    /// How many belong to each two of some segments: a row and a column for each, in their order.
    ///
    /// # Errors
    /// As [`count`](Self::count).
    pub fn overlap(
        &self,
        session: &mut dyn Session,
        segments: &[Name],
        now: DateTime<Utc>,
    ) -> Result<Vec<Vec<u64>>, SegmentationError> {
        let fresh = self.fresh(session, now)?;
        let mut all = Vec::new();
        for segment in segments {
            all.push(fresh.members(session, fresh.loaded.number(segment)?, 0)?);
        }
        let row = |of: &CustomerSet| all.iter().map(|with| of.and(with).count()).collect();
        Ok(all.iter().map(row).collect())
    }

    /// Whether a customer belongs to a segment, and until when: evaluated at this instant, whatever was told of it before.
    ///
    /// # Errors
    /// [`SegmentationError::UnknownCustomer`], [`SegmentationError::UnknownSegment`].
    pub fn membership(
        &self,
        session: &mut dyn Session,
        customer: CustomerId,
        segment: &Name,
        now: DateTime<Utc>,
    ) -> Result<Membership, SegmentationError> {
        let (_, loaded) = self.read(session)?;
        loaded.number(segment)?;
        let current = Current::load(session, loaded.catalogue.needs(), customer)?;
        let is_noted = changes::is_noted(session, CONSUMER, histories::subject(customer))?
            || suppressions::is_noted(session, CONSUMER)?;
        let facts = match current.known().filter(|_| !is_noted) {
            Some(facts) => facts,
            None => Cow::Owned(histories::facts(session, customer)?.ok_or(SegmentationError::UnknownCustomer)?),
        };
        let unknown = || SegmentationError::UnknownSegment(segment.clone());
        loaded.catalogue.membership_in(segment, &facts, now).ok_or_else(unknown)
    }

    /// Why a customer belongs to a segment, or not: the definition with the truth of each part, what was found, and until when that holds.
    ///
    /// # Errors
    /// As [`membership`](Self::membership).
    pub fn explain(
        &self,
        session: &mut dyn Session,
        customer: CustomerId,
        segment: &Name,
        now: DateTime<Utc>,
    ) -> Result<Explanation, SegmentationError> {
        let (_, loaded) = self.read(session)?;
        loaded.number(segment)?;
        let history = histories::load(session, customer)?.ok_or(SegmentationError::UnknownCustomer)?;
        let unknown = || SegmentationError::UnknownSegment(segment.clone());
        loaded.catalogue.explain(segment, &history, now).ok_or_else(unknown)
    }

    /// When and why a customer came into a segment and left it, the latest first. That a definition brought him in or put him out
    /// stands among it, with [`Cause::Definition`] and without criteria; but the first build of a segment does not.
    ///
    /// # Errors
    /// [`SegmentationError::UnknownSegment`].
    pub fn why(
        &self,
        session: &mut dyn Session,
        customer: CustomerId,
        segment: &Name,
    ) -> Result<Vec<Crossing>, SegmentationError> {
        let (_, loaded) = self.read(session)?;
        let number = loaded.number(segment)?;
        let entries = told(session, customer)?.into_iter();
        let of_segment = entries.filter(|(_, entry)| entry.segment == number);
        let crossing = |(position, entry): (i64, Entry)| {
            let crossing = Crossing {
                customer,
                segment: segment.clone(),
                is_member: entry.is_member,
                at: entry.at,
                reason: entry.reason,
            };
            (position, crossing)
        };
        let mut crossings: Vec<_> = of_segment.map(crossing).collect();
        crossings.extend(self.by_definition(session, customer, (segment, number))?);
        crossings.sort_by_key(|(position, _)| *position);
        Ok(crossings.into_iter().rev().map(|(_, crossing)| crossing).collect())
    }

    /// What new versions of the definition did to a customer, with the positions.
    fn by_definition(
        &self,
        session: &mut dyn Session,
        customer: CustomerId,
        (name, segment): (&Name, u32),
    ) -> Result<Vec<(i64, Crossing)>, SegmentationError> {
        let Some(number) = numbers::find(session, customer)? else {
            return Ok(Vec::new());
        };
        let mut crossings = Vec::new();
        for replaced in definitions::behind(session, segment, 0)? {
            let (entered, left) = differences::load(session, (segment, replaced.version))?;
            if entered.contains(number) || left.contains(number) {
                let crossing = Crossing {
                    customer,
                    segment: name.clone(),
                    is_member: entered.contains(number),
                    at: replaced.defined_at,
                    reason: Reason {
                        cause: Cause::Definition,
                        because: Vec::new(),
                    },
                };
                crossings.push((replaced.position, crossing));
            }
        }
        Ok(crossings)
    }

    /// What is shared, where nothing is open that may change an answer.
    fn fresh(&self, session: &mut dyn Session, now: DateTime<Utc>) -> Result<Fresh, SegmentationError> {
        let (state, loaded) = self.readable(session)?;
        let changed = changed::glance(session)?;
        let now = now.timestamp_micros().max(state.advanced_to);
        let is_due = |at: Option<i64>| at.is_some_and(|at| at <= now);
        if is_due(state.next_flip) || changed.iter().any(|glance| is_due(glance.next_flip)) {
            return Err(SegmentationError::Stale(Staleness::Due));
        }
        if changed.iter().any(|glance| glance.stamp != state.stamp) {
            return Err(SegmentationError::Stale(Staleness::Redefined));
        }
        Ok(Fresh { state, loaded, changed })
    }

    /// The state and the definitions, where all that happened has been looked at.
    pub(crate) fn readable(&self, session: &mut dyn Session) -> Result<(State, Arc<Loaded>), SegmentationError> {
        let (state, loaded) = self.read(session)?;
        if !state.is_packed {
            return Err(SegmentationError::Stale(Staleness::NotPacked));
        }
        if !changes::pending(session, CONSUMER, 1)?.is_empty() || suppressions::is_noted(session, CONSUMER)? {
            return Err(SegmentationError::Stale(Staleness::Pending));
        }
        Ok((state, loaded))
    }
}

/// What is shared, and the customers who are not yet part of it.
struct Fresh {
    state: State,
    loaded: Arc<Loaded>,
    changed: Vec<Glance>,
}

/// What happened to a customer, in its order: the log, and the news behind it.
pub(crate) fn told(session: &mut dyn Session, customer: CustomerId) -> Result<Vec<(i64, Entry)>, SegmentationError> {
    let mut all = log::of_customer(session, customer)?;
    let row = changed::load(session, customer)?;
    let news = row.into_iter().flat_map(|row| row.news);
    all.extend(news.map(|entry| (i64::MAX, entry)));
    Ok(all)
}

impl Loaded {
    /// The number of a segment that is in force.
    pub(crate) fn number(&self, segment: &Name) -> Result<u32, SegmentationError> {
        let names = self.catalogue.program().names();
        let found = names.zip(&self.numbers).find(|(name, _)| *name == segment);
        found
            .map(|(_, number)| *number)
            .ok_or_else(|| SegmentationError::UnknownSegment(segment.clone()))
    }
}

impl Fresh {
    /// The members of a segment, at least those from a number on.
    fn members(&self, session: &mut dyn Session, segment: u32, from: u32) -> Result<CustomerSet, SegmentationError> {
        CustomerSet::load(session, &self.changed, segment, (from, self.state.customers))
    }

    /// All customers.
    fn everybody(&self, session: &mut dyn Session) -> Result<CustomerSet, SegmentationError> {
        let mut numbers = RoaringBitmap::new();
        numbers.insert_range(0..self.state.customers);
        numbers -= sets::load(session, sets::ERASED)?;
        let mut all = CustomerSet::of(numbers, Vec::new(), self.state.customers);
        for glance in &self.changed {
            all.put(session, glance.customer, true)?;
        }
        Ok(all)
    }
}

struct Combination<'c> {
    fresh: &'c Fresh,
    everybody: &'c CustomerSet,
}

impl Combination<'_> {
    fn of(&self, session: &mut dyn Session, criteria: &Criteria) -> Result<CustomerSet, SegmentationError> {
        match criteria {
            Criteria::All(parts) => {
                parts.iter().try_fold(
                    self.everybody.clone(),
                    |all, part| Ok(all.and(&self.of(session, part)?)),
                )
            }
            Criteria::Any(parts) => parts
                .iter()
                .try_fold(CustomerSet::default(), |any, part| Ok(any.or(self.of(session, part)?))),
            Criteria::Not(part) => Ok(self.everybody.clone().without(&self.of(session, part)?)),
            Criteria::InSegment(name) => {
                let number = self.fresh.loaded.number(name)?;
                self.fresh.members(session, number, 0)
            }
            _ => Err(ecrm_core::ValueError::new(
                "combination of segments",
                "must have no criteria but `in segment`; use a preview for others",
            )
            .into()),
        }
    }
}
