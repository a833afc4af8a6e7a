//! The report: one pass over all activities, customer by customer, and a page.

mod growth;
mod page;
mod svg;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use chrono::{DateTime, Datelike, Timelike, Utc};
use ecrm::confirmation_mail::{MailState, counts};
use ecrm::core::{Currency, Event, Money, SubjectId, ValueError};
use ecrm::store::{Session, StoreError, StoreErrorKind, UnitOfWork, activities, customers};

use crate::Failure;
use crate::database::{Database, countries};
use crate::segments::{self, Growth};

/// A month: year and number.
type Month = (i32, u32);

/// Everything that the report and the closing lines tell.
#[derive(Default)]
pub struct Figures {
    pub customers: u64,
    pub orders: u64,
    pub guest_orders: u64,
    pub cancellations: u64,
    pub cancellations_linked: u64,
    pub mails_queued: u64,
    pub mails_sent: u64,
    /// Orders less cancellations.
    pub revenue: BTreeMap<Currency, Money>,
    pub months: BTreeMap<(Currency, Month), Money>,
    /// Orders by weekday (from Monday) and hour.
    pub hours: [[u64; 24]; 7],
    /// Orders of new customers, of returning ones, of guests.
    pub loyalty: BTreeMap<Month, [u64; 3]>,
    /// The currency with the most orders, in which the charts are drawn.
    pub main: Option<Currency>,
    /// Countries in the main currency, with revenue and orders.
    pub countries: Vec<(String, Money, u64)>,
    /// Revenue of each customer in the main currency, the largest first.
    pub by_customer: Vec<i64>,
    /// The segments, and how they grew.
    pub segments: Vec<Growth>,
}

/// Reads all figures.
pub fn gather(database: &mut Database) -> Result<Figures, Failure> {
    let mut figures = Figures::default();
    database.run(&mut |session| {
        figures = Figures::default();
        let mut pass = Pass::default();
        activities::for_each(session, &mut |activity| {
            pass.see(
                &mut figures,
                activity.subject().id(),
                activity.subject().customer().is_some(),
                activity.valid_at(),
                activity.event(),
            )?;
            Ok(ControlFlow::Continue(()))
        })?;
        figures.customers = customers::count(session)?;
        pass.finish(&mut figures);
        mails(session, &mut figures)?;
        figures.segments = segments::growth(session)?;
        if let Some(main) = figures.main {
            figures.countries = countries(session, main.code())?
                .into_iter()
                .map(|(country, minor, orders)| (country, Money::from_minor(minor, main), orders))
                .collect();
        }
        Ok(())
    })?;
    Ok(figures)
}

/// Writes the page.
pub fn write(figures: &Figures, file: &Path) -> Result<(), Failure> {
    Ok(std::fs::write(file, page::render(figures))?)
}

fn mails(session: &mut dyn Session, figures: &mut Figures) -> Result<(), StoreError> {
    let states = counts(session).map_err(|error| StoreError::new(StoreErrorKind::Other, error.to_string()))?;
    for (state, count) in states {
        figures.mails_queued += count;
        figures.mails_sent += if state == MailState::Accepted { count } else { 0 };
    }
    Ok(())
}

/// What must be remembered while one customer after the other passes by.
#[derive(Default)]
struct Pass {
    current: Option<SubjectId>,
    has_ordered: bool,
    spent: BTreeMap<Currency, i64>,
    orders_in: BTreeMap<Currency, u64>,
    spenders: BTreeMap<Currency, Vec<i64>>,
}

impl Pass {
    fn see(
        &mut self,
        figures: &mut Figures,
        subject: SubjectId,
        is_customer: bool,
        at: DateTime<Utc>,
        event: &Event,
    ) -> Result<(), StoreError> {
        if self.current != Some(subject) {
            self.next_subject();
            self.current = Some(subject);
        }
        let month = (at.year(), at.month());
        match event {
            Event::Order(order) => {
                figures.orders += 1;
                figures.guest_orders += u64::from(!is_customer);
                let kind = if !is_customer { 2 } else { usize::from(self.has_ordered) };
                figures.loyalty.entry(month).or_default()[kind] += 1;
                figures.hours[at.weekday().num_days_from_monday() as usize][at.hour() as usize] += 1;
                *self.orders_in.entry(order.currency()).or_default() += 1;
                self.has_ordered = true;
                self.add(figures, month, is_customer, order.total())
            }
            Event::Return(returned) => {
                figures.cancellations += 1;
                figures.cancellations_linked += u64::from(returned.order().is_some());
                let total = returned.total().checked_neg().map_err(too_large)?;
                self.add(figures, month, is_customer, total)
            }
            _ => Ok(()),
        }
    }

    fn add(&mut self, figures: &mut Figures, month: Month, is_customer: bool, amount: Money) -> Result<(), StoreError> {
        let currency = amount.currency();
        for sum in [
            figures.revenue.entry(currency).or_insert(Money::zero(currency)),
            figures.months.entry((currency, month)).or_insert(Money::zero(currency)),
        ] {
            *sum = sum.checked_add(amount).map_err(too_large)?;
        }
        if is_customer {
            *self.spent.entry(currency).or_default() += amount.minor();
        }
        Ok(())
    }

    fn next_subject(&mut self) {
        for (currency, minor) in std::mem::take(&mut self.spent) {
            self.spenders.entry(currency).or_default().push(minor);
        }
        self.has_ordered = false;
    }

    fn finish(mut self, figures: &mut Figures) {
        self.next_subject();
        figures.main = self
            .orders_in
            .iter()
            .max_by_key(|(_, orders)| **orders)
            .map(|(currency, _)| *currency);
        if let Some(main) = figures.main {
            figures.by_customer = self.spenders.remove(&main).unwrap_or_default();
            figures.by_customer.sort_unstable_by(|a, b| b.cmp(a));
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn too_large(error: ValueError) -> StoreError {
    StoreError::invalid_input(error.to_string())
}
