//! Runs that go on where an earlier one ended.

use ecrm_xml::Limits;
use ecrm_xml_exchange::import::{End, Import};

use super::support::*;

#[test]
fn a_run_that_was_cancelled_goes_on_at_the_next_record() {
    let mut records: Vec<_> = (1..=10).map(customer).collect();
    records[3] = "<invoice/>".to_owned();
    records[5] = "words".to_owned();
    let xml = feed(&records);
    on_each("cancelled", |host| {
        for batch in 1..=4_usize {
            let import = Import::new(&format!("in batches of {batch}")).in_batches_of(batch);
            let mut done = 0;
            while done + batch < 10 {
                let report = run_batches(host, &import, &xml, 1);
                assert_eq!((report.done_before, report.end), (done as u64, Some(End::Cancelled)));
                done += batch;
                assert_eq!(report.records, done as u64);
                assert_eq!(
                    report.changed + report.unchanged + report.bad.len() as u64,
                    batch as u64
                );
                assert!(report.bad.iter().all(|bad| [4, 6].contains(&bad.number)));
            }
            let report = run(host, &import, xml.as_bytes(), Limits::default()).unwrap();
            assert_eq!((report.records, report.end), (10, Some(End::Complete)));
            assert_eq!(report.done_before, done as u64);
        }
        assert_eq!(stored(host), [1, 2, 3, 5, 7, 8, 9, 10]);
        assert_eq!(count(host, "ecrm_record_customer_version"), 8);
    });
}

#[test]
fn a_run_that_is_cancelled_behind_the_last_record_is_complete_or_ends_at_once() {
    let xml = feed((1..=4).map(customer));
    on_each("cancelled_at_the_end", |host| {
        let import = Import::new("feed").in_batches_of(2);
        assert_eq!(run_batches(host, &import, &xml, 2).end, Some(End::Cancelled));
        let report = run(host, &import, xml.as_bytes(), Limits::default()).unwrap();
        assert_eq!((report.done_before, report.records, report.changed), (4, 4, 0));
        assert_eq!(report.end, Some(End::Complete));
    });
}

#[test]
fn a_fault_in_what_was_done_before_is_told_as_such() {
    let xml = feed((1..=6).map(customer));
    on_each("broken_before", |host| {
        let import = Import::new("feed").in_batches_of(4);
        run_batches(host, &import, &xml, 1);
        let cut = &xml[..xml.find("c3@").unwrap()];
        let report = run(host, &import, cut.as_bytes(), Limits::default()).unwrap();
        assert!(matches!(&report.end, Some(End::Broken(error)) if error.position().is_some()));
        assert_eq!((report.records, report.changed), (4, 0));
        assert_eq!(
            run(host, &import, xml.as_bytes(), Limits::default()).unwrap().changed,
            2
        );
    });
}

#[test]
fn an_empty_feed_is_complete() {
    on_each("empty", |host| {
        let report = import(host, &feed::<&str>([]));
        assert_eq!((report.records, report.end), (0, Some(End::Complete)));
        assert_eq!(import(host, &feed([customer(1)])).changed, 1);
    });
}
