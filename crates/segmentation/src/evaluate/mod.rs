//! Whether criteria are true for a customer at an instant, and when that changes by time alone.

mod change;
mod explain;
mod found;
mod lifecycle;
mod ratio;
mod select;
mod value;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::calendar::Moment;
use crate::criteria::{Criteria, Name};
pub use explain::Explanation;
use found::passes;
pub(crate) use ratio::{MILLION, micros_of};
pub(crate) use select::{Customer, currency_of, micros_in};
pub(crate) use value::consent_word;

/// The segments that others may refer to.
pub(crate) type Segments = BTreeMap<Name, Criteria>;

/// Criteria for one customer, evaluated node by node.
#[derive(Clone, Copy)]
pub(crate) struct Evaluation<'e> {
    pub(crate) customer: Customer<'e>,
    pub(crate) segments: &'e Segments,
}

impl Evaluation<'_> {
    /// Whether criteria are true.
    pub(crate) fn is_true(self, criteria: &Criteria, moment: Moment) -> bool {
        let customer = self.customer;
        match criteria {
            Criteria::All(parts) => parts.iter().all(|part| self.is_true(part, moment)),
            Criteria::Any(parts) => parts.iter().any(|part| self.is_true(part, moment)),
            Criteria::Not(part) => !self.is_true(part, moment),
            Criteria::Is { value, test } => passes(test, &self.value(value, Some(test), moment), moment),
            Criteria::Stopped { events, silent_for } => customer.has_stopped(events, *silent_for, moment),
            Criteria::Restarted { events, pause, within } => customer.has_restarted(events, *pause, *within, moment),
            Criteria::Regularly {
                events,
                at_least,
                of,
                period,
            } => customer.periods(events, *of, *period, moment) >= *at_least as usize,
            Criteria::Sequence { first, then, window } => customer.has_sequence(first, then, window.as_ref(), moment),
            Criteria::InSegment(name) => self
                .segments
                .get(name)
                .is_some_and(|criteria| self.is_true(criteria, moment)),
            Criteria::InList(name) => {
                let mut lists = customer.block.lists[customer.index].iter();
                lists.any(|list| customer.block.text(*list) == Some(name.as_str()))
            }
            Criteria::Sample { percent, seed } => is_sampled(customer, *percent, seed),
        }
    }
}

/// A draw that depends on the customer and the seed alone: the first 8 bytes of a SHA-256, as a share of all numbers that they hold.
fn is_sampled(customer: Customer<'_>, percent: rust_decimal::Decimal, seed: &str) -> bool {
    let id = customer.block.ids[customer.index].uuid();
    let digest = Sha256::new()
        .chain_update("ecrm sample\n")
        .chain_update(seed)
        .chain_update("\n")
        .chain_update(id.as_bytes())
        .finalize();
    let draw = digest
        .iter()
        .take(8)
        .fold(0_i128, |draw, byte| draw << 8 | i128::from(*byte));
    draw * 100_000_000 < micros_of(percent) << 64
}
