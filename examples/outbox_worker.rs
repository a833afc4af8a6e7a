//! A worker of its own process, that sends what the shop has queued.
//!
//! ```sh
//! cargo run --example outbox_worker --features smtp -- DATABASE --maildir DIR [--once]
//! cargo run --example outbox_worker --features smtp -- DATABASE --smtp mail.lamps.example --user orders
//! ```
//!
//! Several of them may run at once, each beside the shop. The password of the relay comes from the environment, `SMTP_PASSWORD`. Ctrl-C
//! ends it after the mail in hand. With `--once` it ends when nothing is due.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to its user")]
#![expect(clippy::disallowed_methods, reason = "a worker of its own waits between rounds")]

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{FixedOffset, NaiveTime, TimeDelta};
use clap::Parser;
use ecrm::confirmation_mail::transport::{Maildir, Relay, Sendmail, Smtp, Transport};
use ecrm::confirmation_mail::{MailState, Outcome, Pace, QuietHours, Rate, Worker, list};
use ecrm::core::{SystemClock, SystemIds};
use ecrm::sqlite::rusqlite::{Connection, OpenFlags, TransactionBehavior};
use ecrm::sqlite::{SqliteSession, store_error};
use ecrm::store::{Session, StoreError, UnitOfWork};

type Failure = Box<dyn std::error::Error>;

/// A worker of its own process, that sends what the shop has queued.
#[derive(Parser)]
struct Options {
    /// The shop's SQLite database.
    database: PathBuf,
    /// Delivers into a Maildir.
    #[arg(long)]
    maildir: Option<PathBuf>,
    /// Sends to a relay with STARTTLS.
    #[arg(long)]
    smtp: Option<String>,
    /// The port of the relay.
    #[arg(long, default_value_t = 587)]
    port: u16,
    /// The user at the relay.
    #[arg(long)]
    user: Option<String>,
    /// The relay is on this machine or network, and wants no encryption.
    #[arg(long)]
    plain: bool,
    /// Ends when nothing is due.
    #[arg(long)]
    once: bool,
}

/// The shop's database, seen by the worker.
struct Database(Connection);

impl UnitOfWork for Database {
    fn run(&mut self, work: &mut dyn FnMut(&mut dyn Session) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let transaction = self
            .0
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(store_error)?;
        work(&mut SqliteSession::new(&transaction)?)?;
        transaction.commit().map_err(store_error)
    }
}

fn main() -> Result<(), Failure> {
    let options = Options::parse();
    // A name that is mistyped makes no new database.
    let connection = Connection::open_with_flags(&options.database, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    let mut database = Database(connection);
    let mut transport = transport(&options)?;
    let worker = Worker::default().with_pace(pace()?);

    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    ctrlc::set_handler(move || asked.store(true, Ordering::Relaxed))?;
    while !stop.load(Ordering::Relaxed) {
        let mut on_mail = |outcome: &Outcome| {
            if !matches!(outcome, Outcome::Accepted(_)) {
                println!("{outcome:?}");
            }
            if stop.load(Ordering::Relaxed) {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        match worker.run_once(
            &mut database,
            transport.as_mut(),
            &SystemClock,
            &SystemIds,
            &mut on_mail,
        ) {
            Ok(report) if report.accepted + report.again + report.dead > 0 => println!("{report:?}"),
            Ok(_) => {}
            Err(error) if error.should_retry_transaction() => eprintln!("{error}; the next round tries again"),
            Err(error) => return Err(error.into()),
        }
        if options.once {
            break;
        }
        std::thread::sleep(Duration::from_secs(2));
    }
    show_trouble(&mut database)
}

fn transport(options: &Options) -> Result<Box<dyn Transport>, Failure> {
    Ok(match (&options.maildir, &options.smtp) {
        (Some(folder), _) => Box::new(Maildir::open(folder)?),
        (None, Some(host)) => {
            let hello = "shop.lamps.example"; // in a shop: the name of this machine
            let relay = if options.plain {
                Relay::local(host, hello)
            } else {
                Relay::starttls(host, hello)
            };
            let relay = relay.at_port(options.port);
            Box::new(Smtp::new(match (&options.user, std::env::var("SMTP_PASSWORD")) {
                (Some(user), Ok(password)) => relay.with_login(user, &password),
                (Some(_), Err(_)) => return Err("SMTP_PASSWORD is not set".into()),
                (None, _) => relay,
            }))
        }
        (None, None) => Box::new(Sendmail::new()),
    })
}

/// Ten mails a second in all, one a second to each domain, no marketing at night, and patience with a relay that is down.
fn pace() -> Result<Pace, Failure> {
    let vienna = FixedOffset::east_opt(3600).ok_or("an offset")?;
    let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0).ok_or("a time of day");
    Ok(Pace::unlimited()
        .with_total(Rate::new(600, TimeDelta::minutes(1))?)
        .with_per_domain(Rate::new(60, TimeDelta::minutes(1))?)
        .with_quiet_hours(QuietHours::new(at(21)?, at(7)?, vienna))
        .with_breaker(5, TimeDelta::minutes(2)))
}

/// What somebody has to look at.
fn show_trouble(database: &mut Database) -> Result<(), Failure> {
    database.run(&mut |session| {
        for state in [MailState::Dead, MailState::Uncertain, MailState::Bounced] {
            let mails = list(session, state, 20)?;
            for mail in mails {
                println!("{state:?}: {} ({})", mail.key, mail.detail.unwrap_or_default());
            }
        }
        Ok(())
    })?;
    Ok(())
}
