//! Two departments change the same customer: the second one is told, and nothing of the first is lost.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use ecrm::core::{ContactData, PersonName, SeededIds, Source};
use ecrm::recognition::recognise;
use ecrm::store::{StoreError, customers};
use ecrm_testkit::hosts::on_each_database;
use support::*;

#[test]
fn a_write_that_was_made_from_an_old_version_is_a_conflict_and_loses_nothing() {
    on_each_database("stale", |host| {
        host.commit(tables);
        let source = Source::checkout();
        let read = host.commit(|session| {
            recognise(session, &person("Ada"), &source, &SeededIds::new(1), NOW).map(|recognised| recognised.customer)
        });
        let name = |text| PersonName::single(text).unwrap();
        let with_phone = |contact: ContactData| contact.with_phone("+43 1 234567".parse().unwrap());
        let sales = read
            .clone()
            .map_contact(|contact| contact.with_name(name("Ada Lovelace")));
        let service = read.clone().map_contact(with_phone);
        let stored = host.commit(|session| customers::update(session, &sales, &source, NOW));
        let refused =
            host.commit(|session| Ok::<_, StoreError>(customers::update(session, &service, &source, NOW).unwrap_err()));
        assert!(refused.is_conflict());
        assert!(refused.to_string().contains("read it again"));
        let now = host.commit(|session| customers::load(session, read.id())).unwrap();
        assert_eq!(now, stored);
        let repeated = now.map_contact(with_phone);
        let both = host.commit(|session| customers::update(session, &repeated, &source, NOW));
        assert_eq!(
            (both.version(), both.contact().name()),
            (3, Some(&name("Ada Lovelace")))
        );
    });
}
