//! Where each invoice ends, and how far the time has come by then: from a first pass over the file, which need not be in the order of time.

use std::collections::HashMap;
use std::path::Path;

use chrono::{DateTime, Utc};

use crate::Failure;
use crate::invoices::{Rows, is_cancellation};

/// What a first pass over a file of invoices finds.
pub struct Index {
    /// For each invoice the number of its last line, so that it can be closed there.
    last: HashMap<String, u64>,
    coming: Vec<Coming>,
    /// The time of the last invoice; nothing where there is none.
    pub end: Option<DateTime<Utc>>,
}

/// What is still to come at an invoice.
#[derive(Clone, Copy)]
pub struct Coming {
    /// The earliest time of this invoice and of those after it: so far has the time come, and everything before it is known.
    pub now: Option<DateTime<Utc>>,
    /// The earliest time of the orders after this invoice.
    pub next_order: Option<DateTime<Utc>>,
}

/// What the index must know of an invoice.
#[derive(Clone, Copy)]
struct Seen {
    last: u64,
    at: Option<DateTime<Utc>>,
    is_cancellation: bool,
}

impl Index {
    /// Reads the file once.
    pub fn of(file: &Path) -> Result<Self, Failure> {
        let mut rows = Rows::open(file)?;
        let mut invoices: HashMap<String, Seen> = HashMap::new();
        while rows.next()? {
            let last = rows.number();
            let key = rows.field("InvoiceNo");
            match invoices.get_mut(key.as_ref()) {
                Some(seen) => {
                    seen.last = last;
                    // Most lines repeat the time of the first, and need not be read for it.
                    seen.at = seen.at.or_else(|| rows.instant().ok());
                }
                None => {
                    let (at, is_cancellation) = (rows.instant().ok(), is_cancellation(&key));
                    invoices.insert(
                        key.into_owned(),
                        Seen {
                            last,
                            at,
                            is_cancellation,
                        },
                    );
                }
            }
        }
        let mut in_order: Vec<Seen> = invoices.values().copied().collect();
        in_order.sort_unstable_by_key(|seen| seen.last);
        Ok(Self {
            coming: coming(&in_order),
            end: in_order.iter().filter_map(|seen| seen.at).max(),
            last: invoices.into_iter().map(|(key, seen)| (key, seen.last)).collect(),
        })
    }

    /// How many invoices there are.
    pub fn invoices(&self) -> u64 {
        self.last.len() as u64
    }

    /// Whether an invoice ends with this line.
    pub fn is_last(&self, invoice: &str, line: u64) -> bool {
        self.last.get(invoice) == Some(&line)
    }

    /// What is still to come at each invoice, in the order in which they end.
    pub fn coming(&self) -> &[Coming] {
        &self.coming
    }
}

fn coming(invoices: &[Seen]) -> Vec<Coming> {
    let (mut now, mut next_order) = (None, None);
    let mut coming = Vec::with_capacity(invoices.len());
    for invoice in invoices.iter().rev() {
        now = earliest(now, invoice.at);
        coming.push(Coming { now, next_order });
        if !invoice.is_cancellation {
            next_order = earliest(next_order, invoice.at);
        }
    }
    coming.reverse();
    coming
}

fn earliest(one: Option<DateTime<Utc>>, other: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    one.into_iter().chain(other).min()
}
