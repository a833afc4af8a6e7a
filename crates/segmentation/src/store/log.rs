//! Who came in and who went, when and why.

use chrono::{DateTime, Utc};
use ecrm_core::CustomerId;
use ecrm_store::{Batch, Row, Session, SessionExt, StoreError, Value};

use super::unreadable;
use crate::model::Reason;

/// An entry of the log.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) customer: CustomerId,
    pub(crate) segment: u32,
    pub(crate) is_member: bool,
    pub(crate) at: DateTime<Utc>,
    pub(crate) recorded_at: DateTime<Utc>,
    pub(crate) reason: Reason,
}

const COLUMNS: &str = "customer_id, segment, is_member, at, recorded_at, reason";

/// Adds entries to the log, at the positions from one on.
pub(crate) fn append(session: &mut dyn Session, entries: &[Entry], first_position: i64) -> Result<(), StoreError> {
    let mut rows = Batch::new(7);
    for (position, entry) in (first_position..).zip(entries) {
        rows.push(row(entry, position)?)?;
    }
    session.execute_many(
        "INSERT INTO ecrm_segmentation_log (customer_id, position, segment, is_member, at, recorded_at, reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &rows,
    )?;
    Ok(())
}

/// What happened to a customer, in the order in which it did, with the positions.
pub(crate) fn of_customer(session: &mut dyn Session, customer: CustomerId) -> Result<Vec<(i64, Entry)>, StoreError> {
    let sql = format!("SELECT {COLUMNS}, position FROM ecrm_segmentation_log WHERE customer_id = $1 ORDER BY position");
    session.query_all(&sql, &[customer.into()], |row| Ok((row.get(6)?, read(row)?)))
}

/// The entries of a segment behind a position, with theirs.
pub(crate) fn behind(
    session: &mut dyn Session,
    segment: u32,
    position: i64,
    limit: u32,
) -> Result<Vec<(i64, Entry)>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS}, position FROM ecrm_segmentation_log WHERE segment = $1 AND position > $2
         ORDER BY position LIMIT $3"
    );
    session.query_all(&sql, &[segment.into(), position.into(), limit.into()], |row| {
        Ok((row.get(6)?, read(row)?))
    })
}

pub(crate) fn erase(session: &mut dyn Session, customer: CustomerId) -> Result<(), StoreError> {
    session.execute(
        "DELETE FROM ecrm_segmentation_log WHERE customer_id = $1",
        &[customer.into()],
    )?;
    Ok(())
}

fn row(entry: &Entry, place: i64) -> Result<[Value<'static>; 7], StoreError> {
    let reason = serde_json::to_string(&entry.reason).map_err(|_| unreadable("a reason"))?;
    Ok([
        entry.customer.into(),
        place.into(),
        entry.segment.into(),
        entry.is_member.into(),
        entry.at.into(),
        entry.recorded_at.into(),
        Value::json(reason),
    ])
}

fn read(row: &Row<'_>) -> Result<Entry, StoreError> {
    let reason = row.json(5)?;
    Ok(Entry {
        customer: row.get(0)?,
        segment: row.get(1)?,
        is_member: row.get(2)?,
        at: row.get(3)?,
        recorded_at: row.get(4)?,
        reason: serde_json::from_str(&reason).map_err(|_| unreadable("a reason"))?,
    })
}
