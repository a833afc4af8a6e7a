//! Counts, pages and sets of members, as they are at an instant.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use ecrm_core::CustomerId;
use ecrm_store::{Session, changes, suppressions};
use roaring::RoaringBitmap;

use crate::criteria::{Criteria, Name};
use crate::current::Current;
use crate::error::{SegmentationError, Staleness};
use crate::facts::Block;
use crate::loaded::Loaded;
use crate::model::{Cause, Crossing, Reason};
use crate::segmentation::Segmentation;
use crate::store::changed::Glance;
use crate::store::log::Entry;
use crate::store::state::State;
use crate::store::{CONSUMER, blocks, changed, definitions, differences, histories, log, numbers, sets};
use crate::{Explanation, Membership};

/// Some members of a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page {
    /// The customers.
    pub customers: Vec<CustomerId>,
    /// For the next page; nothing behind the last one.
    pub next: Option<Cursor>,
}

/// A place in the members of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor(u64);

impl Cursor {
    /// As a number, for a link to the next page.
    #[must_use]
    pub fn to_number(self) -> u64 {
        self.0
    }

    /// From that number.
    #[must_use]
    pub fn from_number(number: u64) -> Self {
        Self(number)
    }
}

impl Segmentation {
    /// How many belong to a segment.
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
        let from = after.map_or(0, |cursor| cursor.0);
        let members = Effective::load(session, &fresh.changed, number, from)?;
        members.page(session, from, limit as usize)
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
        let everybody = everybody(session, &fresh)?;
        let combination = Combination {
            fresh: &fresh,
            everybody: &everybody,
        };
        Ok(CustomerSet(combination.of(session, criteria)?))
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
            all.push(Effective::load(
                session,
                &fresh.changed,
                fresh.loaded.number(segment)?,
                0,
            )?);
        }
        let row = |of: &Effective| all.iter().map(|with| of.and(with).len()).collect();
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
            None => {
                let history = histories::load(session, customer)?.ok_or(SegmentationError::UnknownCustomer)?;
                Cow::Owned(Block::of(&[history]))
            }
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

/// Some customers.
#[derive(Debug, Clone)]
pub struct CustomerSet(Effective);

impl CustomerSet {
    /// How many they are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// Some of them, from the first or behind a page.
    ///
    /// # Errors
    /// Those of the database.
    pub fn page(
        &self,
        session: &mut dyn Session,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Page, SegmentationError> {
        self.0.page(session, after.map_or(0, |cursor| cursor.0), limit as usize)
    }

    pub(crate) fn of(numbers: RoaringBitmap, unnumbered: Vec<CustomerId>) -> Self {
        Self(Effective { numbers, unnumbered })
    }
}

/// Members as they are: those of the set, and what is not yet part of it.
#[derive(Debug, Clone, Default)]
struct Effective {
    numbers: RoaringBitmap,
    /// Those who have no number yet, by their ids.
    unnumbered: Vec<CustomerId>,
}

/// Behind all numbers: so the customers without one come last.
const BEHIND_NUMBERS: u64 = 1 << 32;

impl Effective {
    /// The members of a segment, at least from a place on.
    fn load(session: &mut dyn Session, changed: &[Glance], segment: u32, from: u64) -> Result<Self, SegmentationError> {
        let first = sets::sheet(u32::try_from(from).unwrap_or(u32::MAX));
        let mut members = Self {
            numbers: sets::load_from(session, segment, first)?,
            unnumbered: Vec::new(),
        };
        for glance in changed {
            let Some(is_member) = glance.move_in(segment) else {
                continue;
            };
            match numbers::find(session, glance.customer)? {
                Some(number) if is_member => {
                    members.numbers.insert(number);
                }
                Some(number) => {
                    members.numbers.remove(number);
                }
                None if is_member => members.unnumbered.push(glance.customer),
                None => {}
            }
        }
        Ok(members)
    }

    fn len(&self) -> u64 {
        self.numbers.len() + self.unnumbered.len() as u64
    }

    fn and(&self, other: &Self) -> Self {
        let unnumbered = self.unnumbered.iter().filter(|id| other.unnumbered.contains(id));
        Self {
            numbers: &self.numbers & &other.numbers,
            unnumbered: unnumbered.copied().collect(),
        }
    }

    fn or(mut self, other: Self) -> Self {
        self.numbers |= other.numbers;
        self.unnumbered.extend(other.unnumbered);
        self.unnumbered.sort_unstable();
        self.unnumbered.dedup();
        self
    }

    fn without(mut self, other: &Self) -> Self {
        self.numbers -= &other.numbers;
        self.unnumbered.retain(|id| !other.unnumbered.contains(id));
        self
    }

    fn page(&self, session: &mut dyn Session, from: u64, limit: usize) -> Result<Page, SegmentationError> {
        let mut page = Page {
            customers: Vec::new(),
            next: None,
        };
        let first = u32::try_from(from);
        let numbers: Vec<u32> = match first {
            Ok(first) => self.numbers.range(first..).take(limit + 1).collect(),
            Err(_) => Vec::new(),
        };
        let mut known: Option<(u32, Vec<CustomerId>)> = None;
        for number in numbers {
            if page.customers.len() == limit {
                page.next = Some(Cursor(number.into()));
                return Ok(page);
            }
            let (block, index) = blocks::place(number);
            if known.as_ref().is_none_or(|(of, _)| *of != block) {
                known = Some((block, blocks::ids(session, block)?));
            }
            let id = known.as_ref().and_then(|(_, ids)| ids.get(index));
            page.customers.extend(id);
        }
        let passed = usize::try_from(from.saturating_sub(BEHIND_NUMBERS)).unwrap_or(usize::MAX);
        for (place, customer) in (passed..).zip(self.unnumbered.iter().skip(passed)) {
            if page.customers.len() == limit {
                page.next = Some(Cursor(BEHIND_NUMBERS + place as u64));
                break;
            }
            page.customers.push(*customer);
        }
        Ok(page)
    }
}

/// All customers.
fn everybody(session: &mut dyn Session, fresh: &Fresh) -> Result<Effective, SegmentationError> {
    let mut all = Effective::default();
    all.numbers.insert_range(0..fresh.state.customers);
    all.numbers -= sets::load(session, sets::ERASED)?;
    for glance in &fresh.changed {
        if numbers::find(session, glance.customer)?.is_none() {
            all.unnumbered.push(glance.customer);
        }
    }
    Ok(all)
}

struct Combination<'c> {
    fresh: &'c Fresh,
    everybody: &'c Effective,
}

impl Combination<'_> {
    fn of(&self, session: &mut dyn Session, criteria: &Criteria) -> Result<Effective, SegmentationError> {
        match criteria {
            Criteria::All(parts) => {
                parts.iter().try_fold(
                    self.everybody.clone(),
                    |all, part| Ok(all.and(&self.of(session, part)?)),
                )
            }
            Criteria::Any(parts) => parts
                .iter()
                .try_fold(Effective::default(), |any, part| Ok(any.or(self.of(session, part)?))),
            Criteria::Not(part) => Ok(self.everybody.clone().without(&self.of(session, part)?)),
            Criteria::InSegment(name) => {
                Effective::load(session, &self.fresh.changed, self.fresh.loaded.number(name)?, 0)
            }
            _ => Err(ecrm_core::ValueError::new(
                "combination of segments",
                "must have no criteria but `in segment`; use a preview for others",
            )
            .into()),
        }
    }
}
