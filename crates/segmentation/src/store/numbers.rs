//! The numbers of customers, and the packed facts of each.

use ecrm_core::CustomerId;
use ecrm_store::{Batch, Session, SessionExt, StoreError};
use uuid::Uuid;

use super::unreadable_facts;
use crate::criteria::Needs;
use crate::facts::Block;

pub(crate) fn find(session: &mut dyn Session, customer: CustomerId) -> Result<Option<u32>, StoreError> {
    session.query_first(
        "SELECT number FROM ecrm_segmentation_customer WHERE customer_id = $1",
        &[customer.into()],
        |row| row.get(0),
    )
}

/// What is needed of the facts of a customer, as a block of one.
pub(crate) fn facts(
    session: &mut dyn Session,
    customer: CustomerId,
    needs: &Needs,
) -> Result<Option<Block>, StoreError> {
    let columns = if needs.has_cold() { "hot, cold" } else { "hot" };
    let sql = format!("SELECT {columns} FROM ecrm_segmentation_customer WHERE customer_id = $1");
    let facts = session.query_first(&sql, &[customer.into()], |row| {
        let hot: Vec<u8> = row.get(0)?;
        let cold: Option<Vec<u8>> = if needs.has_cold() { Some(row.get(1)?) } else { None };
        Ok(Block::unpack(&hot, cold.as_deref(), Some(needs)).filter(|facts| facts.ids.len() == 1))
    })?;
    match facts {
        Some(None) => Err(unreadable_facts()),
        facts => Ok(facts.flatten()),
    }
}

/// The numbers and facts of the customers with the next ids after one.
pub(crate) fn after(
    session: &mut dyn Session,
    id: Option<CustomerId>,
    limit: u32,
) -> Result<Vec<(u32, Block)>, StoreError> {
    let after = id.map_or(Uuid::nil(), CustomerId::uuid);
    session.query_all(
        "SELECT number, hot, cold FROM ecrm_segmentation_customer WHERE customer_id > $1 ORDER BY customer_id LIMIT $2",
        &[after.into(), limit.into()],
        |row| {
            let (number, hot, cold): (u32, Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let facts = Block::unpack(&hot, Some(&cold), None).filter(|facts| facts.ids.len() == 1);
            Ok((number, facts.ok_or_else(unreadable_facts)?))
        },
    )
}

/// Writes the facts of customers with their numbers, new ones or known ones.
pub(crate) fn save(session: &mut dyn Session, customers: &[(u32, Block)]) -> Result<(), StoreError> {
    let mut rows = Batch::new(4);
    for (number, facts) in customers {
        let Some(customer) = facts.ids.first() else { continue };
        let packed = facts.pack();
        rows.push([
            (*customer).into(),
            (*number).into(),
            packed.hot.into(),
            packed.cold.into(),
        ])?;
    }
    session.execute_many(
        "INSERT INTO ecrm_segmentation_customer (customer_id, number, hot, cold) VALUES ($1, $2, $3, $4)
         ON CONFLICT (customer_id) DO UPDATE SET hot = excluded.hot, cold = excluded.cold",
        &rows,
    )?;
    Ok(())
}

/// Forgets all numbers and facts.
pub(crate) fn clear(session: &mut dyn Session) -> Result<(), StoreError> {
    session.execute("DELETE FROM ecrm_segmentation_customer", &[])?;
    Ok(())
}

pub(crate) fn remove(session: &mut dyn Session, customer: CustomerId) -> Result<(), StoreError> {
    session.execute(
        "DELETE FROM ecrm_segmentation_customer WHERE customer_id = $1",
        &[customer.into()],
    )?;
    Ok(())
}
