//! Who came in and who went, when and why.

use chrono::{DateTime, Utc};
use ecrm_core::CustomerId;
use ecrm_store::{Row, Session, SessionExt, StoreError, Type, Value};

use super::unreadable;
use crate::model::Reason;

/// An entry of the log.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) customer: CustomerId,
    pub(crate) segment: u32,
    pub(crate) is_member: bool,
    pub(crate) at: DateTime<Utc>,
    pub(crate) reason: Reason,
}

const COLUMNS: &str = "customer_id, segment, is_member, at, reason";

/// Adds entries of one customer, in their order; with positions from one on where they are part of the sets already.
pub(crate) fn append(
    session: &mut dyn Session,
    entries: &[Entry],
    recorded_at: DateTime<Utc>,
    first_position: Option<i64>,
) -> Result<(), StoreError> {
    let Some(first) = entries.first() else { return Ok(()) };
    let last: i64 = session.query_value(
        "SELECT coalesce(max(sequence), 0) FROM ecrm_segmentation_log WHERE customer_id = $1",
        &[first.customer.into()],
    )?;
    for (place, entry) in (0..).zip(entries) {
        let reason = serde_json::to_string(&entry.reason).map_err(|_| unreadable("a reason"))?;
        session.execute(
            "INSERT INTO ecrm_segmentation_log
                 (customer_id, sequence, segment, is_member, at, recorded_at, reason, position)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            &[
                entry.customer.into(),
                (last + 1 + place).into(),
                entry.segment.into(),
                entry.is_member.into(),
                entry.at.into(),
                recorded_at.into(),
                Value::json(reason),
                Value::or_null(first_position.map(|first| first + place), Type::Integer),
            ],
        )?;
    }
    Ok(())
}

/// An entry that is not yet part of the sets.
pub(crate) struct Unfolded {
    pub(crate) sequence: i64,
    pub(crate) segment: u32,
    pub(crate) is_member: bool,
}

/// Those of a customer, in their order.
pub(crate) fn unfolded(session: &mut dyn Session, customer: CustomerId) -> Result<Vec<Unfolded>, StoreError> {
    session.query_all(
        "SELECT sequence, segment, is_member FROM ecrm_segmentation_log
         WHERE customer_id = $1 AND position IS NULL ORDER BY sequence",
        &[customer.into()],
        |row| {
            Ok(Unfolded {
                sequence: row.get(0)?,
                segment: row.get(1)?,
                is_member: row.get(2)?,
            })
        },
    )
}

pub(crate) fn fold(
    session: &mut dyn Session,
    customer: CustomerId,
    sequence: i64,
    position: i64,
) -> Result<(), StoreError> {
    session.execute(
        "UPDATE ecrm_segmentation_log SET position = $3 WHERE customer_id = $1 AND sequence = $2",
        &[customer.into(), sequence.into(), position.into()],
    )?;
    Ok(())
}

/// Who came into a segment, or went, and is not yet in its set: the last entry of each customer.
pub(crate) fn unfolded_of_segment(
    session: &mut dyn Session,
    segment: u32,
) -> Result<Vec<(CustomerId, bool)>, StoreError> {
    let mut rows: Vec<(CustomerId, i64, bool)> = session.query_all(
        "SELECT customer_id, sequence, is_member FROM ecrm_segmentation_log WHERE segment = $1 AND position IS NULL",
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
pub(crate) fn unfolded_count(session: &mut dyn Session, segment: u32) -> Result<i64, StoreError> {
    session.query_value(
        "SELECT CAST(coalesce(sum(CASE WHEN is_member THEN 1 ELSE -1 END), 0) AS BIGINT)
         FROM ecrm_segmentation_log WHERE segment = $1 AND position IS NULL",
        &[segment.into()],
    )
}

/// What happened to a customer, in the order in which it did, with the positions.
pub(crate) fn of_customer(
    session: &mut dyn Session,
    customer: CustomerId,
) -> Result<Vec<(Option<i64>, Entry)>, StoreError> {
    let sql = format!("SELECT {COLUMNS}, position FROM ecrm_segmentation_log WHERE customer_id = $1 ORDER BY sequence");
    session.query_all(&sql, &[customer.into()], |row| Ok((row.get(5)?, read(row)?)))
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
        Ok((row.get(5)?, read(row)?))
    })
}

pub(crate) fn erase(session: &mut dyn Session, customer: CustomerId) -> Result<(), StoreError> {
    session.execute(
        "DELETE FROM ecrm_segmentation_log WHERE customer_id = $1",
        &[customer.into()],
    )?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<Entry, StoreError> {
    let reason = row.json(4)?;
    Ok(Entry {
        customer: row.get(0)?,
        segment: row.get(1)?,
        is_member: row.get(2)?,
        at: row.get(3)?,
        reason: serde_json::from_str(&reason).map_err(|_| unreadable("a reason"))?,
    })
}
