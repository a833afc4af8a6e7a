//! What customers are recognised by.

use chrono::{DateTime, Utc};
use ecrm_core::{Code, CustomerId, Identifier, Source, Strength, Subject};

use crate::changes::{self, ChangeKind};
use crate::{Session, SessionExt, StoreError, StoreErrorKind, Value, json};

/// An identifier of a customer, and when it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Known {
    /// The identifier.
    pub identifier: Identifier,
    /// When it was first seen with this customer.
    pub first_seen_at: DateTime<Utc>,
    /// When it was last seen with this customer.
    pub last_seen_at: DateTime<Utc>,
}

/// Notes that a customer has an identifier, or was seen with it again.
///
/// # Errors
/// [`StoreError::is_unique_violation`] when it is strong and belongs to another customer; then nothing is written, and
/// [`owner`] tells whose it is.
pub fn attach(
    session: &mut dyn Session,
    customer: CustomerId,
    identifier: &Identifier,
    source: &Source,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (kind, key, strength) = (identifier.kind(), identifier.key(), identifier.strength());
    let written = session.execute(
        "INSERT INTO ecrm_record_identifier
             (value, kind, customer_id, strength, source, first_seen_at, last_seen_at, data)
         VALUES ($1, $2, $3, $4, $5, $6, $6, $7) ON CONFLICT DO NOTHING",
        &[
            (&key).into(),
            kind.into(),
            customer.into(),
            strength.code().into(),
            source.as_str().into(),
            now.into(),
            Value::json(json::to_text(identifier)?),
        ],
    )?;
    if written == 1 {
        return changes::note(session, Subject::Customer(customer).id(), ChangeKind::Record, now);
    }
    let seen_again = session.execute(
        "UPDATE ecrm_record_identifier SET last_seen_at = $4 WHERE value = $1 AND kind = $2 AND customer_id = $3",
        &[(&key).into(), kind.into(), customer.into(), now.into()],
    )?;
    if seen_again == 0 {
        return Err(StoreError::new(
            StoreErrorKind::Unique,
            format!(
                "the {kind} identifier belongs to another customer; look up its owner and merge the two, or refuse it"
            ),
        ));
    }
    Ok(())
}

/// The customer that a strong identifier belongs to.
///
/// # Errors
/// Those of the database.
pub fn owner(session: &mut dyn Session, identifier: &Identifier) -> Result<Option<CustomerId>, StoreError> {
    session.query_first(
        "SELECT customer_id FROM ecrm_record_identifier WHERE value = $1 AND kind = $2 AND strength = $3",
        &[
            identifier.key().into(),
            identifier.kind().into(),
            Strength::Strong.code().into(),
        ],
        |row| row.get(0),
    )
}

/// All customers that were seen with an identifier, the earliest first.
///
/// # Errors
/// Those of the database.
pub fn holders(session: &mut dyn Session, identifier: &Identifier) -> Result<Vec<CustomerId>, StoreError> {
    session.query_all(
        "SELECT customer_id FROM ecrm_record_identifier WHERE value = $1 AND kind = $2
         ORDER BY first_seen_at, customer_id",
        &[identifier.key().into(), identifier.kind().into()],
        |row| row.get(0),
    )
}

/// All identifiers of a customer, the earliest first.
///
/// # Errors
/// Those of the database.
pub fn of_customer(session: &mut dyn Session, customer: CustomerId) -> Result<Vec<Known>, StoreError> {
    session.query_all(
        "SELECT data, first_seen_at, last_seen_at FROM ecrm_record_identifier WHERE customer_id = $1
         ORDER BY first_seen_at, kind, value",
        &[customer.into()],
        |row| {
            Ok(Known {
                identifier: json::column(row, 0)?,
                first_seen_at: row.get(1)?,
                last_seen_at: row.get(2)?,
            })
        },
    )
}

/// Takes an identifier from a customer, and tells whether the customer had it.
///
/// # Errors
/// Those of the database.
pub fn detach(
    session: &mut dyn Session,
    customer: CustomerId,
    identifier: &Identifier,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let removed = session.execute(
        "DELETE FROM ecrm_record_identifier WHERE value = $1 AND kind = $2 AND customer_id = $3",
        &[identifier.key().into(), identifier.kind().into(), customer.into()],
    )?;
    if removed > 0 {
        changes::note(session, Subject::Customer(customer).id(), ChangeKind::Record, now)?;
    }
    Ok(removed > 0)
}
