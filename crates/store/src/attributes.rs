//! Typed attributes and declared preferences, as versions: nothing is overwritten.

use chrono::{DateTime, Utc};
use ecrm_core::{Attribute, AttributeName, AttributeValue, CustomerId, IdSource, Source, Subject};

use crate::changes::{self, ChangeKind};
use crate::json::unreadable_value as unreadable;
use crate::{Batch, Row, Session, SessionExt, StoreError, Type, Value};

const COLUMNS: &str = "name, value_type, value, valid_at, recorded_at, source";

const INSERT: &str = "INSERT INTO ecrm_record_attribute
    (customer_id, name, valid_at, recorded_at, attribute_id, source, value_type, value)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const WIDTH: usize = 8;

/// Adds a version of an attribute.
///
/// # Errors
/// Those of the database.
pub fn set(
    session: &mut dyn Session,
    ids: &dyn IdSource,
    customer: CustomerId,
    attribute: &Attribute,
) -> Result<(), StoreError> {
    session.execute(INSERT, &row(ids, customer, attribute))?;
    changes::note(
        session,
        Subject::Customer(customer).id(),
        ChangeKind::Attribute,
        attribute.recorded_at(),
    )
}

/// Adds many versions of attributes, each of its customer: for imports.
///
/// # Errors
/// Those of the database; use a savepoint or the host's transaction so that all or none are written.
pub fn set_all(
    session: &mut dyn Session,
    ids: &dyn IdSource,
    attributes: &[(CustomerId, Attribute)],
) -> Result<(), StoreError> {
    let mut rows = Batch::new(WIDTH);
    for (customer, attribute) in attributes {
        rows.push(row(ids, *customer, attribute))?;
    }
    session.execute_many(INSERT, &rows)?;
    let changed = attributes
        .iter()
        .map(|(customer, attribute)| (Subject::Customer(*customer).id(), attribute.recorded_at()));
    changes::note_all(session, ChangeKind::Attribute, changed)
}

/// What is true at `valid_at` of all attributes of a customer, as it was known at `known_at`: one version a name, by name.
/// Attributes that are not known any more are left out.
///
/// # Errors
/// Those of the database.
pub fn as_of(
    session: &mut dyn Session,
    customer: CustomerId,
    valid_at: DateTime<Utc>,
    known_at: DateTime<Utc>,
) -> Result<Vec<Attribute>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM (
             SELECT {COLUMNS}, row_number() OVER (
                 PARTITION BY name ORDER BY valid_at DESC, recorded_at DESC, attribute_id DESC
             ) AS newest
             FROM ecrm_record_attribute WHERE customer_id = $1 AND valid_at <= $2 AND recorded_at <= $3
         ) AS version WHERE newest = 1 AND value IS NOT NULL ORDER BY name"
    );
    session.query_all(&sql, &[customer.into(), valid_at.into(), known_at.into()], read)
}

/// All versions of one attribute, in the order in which they became true.
///
/// # Errors
/// Those of the database.
pub fn history(
    session: &mut dyn Session,
    customer: CustomerId,
    name: &AttributeName,
) -> Result<Vec<Attribute>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM ecrm_record_attribute WHERE customer_id = $1 AND name = $2
         ORDER BY valid_at, recorded_at, attribute_id"
    );
    session.query_all(&sql, &[customer.into(), name.as_str().into()], read)
}

/// All versions of all attributes of the customers from one id to another, both included: by customer and name, in the order in which
/// they became true.
///
/// # Errors
/// Those of the database.
pub fn between(
    session: &mut dyn Session,
    (first, last): (CustomerId, CustomerId),
) -> Result<Vec<(CustomerId, Attribute)>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS}, customer_id FROM ecrm_record_attribute WHERE customer_id >= $1 AND customer_id <= $2
         ORDER BY customer_id, name, valid_at, recorded_at, attribute_id"
    );
    session.query_all(&sql, &[first.into(), last.into()], |row| Ok((row.get(6)?, read(row)?)))
}

fn row<'a>(ids: &dyn IdSource, customer: CustomerId, attribute: &'a Attribute) -> [Value<'a>; WIDTH] {
    let kind = attribute.value().map(AttributeValue::kind);
    let value = attribute.value().map(AttributeValue::to_text);
    [
        customer.into(),
        attribute.name().as_str().into(),
        attribute.valid_at().into(),
        attribute.recorded_at().into(),
        ids.uuid(attribute.recorded_at()).into(),
        attribute.source().as_str().into(),
        Value::or_null(kind, Type::Text),
        Value::or_null(value, Type::Text),
    ]
}

fn read(row: &Row<'_>) -> Result<Attribute, StoreError> {
    let name = AttributeName::new(&row.text(0)?).map_err(unreadable)?;
    let value = match (row.get::<Option<String>>(1)?, row.get::<Option<String>>(2)?) {
        (Some(kind), Some(text)) => Some(AttributeValue::from_text(&kind, &text).map_err(unreadable)?),
        _ => None,
    };
    let source = Source::new(&row.text(5)?).map_err(unreadable)?;
    Ok(Attribute::new(name, value, row.get(3)?, row.get(4)?, source))
}
