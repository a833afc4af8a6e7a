//! What an event does to its customer's segments, in the event's own transaction.

use chrono::{DateTime, Utc};
use ecrm_core::{Activity, Code, CustomerId};
use ecrm_store::changes::{self, ChangeKind, Noted};
use ecrm_store::{Session, activities, customers, suppressions};

use crate::criteria::{EventSet, Other};
use crate::current::{Current, in_sets};
use crate::error::SegmentationError;
use crate::facts::Block;
use crate::loaded::Loaded;
use crate::model::{Cause, Crossing};
use crate::reason::{Sight, reason};
use crate::segmentation::Segmentation;
use crate::standing::Standing;
use crate::store::CONSUMER;
use crate::store::changed::{self, Changed};
use crate::store::histories::{self, subject};
use crate::store::log::Entry;
use crate::store::state::State;

impl Segmentation {
    /// Appends activities of a customer to the shared record and takes them into account: as `activities::append_all` and
    /// [`update`](Self::update), in fewer steps.
    ///
    /// ```
    /// # use chrono::{DateTime, Utc};
    /// # use ecrm_core::Activity;
    /// # use ecrm_segmentation::{Segmentation, SegmentationError};
    /// # use ecrm_store::Session;
    /// # fn story(
    /// #     session: &mut dyn Session, segments: &Segmentation, order: Activity, now: DateTime<Utc>,
    /// # ) -> Result<(), SegmentationError> {
    /// for crossing in segments.append(session, &[order], now)? {
    ///     println!("{}: {}", crossing.segment, crossing.is_member);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`update`](Self::update); [`StoreError::is_invalid_input`](ecrm_store::StoreError::is_invalid_input) where they are of several
    /// customers, and [`SegmentationError::UnknownCustomer`] where they are a guest's.
    pub fn append(
        &self,
        session: &mut dyn Session,
        activities: &[Activity],
        now: DateTime<Utc>,
    ) -> Result<Vec<Crossing>, SegmentationError> {
        let Some(first) = activities.first() else {
            return Ok(Vec::new());
        };
        let customer = first.subject().customer().ok_or(SegmentationError::UnknownCustomer)?;
        activities::append_for(session, activities, CONSUMER)?;
        self.look_at(session, customer, (activities, 0), now)
    }

    /// Takes into account what happened to a customer, and tells which segments the customer came into and left, the earliest first.
    ///
    /// Call it in the transaction of the event, after the event is stored. `appended` are the activities that were just appended for this
    /// customer: with them nothing else needs to be read. Without them, or where something else happened as well, the customer is read
    /// from the shared record. It locks the customer and writes only rows of this customer.
    ///
    /// ```
    /// # use chrono::{DateTime, Utc};
    /// # use ecrm_core::Activity;
    /// # use ecrm_segmentation::{Crossing, Segmentation, SegmentationError};
    /// # use ecrm_store::{Session, activities};
    /// # fn story(
    /// #     session: &mut dyn Session, segments: &Segmentation, order: Activity, now: DateTime<Utc>,
    /// # ) -> Result<Vec<Crossing>, SegmentationError> {
    /// activities::append(session, &order)?;
    /// let customer = order.subject().customer().ok_or(SegmentationError::UnknownCustomer)?;
    /// segments.update(session, customer, &[order], now)
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`SegmentationError::UnknownCustomer`], [`SegmentationError::NotInstalled`], and those of the database.
    pub fn update(
        &self,
        session: &mut dyn Session,
        customer: CustomerId,
        appended: &[Activity],
        now: DateTime<Utc>,
    ) -> Result<Vec<Crossing>, SegmentationError> {
        self.look_at(session, customer, (appended, appended.len() as u64), now)
    }

    /// The activities are known to follow what is known where so many writes are noted.
    fn look_at(
        &self,
        session: &mut dyn Session,
        customer: CustomerId,
        (appended, noted): (&[Activity], u64),
        now: DateTime<Utc>,
    ) -> Result<Vec<Crossing>, SegmentationError> {
        let _span = ecrm_store::span("segmentation", "update");
        let row = hold(session, customer)?;
        let (state, loaded) = self.read(session)?;
        let entries = Update {
            state: &state,
            loaded: &loaded,
            customer,
            now,
        }
        .run(session, row, (appended, noted))?;
        let crossing = |entry: Entry| {
            Ok(Crossing {
                customer,
                segment: loaded.name(entry.segment)?.clone(),
                is_member: entry.is_member,
                at: entry.at,
                reason: entry.reason,
            })
        };
        entries.into_iter().map(crossing).collect()
    }
}

/// Locks what is stored of a customer, first of all: what is read before may be changed by the one for whom this waits.
pub(crate) fn hold(session: &mut dyn Session, customer: CustomerId) -> Result<Option<Changed>, SegmentationError> {
    customers::hold(session, customer)?;
    Ok(changed::lock(session, customer)?)
}

/// One customer, looked at anew.
pub(crate) struct Update<'u> {
    pub(crate) state: &'u State,
    pub(crate) loaded: &'u Loaded,
    pub(crate) customer: CustomerId,
    pub(crate) now: DateTime<Utc>,
}

/// What is known after an event.
struct After {
    /// As far as the definitions need it.
    facts: Block,
    /// What the row of the customer holds of it.
    row: (bool, Block),
    /// The kinds of events that are all that happened; nothing where anything may have happened.
    happened: Option<Vec<EventSet>>,
}

