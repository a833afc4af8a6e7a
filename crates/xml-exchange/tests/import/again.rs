//! The same feed, or nearly the same, once more.

use ecrm_store::{Session, StoreError, UnitOfWork};
use ecrm_testkit::hosts::Host;
use ecrm_xml::Limits;
use ecrm_xml_exchange::import::{End, Import, ImportError};

use super::support::*;

#[test]
fn the_whole_feed_once_more_changes_nothing() {
    let xml = feed((1..=7).map(customer));
    on_each("again", |host| {
        for batch in [3, 7] {
            let import = Import::new(&format!("feed {batch}")).in_batches_of(batch);
            let first = run(host, &import, xml.as_bytes(), Limits::default()).unwrap();
            assert_eq!((first.records, first.end), (7, Some(End::Complete)));
            let before = rows(host);
            let again = run(host, &import, xml.as_bytes(), Limits::default()).unwrap();
            assert_eq!((again.changed, again.unchanged, again.done_before), (0, 7, 0));
            assert_eq!((again.bad.len(), again.end), (0, Some(End::Complete)));
            assert_eq!(rows(host), before);
        }
        // A longer feed under the same name brings what is new in it.
        let longer = run(
            host,
            &Import::new("feed 7"),
            feed((1..=9).map(customer)).as_bytes(),
            Limits::default(),
        );
        assert_eq!(longer.unwrap().changed, 2);
    });
}

#[test]
fn the_same_id_with_another_content_is_a_bad_record() {
    let other_day = customer(1).replace("2026-11-22", "2026-11-23");
    on_each("contradiction", |host| {
        let report = import(
            host,
            &feed([&customer(1), &with_email(1, "other@mail.example"), &other_day]),
        );
        assert_eq!((report.changed, report.bad.len()), (1, 2));
        for bad in &report.bad {
            assert_eq!((bad.code, bad.path.as_deref()), ("duplicate", Some("customer")));
            assert!(bad.text.contains("stored with another content"));
        }
        let stored = host.commit(|session| ecrm_store::customers::load(session, id(1).parse().unwrap()));
        let contact = stored.unwrap().contact().clone();
        assert_eq!(contact.email().unwrap().as_str(), "c1@mail.example");
    });
}

#[test]
fn a_feed_under_the_same_name_with_another_content_is_refused() {
    on_each("another_feed", |host| {
        let import = Import::new("feed").in_batches_of(2);
        let xml = feed((1..=6).map(customer));
        run_batches(host, &import, &xml, 2);
        let before = rows(host);
        let longer_name = with_email(1, "c1@mailbox.example");
        for other in [
            feed((11..=16).map(customer)),
            feed((1..=3).map(customer)),
            feed((1..=6).map(|number| {
                if number == 1 {
                    longer_name.clone()
                } else {
                    customer(number)
                }
            })),
            feed([2, 1, 3, 4, 5, 6].map(customer)),
        ] {
            let refused = run(host, &import, other.as_bytes(), Limits::default());
            assert!(
                matches!(&refused, Err(ImportError::AnotherFeed { feed, records: 4 }) if feed == "feed"),
                "{refused:?}"
            );
            assert_eq!(rows(host), before);
        }
        assert_eq!(
            run(host, &import, xml.as_bytes(), Limits::default()).unwrap().changed,
            2
        );
    });
}

/// A host on which another import of the same feed runs between the first two transactions of this one.
struct Overtaken<'h> {
    host: &'h mut Host,
    transactions: usize,
    by: &'h dyn Fn(&mut Host),
}

impl UnitOfWork for Overtaken<'_> {
    fn run(&mut self, work: &mut dyn FnMut(&mut dyn Session) -> Result<(), StoreError>) -> Result<(), StoreError> {
        self.transactions += 1;
        if self.transactions == 2 {
            (self.by)(self.host);
        }
        self.host.run(work)
    }
}

#[test]
fn of_two_runs_of_a_feed_at_the_same_time_one_is_told_of_the_other() {
    let xml = feed((1..=4).map(customer));
    on_each("two_runs", |host| {
        let import = Import::new("feed").in_batches_of(2);
        let (ids, source) = (ecrm_core::SeededIds::new(1), ecrm_core::Source::new("feed").unwrap());
        for by in [
            // One that has come a batch far, and one that has come to the end.
            &(|host: &mut Host| drop(run_batches(host, &Import::new("feed").in_batches_of(2), &xml, 1)))
                as &dyn Fn(&mut Host),
            &|host: &mut Host| drop(run(host, &Import::new("feed"), xml.as_bytes(), Limits::default()).unwrap()),
        ] {
            let mut host = Overtaken {
                host: &mut *host,
                transactions: 0,
                by,
            };
            let error = import
                .run(
                    &mut host,
                    &mut feed_reader(&(1..=4).map(customer).collect::<Vec<_>>()),
                    &mut ecrm_xml_exchange::import::CoreRecords::new(&ids, &source, NOW),
                    &ecrm_core::FixedClock::at(NOW),
                    &mut |_| std::ops::ControlFlow::Continue(()),
                )
                .unwrap_err();
            assert!(
                matches!(&error, ImportError::Store(error) if error.is_conflict()),
                "{error}"
            );
        }
        assert_eq!(
            count(host, "ecrm_record_customer_version"),
            4,
            "no record was applied twice"
        );
    });
}

/// A host that repeats every transaction.
struct Repeating<'h>(&'h mut Host);

impl UnitOfWork for Repeating<'_> {
    fn run(&mut self, work: &mut dyn FnMut(&mut dyn Session) -> Result<(), StoreError>) -> Result<(), StoreError> {
        self.0.roll_back(|session| work(session));
        self.0.run(work)
    }
}

#[test]
fn a_host_may_repeat_its_transactions_and_nothing_counts_twice() {
    on_each("repeating", |host| {
        let (ids, source) = (ecrm_core::SeededIds::new(1), ecrm_core::Source::new("feed").unwrap());
        let records = [customer(1), bad_customer(2), customer(3), customer(1)];
        let report = Import::new("feed")
            .in_batches_of(2)
            .run(
                &mut Repeating(&mut *host),
                &mut feed_reader(&records),
                &mut ecrm_xml_exchange::import::CoreRecords::new(&ids, &source, NOW),
                &ecrm_core::FixedClock::at(NOW),
                &mut |_| std::ops::ControlFlow::Continue(()),
            )
            .unwrap();
        assert_eq!(
            (report.records, report.changed, report.unchanged, report.bad.len()),
            (4, 2, 1, 1)
        );
        assert_eq!(stored(host), [1, 3]);
    });
}
