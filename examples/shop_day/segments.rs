//! The shop's segments: every invoice brings those of its customer up to date, and at the end of each month all are counted.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, TimeDelta, Utc};
use ecrm::core::{Activity, CustomerId};
use ecrm::segmentation::criteria::Name;
use ecrm::segmentation::{Criteria, Segmentation, SegmentationError, Zone};
use ecrm::store::{Session, StoreError, StoreErrorKind, UnitOfWork};

use crate::Failure;
use crate::database::{Database, SegmentCount};

/// Amounts in different currencies are never added, so a shop with two of them says what is much in each.
const SEGMENTS: [(&str, &str); 10] = [
    (
        "big spenders",
        "sum(orders.amount in last 90 days) >= 1500.00 GBP or sum(orders.amount in last 90 days) >= 1700.00 EUR",
    ),
    ("regular buyers", "regularly(orders in 4 of 6 periods of 30 days)"),
    ("first order this month", "first(orders.at) in this month"),
    ("one order only", "count(orders) = 1 and days since last(orders) > 60"),
    (
        "cooling",
        "count(orders in last 180 days) >= 3 and count(orders in last 45 days) = 0",
    ),
    ("lapsed", "stopped(orders for 120 days)"),
    ("restarted", "restarted(orders after 90 days in last 30 days)"),
    (
        "many products",
        "distinct(lines.sku where kind = \"product\" in previous 3 months) >= 100",
    ),
    ("gives back", "count(returns in last 180 days) >= 2"),
    (
        "abroad",
        "attribute.country != \"United Kingdom\" and count(orders) >= 1",
    ),
];

/// Keeps the segments, and counts them when a month is over.
pub struct Segments {
    segments: Segmentation,
    /// The first day of the month that is not over yet.
    month: Option<NaiveDate>,
    /// For which instants earlier runs have counted, by the first day of the month.
    counted: BTreeMap<NaiveDate, DateTime<Utc>>,
}

impl Segments {
    pub fn new(database: &mut Database) -> Result<Self, Failure> {
        let mut counted = BTreeMap::new();
        database.run(&mut |session| {
            let counts = SegmentCount::all(session)?.into_iter();
            counted = counts.map(|count| (count.month, count.counted_at)).collect();
            Ok(())
        })?;
        Ok(Self {
            segments: Segmentation::new(),
            month: None,
            counted,
        })
    }

    /// What an invoice did to the segments of its customer, in the transaction of the invoice.
    pub fn update(
        &self,
        session: &mut dyn Session,
        customer: CustomerId,
        activity: Activity,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.segments
            .update(session, customer, &[activity], now)
            .map_err(store_error)?;
        Ok(())
    }

    /// Whether a month is over at an instant.
    pub fn is_month_over(&self, now: DateTime<Utc>) -> bool {
        self.month.is_none_or(|month| month < first_of_month(now))
    }

    /// Counts the segments at the end of each month that is over; begins with the month of the first instant.
    pub fn let_time_pass(&mut self, database: &mut Database, now: DateTime<Utc>) -> Result<(), Failure> {
        let Some(mut month) = self.month else {
            self.begin(database, now)?;
            self.month = Some(first_of_month(now));
            return Ok(());
        };
        while month < first_of_month(now) {
            let next = month + Months::new(1);
            let end = next.and_time(NaiveTime::MIN).and_utc() - TimeDelta::microseconds(1);
            self.count(database, month, end)?;
            month = next;
        }
        self.month = Some(month);
        Ok(())
    }

    /// Counts them at the end of all invoices, which is the end of the last month.
    pub fn finish(mut self, database: &mut Database, end: DateTime<Utc>) -> Result<(), Failure> {
        self.let_time_pass(database, end)?;
        self.count(database, first_of_month(end), end)
    }

    /// Sets the segments up, and goes on where an earlier run was.
    fn begin(&self, database: &mut Database, now: DateTime<Utc>) -> Result<(), Failure> {
        database.run(&mut |session| self.segments.install(session, Zone::UTC, now).map_err(store_error))?;
        self.advance(database, now)?;
        let wanted = SEGMENTS
            .iter()
            .map(|(name, text)| Ok((Name::new(name)?, text.parse()?)));
        let wanted: Vec<(Name, Criteria)> = wanted.collect::<Result<_, Failure>>()?;
        database.run(&mut |session| {
            let known = self.segments.segments(session).map_err(store_error)?;
            let is_known = |(name, criteria): &&(Name, Criteria)| {
                known
                    .iter()
                    .any(|segment| segment.name == *name && segment.criteria == *criteria)
            };
            let other: Vec<_> = wanted.iter().filter(|one| !is_known(one)).cloned().collect();
            if !other.is_empty() {
                self.segments.define(session, other, now).map_err(store_error)?;
            }
            Ok(())
        })?;
        Ok(())
    }

    /// Each step is a transaction of its own, so that no order waits for all of them.
    fn advance(&self, database: &mut Database, now: DateTime<Utc>) -> Result<(), Failure> {
        let mut is_complete = false;
        while !is_complete {
            database.run(&mut |session| {
                is_complete = self
                    .segments
                    .advance(session, 1_000, now)
                    .map_err(store_error)?
                    .is_complete;
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Counts all segments, unless an earlier run has.
    fn count(&self, database: &mut Database, month: NaiveDate, at: DateTime<Utc>) -> Result<(), Failure> {
        if self.counted.get(&month) >= Some(&at) {
            return Ok(());
        }
        self.advance(database, at)?;
        database.run(&mut |session| {
            for (name, _) in SEGMENTS {
                let segment = Name::new(name).map_err(|error| StoreError::invalid_input(error.to_string()))?;
                let members = self.segments.count(session, &segment, at).map_err(store_error)?;
                let count = SegmentCount {
                    month,
                    segment: name.to_owned(),
                    members,
                    counted_at: at,
                };
                count.save(session)?;
            }
            Ok(())
        })?;
        Ok(())
    }
}

/// How a segment grew.
pub struct Growth {
    pub name: &'static str,
    pub criteria: &'static str,
    /// The first day of each month, and how many customers there were at its end.
    pub months: Vec<(NaiveDate, u64)>,
}

impl Growth {
    /// How many there are at last.
    pub fn now(&self) -> u64 {
        self.months.last().map_or(0, |(_, members)| *members)
    }
}

/// What was counted of all segments.
pub fn growth(session: &mut dyn Session) -> Result<Vec<Growth>, StoreError> {
    let counts = SegmentCount::all(session)?;
    let growth = |(name, criteria)| Growth {
        name,
        criteria,
        months: counts
            .iter()
            .filter(|count| count.segment == name)
            .map(|count| (count.month, count.members))
            .collect(),
    };
    Ok(SEGMENTS.into_iter().map(growth).collect())
}

fn first_of_month(instant: DateTime<Utc>) -> NaiveDate {
    let day = instant.date_naive();
    day.with_day(1).unwrap_or(day)
}

fn store_error(error: SegmentationError) -> StoreError {
    match error {
        SegmentationError::Store(error) => error,
        other => StoreError::new(StoreErrorKind::Other, other.to_string()),
    }
}
