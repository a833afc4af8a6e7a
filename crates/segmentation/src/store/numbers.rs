//! The numbers of customers.

use ecrm_core::CustomerId;
use ecrm_store::{Batch, Session, SessionExt, StoreError};

pub(crate) fn find(session: &mut dyn Session, customer: CustomerId) -> Result<Option<u32>, StoreError> {
    session.query_first(
        "SELECT number FROM ecrm_segmentation_customer WHERE customer_id = $1",
        &[customer.into()],
        |row| row.get(0),
    )
}

/// Gives customers the numbers from one on.
pub(crate) fn give(session: &mut dyn Session, customers: &[CustomerId], first: u32) -> Result<(), StoreError> {
    let mut rows = Batch::new(2);
    for (customer, number) in customers.iter().zip(first..) {
        rows.push([(*customer).into(), number.into()])?;
    }
    session.execute_many(
        "INSERT INTO ecrm_segmentation_customer (customer_id, number) VALUES ($1, $2)",
        &rows,
    )?;
    Ok(())
}

pub(crate) fn remove(session: &mut dyn Session, customer: CustomerId) -> Result<(), StoreError> {
    session.execute(
        "DELETE FROM ecrm_segmentation_customer WHERE customer_id = $1",
        &[customer.into()],
    )?;
    Ok(())
}
