//! A large shop in the shared tables of an SQLite file, and its segments.
//!
//! `cargo run --release --example segments_at_scale -- --data FOLDER` reads `customers.csv`, `orders.csv`, `lines.csv` and
//! `visits.csv`, as the generator of the yardsticks writes them, and loads them customer by customer in a memory that hardly grows
//! with the shop. Then it defines the segments of `--segments FILE`, looks at one more, lets a day pass, and places some orders: what is
//! found and how long it takes is printed. `--db FILE` keeps the database, and `--loaded` goes on with one that was kept.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to its user")]
#![allow(unreachable_pub, reason = "a program exports nothing")]

mod database;
mod load;
mod measure;

use std::error::Error;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::Parser;

use crate::database::Database;

type Failure = Box<dyn Error>;

/// The instant before which the generator of the yardsticks lets everything happen.
const NOW: &str = "2026-11-22T00:00:00Z";

/// Loads a large shop into an SQLite file, and finds its segments.
#[derive(Parser)]
struct Options {
    /// The folder with customers.csv, orders.csv, lines.csv and visits.csv.
    #[arg(long, value_name = "FOLDER", required_unless_present = "loaded")]
    data: Option<PathBuf>,
    /// The segments, one a line: a name, a colon, its criteria. By default those of the yardstick.
    #[arg(long, value_name = "FILE")]
    segments: Option<PathBuf>,
    /// The database; by default one that is removed at the end.
    #[arg(long, value_name = "FILE")]
    db: Option<PathBuf>,
    /// The database was loaded by an earlier run.
    #[arg(long, requires = "db", conflicts_with = "data")]
    loaded: bool,
    /// The instant that counts as now, as 2026-11-22T00:00:00Z, the default, or in seconds since 1970. A database that was kept goes on
    /// where it was left, a day later.
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    now: Option<DateTime<Utc>>,
    /// How many threads share the work; by default one more than there are cores, because the one that reads waits for the file.
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("segments_at_scale: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Failure> {
    let segments = measure::segments(&options.segments.clone().unwrap_or_else(twenty))?;
    let throw_away = tempfile::tempdir()?;
    let file = options.db.clone().unwrap_or_else(|| throw_away.path().join("shop.db"));
    if let Some(data) = &options.data {
        let now = options.now.map_or_else(|| instant(NOW), Ok)?;
        let ((), seconds) = measure::timed(|| fill(&file, data, now))?;
        println!("load_seconds: {seconds:.2}");
    }
    // Opened anew, so that nothing is in the connection's own memory.
    let mut database = Database::open(&file, true)?;
    let shop = database.loaded()?;
    println!("customers: {}", shop.customers);
    println!("orders: {}", shop.orders);
    println!("lines: {}", shop.lines);
    println!("visits: {}", shop.visits);
    let now = options.now.unwrap_or(shop.reached);
    if now < shop.reached {
        let reached = shop.reached.to_rfc3339();
        return Err(format!(
            "the segments were brought to {reached} already; say --now with that instant or a later one"
        )
        .into());
    }
    measure::run(&mut database, &segments, now, threads(options))?;
    if let Some(peak) = measure::peak_rss_mib() {
        println!("peak_rss_mib: {peak}");
    }
    Ok(())
}

fn fill(file: &Path, data: &Path, now: DateTime<Utc>) -> Result<(), Failure> {
    let mut database = Database::open(file, false)?;
    database.prepare(now)?;
    load::load(data, &mut database, now)?;
    let customers = database.loaded()?.customers;
    measure::set_up(&mut database, now, customers)
}

fn threads(options: &Options) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    options.threads.map_or_else(|| cores() + 1, NonZeroUsize::get)
}

/// The segments of the yardstick.
fn twenty() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data/twenty_segments.txt")
}

fn instant(text: &str) -> Result<DateTime<Utc>, String> {
    match text.parse::<i64>() {
        Ok(seconds) => DateTime::from_timestamp(seconds, 0),
        Err(_) => DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc()),
    }
    .ok_or_else(|| "write it as 2026-11-22T00:00:00Z, or in seconds since 1970".to_owned())
}
