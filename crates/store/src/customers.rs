//! Customers, with optimistic versions.

use chrono::{DateTime, Utc};
use ecrm_core::{Customer, CustomerId, Source};

use crate::changes::{self, ChangeKind};
use crate::{Batch, Session, SessionExt, StoreError, Value, json};

const INSERT: &str = "INSERT INTO ecrm_record_customer (customer_id, version, registered_at, recorded_at, data)
    VALUES ($1, 1, $2, $3, $4) ON CONFLICT (customer_id) DO NOTHING";
const WIDTH: usize = 4;

const INSERT_VERSION: &str =
    "INSERT INTO ecrm_record_customer_version (customer_id, version, recorded_at, source, data)
    VALUES ($1, $2, $3, $4, $5)";
const VERSION_WIDTH: usize = 5;

/// Stores a new customer and returns it with version 1.
///
/// # Errors
/// [`StoreError::is_conflict`] when a customer of this id is there already.
pub fn insert(
    session: &mut dyn Session,
    customer: &Customer,
    source: &Source,
    now: DateTime<Utc>,
) -> Result<Customer, StoreError> {
    let stored = customer.clone().with_version(1);
    let data = json::to_text(&stored)?;
    if session.execute(INSERT, &row(&stored, &data, now))? == 0 {
        return Err(StoreError::conflict("the customer"));
    }
    remember_version(session, &stored, &data, source, now)?;
    Ok(stored)
}

/// Stores many new customers, each with version 1: for imports.
///
/// # Errors
/// [`StoreError::is_conflict`] when a customer of one of these ids is there already, or an id occurs twice; use a savepoint or the
/// host's transaction so that all or none are written.
pub fn insert_all(
    session: &mut dyn Session,
    customers: &[Customer],
    source: &Source,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let texts = customers
        .iter()
        .map(|customer| json::to_text(&customer.clone().with_version(1)))
        .collect::<Result<Vec<_>, _>>()?;
    let (mut rows, mut versions) = (Batch::new(WIDTH), Batch::new(VERSION_WIDTH));
    for (customer, data) in customers.iter().zip(&texts) {
        rows.push(row(customer, data, now))?;
        versions.push(version_row(customer.id(), 1, data, source, now)?)?;
    }
    if session.execute_many(INSERT, &rows)? < rows.len() as u64 {
        return Err(StoreError::conflict("one of the customers"));
    }
    session.execute_many(INSERT_VERSION, &versions)?;
    let changed = customers
        .iter()
        .map(|customer| (ecrm_core::Subject::Customer(customer.id()).id(), now));
    changes::note_all(session, ChangeKind::Record, changed)
}

/// Stores a changed customer and returns it with its next version.
///
/// The write is made only if nobody has written since `customer` was read: its version says from which state it was made.
///
/// # Errors
/// [`StoreError::is_conflict`] for a stale write, which changes nothing; [`StoreError::is_not_found`] when the customer is not stored.
pub fn update(
    session: &mut dyn Session,
    customer: &Customer,
    source: &Source,
    now: DateTime<Utc>,
) -> Result<Customer, StoreError> {
    let next = customer.version().saturating_add(1);
    let stored = customer.clone().with_version(next);
    let data = json::to_text(&stored)?;
    let updated = session.execute(
        "UPDATE ecrm_record_customer SET version = $3, registered_at = $4, recorded_at = $5, data = $6
         WHERE customer_id = $1 AND version = $2",
        &[
            stored.id().into(),
            version_value(customer.version())?,
            version_value(next)?,
            stored.registered_at().into(),
            now.into(),
            Value::json(&data),
        ],
    )?;
    if updated == 0 {
        return Err(match load(session, customer.id())? {
            Some(_) => StoreError::conflict("the customer"),
            None => StoreError::not_found("the customer"),
        });
    }
    remember_version(session, &stored, &data, source, now)?;
    Ok(stored)
}

/// The customer as it is now.
///
/// # Errors
/// Those of the database.
pub fn load(session: &mut dyn Session, id: CustomerId) -> Result<Option<Customer>, StoreError> {
    let sql = "SELECT data FROM ecrm_record_customer WHERE customer_id = $1";
    session.query_first(sql, &[id.into()], |row| json::column(row, 0))
}

/// The customer as it is now, locked until the host's transaction ends: an event of one customer waits for another event of the
/// same customer, and for nobody else.
///
/// # Errors
/// Those of the database; [`StoreError::should_retry_transaction`] where the lock cannot be had.
pub fn lock(session: &mut dyn Session, id: CustomerId) -> Result<Option<Customer>, StoreError> {
    let suffix = session.dialect().for_update();
    let sql = format!("SELECT data FROM ecrm_record_customer WHERE customer_id = $1{suffix}");
    session.query_first(&sql, &[id.into()], |row| json::column(row, 0))
}

