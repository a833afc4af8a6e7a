//! The life of a worker: it places orders and delivers mails, until it is killed or has done its share.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use ecrm_confirmation_mail::transport::Transport;
use ecrm_confirmation_mail::{
    Claimed, MODULE, MailError, MailRequest, Mailer, OrderReceived, Outcome, Worker, enqueue,
};
use ecrm_core::{
    Availability, Channel, Clock, ContactData, ExternalRef, GuestId, Order, OrderId, OrderLine, Quantity, Recipient,
    SystemClock, SystemIds,
};
use ecrm_store::{Dialect, Session, SessionExt, StoreError, UnitOfWork, may_contact, migrate};
use ecrm_testkit::steps::{Announcing, Statement, step};

use crate::host;

/// Names the shop's database, for a worker.
pub(crate) const DATABASE: &str = "ECRM_TEST_KILLED_WORKER";
/// Names the folder of the deliveries.
pub(crate) const FOLDER: &str = "ECRM_TEST_KILLED_FOLDER";
/// Names the orders of this life.
pub(crate) const LIFE: &str = "ECRM_TEST_KILLED_LIFE";

/// A lease that ends while other workers live.
const LEASE: TimeDelta = TimeDelta::milliseconds(250);
/// How many orders a life places.
const ORDERS: usize = 2;

/// Makes the tables.
pub(crate) fn prepare(database: &str) {
    host(database).commit(|session| {
        migrate(session, &[&MODULE], SystemClock.now())?;
        session.execute("CREATE TABLE shop_order (number TEXT NOT NULL PRIMARY KEY)", &[])
    });
}

/// One life.
pub(crate) fn live(database: &str) {
    println!(); // what the test harness has begun to print ends here
    let life = std::env::var(LIFE).unwrap();
    let mut shop = Watched {
        host: host(database),
        part: "order",
    };
    for number in 0..ORDERS {
        let number = format!("{life}-{number}");
        if shop.run(&mut |session| place(session, &number)).is_ok() {
            println!("acknowledged {number}");
        }
    }
    deliver(&mut shop);
}

/// Delivers what is due, and announces each step.
fn deliver(shop: &mut dyn UnitOfWork) {
    let mut log = Log {
        folder: std::env::var(FOLDER).unwrap().into(),
        is_watched: true,
    };
    let worker = Worker::default().with_batch(2).with_lease(LEASE);
    // A connection that was cut ends this life early; the next one goes on.
    let _ = worker.run_once(shop, &mut log, &SystemClock, &SystemIds, &mut |_| {
        ControlFlow::Continue(())
    });
}

/// Delivers what others have left, with nobody to kill this worker.
pub(crate) fn deliver_all(shop: &mut dyn UnitOfWork, folder: &Path) {
    let mut log = Log {
        folder: folder.to_owned(),
        is_watched: false,
    };
    Worker::default()
        .run_once(shop, &mut log, &SystemClock, &SystemIds, &mut |_| {
            ControlFlow::Continue(())
        })
        .unwrap();
}

fn place(session: &mut dyn Session, number: &str) -> Result<(), StoreError> {
    session.execute("INSERT INTO shop_order (number) VALUES ($1)", &[number.into()])?;
    Ok(queue(session, number)?)
}

fn queue(session: &mut dyn Session, number: &str) -> Result<(), MailError> {
    let now = SystemClock.now();
    let lamp = OrderLine::product("LAMP", "Lamp", Quantity::pieces(1), "14.50 EUR".parse()?)?
        .with_availability(Availability::InStock);
    let order = Order::new(
        OrderId::new(&SystemIds, now),
        ExternalRef::new("shop", number)?,
        now,
        Channel::Web,
        vec![lamp],
    )?;
    let guest = Recipient::new(
        GuestId::new(&SystemIds, now),
        ContactData::new().with_email("ada@mail.example".parse()?),
    );
    let mailer = Mailer::new("Lamps & Co", "orders@lamps.example".parse()?)?;
    let mail = mailer.compose(
        &MailRequest::new(number, &guest, OrderReceived { order: &order }),
        &SystemIds,
        now,
    )?;
    let permission = may_contact(session, &guest, mail.purpose(), Channel::Email, now)??;
    enqueue(session, &permission, &mail, &SystemIds, now)?;
    Ok(())
}

/// A relay that writes down what it gets: a line is there or not.
struct Log {
    folder: PathBuf,
    is_watched: bool,
}

impl Log {
    fn step(&self, name: &str) {
        if self.is_watched {
            step(name);
        }
    }
}

impl Transport for Log {
    fn deliver(&mut self, mail: &Claimed) -> Outcome {
        self.step("send: before");
        let line = format!("{} {} {}\n", mail.key, mail.message_id, mail.is_uncertain);
        let mut file = OpenOptions::new()
            .append(true)
            .create(true)
            .open(self.folder.join("deliveries"))
            .unwrap();
        file.write_all(line.as_bytes()).unwrap();
        self.step("send: after");
        Outcome::Accepted("250 2.0.0 ok".into())
    }
}

/// The shop's database, which announces each statement and each commit.
struct Watched {
    host: ecrm_testkit::hosts::Host,
    part: &'static str,
}

impl UnitOfWork for Watched {
    fn run(&mut self, work: &mut dyn FnMut(&mut dyn Session) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let mut part = self.part;
        let ended = self.host.run(&mut |session| {
            if session.dialect() == Dialect::Postgres {
                println!(
                    "backend {}",
                    session.query_value::<i64>("SELECT pg_backend_pid()::bigint", &[])?
                );
            }
            work(&mut Announcing::new(session, &mut |statement| {
                part = announce(statement, part);
            }))?;
            step(&format!("{part}: before the commit"));
            Ok(())
        });
        self.part = part;
        if ended.is_ok() {
            step(&format!("{part}: after the commit"));
        }
        ended
    }
}

/// Announces a statement, and tells which part of the work it belongs to: a worker's transactions begin with these.
fn announce(statement: Statement<'_>, part: &'static str) -> &'static str {
    let table = statement.table.map_or("a savepoint", |table| {
        table.trim_start_matches("ecrm_confirmation_mail_")
    });
    let part = match (statement.verb, table) {
        ("INSERT", "shop_order") => "order",
        ("SELECT", "message") if part != "order" || statement.sql.contains("due_at <=") => "claim",
        ("SAVEPOINT", _) if part == "claim" => "settle",
        _ => part,
    };
    step(&format!("{part}: before {} {table}", statement.verb));
    part
}
