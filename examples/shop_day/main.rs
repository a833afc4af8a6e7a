//! A shop's day, from its invoices to confirmation mails and a report.
//!
//! `cargo run --release --example shop_day` reads the invented shop under `examples/data/`, keeps everything in an SQLite file, brings
//! ten segments up to date with each invoice, delivers the confirmations into a Maildir and writes `report.html`. `--retail FILE` reads
//! the real UCI Online Retail invoices, plain or gzipped. Stop it at any time and run it again: it goes on where it was.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to its user")]
#![allow(unreachable_pub, reason = "a program exports nothing")]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "pixels of charts"
)]

mod causes;
mod database;
mod import;
mod index;
mod invoices;
mod lines;
mod open;
mod prepare;
mod report;
mod segments;
mod shop;
mod summary;

use std::error::Error;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use clap::{Parser, ValueEnum};
use ecrm::confirmation_mail::transport::Maildir;
use ecrm::confirmation_mail::{Worker, take_over};
use ecrm::core::{Clock, SystemClock, SystemIds};
use ecrm::store::UnitOfWork;
use indicatif::{ProgressBar, ProgressStyle};

use crate::database::Database;
use crate::import::Import;
use crate::index::Index;
use crate::summary::Summary;

type Failure = Box<dyn Error>;

/// A shop's day: invoices in, customers and orders recorded, segments kept, confirmations delivered, a report written.
#[derive(Parser)]
struct Options {
    /// Invoices to read, plain or gzipped CSV in the columns of UCI Online Retail.
    #[arg(long, value_name = "FILE")]
    retail: Option<PathBuf>,
    /// The database: a file for SQLite, with `--store postgres` a connection string for PostgreSQL.
    #[arg(long)]
    db: Option<String>,
    /// Where the database, the Maildir and the report go; by default a folder under `out` for each file of invoices.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Which database to use.
    #[arg(long, value_enum, default_value_t = Store::Sqlite)]
    store: Store,
    /// How many invoices share a transaction.
    #[arg(long, default_value_t = 1)]
    batch: usize,
    /// Stop at the first broken line.
    #[arg(long)]
    strict: bool,
}

impl Options {
    fn invoices(&self) -> PathBuf {
        let invented = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/invoices.csv");
        self.retail.clone().unwrap_or_else(|| PathBuf::from(invented))
    }

    /// Two shops must not get into one database.
    fn out(&self) -> PathBuf {
        self.out
            .clone()
            .unwrap_or_else(|| match self.retail.as_deref().and_then(Path::file_name) {
                Some(name) => Path::new("out").join(name),
                None => PathBuf::from("out/shop_day"),
            })
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Store {
    Sqlite,
    Postgres,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("stopped; run it again to go on");
            ExitCode::from(130)
        }
        Err(error) => {
            eprintln!("shop_day: {}", causes::with_causes(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

/// True when everything was done, false when Ctrl-C came first.
fn run(options: &Options) -> Result<bool, Failure> {
    let stop = stop_at_ctrl_c()?;
    let (file, out) = (options.invoices(), options.out());
    let mut summary = Summary::start();
    // Before anything is made: a file or database that is not there leaves no folder behind.
    let index = Index::of(&file)?;
    let mut database = open::open(options, &out)?;
    std::fs::create_dir_all(&out)?;
    database.migrate(SystemClock.now())?;

    let bar = progress("invoices", index.invoices());
    let mut import = Import::new(&mut database, options.batch, options.strict)?;
    for (invoice, coming) in invoices::read(&file, &index)?.zip(index.coming()) {
        if stop.load(SeqCst) {
            break;
        }
        import.take(invoice?, *coming, &mut summary)?;
        bar.inc(1);
    }
    let end = index.end.filter(|_| !stop.load(SeqCst));
    import.finish(end, &mut summary)?;
    bar.finish_and_clear();
    summary.report_broken_lines(&out)?;

    if !stop.load(SeqCst) {
        deliver(&mut database, &out, &stop)?;
    }
    if stop.load(SeqCst) {
        return Ok(false);
    }
    let figures = report::gather(&mut database)?;
    report::write(&figures, &out.join("report.html"))?;
    summary.print(&figures, &out);
    Ok(true)
}

/// Delivers what is queued. Whatever an earlier run was killed with is sent again under its own name, so it is there once.
fn deliver(database: &mut Database, out: &Path, stop: &AtomicBool) -> Result<(), Failure> {
    database.run(&mut |session| match take_over(session, SystemClock.now()) {
        Err(ecrm::confirmation_mail::MailError::Store(error)) => Err(error),
        _ => Ok(()),
    })?;
    let mut maildir = Maildir::open(out.join("maildir"))?;
    let bar = progress("mails", database.mails_waiting()?);
    let worker = Worker::default().with_batch(64);
    worker.run_once(database, &mut maildir, &SystemClock, &SystemIds, &mut |_| {
        bar.inc(1);
        if stop.load(SeqCst) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    bar.finish_and_clear();
    Ok(())
}

fn progress(what: &str, length: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg:9} {wide_bar} {pos}/{len} {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length).with_style(style).with_message(what.to_owned())
}

fn stop_at_ctrl_c() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&stop);
    ctrlc::set_handler(move || seen.store(true, SeqCst))?;
    Ok(stop)
}
