//! All that is known of customers, read from the shared tables.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use ecrm_core::{Activity, Customer, CustomerId, Recipient, Subject, SubjectId};
use ecrm_store::{Session, StoreError, activities, attributes, consents, customers, metrics, suppressions};

use super::lists;
use crate::facts::{History, Suppressed};

/// The history of a customer; nothing where there is no such customer.
pub(crate) fn load(session: &mut dyn Session, id: CustomerId) -> Result<Option<History>, StoreError> {
    let Some(customer) = customers::load(session, id)? else {
        return Ok(None);
    };
    Ok(of(session, vec![customer])?.pop())
}

/// The histories of the customers with the next ids after one.
pub(crate) fn after(
    session: &mut dyn Session,
    id: Option<CustomerId>,
    limit: u32,
) -> Result<Vec<History>, StoreError> {
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
        let places = all.iter().zip(0..).map(|(history, place)| (history.customer.id(), place));
        Self {
            places: places.collect(),
            all,
            last: 0,
        }
    }

    fn change(&mut self, customer: CustomerId, change: impl FnOnce(&mut History)) {
        if self.all.get(self.last).is_none_or(|last| last.customer.id() != customer) {
            let Some(place) = self.places.get(&customer) else { return };
            self.last = *place;
        }
        if let Some(history) = self.all.get_mut(self.last) {
            change(history);
        }
    }
}
