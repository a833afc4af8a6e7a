//! A shop's process is killed 200 times, at every step between an order's first statement and its settled mail. Nothing is lost,
//! nothing is doubled.
//!
//! The process is this very test, started again with [`CHILD`] set: it announces each step and waits for leave to take it. What is
//! killed is killed by SIGKILL, between two statements of a transaction as well.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and its child talks to it"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "a child learns from its environment that it is one"
)]

mod support;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Command, Stdio};

use ecrm::confirmation_mail::transport::{Maildir, Transport};
use ecrm::confirmation_mail::{Claimed, MailState, Outcome, Worker, counts, take_over};
use ecrm::core::{FixedClock, SeededIds};
use ecrm::sqlite::rusqlite::{Connection, TransactionBehavior};
use ecrm::sqlite::{SqliteSession, store_error};
use ecrm::store::{Session, SessionExt, StoreError, StoreErrorKind, UnitOfWork, activities};
use ecrm_testkit::steps::{self, Announcing, Statement};
use support::*;

/// Names the folder in which a child works.
const CHILD: &str = "ECRM_TEST_CRASHING_SHOP";
const KILLS: usize = 200;

#[test]
fn a_process_killed_at_every_step_loses_no_order_and_doubles_no_mail() {
    if let Ok(folder) = env::var(CHILD) {
        live(Path::new(&folder));
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut hits: BTreeMap<String, usize> = live_and_let_live(folder.path(), None).0;
    let steps: Vec<String> = hits.keys().cloned().collect();
    hits.values_mut().for_each(|hits| *hits = 0);
    let mut confirmed = BTreeSet::new();
    let mut kills = 0;
    while kills < KILLS {
        let step = &steps[kills % steps.len()];
        let (seen, acknowledged) = live_and_let_live(folder.path(), Some(step));
        confirmed.extend(acknowledged);
        assert!(seen.contains_key(step), "the step {step:?} was not reached");
        *hits.entry(step.clone()).or_default() += 1;
        kills += 1;
    }
    confirmed.extend(live_and_let_live(folder.path(), None).1);
    println!("{kills} kills at {} steps:", steps.len());
    for (step, hits) in &hits {
        println!("{hits:4}  {step}");
    }
    assert!(
        steps.len() >= 20 && hits.values().all(|&hits| hits >= 3),
        "every step was hit"
    );
    check(folder.path(), &confirmed);
}

/// Every order that was acknowledged is there with its mail, each mail is in the Maildir once, and there is no other.
fn check(folder: &Path, confirmed: &BTreeSet<String>) {
    let mut shop = Database::open(folder);
    shop.run(&mut |session| {
        let rows: BTreeSet<String> = session
            .query_all("SELECT number FROM shop_order", &[], |row| row.get(0))?
            .into_iter()
            .collect();
        assert!(confirmed.is_subset(&rows), "an acknowledged order is lost");
        let mut recorded = BTreeSet::new();
        activities::for_each(session, &mut |activity| {
            if let ecrm::core::Event::Order(order) = activity.event() {
                assert!(
                    recorded.insert(order.number().key().to_owned()),
                    "an order is recorded twice"
                );
            }
            Ok(ControlFlow::Continue(()))
        })?;
        assert_eq!(recorded, rows, "the shop's orders and the recorded ones are the same");
        let states = counts(session).unwrap();
        assert_eq!(
            states,
            [(MailState::Accepted, rows.len() as u64)],
            "each order has its mail, and each mail was sent"
        );
        let mut message_ids = BTreeSet::new();
        for file in fs::read_dir(folder.join("maildir/new")).unwrap() {
            let mail = fs::read_to_string(file.unwrap().path()).unwrap();
            let id = mail
                .lines()
                .find_map(|line| line.strip_prefix("Message-ID: "))
                .unwrap()
                .to_owned();
            assert!(message_ids.insert(id), "a mail is there twice");
        }
        assert_eq!(message_ids.len(), rows.len());
        Ok(())
    })
    .unwrap();
}

/// Starts a child, lets it live until it announces `killed_at` for the first time, or to its end. The steps that it took, and the
/// orders that it has acknowledged.
fn live_and_let_live(folder: &Path, killed_at: Option<&str>) -> (BTreeMap<String, usize>, BTreeSet<String>) {
    let mut child = Command::new(env::current_exe().unwrap())
        .args([
            "a_process_killed_at_every_step_loses_no_order_and_doubles_no_mail",
            "--exact",
            "--nocapture",
        ])
        .env(CHILD, folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let mut leave = child.stdin.take().unwrap();
    let (mut steps, mut acknowledged) = (BTreeMap::new(), BTreeSet::new());
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        if let Some(order) = line.strip_prefix("acknowledged ") {
            acknowledged.insert(order.to_owned());
        }
        let Some(step) = line.strip_prefix("step ") else {
            continue;
        };
        *steps.entry(step.to_owned()).or_default() += 1;
        if killed_at == Some(step) {
            child.kill().unwrap();
            break;
        }
        leave.write_all(b"\n").unwrap();
    }
    let ended = child.wait().unwrap();
    assert!(
        killed_at.is_some() || ended.success(),
        "a child that nobody kills ends well"
    );
    (steps, acknowledged)
}

thread_local! {
    /// What a child is doing: the same statement is another step in another phase.
    static PHASE: Cell<&'static str> = const { Cell::new("order") };
}

/// Announces a step of the phase.
fn step(name: &str) {
    steps::step(&format!("{}: {name}", PHASE.get()));
}

/// One life of the shop: it delivers what an earlier life has left, places a few orders, and delivers their mails.
fn live(folder: &Path) {
    println!();
    let mut database = Database::open(folder);
    database.run(&mut |session| tables(session)).unwrap();
    database
        .run(&mut |session| take_over(session, NOW).map(|_| ()).map_err(|error| other(&error)))
        .unwrap();
    let placed = database.orders();
    let seed = std::process::id().into();
    let shop = Shop::new(seed);
    for (number, is_new) in [(placed, true), (placed + 1, false)] {
        let number = number.to_string();
        database.watched = true;
        database
            .run(&mut |session| {
                shop_row(session, &number)?;
                // In each life there is an order of a new customer, and one of somebody who is known.
                let buyer = customer(&if is_new {
                    format!("customer-{number}")
                } else {
                    "regular".to_owned()
                });
                shop.place(session, &buyer, &shop.order(&number, "LAMP"))
                    .map(|_| ())
                    .map_err(|error| other(&error))
            })
            .unwrap();
        println!("acknowledged {number}");
    }
    PHASE.set("claim");
    let mut maildir = Watched(Maildir::open(folder.join("maildir")).unwrap());
    let go_on = &mut |_: &Outcome| ControlFlow::Continue(());
    Worker::default()
        .with_batch(1)
        .run_once(
            &mut database,
            &mut maildir,
            &FixedClock::at(NOW),
            &SeededIds::new(seed),
            go_on,
        )
        .unwrap();
}

/// A Maildir that announces what it does.
struct Watched(Maildir);

impl Transport for Watched {
    fn deliver(&mut self, mail: &Claimed) -> Outcome {
        PHASE.set("delivery");
        step("before");
        let outcome = self.0.deliver(mail);
        step("after");
        PHASE.set("settle");
        outcome
    }
}

/// The shop's database. It begins and commits, and announces both.
struct Database {
    connection: Connection,
    watched: bool,
}

impl Database {
    fn open(folder: &Path) -> Self {
        let connection = Connection::open(folder.join("shop.db")).unwrap();
        connection.pragma_update(None, "journal_mode", "WAL").unwrap();
        connection.pragma_update(None, "synchronous", "NORMAL").unwrap();
        Self {
            connection,
            watched: false,
        }
    }

    fn orders(&mut self) -> usize {
        let sql = "SELECT count(*) FROM shop_order";
        let orders: i64 = self.connection.query_row(sql, [], |row| row.get(0)).unwrap();
        usize::try_from(orders).unwrap()
    }
}

impl UnitOfWork for Database {
    fn run(&mut self, work: &mut dyn FnMut(&mut dyn Session) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .unwrap();
        let mut session = SqliteSession::new(&transaction)?;
        if self.watched {
            work(&mut Announcing::new(&mut session, &mut announce))?;
            step("before a commit");
        } else {
            work(&mut session)?;
        }
        transaction.commit().map_err(store_error)?;
        if self.watched {
            step("after a commit");
            PHASE.set(if PHASE.get() == "settle" { "claim" } else { PHASE.get() });
        }
        Ok(())
    }
}

fn announce(statement: Statement<'_>) {
    step(&format!(
        "before {} {}",
        statement.verb,
        statement.table.unwrap_or("a savepoint")
    ));
}

fn other(error: &dyn std::error::Error) -> StoreError {
    StoreError::new(StoreErrorKind::Other, error.to_string())
}
