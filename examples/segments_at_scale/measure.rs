//! What is measured once the shop is loaded.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use ecrm::core::{Activity, CustomerId, SystemIds};
use ecrm::segmentation::criteria::{Criteria, Name};
use ecrm::segmentation::{Catalogue, Change, LogCursor, Segmentation, Zone};
use indicatif::ProgressBar;

use crate::Failure;
use crate::database::Database;
use crate::load::Model;

/// So many customers are looked at in one transaction.
const AT_ONCE: u32 = 2_048;
/// So many that what is done only once, such as reading the inner pages of an index, is not what is measured.
const ORDERS: usize = 500;

/// The segments of a file, one a line: a name, a colon, its criteria. Empty lines and those with a `#` in front are passed over.
pub fn segments(file: &Path) -> Result<Vec<(Name, Criteria)>, Failure> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
    let mut segments: Vec<(Name, Criteria)> = Vec::new();
    for (number, whole) in (1..).zip(text.lines()) {
        let line = whole.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let at = |what: &dyn std::fmt::Display| format!("{}, line {number}: {what}", file.display());
        let (name, criteria) = line
            .split_once(':')
            .ok_or_else(|| at(&"write a name, a colon and the criteria"))?;
        let name = Name::new(name.trim()).map_err(|error| at(&error))?;
        if segments.iter().any(|(known, _)| *known == name) {
            return Err(at(&"there is a segment of this name above").into());
        }
        let criteria = Criteria::parse(criteria).map_err(|error| {
            let before = whole.trim_end().chars().count() - criteria.chars().count();
            let column = before + error.column as usize;
            at(&format_args!(
                "column {column}: expected {}, found {}",
                error.expected, error.found
            ))
        })?;
        segments.push((name, criteria));
    }
    if segments.is_empty() {
        return Err(format!("{} has no segments", file.display()).into());
    }
    // What cannot be evaluated is refused before a large shop is loaded.
    Catalogue::new(Zone::UTC, segments.clone()).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(segments)
}

/// Sets up segments for a shop that is there: all its customers are packed.
pub fn set_up(database: &mut Database, now: DateTime<Utc>, customers: u64) -> Result<(), Failure> {
    let segmentation = Segmentation::new();
    database.within(|session| Ok(segmentation.install(session, Zone::UTC, now)?))?;
    // Each alone, and then together with others.
    let bar = crate::load::progress("packing", 2 * customers);
    advance(database, &segmentation, now, &bar)
}

/// Runs everything, and prints what was found and how long it took.
pub fn run(
    database: &mut Database,
    segments: &[(Name, Criteria)],
    now: DateTime<Utc>,
    threads: usize,
) -> Result<(), Failure> {
    let segmentation = Segmentation::new().with_threads(threads);
    let building = progress("building");
    let (built, seconds) =
        timed(|| database.within(|session| Ok(segmentation.define(session, segments.to_vec(), now)?)))?;
    building.finish_and_clear();
    for (name, _) in segments {
        let members = built.iter().find(|defined| defined.segment == *name);
        println!("segment {name} {}", members.map_or(0, |defined| defined.members));
    }
    println!("build_seconds: {seconds:.3}");
    let (_, criteria) = &segments[0];
    let preview = || {
        timed(|| {
            database.within(|session| Ok(segmentation.preview(session, criteria, now)?.page(session, None, 50)?))
        })
    };
    println!("preview_seconds: {:.3}", median(preview, 3)?);
    reads(database, &segmentation, segments, now)?;

    let before = database.within(|session| Ok(segmentation.latest(session)?))?;
    let tomorrow = now + TimeDelta::days(1);
    let bar = progress("advancing");
    let ((), seconds) = timed(|| advance(database, &segmentation, tomorrow, &bar))?;
    database.within(|session| crate::database::reach(session, tomorrow))?;
    println!("advance_one_day_seconds: {seconds:.3}");
    for (name, _) in segments {
        let (left, entered) = crossings(database, &segmentation, name, before)?;
        println!("left_on_advance {name} {left}");
        println!("entered_on_advance {name} {entered}");
    }
    println!(
        "event_microseconds_median: {:.0}",
        events(database, &segmentation, tomorrow)? * 1e6
    );
    Ok(())
}