/// As [`lock`], without reading the customer. Where only one transaction writes at a time anyway (SQLite) there is nothing to do.
///
/// # Errors
/// As [`lock`].
pub fn hold(session: &mut dyn Session, id: CustomerId) -> Result<(), StoreError> {
    let suffix = session.dialect().for_update();
    if suffix.is_empty() {
        return Ok(());
    }
    let sql = format!("SELECT 1 FROM ecrm_record_customer WHERE customer_id = $1{suffix}");
    session.query_first(&sql, &[id.into()], |_| Ok(())).map(|_| ())
}

/// Whether there is such a customer.
///
/// # Errors
/// Those of the database.
pub fn is_there(session: &mut dyn Session, id: CustomerId) -> Result<bool, StoreError> {
    session.query_value(
        "SELECT EXISTS (SELECT 1 FROM ecrm_record_customer WHERE customer_id = $1)",
        &[id.into()],
    )
}

/// The customers with the next ids after one, or from the first, at most `limit`.
///
/// # Errors
/// Those of the database.
pub fn after(session: &mut dyn Session, id: Option<CustomerId>, limit: u32) -> Result<Vec<Customer>, StoreError> {
    let read = |row: &crate::Row<'_>| json::column(row, 0);
    match id {
        Some(id) => session.query_all(
            "SELECT data FROM ecrm_record_customer WHERE customer_id > $1 ORDER BY customer_id LIMIT $2",
            &[id.into(), limit.into()],
            read,
        ),
        None => session.query_all(
            "SELECT data FROM ecrm_record_customer ORDER BY customer_id LIMIT $1",
            &[limit.into()],
            read,
        ),
    }
}

/// The customer as it was known at an instant.
///
/// # Errors
/// Those of the database.
pub fn as_known_at(
    session: &mut dyn Session,
    id: CustomerId,
    instant: DateTime<Utc>,
) -> Result<Option<Customer>, StoreError> {
    session.query_first(
        "SELECT data FROM ecrm_record_customer_version WHERE customer_id = $1 AND recorded_at <= $2
         ORDER BY version DESC LIMIT 1",
        &[id.into(), instant.into()],
        |row| json::column(row, 0),
    )
}

/// Every version of the customers from one id to another, both included, with the instant at which it was written: by customer, the
/// earliest first.
///
/// # Errors
/// Those of the database.
pub fn versions_between(
    session: &mut dyn Session,
    (first, last): (CustomerId, CustomerId),
) -> Result<Vec<(DateTime<Utc>, Customer)>, StoreError> {
    session.query_all(
        "SELECT recorded_at, data FROM ecrm_record_customer_version WHERE customer_id >= $1 AND customer_id <= $2
         ORDER BY customer_id, version",
        &[first.into(), last.into()],
        |row| Ok((row.get(0)?, json::column(row, 1)?)),
    )
}

/// The number of customers.
///
/// # Errors
/// Those of the database.
pub fn count(session: &mut dyn Session) -> Result<u64, StoreError> {
    session.query_value("SELECT count(*) FROM ecrm_record_customer", &[])
}

fn remember_version(
    session: &mut dyn Session,
    stored: &Customer,
    data: &str,
    source: &Source,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = version_row(stored.id(), stored.version(), data, source, now)?;
    session.execute(INSERT_VERSION, &row)?;
    changes::note(
        session,
        ecrm_core::Subject::Customer(stored.id()).id(),
        ChangeKind::Record,
        now,
    )
}

fn row<'a>(customer: &Customer, data: &'a str, now: DateTime<Utc>) -> [Value<'a>; WIDTH] {
    [
        customer.id().into(),
        customer.registered_at().into(),
        now.into(),
        Value::json(data),
    ]
}

fn version_row<'a>(
    id: CustomerId,
    version: u64,
    data: &'a str,
    source: &'a Source,
    now: DateTime<Utc>,
) -> Result<[Value<'a>; VERSION_WIDTH], StoreError> {
    Ok([
        id.into(),
        version_value(version)?,
        now.into(),
        source.as_str().into(),
        Value::json(data),
    ])
}

fn version_value(version: u64) -> Result<Value<'static>, StoreError> {
    i64::try_from(version)
        .map(Value::Integer)
        .map_err(|_| StoreError::invalid_input("the version of the customer is no version that was ever stored"))
}
