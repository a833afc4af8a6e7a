//! All that is known of customers, read from the shared tables.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use chrono::{DateTime, Utc};
use ecrm_core::{Activity, Customer, CustomerId, Recipient, Subject, SubjectId};
use ecrm_store::{Session, StoreError, activities, attributes, consents, customers, metrics, suppressions};

use super::lists;
use crate::facts::{Block, History, Suppressed};
use crate::model::{Knowledge, Listed};

/// The history of a customer; nothing where there is no such customer.
pub(crate) fn load(session: &mut dyn Session, id: CustomerId) -> Result<Option<History>, StoreError> {
    let Some(customer) = customers::load(session, id)? else {
        return Ok(None);
    };
    Ok(of(session, vec![customer])?.pop())
}

/// The facts of a customer, as the shared tables have them; nothing where there is no such customer.
pub(crate) fn facts(session: &mut dyn Session, id: CustomerId) -> Result<Option<Block>, StoreError> {
    Ok(load(session, id)?.map(|history| Block::of(&[history])))
}

/// The histories of the customers with the next ids after one.
pub(crate) fn after(session: &mut dyn Session, id: Option<CustomerId>, limit: u32) -> Result<Vec<History>, StoreError> {
    let customers = customers::after(session, id, limit)?;
    of(session, customers)
}

/// The histories of some customers, who follow each other by their ids.
fn of(session: &mut dyn Session, customers: Vec<Customer>) -> Result<Vec<History>, StoreError> {
    let (Some(first), Some(last)) = (customers.first().map(Customer::id), customers.last().map(Customer::id)) else {
        return Ok(Vec::new());
    };
    let (range, subjects) = ((first, last), (subject(first), subject(last)));
    let mut histories = Histories::of(customers);
    for (customer, attribute) in attributes::between(session, range)? {
        histories.change(customer, |history| history.attributes.push(attribute));
    }
    for consent in consents::between(session, subjects)? {
        histories.change(customer(consent.subject()), |history| history.consents.push(consent));
    }
    for metric in metrics::between(session, subjects)? {
        histories.change(customer(metric.subject()), |history| history.metrics.push(metric));
    }
    for (customer, list) in lists::between(session, range)? {
        histories.change(customer, |history| history.lists.push(list));
    }
    activities::between(session, subjects, &mut |activity| {
        if let Some(customer) = of_customer(&activity) {
            histories.change(customer, |history| history.activities.push(activity));
        }
        Ok(ControlFlow::Continue(()))
    })?;
    if suppressions::is_any(session)? {
        for history in &mut histories.all {
            history.suppressed = suppressed(session, &history.customer)?;
        }
    }
    Ok(histories.all)
}

/// Customers with all versions of everything, to be looked at as they were.
pub(crate) struct Past {
    histories: Vec<History>,
    /// When each was on which list.
    lists: Vec<Vec<Listed>>,
    /// The versions of each one's record, the earliest first.
    versions: Vec<Vec<Version>>,
}

/// A record as it was once.
struct Version {
    written_at: DateTime<Utc>,
    customer: Customer,
    /// For what the addresses that it has were ever suppressed.
    suppressed: Vec<Suppressed>,
}

/// Hands all customers to `on_batch`, some at once.
pub(crate) fn past(session: &mut dyn Session, at_once: u32, on_batch: &mut dyn FnMut(&Past)) -> Result<(), StoreError> {
    let is_any_suppressed = suppressions::is_any(session)?;
    let mut last = None;
    loop {
        let histories = after(session, last, at_once)?;
        let Some(end) = histories.last().map(|history| history.customer.id()) else {
            return Ok(());
        };
        let range = (histories.first().map_or(end, |first| first.customer.id()), end);
        last = Some(end);
        let mut past = Past {
            lists: vec![Vec::new(); histories.len()],
            versions: histories.iter().map(|_| Vec::new()).collect(),
            histories,
        };
        let places: BTreeMap<CustomerId, usize> = places(&past.histories);
        for (customer, listed) in lists::history_between(session, range)? {
            places
                .get(&customer)
                .into_iter()
                .for_each(|place| past.lists[*place].push(listed.clone()));
        }
        for (written_at, customer) in customers::versions_between(session, range)? {
            let Some(place) = places.get(&customer.id()) else {
                continue;
            };
            let suppressed = match is_any_suppressed {
                true => suppressed(session, &customer)?,
                false => Vec::new(),
            };
            past.versions[*place].push(Version {
                written_at,
                customer,
                suppressed,
            });
        }
        on_batch(&past);
    }
}

