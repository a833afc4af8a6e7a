//! A large feed is imported by a process that is killed again and again. In the end every record is there, and none was done twice;
//! no life of the process needs much memory.
//!
//! The process is this very test, started again with [`CHILD`] set. It tells what it does and waits for nothing, so that it is killed
//! wherever it happens to be. The feed has 24 MiB, or as many as `ECRM_TEST_FEED_MIB` says; `docs/xml-exchange.md` has the command.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    reason = "a test fails by panicking, and its child talks to it"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "a child learns from its environment that it is one, and the test how large and how fast"
)]

mod feed;

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use ecrm_core::{FixedClock, SeededIds, Source};
use ecrm_sqlite::rusqlite::{Connection, TransactionBehavior};
use ecrm_sqlite::{SqliteSession, store_error};
use ecrm_store::{Session, StoreError, UnitOfWork, migrate};
use ecrm_xml::{Limits, Record};
use ecrm_xml_exchange::MODULE;
use ecrm_xml_exchange::import::{Apply, CoreRecords, End, Feed, Import};

use feed::Generated;

/// Names the folder in which a child works.
const CHILD: &str = "ECRM_TEST_KILLED_IMPORT";
const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;
const KILLS: u64 = 8;
/// What reading may cost, in KiB.
const MOST_KIB: u64 = 32 << 10;
/// A child tells when it has applied so many records of a transaction.
const STEP: u64 = 97;

#[test]
fn a_feed_is_imported_once_whatever_kills_its_import() {
    let bytes = env::var("ECRM_TEST_FEED_MIB").map_or(24, |mib| mib.parse::<u64>().unwrap()) << 20;
    if let Ok(folder) = env::var(CHILD) {
        live(Path::new(&folder), bytes);
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let began = Instant::now();
    let (mut peak, mut committed, mut lives, mut random) = (0, 0, Vec::new(), 2_026_u64);
    for _ in 0..KILLS {
        // About as many steps as let the feed be half done at the end: a record has 1,000 bytes.
        let most = bytes / 1_000 / STEP / KILLS;
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let life = live_and_let_live(folder.path(), Some(1 + (random >> 33) % most));
        assert!(
            life.done_before >= committed,
            "what was told as committed is not done again"
        );
        committed = life.committed;
        peak = peak.max(life.peak_kib);
        lives.push(life.done_before);
    }
    let last = live_and_let_live(folder.path(), None);
    assert!(last.done_before >= committed);
    peak = peak.max(last.peak_kib);
    check(folder.path(), last.committed);
    println!(
        "{} MiB, {} records, killed {KILLS} times (done before each life: {lives:?}, {}), {:.1} s in all, {:.1} s the last life, \
         peak memory of the reader {peak} KiB above {} KiB",
        bytes >> 20,
        last.committed,
        last.done_before,
        began.elapsed().as_secs_f64(),
        last.took.as_secs_f64(),
        last.baseline_kib,
    );
    assert!(
        lives.iter().any(|done| *done > 0),
        "some records were committed before a kill"
    );
    assert!(peak <= MOST_KIB, "{peak} KiB");
}

/// Every customer is there, and was written once.
fn check(folder: &Path, records: u64) {
    let connection = Connection::open(folder.join("shop.db")).unwrap();
    let one = |sql: &str| {
        connection
            .query_row(sql, [], |row| row.get::<_, i64>(0))
            .unwrap()
            .cast_unsigned()
    };
    for table in ["ecrm_record_customer", "ecrm_record_customer_version"] {
        assert_eq!(one(&format!("SELECT count(*) FROM {table}")), records, "{table}");
    }
    assert_eq!(one("SELECT records FROM ecrm_xml_exchange_feed"), records);
    let mut statement = connection
        .prepare("SELECT customer_id FROM ecrm_record_customer ORDER BY customer_id")
        .unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut expected = 0;
    while let Some(row) = rows.next().unwrap() {
        expected += 1;
        let id: Vec<u8> = row.get(0).unwrap();
        let number = id[10..].iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
        assert_eq!(number, expected);
    }
    assert_eq!(expected, records);
}

/// What the parent has heard of a life.
#[derive(Default)]
struct Life {
    done_before: u64,
    committed: u64,
    baseline_kib: u64,
    peak_kib: u64,
    took: Duration,
}

/// Starts a child and lets it live for so many steps, or to its end.
fn live_and_let_live(folder: &Path, mut steps: Option<u64>) -> Life {
    let began = Instant::now();
    let mut child = Command::new(env::current_exe().unwrap())
        .args([
            "a_feed_is_imported_once_whatever_kills_its_import",
            "--exact",
            "--nocapture",
        ])
        .env(CHILD, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut life, is_to_be_killed) = (Life::default(), steps.is_some());
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        let mut words = line.split(' ');
        let word = words.next();
        let mut number = || words.next().unwrap().parse::<u64>().unwrap();
        match word {
            Some("baseline") => life.baseline_kib = number(),
            Some("committed") => {
                (life.done_before, life.committed) = (number(), number());
                life.peak_kib = life.peak_kib.max(number().saturating_sub(life.baseline_kib));
            }
            Some("step") => {
                if let Some(left) = &mut steps {
                    *left -= 1;
                    if *left == 0 {
                        child.kill().unwrap();
                        break;
                    }
                }
            }
            _ => {}
        }
    }
    let ended = child.wait().unwrap();
    assert_eq!(
        ended.success(),
        !is_to_be_killed,
        "a child ends well if nobody kills it"
    );
    life.took = began.elapsed();
    life
}

/// One life of the importing process.
fn live(folder: &Path, bytes: u64) {
    println!();
    let mut host = Host(Connection::open(folder.join("shop.db")).unwrap());
    host.0.pragma_update(None, "journal_mode", "WAL").unwrap();
    host.0.pragma_update(None, "synchronous", "NORMAL").unwrap();
    host.run(&mut |session| migrate(session, &[&MODULE], NOW).map(drop))
        .unwrap();
    println!("baseline {}", peak_kib());
    let (ids, source) = (SeededIds::new(1), Source::new("feed").unwrap());
    let mut records = CoreRecords::new(&ids, &source, NOW);
    let mut applied = 0;
    let mut telling = |session: &mut dyn Session, record: &Record| {
        applied += 1;
        if applied % STEP == 0 {
            println!("step");
        }
        records.apply(session, record)
    };
    let report = Import::new("large").run(
        &mut host,
        &mut Feed::new(Generated::of_bytes(bytes), Limits::default()),
        &mut telling,
        &FixedClock::at(NOW),
        &mut |report| {
            assert_eq!((report.unchanged, report.bad.len()), (0, 0), "nothing is done twice");
            assert_eq!(report.records, report.done_before + report.changed);
            println!("committed {} {} {}", report.done_before, report.records, peak_kib());
            ControlFlow::Continue(())
        },
    );
    assert_eq!(report.unwrap().end, Some(End::Complete));
}

/// The most memory that this process ever had. Where the system does not tell, nothing is proven about it.
fn peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or(0, |line| line.trim().trim_end_matches(" kB").parse().unwrap())
}

struct Host(Connection);

impl UnitOfWork for Host {
    fn run(&mut self, work: &mut dyn FnMut(&mut dyn Session) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let transaction = self
            .0
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(store_error)?;
        work(&mut SqliteSession::new(&transaction)?)?;
        transaction.commit().map_err(store_error)
    }
}
