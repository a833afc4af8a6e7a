//! An order, or a part of it, is called off or comes back.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ecrm_core::{
    Activity, ActivityId, Event, ExternalRef, IdSource, LineKind, OrderId, OrderLine, Quantity, Return, Source, Subject,
};
use ecrm_store::external_refs::{self, Target};
use ecrm_store::{Session, SessionExt, StoreError, StoreErrorKind, activities};

/// What became of a return.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "it was recorded now, or before")]
pub enum TakenBack {
    /// The same return was recorded before; nothing was written.
    Before,
    /// It is recorded; here is what was, for modules that follow the record and then need not read it.
    Now(Box<Activity>),
}

/// Records a return or cancellation inside the host's transaction. The same one once more changes nothing.
///
/// # Errors
/// [`StoreError::is_conflict`] when its number was used for another content; otherwise those of the database.
pub fn take_back(
    session: &mut dyn Session,
    subject: Subject,
    returned: &Return,
    valid_at: DateTime<Utc>,
    source: &Source,
    ids: &dyn IdSource,
    now: DateTime<Utc>,
) -> Result<TakenBack, StoreError> {
    let digest = external_refs::digest(&returned.content())?;
    let id = ActivityId::new(ids, now);
    session.atomically(|session| {
        let target = Target::new(id, subject.id(), digest.clone());
        match external_refs::claim(session, returned.number(), "return", &target, now)? {
            Some(before) if before.digest == digest => Ok(TakenBack::Before),
            Some(_) => Err(differs(returned.number())),
            None => {
                let event = Event::Return(returned.clone());
                let activity = Activity::new(id, subject, valid_at, now, source.clone(), event);
                activities::append(session, &activity)?;
                Ok(TakenBack::Now(Box::new(activity)))
            }
        }
    })
}

/// The order that cancelled lines without an order number most likely belong to: the latest one of the same subject, not later than
/// `before`, that has every one of the products in at least the quantity that goes back. Charges and discounts are not compared.
///
/// # Errors
/// Those of the database.
pub fn matching_order(
    session: &mut dyn Session,
    subject: Subject,
    lines: &[OrderLine],
    before: DateTime<Utc>,
) -> Result<Option<OrderId>, StoreError> {
    let mut quantities: BTreeMap<&str, i64> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.kind() == LineKind::Product) {
        let quantity = quantities.entry(line.sku()).or_default();
        *quantity = quantity.saturating_add(line.quantity().micros());
    }
    let mut candidates: Option<Vec<OrderId>> = None;
    for (sku, micros) in quantities.into_iter().filter(|(_, micros)| *micros > 0) {
        let quantity = Quantity::from_micros(micros);
        let orders = activities::find_orders_with(session, subject.id(), sku, quantity, before)?;
        candidates = Some(match candidates {
            None => orders,
            Some(known) => known.into_iter().filter(|order| orders.contains(order)).collect(),
        });
    }
    Ok(candidates.and_then(|orders| orders.first().copied()))
}

fn differs(number: &ExternalRef) -> StoreError {
    StoreError::new(
        StoreErrorKind::Conflict,
        format!("a return {number} with another content was recorded before; use a new number"),
    )
}