/// How long a count and a first page take.
fn reads(
    database: &mut Database,
    segmentation: &Segmentation,
    segments: &[(Name, Criteria)],
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    let mut slowest = (0.0_f64, 0.0_f64);
    for (name, _) in segments {
        let (_, count) = timed(|| database.within(|session| Ok(segmentation.count(session, name, now)?)))?;
        let (_, page) = timed(|| database.within(|session| Ok(segmentation.members(session, name, None, 50, now)?)))?;
        slowest = (slowest.0.max(count), slowest.1.max(page));
    }
    println!("count_milliseconds_slowest: {:.3}", slowest.0 * 1e3);
    println!("page_milliseconds_slowest: {:.3}", slowest.1 * 1e3);
    Ok(())
}

fn advance(
    database: &mut Database,
    segmentation: &Segmentation,
    now: DateTime<Utc>,
    bar: &ProgressBar,
) -> Result<(), Failure> {
    loop {
        let advanced = database.within(|session| Ok(segmentation.advance(session, AT_ONCE, now)?))?;
        bar.inc(advanced.customers);
        if advanced.is_complete {
            bar.finish_and_clear();
            return Ok(());
        }
    }
}

/// How many left a segment and came into it behind a place in the log, whoever did both counting for neither.
fn crossings(
    database: &mut Database,
    segmentation: &Segmentation,
    segment: &Name,
    after: LogCursor,
) -> Result<(usize, usize), Failure> {
    let mut moves: BTreeMap<CustomerId, i32> = BTreeMap::new();
    let mut cursor = after;
    loop {
        let news = database.within(|session| Ok(segmentation.changes(session, segment, cursor, 10_000)?))?;
        if news.changes.is_empty() {
            break;
        }
        for change in news.changes {
            if let Change::Crossing(crossing) = change {
                *moves.entry(crossing.customer).or_default() += if crossing.is_member { 1 } else { -1 };
            }
        }
        cursor = news.next;
    }
    let of = |sign: i32| moves.values().filter(|sum| **sum == sign).count();
    Ok((of(-1), of(1)))
}

/// The median time of an order of three lines, from the beginning of its transaction to the end of its commit: stored, all its
/// customer's memberships brought up to date. Each order is of another customer.
fn events(database: &mut Database, segmentation: &Segmentation, now: DateTime<Utc>) -> Result<f64, Failure> {
    database.warm_up()?;
    let (model, ids) = (Model::new(now)?, SystemIds);
    let customers = database.within(|session| crate::load::some_customers(session, ORDERS))?;
    let mut seconds = Vec::new();
    for (number, customer) in (1_000_000_000..).zip(customers) {
        let order: Activity = model.extra_order(&ids, customer, number, now - TimeDelta::seconds(60))?;
        let (_, took) = timed(|| {
            database.within(|session| Ok(segmentation.append(session, std::slice::from_ref(&order), now)?))
        })?;
        seconds.push(took);
    }
    Ok(middle(seconds))
}

fn median<T>(mut run: impl FnMut() -> Result<(T, f64), Failure>, times: usize) -> Result<f64, Failure> {
    let seconds: Result<Vec<f64>, Failure> = (0..times).map(|_| run().map(|(_, seconds)| seconds)).collect();
    Ok(middle(seconds?))
}

fn middle(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds.get(seconds.len() / 2).copied().unwrap_or_default()
}

#[allow(clippy::disallowed_methods, reason = "an example measures how long it takes")]
pub fn timed<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<(T, f64), Failure> {
    let started = Instant::now();
    let done = work()?;
    Ok((done, started.elapsed().as_secs_f64()))
}

fn progress(what: &str) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_message(what.to_owned());
    bar.enable_steady_tick(std::time::Duration::from_millis(200));
    bar
}

/// The most memory that this process ever had at once, in MiB, where the system tells it.
pub fn peak_rss_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kibibytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes / 1024)
}
