//! A checkout whose confirmation survives a crash.
//!
//! ```sh
//! cargo run --example checkout_with_confirmation -- [--out DIR]
//! ```
//!
//! Three orders are placed in the shop's own transactions. The second transaction is rolled back, and leaves no mail. A worker delivers
//! the first mail and dies before it can write that down; the next worker delivers what is left. DIR receives the shop's database and a
//! Maildir, in which every mail is once.

#![expect(clippy::print_stdout, reason = "an example talks to its user")]

use std::ops::ControlFlow;
use std::path::PathBuf;

use chrono::TimeDelta;
use clap::Parser;
use ecrm::checkout::{Buyer, Checkout};
use ecrm::confirmation_mail::transport::{Maildir, Transport};
use ecrm::confirmation_mail::{Lane, Mailer, Outcome, Pace, Worker, claim, of_subject, take_over};
use ecrm::core::{
    Availability, Channel, Clock, ContactData, ExternalRef, GuestId, Order, OrderId, OrderLine, PersonName, Quantity,
    Recipient, Source, SystemClock, SystemIds,
};
use ecrm::sqlite::rusqlite::{Connection, TransactionBehavior};
use ecrm::sqlite::{SqliteSession, store_error};
use ecrm::store::{Session, StoreError, UnitOfWork};

type Failure = Box<dyn std::error::Error>;

/// A checkout whose confirmation survives a crash.
#[derive(Parser)]
struct Options {
    /// Where the shop's database and the Maildir are.
    #[arg(long, default_value = "out/checkout")]
    out: PathBuf,
}

/// The shop's own database: here the host begins and commits.
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
    std::fs::create_dir_all(&options.out)?;
    let mut connection = Connection::open(options.out.join("shop.db"))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.execute_batch("CREATE TABLE IF NOT EXISTS shop_order (number TEXT NOT NULL PRIMARY KEY)")?;
    let (ids, clock) = (SystemIds, SystemClock);

    let mailer = Mailer::new("Lamps & Co", "orders@lamps.example".parse()?)?.with_url("https://lamps.example/")?;
    let checkout = Checkout {
        mailer: &mailer,
        ids: &ids,
        source: &Source::checkout(),
    };
    let contact = ContactData::new()
        .with_name(PersonName::new("Ada", "Lovelace")?)
        .with_email("ada@mail.example".parse()?);
    let guest = Recipient::new(GuestId::new(&ids, clock.now()), contact);

    let placed: i64 = connection.query_row("SELECT count(*) FROM shop_order", [], |row| row.get(0))?;
    for (number, is_paid) in [(1, true), (2, false), (3, true)] {
        let number = (10247 + 3 * placed + number).to_string();
        // One transaction: the shop's own row, the order, and its mail.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut session = SqliteSession::new(&transaction)?;
        ecrm::migrate(&mut session, clock.now())?;
        session.execute(
            "INSERT INTO shop_order (number) VALUES ($1) ON CONFLICT DO NOTHING",
            &[number.as_str().into()],
        )?;
        checkout.place(
            &mut session,
            &Buyer::Guest(guest.clone()),
            &order(&number)?,
            clock.now(),
        )?;
        if is_paid {
            transaction.commit()?;
            println!("{number}: committed, and its mail with it");
        } else {
            transaction.rollback()?;
            println!("{number}: the payment failed and everything is rolled back, the mail too");
        }
    }

    let mut maildir = Maildir::open(options.out.join("maildir"))?;
    let mut database = Database(connection);
    die_between_sending_and_settling(&mut database, &mut maildir)?;

    // The shop starts again, and knows that no other worker runs.
    database.run(&mut |session| Ok(take_over(session, clock.now()).map(drop)?))?;
    let report = Worker::default().run_once(&mut database, &mut maildir, &clock, &ids, &mut |_: &Outcome| {
        ControlFlow::Continue(())
    })?;
    println!(
        "the next worker: {} accepted, {} of them uncertain before",
        report.accepted, report.uncertain
    );

    database.run(&mut |session| {
        let mails = of_subject(session, guest.subject())?;
        for mail in mails {
            println!(
                "{}: {:?} after {} attempts, Message-ID {}",
                mail.key, mail.state, mail.attempts, mail.message_id
            );
        }
        Ok(())
    })?;
    let stored = std::fs::read_dir(maildir.path().join("new"))?.count();
    println!(
        "in the Maildir: {stored} mails, each once: {}",
        maildir.path().display()
    );
    Ok(())
}

fn order(number: &str) -> Result<Order, Failure> {
    let lines = vec![
        OrderLine::product("LAMP-014", "Desk lamp", Quantity::pieces(1), "49.50 EUR".parse()?)?
            .with_availability(Availability::InStock),
        OrderLine::product("BULB-E27", "Bulb", Quantity::pieces(2), "6.90 EUR".parse()?)?.with_availability(
            Availability::BackOrdered {
                expected: SystemClock.now().date_naive().checked_add_days(chrono::Days::new(9)),
            },
        ),
    ];
    let reference = ExternalRef::new("shop", number)?;
    Ok(Order::new(
        OrderId::new(&SystemIds, SystemClock.now()),
        reference,
        SystemClock.now(),
        Channel::Web,
        lines,
    )?)
}

/// A worker that claims a mail, sends it, and is gone before it can say so.
fn die_between_sending_and_settling(database: &mut Database, maildir: &mut Maildir) -> Result<(), Failure> {
    for lane in Lane::all() {
        let mut mails = Vec::new();
        database.run(&mut |session| {
            let claimed = claim(
                session,
                lane,
                1,
                TimeDelta::minutes(5),
                &Pace::unlimited(),
                SystemClock.now(),
            );
            mails = claimed?;
            Ok(())
        })?;
        if let Some(mail) = mails.first() {
            maildir.deliver(mail);
            println!(
                "a worker has delivered the mail of {}, and dies before it can write that down",
                mail.key
            );
            return Ok(());
        }
    }
    Ok(())
}
