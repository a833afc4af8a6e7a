//! From files in the order of time to tables in the order of customers.
//!
//! A first pass checks every row and deals the orders and visits out to files of some thousand customers each; a second one writes these
//! into the database, one after the other. So nothing is written of files that are broken, rows are only ever appended to the tables, and
//! what is held in memory is one such file.

mod bucket;
mod deal;
mod model;
mod rows;
mod table;
#[cfg(test)]
mod tests;

use std::path::Path;

use chrono::{DateTime, Utc};
use ecrm::core::{Activity, CustomerId};
use ecrm::store::{Session, activities, attributes, consents, customers};
use indicatif::{ProgressBar, ProgressStyle};

use self::bucket::{Bucket, Event};
pub use self::model::Model;
use self::rows::Customers;
use crate::Failure;
use crate::database::{self, Database};

/// How many activities are written at once: enough for a batch, few enough for a cache.
const AT_ONCE: usize = 1_000;

/// Loads the four files of a folder into an empty database.
pub fn load(data: &Path, database: &mut Database, now: DateTime<Utc>) -> Result<(), Failure> {
    let (buckets, mut loaded) = deal::deal(data, database.file())?;
    loaded.reached = now;
    let model = Model::new(now)?;
    let mut people = Customers::open(data)?;
    let bar = progress("loading", loaded.customers);
    for bucket in buckets {
        let bucket = bucket.read()?;
        database.within(|session| write(session, &model, &mut people, &bucket))?;
        bar.inc(u64::from(bucket.size()));
    }
    database.within(|session| database::finish(session, &loaded))?;
    bar.finish_and_clear();
    Ok(())
}

/// Some customers to whom something is to happen, spread over all of them.
pub fn some_customers(session: &mut dyn Session, most: usize) -> Result<Vec<CustomerId>, Failure> {
    let (count, mut found) = (customers::count(session)?, Vec::new());
    let step = (usize::try_from(count)? / most).max(1);
    for number in (1..=count).step_by(step).take(most) {
        found.extend(customers::load(session, model::id(number))?.map(|customer| customer.id()));
    }
    if found.len() < most {
        // There are fewer, or they have other numbers.
        let first = customers::after(session, None, u32::try_from(most)?)?;
        found = first.into_iter().map(|customer| customer.id()).collect();
    }
    Ok(found)
}

/// Writes the customers of a bucket, and all that happened to them.
fn write(session: &mut dyn Session, model: &Model, people: &mut Customers, bucket: &Bucket) -> Result<(), Failure> {
    let (mut records, mut preferences, mut decisions) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..bucket.size() {
        let row = people.next()?.ok_or_else(|| people.changed())?;
        let record = model.customer(&row)?;
        preferences.push((record.id(), model.preference(&row)?));
        decisions.extend(model.consents(&row)?);
        records.push(record);
    }
    customers::insert_all(session, &records, model.source(), model.now())?;
    attributes::set_all(session, model.ids(), &preferences)?;
    consents::record_all(session, model.ids(), &decisions)?;

    let mut waiting: Vec<Activity> = Vec::with_capacity(AT_ONCE);
    for event in bucket.events() {
        let customer = records[event.customer()].id();
        waiting.push(match bucket.event(event)? {
            Event::Order(order) => model.order(customer, event.at(), &order)?,
            Event::Visit => model.visit(customer, event.at())?,
        });
        if waiting.len() == AT_ONCE {
            activities::append_all(session, &waiting)?;
            waiting.clear();
        }
    }
    Ok(activities::append_all(session, &waiting)?)
}

pub fn progress(what: &str, length: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg:9} {wide_bar} {pos}/{len} {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length).with_style(style).with_message(what.to_owned())
}
