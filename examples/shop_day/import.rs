//! Takes the invoices in the order of time and writes them in batches, each in one transaction.

use chrono::{DateTime, Utc};
use ecrm::store::UnitOfWork;

use crate::Failure;
use crate::database::Database;
use crate::index::Coming;
use crate::invoices::{BrokenLine, Invoice};
use crate::prepare::{Ready, prepare};
use crate::shop::{Shop, Written};
use crate::summary::Summary;

/// Takes invoices and writes them in batches.
pub struct Import<'d> {
    database: &'d mut Database,
    shop: Shop,
    batch: usize,
    strict: bool,
    waiting: Vec<Ready>,
    /// Cancellations that have come before an order that may be theirs.
    early: Vec<Invoice>,
    /// The time that has come in the shop.
    now: DateTime<Utc>,
}

impl<'d> Import<'d> {
    pub fn new(database: &'d mut Database, batch: usize, strict: bool) -> Result<Self, Failure> {
        let shop = Shop::new(database)?;
        Ok(Self {
            database,
            shop,
            batch: batch.max(1),
            strict,
            waiting: Vec::new(),
            early: Vec::new(),
            now: DateTime::UNIX_EPOCH,
        })
    }

    /// Takes one invoice; writes when a batch is full. A cancellation looks for its order, so it waits while one is to come that is not
    /// later than itself.
    pub fn take(&mut self, invoice: Invoice, coming: Coming, summary: &mut Summary) -> Result<(), Failure> {
        if let Some(now) = coming.now {
            self.let_time_pass(now, summary)?;
        }
        if invoice.is_cancellation() {
            self.early.push(invoice);
        } else {
            self.prepare(invoice, summary)?;
        }
        let is_early = |invoice: &Invoice| coming.next_order.is_some_and(|order| invoice.at() >= Some(order));
        let (early, ripe) = std::mem::take(&mut self.early).into_iter().partition(is_early);
        self.early = early;
        ripe.into_iter().try_for_each(|invoice| self.prepare(invoice, summary))
    }

    fn prepare(&mut self, invoice: Invoice, summary: &mut Summary) -> Result<(), Failure> {
        summary.lines += (invoice.lines.len() + invoice.broken.len()) as u64;
        let without = invoice.lines.iter().filter(|line| line.customer.is_none()).count();
        summary.lines_without_customer += without as u64;
        let (ready, broken) = prepare(invoice, self.now, summary);
        for line in broken {
            if self.strict {
                return Err(format!("line {}: {} (--strict stops here)", line.number, line.reason).into());
            }
            summary.broken(line);
        }
        self.waiting.extend(ready);
        if self.waiting.len() >= self.batch {
            self.write(summary)
        } else {
            Ok(())
        }
    }

    /// Writes what is left. At the end of all invoices the last month is counted as well.
    pub fn finish(mut self, end: Option<DateTime<Utc>>, summary: &mut Summary) -> Result<(), Failure> {
        self.write(summary)?;
        match end {
            Some(end) => self.shop.segments.finish(self.database, end),
            None => Ok(()),
        }
    }

    fn let_time_pass(&mut self, now: DateTime<Utc>, summary: &mut Summary) -> Result<(), Failure> {
        self.now = now;
        if self.shop.segments.is_month_over(now) {
            self.write(summary)?;
            self.shop.segments.let_time_pass(self.database, now)?;
        }
        Ok(())
    }

    /// The one transaction of a batch.
    fn write(&mut self, summary: &mut Summary) -> Result<(), Failure> {
        let (shop, waiting) = (&self.shop, std::mem::take(&mut self.waiting));
        let mut written = Vec::new();
        self.database.run(&mut |session| {
            written = waiting
                .iter()
                .map(|ready| shop.write(session, ready))
                .collect::<Result<_, _>>()?;
            Ok(())
        })?;
        for (ready, written) in waiting.iter().zip(written) {
            match written {
                Written::New => summary.invoices_new += 1,
                Written::Before => {}
                Written::Refused(reason) => {
                    let reason = format!("invoice {}: {reason}", ready.invoice);
                    if self.strict {
                        return Err(format!("line {}: {reason} (--strict stops here)", ready.first_line).into());
                    }
                    summary.broken(BrokenLine {
                        number: ready.first_line,
                        reason,
                    });
                }
            }
        }
        Ok(())
    }
}
