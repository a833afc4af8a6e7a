//! Records that cannot be applied.

use ecrm_store::{Session, StoreError, StoreErrorKind};
use ecrm_testkit::hosts::Host;
use ecrm_xml::{Limits, Record};
use ecrm_xml_exchange::import::{Applied, End, Import, ImportError, RecordError};

use super::support::*;

/// The bad record of a feed that has it between two good ones.
fn fault_of(host: &mut Host, bad: &str, limits: Limits) -> String {
    let xml = feed([&customer(1), bad, &customer(2)]);
    let report = run(host, &Import::new("feed"), xml.as_bytes(), limits).unwrap();
    assert_eq!((report.records, report.end), (3, Some(End::Complete)));
    assert_eq!(report.changed + report.unchanged, 2, "the good ones are applied");
    assert_eq!(stored(host), [1, 2]);
    let [bad] = &report.bad[..] else {
        panic!("one record is bad: {:?}", report.bad)
    };
    bad.to_string()
}

#[test]
fn a_bad_record_is_reported_with_number_place_path_code_and_text_and_the_others_are_applied() {
    let whole = customer(9);
    on_each("bad_records", |host| {
        for (bad, told) in [
            (
                bad_customer(9),
                "record 2 at 3:110, customer/contact/email: value: e-mail address has no @",
            ),
            (
                whole.replace(" registeredAt=\"2026-11-22T09:30:00Z\"", ""),
                "record 2 at 3:1, customer: missing: the attribute `registeredAt` is missing",
            ),
            (
                "<invoice/>".to_owned(),
                "record 2 at 3:1, invoice: unexpected: `{urn:ecrm:xml:1}invoice` is no record",
            ),
            (
                "<f:customer/>".to_owned(),
                "record 2 at 3:1, customer: unexpected: `{urn:example:foreign}customer` is no record",
            ),
            (
                whole.replace("<contact>", "<contact/><contact>"),
                "record 2 at 3:111, customer/contact[2]: duplicate: stands here a second time",
            ),
            (
                "a word".to_owned(),
                "record 2 at 2:161: unexpected: text stands between the records",
            ),
            (
                format!("<recipient subject=\"{}\" subjectKind=\"customer\"/>", id(9)),
                "record 2 at 3:1, recipient: unexpected: orders and returns are imported inside an `activity`",
            ),
        ] {
            let fault = fault_of(host, &bad, Limits::default());
            assert!(fault.starts_with(told), "{fault}\n{told}");
            assert!(!fault.contains("nobody"), "no value is repeated: {fault}");
        }
        let small = Limits {
            record_bytes: 1_000,
            ..Limits::default()
        };
        let large = with_email(9, &"x".repeat(1_000));
        assert_eq!(
            fault_of(host, &large, small),
            "record 2 at 3:1: limit: the record has more than 1000 bytes"
        );
    });
}

#[test]
fn a_record_that_the_database_refuses_is_bad_and_its_savepoint_is_undone() {
    let with_phone = |number| {
        let phone = "</contact><identifier><phone>+4930901820</phone></identifier>";
        customer(number).replace("</contact>", phone)
    };
    let with_key = |number| {
        let key = "</contact><identifier><external system=\"erp\">K-1</external></identifier>";
        with_phone(number).replace("</contact>", key)
    };
    on_each("refused", |host| {
        let report = import(host, &feed([with_key(1), with_key(2), customer(3)]));
        assert_eq!((report.changed, report.bad.len()), (2, 1));
        let bad = &report.bad[0];
        assert_eq!((bad.number, bad.code, bad.path.as_deref()), (2, "store", None));
        assert_eq!(bad.position.unwrap().to_string(), "3:1");
        assert!(bad.text.contains("belongs to another customer"), "{}", bad.text);
        assert_eq!(stored(host), [1, 3]);
        assert_eq!(count(host, "ecrm_record_identifier"), 2);
    });
}

