//! Feeds that the tests make, and the hosts that import them.

use std::ops::ControlFlow;

use chrono::{DateTime, Utc};
use ecrm_core::{FixedClock, SeededIds, Source};
use ecrm_store::{Session, SessionExt, migrate};
use ecrm_testkit::hosts::{Host, on_each_database};
use ecrm_xml::Limits;
use ecrm_xml_exchange::MODULE;
use ecrm_xml_exchange::import::{CoreRecords, Feed, Import, ImportError, Report};

pub(crate) const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// All tables that an import may write to.
const TABLES: [&str; 12] = [
    "ecrm_activity_event",
    "ecrm_activity_line",
    "ecrm_consent_entry",
    "ecrm_metric_value",
    "ecrm_promise_entry",
    "ecrm_record_attribute",
    "ecrm_record_customer",
    "ecrm_record_customer_version",
    "ecrm_record_identifier",
    "ecrm_store_change",
    "ecrm_xml_exchange_feed",
    "ecrm_xml_exchange_kept",
];

/// Runs a test on every database with the tables that it needs.
pub(crate) fn on_each(name: &str, test: impl Fn(&mut Host)) {
    on_each_database(name, |host| {
        host.commit(|session| migrate(session, &[&MODULE], NOW));
        test(host);
    });
}

/// The id of a customer of the tests.
pub(crate) fn id(number: u32) -> String {
    format!("0199e0a5-0000-7000-8000-{number:012}")
}

/// A record of a customer who has nothing but a mail address.
pub(crate) fn customer(number: u32) -> String {
    with_email(number, &format!("c{number}@mail.example"))
}

pub(crate) fn with_email(number: u32, email: &str) -> String {
    format!(
        "<customer id=\"{}\" registeredAt=\"2026-11-22T09:30:00Z\" version=\"1\"><contact><email>{email}</email></contact></customer>",
        id(number)
    )
}

/// A customer whose mail address is none.
pub(crate) fn bad_customer(number: u32) -> String {
    with_email(number, "nobody")
}

/// A document with a line for each record; the first one stands in line 2.
pub(crate) fn feed<R: AsRef<str>>(records: impl IntoIterator<Item = R>) -> String {
    let mut document = "<records xmlns=\"urn:ecrm:xml:1\" xmlns:f=\"urn:example:foreign\">\n".to_owned();
    for record in records {
        document.push_str(record.as_ref());
        document.push('\n');
    }
    document + "</records>\n"
}

/// Imports a feed to its end with the default limits.
pub(crate) fn import(host: &mut Host, xml: &str) -> Report {
    run(host, &Import::new("feed"), xml.as_bytes(), Limits::default()).unwrap()
}

pub(crate) fn run(host: &mut Host, import: &Import, xml: &[u8], limits: Limits) -> Result<Report, ImportError> {
    let (ids, source) = (SeededIds::new(1), Source::new("feed").unwrap());
    import.run(
        host,
        &mut Feed::new(xml, limits),
        &mut CoreRecords::new(&ids, &source, NOW),
        &FixedClock::at(NOW),
        &mut |_| ControlFlow::Continue(()),
    )
}

/// Imports until so many batches are committed.
pub(crate) fn run_batches(host: &mut Host, import: &Import, xml: &str, batches: usize) -> Report {
    let (ids, source) = (SeededIds::new(1), Source::new("feed").unwrap());
    let mut committed = 0;
    let report = import.run(
        host,
        &mut Feed::new(xml.as_bytes(), Limits::default()),
        &mut CoreRecords::new(&ids, &source, NOW),
        &FixedClock::at(NOW),
        &mut |report| {
            committed += 1;
            assert_eq!(report.end, None, "a report in between has no end");
            if committed == batches {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        },
    );
    report.unwrap()
}

pub(crate) fn dry_run(host: &mut Host, import: &Import, xml: &str) -> Report {
    let (ids, source) = (SeededIds::new(1), Source::new("feed").unwrap());
    let mut feed = Feed::new(xml.as_bytes(), Limits::default());
    let mut records = CoreRecords::new(&ids, &source, NOW);
    // Whatever it might leave behind would be committed.
    host.commit(|session| import.dry_run(session, &mut feed, &mut records, &mut |_| ControlFlow::Continue(())))
}

/// The rows of every table.
pub(crate) fn rows(host: &mut Host) -> Vec<(&'static str, i64)> {
    host.commit(|session| {
        TABLES
            .iter()
            .map(|table| {
                let rows: i64 = session.query_value(&format!("SELECT count(*) FROM {table}"), &[])?;
                Ok::<_, ecrm_store::StoreError>((*table, rows))
            })
            .collect::<Result<_, _>>()
    })
}

/// The rows of one table.
pub(crate) fn count(host: &mut Host, table: &str) -> i64 {
    rows(host).iter().find(|(name, _)| *name == table).unwrap().1
}

/// The numbers of the customers that are stored, of the first hundred.
pub(crate) fn stored(host: &mut Host) -> Vec<u32> {
    host.commit(|session: &mut dyn Session| {
        (1..100)
            .filter_map(|number| {
                let found = ecrm_store::customers::load(session, id(number).parse().unwrap());
                found.map(|customer| customer.map(|_| number)).transpose()
            })
            .collect::<Result<Vec<_>, _>>()
    })
}

/// A feed of these records.
pub(crate) fn feed_reader(records: &[String]) -> Feed<std::io::Cursor<String>> {
    Feed::new(std::io::Cursor::new(feed(records)), Limits::default())
}
