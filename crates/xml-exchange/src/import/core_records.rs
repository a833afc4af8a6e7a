//! Records in the project's own format, applied to the shared record.

use std::collections::HashSet;
use std::hash::Hash;

use chrono::{DateTime, Utc};
use ecrm_core::{Activity, Consent, CustomerId, IdSource, Metric, Promise, Source, Subject, SubjectId};
use ecrm_store::external_refs::digest;
use ecrm_store::{Session, StoreError, activities, attributes, consents, customers, identifiers, metrics, promises};
use ecrm_xml::format::{AnyRecord, CustomerRecord, KnownIdentifier};
use ecrm_xml::{ErrorCode, Kept, Record};
use uuid::Uuid;

use super::{Applied, Apply, RecordError};
use crate::store::{keep, kept};

/// Writes customers, activities, consents, metrics and promises. What is there already is not written again; the same id with other
/// content is a bad record, because nobody has said which of the two is right.
///
/// Some things are further knowledge and no contradiction: identifiers, attributes and consents that a customer did not have, the
/// end of a promise, a number of a later instant. Versions are counted by the store that a customer is in, so that of the record
/// does not matter. What is not understood of a record is kept, the latest in place of an earlier one; see [`kept_of`].
pub struct CoreRecords<'a> {
    ids: &'a dyn IdSource,
    source: &'a Source,
    now: DateTime<Utc>,
}

impl<'a> CoreRecords<'a> {
    /// What is written has this source where the record names none.
    #[must_use]
    pub fn new(ids: &'a dyn IdSource, source: &'a Source, now: DateTime<Utc>) -> Self {
        Self { ids, source, now }
    }

    fn customer(&self, session: &mut dyn Session, record: &CustomerRecord) -> Result<Written, StoreError> {
        let customer = record.customer();
        let source = record.source().unwrap_or(self.source);
        let recorded_at = record.recorded_at().unwrap_or(self.now);
        let id = customer.id();
        // Most customers of a feed are new, so the insert is tried first; a conflict writes nothing.
        let is_new = match customers::insert(session, customer, source, recorded_at) {
            Ok(_) => true,
            Err(error) if error.is_conflict() => match customers::load(session, id)? {
                Some(stored) if stored.clone().with_version(customer.version()) == *customer => false,
                _ => return Ok(Written::Contradicts),
            },
            Err(error) => return Err(error),
        };
        let mut changed = is_new;
        let known = if is_new {
            Vec::new()
        } else {
            identifiers::of_customer(session, id)?
        };
        for found in first_of_each(record.identifiers(), KnownIdentifier::identifier) {
            if known.iter().all(|known| known.identifier != *found.identifier()) {
                attach(session, id, found, (source, recorded_at))?;
                changed = true;
            }
        }
        for attribute in first_of_each(record.attributes(), |attribute| attribute) {
            if is_new || !attributes::history(session, id, attribute.name())?.contains(attribute) {
                attributes::set(session, self.ids, id, attribute)?;
                changed = true;
            }
        }
        for consent in record.consents() {
            changed |= self.consent(session, consent)?;
        }
        Ok(Written::of(changed))
    }

    fn consent(&self, session: &mut dyn Session, consent: &Consent) -> Result<bool, StoreError> {
        let is_new = !consents::of_subject(session, consent.subject())?.contains(consent);
        if is_new {
            consents::record(session, self.ids, consent)?;
        }
        Ok(is_new)
    }

    fn activity(session: &mut dyn Session, activity: &Activity) -> Result<Written, StoreError> {
        // Most activities of a feed are new, so the insert is tried first.
        if activities::append_new(session, activity)? {
            return Ok(Written::Changed);
        }
        match activities::find(session, activity.subject().id(), activity.valid_at(), activity.id())? {
            Some(stored) if stored == *activity => Ok(Written::Unchanged),
            _ => Ok(Written::Contradicts),
        }
    }

    fn metric(&self, session: &mut dyn Session, metric: &Metric) -> Result<Written, StoreError> {
        match metrics::load(session, metric.subject(), metric.name())? {
            Some(stored) if stored == *metric || stored.as_of() > metric.as_of() => Ok(Written::Unchanged),
            Some(stored) if stored.as_of() == metric.as_of() => Ok(Written::Contradicts),
            _ => {
                metrics::publish(session, metric, self.now)?;
                Ok(Written::Changed)
            }
        }
    }

    fn promise(session: &mut dyn Session, promise: &Promise) -> Result<Written, StoreError> {
        let of_subject = promises::of_subject(session, promise.subject())?;
        let stored = of_subject.into_iter().find(|stored| stored.id() == promise.id());
        let end = promise.ended();
        match stored {
            None => {
                promises::make(session, promise)?;
                return Ok(Written::Changed);
            }
            Some(stored) if stored == *promise => return Ok(Written::Unchanged),
            Some(stored) => {
                let with_end = |promise: &Promise, end: Option<_>| end.map(|end| promise.clone().with_end(end));
                if end.is_none() && with_end(promise, stored.ended().cloned()).as_ref() == Some(&stored) {
                    return Ok(Written::Unchanged);
                }
                if stored.ended().is_some() || with_end(&stored, end.cloned()).as_ref() != Some(promise) {
                    return Ok(Written::Contradicts);
                }
            }
        }
        if let Some(end) = end {
            promises::finish(session, promise.subject(), promise.id(), end)?;
        }
        Ok(Written::Changed)
    }
}