impl Past {
    /// The customers as they were, with what is known or was known; those who were not there are left out.
    pub(crate) fn at(&self, at: DateTime<Utc>, knowledge: Knowledge) -> Vec<History> {
        let all = self.histories.iter().zip(&self.lists).zip(&self.versions);
        all.filter_map(|((history, lists), versions)| {
            let version = versions.iter().rfind(|version| version.written_at <= at);
            let version = match knowledge {
                Knowledge::Then => version?,
                // What was recorded later has no earlier version to tell how it was.
                Knowledge::Now => version.or(versions.first())?,
            };
            if version.customer.registered_at() > at {
                return None;
            }
            let is_known = |recorded_at: DateTime<Utc>| knowledge == Knowledge::Now || recorded_at <= at;
            let is_on =
                |listed: &&Listed| listed.added_at <= at && listed.removed_at.is_none_or(|removed| removed > at);
            let mut past = History::of(version.customer.clone());
            let attributes = history
                .attributes
                .iter()
                .filter(|attribute| is_known(attribute.recorded_at()));
            past.attributes = attributes.cloned().collect();
            let consents = history
                .consents
                .iter()
                .filter(|consent| is_known(consent.recorded_at()));
            past.consents = consents.cloned().collect();
            let activities = history
                .activities
                .iter()
                .filter(|activity| is_known(activity.recorded_at()));
            past.activities = activities.cloned().collect();
            past.lists = lists.iter().filter(is_on).map(|listed| listed.list.clone()).collect();
            past.suppressed.clone_from(&version.suppressed);
            Some(past)
        })
        .collect()
    }
}

fn places(histories: &[History]) -> BTreeMap<CustomerId, usize> {
    let ids = histories.iter().map(|history| history.customer.id());
    ids.zip(0..).collect()
}

/// What a guest does is no customer's.
fn of_customer(activity: &Activity) -> Option<CustomerId> {
    activity.subject().customer()
}

pub(crate) fn subject(customer: CustomerId) -> SubjectId {
    Subject::Customer(customer).id()
}

pub(crate) fn customer(subject: SubjectId) -> CustomerId {
    CustomerId::from_uuid(subject.uuid())
}

fn suppressed(session: &mut dyn Session, customer: &Customer) -> Result<Vec<Suppressed>, StoreError> {
    let all = suppressions::history(session, &Recipient::from(customer))?;
    let suppressed = all.into_iter().map(|suppression| Suppressed {
        channel: suppression.channel,
        reason: suppression.reason,
        from: suppression.from,
        until: suppression.until,
    });
    Ok(suppressed.collect())
}

/// Histories that are being filled.
struct Histories {
    all: Vec<History>,
    places: BTreeMap<CustomerId, usize>,
    /// Rows of one customer follow each other.
    last: usize,
}

impl Histories {
    fn of(customers: Vec<Customer>) -> Self {
        let all: Vec<History> = customers.into_iter().map(History::of).collect();
        Self {
            places: places(&all),
            all,
            last: 0,
        }
    }

    fn change(&mut self, customer: CustomerId, change: impl FnOnce(&mut History)) {
        if self
            .all
            .get(self.last)
            .is_none_or(|last| last.customer.id() != customer)
        {
            let Some(place) = self.places.get(&customer) else {
                return;
            };
            self.last = *place;
        }
        if let Some(history) = self.all.get_mut(self.last) {
            change(history);
        }
    }
}
