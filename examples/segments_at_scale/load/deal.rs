//! The first pass: every row is checked, and orders and visits are dealt out by customer.

use std::path::Path;

use super::bucket::Writer;
use super::rows::{Customers, Orders, Visits};
use super::{bucket, progress};
use crate::Failure;
use crate::database::Loaded;

/// How often the bar moves.
const ROWS_A_STEP: u64 = 1 << 16;

/// Deals the files of a folder out to buckets, in the order of the customers.
pub fn deal(data: &Path, beside: &Path) -> Result<(Vec<bucket::Closed>, Loaded), Failure> {
    let ids = ids(data)?;
    let (mut orders, mut visits) = (Orders::open(data)?, Visits::open(data)?);
    let mut loaded = Loaded {
        customers: ids.0.len() as u64,
        ..Loaded::default()
    };
    let mut writer = Writer::create(beside, ids.0.len())?;
    let bar = progress("reading", orders.progress().0 + visits.progress().0);
    while let Some(placed) = orders.next()? {
        let customer = ids.place(placed.customer).ok_or_else(|| orders.of_nobody())?;
        writer.order(customer, placed.at, &placed.order)?;
        loaded.orders += 1;
        loaded.lines += placed.order.lines.len() as u64;
        if loaded.orders.is_multiple_of(ROWS_A_STEP) {
            bar.set_position(orders.progress().1);
        }
    }
    while let Some((id, at)) = visits.next()? {
        let customer = ids.place(id).ok_or_else(|| visits.of_nobody())?;
        writer.visit(customer, at)?;
        loaded.visits += 1;
        if loaded.visits.is_multiple_of(ROWS_A_STEP) {
            bar.set_position(orders.progress().1 + visits.progress().1);
        }
    }
    bar.finish_and_clear();
    Ok((writer.close()?, loaded))
}

/// The ids of all customers, sorted.
struct Ids(Vec<u64>);

impl Ids {
    /// The place of a customer among all.
    fn place(&self, id: u64) -> Option<usize> {
        // Where no id is left out, the place follows from the id.
        let guess = usize::try_from(id.checked_sub(*self.0.first()?)?).ok()?;
        if self.0.get(guess) == Some(&id) {
            return Some(guess);
        }
        self.0.binary_search(&id).ok()
    }
}

fn ids(data: &Path) -> Result<Ids, Failure> {
    let mut customers = Customers::open(data)?;
    let bar = progress("customers", customers.progress().0);
    let mut ids = Vec::new();
    while let Some(customer) = customers.next()? {
        ids.push(customer.id);
        if (ids.len() as u64).is_multiple_of(ROWS_A_STEP) {
            bar.set_position(customers.progress().1);
        }
    }
    bar.finish_and_clear();
    Ok(Ids(ids))
}
