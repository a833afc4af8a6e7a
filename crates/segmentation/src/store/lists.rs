//! Lists that people keep.

use chrono::{DateTime, Utc};
use ecrm_core::{CustomerId, Source};
use ecrm_store::{Session, SessionExt, StoreError};

use super::unreadable;
use crate::criteria::Name;
use crate::model::Listed;

/// Puts a customer on a list, and tells whether he was not on it.
pub(crate) fn add(
    session: &mut dyn Session,
    list: &Name,
    customer: CustomerId,
    source: &Source,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let inserted = session.execute(
        "INSERT INTO ecrm_segmentation_list_entry (customer_id, list, added_at, source)
         SELECT $1, $2, $3, $4 WHERE NOT EXISTS (
             SELECT 1 FROM ecrm_segmentation_list_entry WHERE customer_id = $1 AND list = $2 AND removed_at IS NULL
         )
         ON CONFLICT (customer_id, list, added_at) DO UPDATE SET removed_at = NULL",
        &[
            customer.into(),
            list.as_str().into(),
            now.into(),
            source.as_str().into(),
        ],
    )?;
    Ok(inserted > 0)
}

/// Takes a customer from a list, and tells whether he was on it.
pub(crate) fn remove(
    session: &mut dyn Session,
    list: &Name,
    customer: CustomerId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let removed = session.execute(
        "UPDATE ecrm_segmentation_list_entry SET removed_at = $3
         WHERE customer_id = $1 AND list = $2 AND removed_at IS NULL",
        &[customer.into(), list.as_str().into(), now.into()],
    )?;
    Ok(removed > 0)
}

/// The lists on which the customers from one id to another are, by customer.
pub(crate) fn between(
    session: &mut dyn Session,
    (first, last): (CustomerId, CustomerId),
) -> Result<Vec<(CustomerId, Name)>, StoreError> {
    let rows: Vec<(CustomerId, String)> = session.query_all(
        "SELECT customer_id, list FROM ecrm_segmentation_list_entry
         WHERE customer_id >= $1 AND customer_id <= $2 AND removed_at IS NULL ORDER BY customer_id, list",
        &[first.into(), last.into()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    rows.into_iter()
        .map(|(customer, list)| Ok((customer, name(&list)?)))
        .collect()
}

/// The customers on a list, by their ids.
pub(crate) fn customers(session: &mut dyn Session, list: &Name) -> Result<Vec<CustomerId>, StoreError> {
    session.query_all(
        "SELECT customer_id FROM ecrm_segmentation_list_entry WHERE list = $1 AND removed_at IS NULL
         ORDER BY customer_id",
        &[list.as_str().into()],
        |row| row.get(0),
    )
}

/// When a customer was on which list, the earliest first.
pub(crate) fn of_customer(session: &mut dyn Session, customer: CustomerId) -> Result<Vec<Listed>, StoreError> {
    let entries = history_between(session, (customer, customer))?.into_iter();
    Ok(entries.map(|(_, listed)| listed).collect())
}

/// When the customers from one id to another were on which list, the earliest first for each.
pub(crate) fn history_between(
    session: &mut dyn Session,
    (first, last): (CustomerId, CustomerId),
) -> Result<Vec<(CustomerId, Listed)>, StoreError> {
    let rows: Vec<(CustomerId, String, _, _)> = session.query_all(
        "SELECT customer_id, list, added_at, removed_at FROM ecrm_segmentation_list_entry
         WHERE customer_id >= $1 AND customer_id <= $2 ORDER BY customer_id, added_at, list",
        &[first.into(), last.into()],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
    )?;
    let listed = |(customer, list, added_at, removed_at): (_, String, _, _)| {
        let listed = Listed {
            list: name(&list)?,
            added_at,
            removed_at,
        };
        Ok((customer, listed))
    };
    rows.into_iter().map(listed).collect()
}

pub(crate) fn erase(session: &mut dyn Session, customer: CustomerId) -> Result<(), StoreError> {
    session.execute(
        "DELETE FROM ecrm_segmentation_list_entry WHERE customer_id = $1",
        &[customer.into()],
    )?;
    Ok(())
}

fn name(list: &str) -> Result<Name, StoreError> {
    if list.ends_with(' ') {
        return Ok(Name::reserved(list));
    }
    Name::new(list).map_err(|_| unreadable("the name of a list"))
}
