//! Who came in and who went, when and why: the log, and the news that are not yet part of it.

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

/// Adds news of one customer, in their order.
pub(crate) fn add_news(session: &mut dyn Session, entries: &[Entry]) -> Result<(), StoreError> {
    let Some(first) = entries.first() else { return Ok(()) };
    let last: i64 = session.query_value(
        "SELECT coalesce(max(sequence), 0) FROM ecrm_segmentation_news WHERE customer_id = $1",
        &[first.customer.into()],
    )?;
    let mut rows = Batch::new(7);
    for (sequence, entry) in (last + 1..).zip(entries) {
        rows.push(row(entry, sequence)?)?;
    }
    session.execute_many(
        "INSERT INTO ecrm_segmentation_news (customer_id, sequence, segment, is_member, at, recorded_at, reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &rows,
    )?;
    Ok(())
}

/// The news of a customer, in their order.
pub(crate) fn news(session: &mut dyn Session, customer: CustomerId) -> Result<Vec<Entry>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM ecrm_segmentation_news WHERE customer_id = $1 ORDER BY sequence");
    session.query_all(&sql, &[customer.into()], read)
}

/// Takes the news of a customer into the log, at the positions behind one.
pub(crate) fn fold_news(
    session: &mut dyn Session,
    customer: CustomerId,
    position: i64,
) -> Result<Vec<Entry>, StoreError> {
    let entries = news(session, customer)?;
    if !entries.is_empty() {
        append(session, &entries, position + 1)?;
        remove_news(session, customer)?;
    }
    Ok(entries)
}

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

/// Who came into a segment, or went, and is not yet in its set: the last entry of each customer.
pub(crate) fn news_of_segment(
    session: &mut dyn Session,
    segment: u32,
) -> Result<Vec<(CustomerId, bool)>, StoreError> {
    let mut rows: Vec<(CustomerId, i64, bool)> = session.query_all(
        "SELECT customer_id, sequence, is_member FROM ecrm_segmentation_news WHERE segment = $1",
        &[segment.into()],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    rows.sort_by_key(|(customer, sequence, _)| (customer.uuid(), *sequence));
    rows.dedup_by(|next, kept| {
        let is_same = next.0 == kept.0;
        if is_same {
            kept.2 = next.2;
        }
        is_same
    });
    Ok(rows.into_iter().map(|(customer, _, is_member)| (customer, is_member)).collect())
}

/// How the count of a segment differs from that of its set.
pub(crate) fn news_count(session: &mut dyn Session, segment: u32) -> Result<i64, StoreError> {
    session.query_value(
        "SELECT CAST(coalesce(sum(CASE WHEN is_member THEN 1 ELSE -1 END), 0) AS BIGINT)
         FROM ecrm_segmentation_news WHERE segment = $1",
        &[segment.into()],
    )
}

/// What happened to a customer, in the order in which it did, with the positions; news have none.
pub(crate) fn of_customer(
    session: &mut dyn Session,
    customer: CustomerId,
) -> Result<Vec<(Option<i64>, Entry)>, StoreError> {
    let sql = format!("SELECT {COLUMNS}, position FROM ecrm_segmentation_log WHERE customer_id = $1 ORDER BY position");
    let mut all = session.query_all(&sql, &[customer.into()], |row| Ok((row.get(6)?, read(row)?)))?;
    all.extend(news(session, customer)?.into_iter().map(|entry| (None, entry)));
    Ok(all)
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
    remove_news(session, customer)
}

fn remove_news(session: &mut dyn Session, customer: CustomerId) -> Result<(), StoreError> {
    session.execute(
        "DELETE FROM ecrm_segmentation_news WHERE customer_id = $1",
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
