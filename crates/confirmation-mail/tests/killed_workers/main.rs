//! Workers are killed a thousand times, two and four at once, on SQLite and PostgreSQL, between any two steps; and their database
//! connections too. Nothing is lost, and what is doubled says so.
//!
//! A worker is this very test, started again with [`worker::DATABASE`] set: it places orders, delivers mails, announces each step and
//! waits for leave to take it. What is killed is killed by SIGKILL.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and its workers talk to it"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "a worker learns from its environment that it is one, and each has a thread that watches it"
)]

mod check;
mod killer;
mod worker;

use std::collections::BTreeMap;
use std::env;
use std::path::Path;

use ecrm_testkit::PostgresCluster;
use ecrm_testkit::hosts::Host;

use killer::Killer;

/// How often something is killed, in all.
const KILLS: usize = 1000;

#[test]
fn a_thousand_kills_lose_no_mail_and_what_is_doubled_is_marked() {
    if let Ok(database) = env::var(worker::DATABASE) {
        worker::live(&database);
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let postgres = PostgresCluster::shared();
    let mut hits: BTreeMap<String, usize> = BTreeMap::new();
    let rounds: Vec<(&str, usize)> = match postgres {
        Some(_) => vec![("sqlite", 2), ("sqlite", 4), ("postgres", 2), ("postgres", 4)],
        None => vec![("sqlite", 2), ("sqlite", 4)],
    };
    for (engine, workers) in &rounds {
        let place = folder.path().join(format!("{engine}-{workers}"));
        std::fs::create_dir(&place).unwrap();
        let database = match postgres.filter(|_| *engine == "postgres") {
            Some(cluster) => cluster.fresh_database("killed").unwrap().connection_string(),
            None => place.join("shop.db").display().to_string(),
        };
        worker::prepare(&database);
        let killer = Killer::new(&database, &place, KILLS / rounds.len());
        let killed = killer.run(*workers);
        for (step, number) in killed.hits {
            *hits.entry(step).or_default() += number;
        }
        check::all(&database, &place, &killed.acknowledged);
    }
    println!("{} kills at {} steps:", hits.values().sum::<usize>(), hits.len());
    for (step, number) in &hits {
        println!("{number:5}  {step}");
    }
    assert!(hits.values().sum::<usize>() >= KILLS);
    assert!(
        hits.len() >= 20 && hits.values().all(|number| *number >= 20),
        "every step was hit"
    );
}

/// A host on the shop's database: a path is a file of SQLite.
fn host(database: &str) -> Host {
    if Path::new(database).is_absolute() {
        Host::on_file(Path::new(database))
    } else {
        Host::on_postgres(database)
    }
}