/// The items without those that a record says twice.
fn first_of_each<'t, T, K: Eq + Hash + 't>(
    items: &'t [T],
    key: impl Fn(&'t T) -> &'t K,
) -> impl Iterator<Item = &'t T> {
    let mut seen = HashSet::with_capacity(items.len());
    items.iter().filter(move |item| seen.insert(key(item)))
}

/// Attaches an identifier with its own provenance, where the record has it.
fn attach(
    session: &mut dyn Session,
    customer: CustomerId,
    found: &KnownIdentifier,
    (source, now): (&Source, DateTime<Utc>),
) -> Result<(), StoreError> {
    let identifier = found.identifier();
    match found.sighting() {
        None => identifiers::attach(session, customer, identifier, source, now),
        Some(seen) => {
            identifiers::attach(session, customer, identifier, &seen.source, seen.first_at)?;
            if seen.last_at > seen.first_at {
                identifiers::attach(session, customer, identifier, &seen.source, seen.last_at)?;
            }
            Ok(())
        }
    }
}

/// What became of a record in the store.
enum Written {
    Changed,
    Unchanged,
    Contradicts,
}

impl Written {
    fn of(changed: bool) -> Self {
        if changed { Self::Changed } else { Self::Unchanged }
    }
}

/// Under which subject and id the store has what was kept of a record. Metrics and consents have no id of their own.
fn place(record: &AnyRecord) -> Result<Option<(SubjectId, Uuid)>, StoreError> {
    Ok(Some(match record {
        AnyRecord::Customer(record) => {
            let id = record.customer().id();
            (Subject::Customer(id).id(), id.uuid())
        }
        AnyRecord::Activity(activity) => (activity.subject().id(), activity.id().uuid()),
        AnyRecord::Promise(promise) => (promise.subject(), promise.id().uuid()),
        AnyRecord::Metric(metric) => (metric.subject(), digested(&digest(&("metric", metric.name()))?)),
        AnyRecord::Consent(consent) => (consent.subject(), digested(&digest(&("consent", consent))?)),
        _ => return Ok(None),
    }))
}

/// The first half of a SHA-256.
fn digested(hex: &str) -> Uuid {
    let half = hex.get(..32).and_then(|half| Uuid::parse_str(half).ok());
    half.unwrap_or_default()
}

/// What was not understood of a record when [`CoreRecords`] imported it, to be written back with it.
///
/// # Errors
/// Those of the database.
///
/// ```no_run
/// # use ecrm_core::CustomerId;
/// # use ecrm_store::{Session, StoreError, customers};
/// # use ecrm_xml::Writer;
/// # use ecrm_xml::format::{AnyRecord, CustomerRecord};
/// # use ecrm_xml_exchange::import::kept_of;
/// fn write(session: &mut dyn Session, id: CustomerId, writer: &mut Writer<'_>) -> Result<(), StoreError> {
///     let customer = customers::load(session, id)?.ok_or_else(|| StoreError::not_found("the customer"))?;
///     let record = AnyRecord::Customer(CustomerRecord::new(customer));
///     let kept = kept_of(session, &record)?;
///     writer.record(&kept, |writer| record.write(writer));
///     Ok(())
/// }
/// ```
pub fn kept_of(session: &mut dyn Session, record: &AnyRecord) -> Result<Vec<Kept>, StoreError> {
    match place(record)? {
        Some((subject, id)) => kept(session, subject, id),
        None => Ok(Vec::new()),
    }
}

impl Apply for CoreRecords<'_> {
    fn apply(&mut self, session: &mut dyn Session, record: &Record) -> Result<Applied, RecordError> {
        let element = record.element();
        let any = AnyRecord::read(&element)?;
        let written = match &any {
            AnyRecord::Customer(customer) => self.customer(session, customer)?,
            AnyRecord::Activity(activity) => Self::activity(session, activity)?,
            AnyRecord::Metric(metric) => self.metric(session, metric)?,
            AnyRecord::Promise(promise) => Self::promise(session, promise)?,
            AnyRecord::Consent(consent) => Written::of(self.consent(session, consent)?),
            _ => {
                let text = "orders and returns are imported inside an `activity`, recipients as a `customer`";
                return Err(element.error(ErrorCode::Unexpected, text).into());
            }
        };
        let mut applied = match written {
            Written::Changed => Applied::Changed,
            Written::Unchanged => Applied::Unchanged,
            Written::Contradicts => {
                let text =
                    "a record of this id is stored with another content; nobody has said which of the two is right";
                return Err(element.error(ErrorCode::Duplicate, text).into());
            }
        };
        let left = record.leftovers()?;
        if let Some((subject, id)) = place(&any)?.filter(|_| !left.is_empty())
            && kept(session, subject, id)? != left
        {
            keep(session, subject, id, &left)?;
            applied = Applied::Changed;
        }
        Ok(applied)
    }
}

impl std::fmt::Debug for CoreRecords<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CoreRecords({})", self.source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_each_is_found_with_one_look_at_each() {
        let looks = std::cell::Cell::new(0);
        let items: Vec<u32> = (0..10_000).chain(0..10_000).collect();
        let first = first_of_each(&items, |item| {
            looks.set(looks.get() + 1);
            item
        });
        assert!(first.copied().eq(0..10_000));
        assert_eq!(looks.get(), 20_000);
    }
}