#[test]
fn a_run_that_stops_at_bad_records_keeps_what_was_before_and_the_next_begins_with_it() {
    on_each("stopping", |host| {
        // In batches of two, the bad record once begins a batch and once ends one.
        for (number, first_bad) in [(0, 3), (50, 2)] {
            let name = format!("feed from {number}");
            let stopping = Import::new(&name).stopping_at_bad_records().in_batches_of(2);
            let mut records: Vec<_> = (1..=5).map(|one| customer(number + one)).collect();
            records[first_bad as usize - 1] = bad_customer(number + first_bad);
            for _ in 0..2 {
                let report = run(host, &stopping, feed(&records).as_bytes(), Limits::default()).unwrap();
                assert_eq!(report.end, Some(End::AtBadRecord));
                assert_eq!(
                    (report.records, report.bad[0].number),
                    (first_bad as u64 - 1, first_bad as u64)
                );
                assert!(stored(host).contains(&(number + first_bad - 1)));
                assert!(!stored(host).contains(&(number + first_bad + 1)));
            }
            records[first_bad as usize - 1] = customer(number + first_bad);
            let report = run(host, &stopping, feed(&records).as_bytes(), Limits::default()).unwrap();
            assert_eq!((report.records, report.end), (5, Some(End::Complete)));
            assert_eq!(report.changed, 6 - u64::from(first_bad));
            assert_eq!(report.done_before, u64::from(first_bad) - 1);
        }
        assert_eq!(stored(host).len(), 10);
    });
}

#[test]
fn more_bad_records_than_the_limit_end_the_run() {
    let limits = Limits {
        errors: 2,
        ..Limits::default()
    };
    let records = [1, 0, 2, 0, 3, 0, 4, 0].map(|number| match number {
        0 => "<invoice/>".to_owned(),
        number => customer(number),
    });
    on_each("too_many", |host| {
        for batch in [1, 3, 100] {
            let import = Import::new(&format!("in batches of {batch}")).in_batches_of(batch);
            let xml = feed(&records);
            let report = run(host, &import, xml.as_bytes(), limits.clone()).unwrap();
            assert_eq!(report.end, Some(End::TooManyBadRecords));
            assert_eq!((report.records, report.bad.len()), (6, 3), "{batch}");
            // The next run goes on behind them, with a count of its own.
            let report = run(host, &import, xml.as_bytes(), limits.clone()).unwrap();
            assert_eq!((report.records, report.done_before, report.bad.len()), (8, 6, 1));
            assert_eq!(report.end, Some(End::Complete));
        }
        assert_eq!(stored(host), [1, 2, 3, 4]);
    });
}

#[test]
fn a_document_that_is_not_well_formed_ends_there_and_the_records_before_are_committed() {
    let whole = feed((1..=5).map(customer));
    let cut = &whole[..whole.find("c4@").unwrap()];
    let crossed = feed([&customer(1), &customer(2), "<customer></contact>"]);
    on_each("broken", |host| {
        for (name, xml, records, place) in [("cut", cut, 3, "5:120"), ("crossed", &crossed, 2, "4:11")] {
            for batch in [1, 2, 3, 100] {
                let import = Import::new(&format!("{name} {batch}")).in_batches_of(batch);
                for _ in 0..2 {
                    let report = run(host, &import, xml.as_bytes(), Limits::default()).unwrap();
                    let Some(End::Broken(error)) = &report.end else {
                        panic!("{:?}", report.end)
                    };
                    assert!(
                        error
                            .position()
                            .is_some_and(|at| at.line == place[..1].parse::<u64>().unwrap()),
                        "{error}"
                    );
                    assert_eq!((report.records, report.bad.len()), (records, 0), "{name} {batch}");
                }
            }
        }
        assert_eq!(stored(host), [1, 2, 3]);
        // Once the rest is there, the run goes on.
        let report = run(host, &Import::new("cut 100"), whole.as_bytes(), Limits::default()).unwrap();
        assert_eq!((report.done_before, report.changed), (3, 2));
    });
}

#[test]
fn a_database_that_fails_is_not_the_fault_of_a_record() {
    on_each("failing", |host| {
        for (kind, is_retried) in [
            (StoreErrorKind::Disconnected, false),
            (StoreErrorKind::Other, false),
            (StoreErrorKind::Busy, true),
        ] {
            let mut feed_of = feed_reader(&[customer(1)]);
            let failing = &mut |_: &mut dyn Session, _: &Record| -> Result<Applied, RecordError> {
                Err(StoreError::new(kind, "the disk is full").into())
            };
            let error = Import::new("feed")
                .run(
                    host,
                    &mut feed_of,
                    failing,
                    &ecrm_core::FixedClock::at(NOW),
                    &mut |_| std::ops::ControlFlow::Continue(()),
                )
                .unwrap_err();
            let ImportError::Store(error) = error else {
                panic!("{error}")
            };
            assert_eq!((error.kind(), error.should_retry_transaction()), (kind, is_retried));
            assert_eq!(count(host, "ecrm_xml_exchange_feed"), 0, "nothing counts as done");
        }
    });
}
