//! Records in the project's own format, applied to the shared record.

use chrono::{DateTime, Utc};
use ecrm_core::{Activity, Consent, IdSource, Metric, Promise, Source, Subject, SubjectId};
use ecrm_store::{Session, StoreError, activities, attributes, consents, customers, identifiers, metrics, promises};
use ecrm_xml::format::{AnyRecord, CustomerRecord};
use ecrm_xml::{ErrorCode, Record};
use uuid::Uuid;

use super::{Applied, Apply, RecordError};
use crate::store::keep;

/// Writes customers, activities, consents, metrics and promises. What is there already is not written again; the same id with other
/// content is a bad record, because nobody has said which of the two is right.
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
        let (subject, id) = (Subject::Customer(customer.id()).id(), customer.id());
        let is_new = match customers::load(session, id)? {
            None => {
                customers::insert(session, customer, source, recorded_at)?;
                true
            }
            Some(stored) if stored.contact() == customer.contact() => false,
            Some(_) => return Ok(Written::Contradicts),
        };
        let mut changed = is_new;
        let known = if is_new {
            Vec::new()
        } else {
            identifiers::of_customer(session, id)?
        };
        for found in record.identifiers() {
            let identifier = found.identifier();
            if known.iter().all(|known| known.identifier != *identifier) {
                identifiers::attach(session, id, identifier, source, recorded_at)?;
                changed = true;
            }
        }
        for attribute in record.attributes() {
            if is_new || !attributes::history(session, id, attribute.name())?.contains(attribute) {
                attributes::set(session, self.ids, id, attribute)?;
                changed = true;
            }
        }
        for consent in record.consents() {
            changed |= self.consent(session, consent)?;
        }
        Ok(Written::of(changed, subject, id.uuid()))
    }

    fn consent(&self, session: &mut dyn Session, consent: &Consent) -> Result<bool, StoreError> {
        let is_new = !consents::of_subject(session, consent.subject())?.contains(consent);
        if is_new {
            consents::record(session, self.ids, consent)?;
        }
        Ok(is_new)
    }

    fn activity(session: &mut dyn Session, activity: &Activity) -> Result<Written, StoreError> {
        let subject = activity.subject().id();
        match activities::find(session, subject, activity.valid_at(), activity.id())? {
            None => {
                activities::append(session, activity)?;
                Ok(Written::of(true, subject, activity.id().uuid()))
            }
            Some(stored) if stored == *activity => Ok(Written::of(false, subject, activity.id().uuid())),
            Some(_) => Ok(Written::Contradicts),
        }
    }

    fn metric(&self, session: &mut dyn Session, metric: &Metric) -> Result<Written, StoreError> {
        let stored = metrics::load(session, metric.subject(), metric.name())?;
        let is_new = stored.as_ref() != Some(metric);
        if is_new {
            metrics::publish(session, metric, self.now)?;
        }
        Ok(Written::of(is_new, metric.subject(), Uuid::nil()))
    }

    fn promise(session: &mut dyn Session, promise: &Promise) -> Result<Written, StoreError> {
        let stored = promises::of_subject(session, promise.subject())?;
        match stored.iter().find(|stored| stored.id() == promise.id()) {
            None => {
                promises::make(session, promise)?;
                Ok(Written::of(true, promise.subject(), promise.id().uuid()))
            }
            Some(stored) if stored == promise => Ok(Written::of(false, promise.subject(), promise.id().uuid())),
            Some(_) => Ok(Written::Contradicts),
        }
    }
}

/// What became of a record in the store.
enum Written {
    Changed(SubjectId, Uuid),
    Unchanged,
    Contradicts,
}

impl Written {
    fn of(changed: bool, subject: SubjectId, record: Uuid) -> Self {
        if changed {
            Self::Changed(subject, record)
        } else {
            Self::Unchanged
        }
    }
}

impl Apply for CoreRecords<'_> {
    fn apply(&mut self, session: &mut dyn Session, record: &Record) -> Result<Applied, RecordError> {
        let element = record.element();
        let written = match AnyRecord::read(&element)? {
            AnyRecord::Customer(customer) => self.customer(session, &customer)?,
            AnyRecord::Activity(activity) => Self::activity(session, &activity)?,
            AnyRecord::Metric(metric) => self.metric(session, &metric)?,
            AnyRecord::Promise(promise) => Self::promise(session, &promise)?,
            AnyRecord::Consent(consent) => {
                let changed = self.consent(session, &consent)?;
                Written::of(changed, consent.subject(), Uuid::nil())
            }
            _ => {
                let text = "a record that does not say whose it is; send it inside an `activity`";
                return Err(element.error(ErrorCode::Unexpected, text).into());
            }
        };
        match written {
            Written::Changed(subject, id) => {
                keep(session, subject, id, &record.leftovers()?)?;
                Ok(Applied::Changed)
            }
            Written::Unchanged => Ok(Applied::Unchanged),
            Written::Contradicts => {
                let text =
                    "a record of this id is stored with another content; nobody has said which of the two is right";
                Err(element.error(ErrorCode::Duplicate, text).into())
            }
        }
    }
}

impl std::fmt::Debug for CoreRecords<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CoreRecords({})", self.source)
    }
}