impl Update<'_> {
    /// The caller [holds](hold) the customer.
    pub(crate) fn run(
        &self,
        session: &mut dyn Session,
        row: Option<Changed>,
        (appended, writes): (&[Activity], u64),
    ) -> Result<Vec<Entry>, SegmentationError> {
        let noted = changes::take(session, CONSUMER, subject(self.customer))?;
        let current = Current::with_row(session, self.loaded.catalogue.needs(), self.customer, row)?;
        let before = current.known();
        let standing = current.standing(session, (self.state, self.loaded), before.as_deref())?;
        // A clock that is behind the one that was here before does not turn time back.
        let now = ecrm_core::to_microseconds(self.now).timestamp_micros().max(standing.at);
        let mut entries = Vec::new();
        let standing = self.let_time_pass(standing, before.as_deref(), now, &mut entries);
        let is_all = match noted[..] {
            [] => writes == 0,
            [noted] => noted.kind == ChangeKind::Activity && noted.writes == writes,
            _ => false,
        };
        let quickly = if is_all {
            self.quickly(&current, before.as_deref(), appended)
        } else {
            None
        };
        let after = match quickly {
            Some(after) if !self.may_be_suppressed(session)? => after,
            _ => self.whole_record(session)?,
        };
        let stands = match &after.happened {
            Some(happened) => standing.after(self.loaded, &after.facts, (now, happened)),
            None => Standing::of(self.loaded, &after.facts, now),
        };
        let is_redefined = current.row.as_ref().is_some_and(|row| row.stamp != self.loaded.stamp);
        let cause = cause(appended, &noted, is_redefined);
        let (was, is) = (
            Sight {
                facts: before.as_deref(),
                at: now,
            },
            Sight {
                facts: Some(&after.facts),
                at: now,
            },
        );
        self.enter(&standing, &stands, (was, is), &cause, &mut entries);
        let (mut moves, mut news) = current.row.map_or_else(Default::default, |row| (row.moves, row.news));
        moves.extend(entries.iter().map(|entry| (entry.segment, entry.is_member)));
        if is_redefined {
            // The sets are others than those that these moves were about.
            let shared = Standing {
                members: in_sets(session, self.loaded, self.customer)?,
                ..stands.clone()
            };
            let steps = shared.steps_to(&stands);
            moves = steps.iter().map(|step| (step.segment, step.is_member)).collect();
        }
        news.extend(entries.iter().cloned());
        changed::save(
            session,
            &Changed {
                customer: self.customer,
                stamp: self.loaded.stamp.clone(),
                evaluated_at: now,
                next_flip: stands.next_flip,
                members: stands.members,
                moves,
                news,
                is_whole: after.row.0,
                facts: after.row.1,
            },
        )?;
        Ok(entries)
    }

    /// The activities that were handed in are all that happened, and do nothing but follow what is known.
    fn quickly(&self, current: &Current, before: Option<&Block>, appended: &[Activity]) -> Option<After> {
        let is_of_customer =
            |activity: &Activity| activity.subject().customer() == Some(self.customer) && activity.corrects().is_none();
        if appended.is_empty() || current.is_corrected() || !appended.iter().all(is_of_customer) {
            return None;
        }
        let later = Block::of_events(self.customer, appended);
        Some(After {
            facts: before?.with_events_of(&later)?,
            happened: Some(later.sets().collect()),
            row: current.row_with(later)?,
        })
    }

    /// An address was suppressed or released, perhaps that of this customer.
    fn may_be_suppressed(&self, session: &mut dyn Session) -> Result<bool, SegmentationError> {
        Ok(self.loaded.catalogue.needs().has(Other::Reachable) && suppressions::is_noted(session, CONSUMER)?)
    }

    fn whole_record(&self, session: &mut dyn Session) -> Result<After, SegmentationError> {
        let facts = histories::facts(session, self.customer)?.ok_or(SegmentationError::UnknownCustomer)?;
        Ok(After {
            row: (true, facts.clone()),
            happened: None,
            facts,
        })
    }

    fn let_time_pass(&self, from: Standing, facts: Option<&Block>, until: i64, entries: &mut Vec<Entry>) -> Standing {
        let Some(facts) = facts else { return from };
        from.walk(self.loaded, facts, until, |before, after| {
            let sight = |at| Sight { facts: Some(facts), at };
            self.enter(
                before,
                after,
                (sight(before.at), sight(after.at)),
                &Cause::Time,
                entries,
            );
        })
    }

    fn enter(
        &self,
        before: &Standing,
        after: &Standing,
        (was, is): (Sight<'_>, Sight<'_>),
        cause: &Cause,
        entries: &mut Vec<Entry>,
    ) {
        for step in before.steps_to(after) {
            entries.push(Entry {
                customer: self.customer,
                segment: step.segment,
                is_member: step.is_member,
                at: DateTime::from_timestamp_micros(after.at).unwrap_or(self.now),
                recorded_at: self.now,
                reason: reason(self.loaded, step, was, is, cause),
            });
        }
    }
}

fn cause(appended: &[Activity], noted: &[Noted], is_redefined: bool) -> Cause {
    if !appended.is_empty() {
        return Cause::Activities(appended.iter().map(Activity::id).collect());
    }
    if noted.is_empty() && is_redefined {
        return Cause::Definition;
    }
    Cause::Record(noted.iter().map(|noted| noted.kind.code().to_owned()).collect())
}
