//! The first story: an order is placed.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use ecrm::checkout::{Buyer, CheckoutError, Confirmation, confirmation_key};
use ecrm::confirmation_mail::{Enqueued, counts, find};
use ecrm::core::{ContactData, ExternalRef, GuestId, Identifier, Recipient, Refusal, SeededIds, Source};
use ecrm::recognition::recognise;
use ecrm::store::{Session, SessionExt, StoreError, activities, customers, identifiers};
use ecrm_testkit::hosts::on_each_database;
use std::ops::ControlFlow;
use support::*;

fn orders(session: &mut dyn Session) -> usize {
    let mut orders = 0;
    activities::for_each(session, &mut |_| {
        orders += 1;
        Ok(ControlFlow::Continue(()))
    })
    .unwrap();
    orders
}

fn with_email(email: &str) -> ContactData {
    ContactData::new().with_email(email.parse().unwrap())
}

fn mails(session: &mut dyn Session) -> u64 {
    counts(session).unwrap().iter().map(|(_, count)| count).sum()
}

#[test]
fn the_shops_row_the_customer_the_order_and_the_mail_commit_together_or_not_at_all() {
    on_each_database("together", |host| {
        let shop = Shop::new(1);
        let order = shop.order("10248", "LAMP");
        host.commit(tables);
        let place = |session: &mut dyn Session| {
            shop_row(session, "10248")?;
            shop.place(session, &customer("Ada"), &order)
        };
        let everything = |session: &mut dyn Session| {
            let rows = session.query_value::<i64>("SELECT count(*) FROM shop_order", &[])?;
            Ok::<_, StoreError>((rows, customers::count(session)?, orders(session), mails(session)))
        };
        host.roll_back(place);
        assert_eq!(host.commit(everything), (0, 0, 0, 0));
        host.commit(place);
        assert_eq!(host.commit(everything), (1, 1, 1, 1));
    });
}

#[test]
fn the_same_order_twice_is_one_order_and_one_mail() {
    on_each_database("twice", |host| {
        host.commit(tables);
        let first = Shop::new(1);
        let placed = host.commit(|session| first.place(session, &customer("Ada"), &first.order("10248", "LAMP")));
        assert!(matches!(placed.confirmation, Confirmation::Queued(Enqueued::Now(_))));
        assert!(placed.new_customer.is_some());
        let second = Shop::new(2);
        let again = host.commit(|session| second.place(session, &customer("Ada"), &second.order("10248", "LAMP")));
        assert_eq!((again.order, again.subject), (placed.order, placed.subject));
        assert_eq!(again.confirmation, Confirmation::PlacedBefore);
        host.commit(|session| {
            assert_eq!((orders(session), mails(session), customers::count(session)?), (1, 1, 1));
            Ok::<_, StoreError>(())
        });
    });
}

#[test]
fn the_same_number_with_another_content_is_refused_and_the_transaction_goes_on() {
    on_each_database("differs", |host| {
        host.commit(tables);
        let shop = Shop::new(1);
        host.commit(|session| {
            shop.place(session, &customer("Ada"), &shop.order("10248", "LAMP"))?;
            let refused = shop.place(session, &customer("Ada"), &shop.order("10248", "BULB"));
            assert!(matches!(refused, Err(CheckoutError::OrderDiffers(_))));
            shop.place(session, &customer("Ada"), &shop.order("10249", "BULB"))?;
            assert_eq!((orders(session), mails(session)), (2, 2));
            Ok::<_, CheckoutError>(())
        });
    });
}

#[test]
fn a_guest_is_confirmed_without_becoming_a_customer() {
    on_each_database("guest", |host| {
        host.commit(tables);
        let shop = Shop::new(1);
        let id = GuestId::new(&SeededIds::new(7), NOW);
        let guest = Recipient::new(id, ContactData::new());
        let reachable = Buyer::Guest(Recipient::new(id, with_email("eve@mail.example")));
        host.commit(|session| {
            let placed = shop.place(session, &reachable, &shop.order("1", "LAMP"))?;
            assert!(matches!(placed.confirmation, Confirmation::Queued(_)));
            let key = confirmation_key(&ExternalRef::new("shop", "1").unwrap());
            assert!(find(session, &key)?.is_some());
            let placed = shop.place(session, &Buyer::Guest(guest), &shop.order("2", "LAMP"))?;
            assert_eq!(placed.confirmation, Confirmation::None(Refusal::NoAddress));
            assert_eq!((customers::count(session)?, orders(session), mails(session)), (0, 2, 1));
            Ok::<_, CheckoutError>(())
        });
    });
}

#[test]
fn a_customer_is_recognised_by_any_strong_identifier() {
    on_each_database("recognised", |host| {
        host.commit(tables);
        host.commit(|session| {
            let (ids, source) = (SeededIds::new(1), Source::checkout());
            let first = recognise(session, &person("Ada"), &source, &ids, NOW)?;
            assert!(first.is_new);
            let by_mail = ecrm::recognition::Person::new(Identifier::Email("ADA@mail.example".parse().unwrap()));
            let again = recognise(session, &by_mail, &source, &ids, NOW)?;
            assert_eq!((again.customer.id(), again.is_new), (first.customer.id(), false));
            Ok::<_, StoreError>(())
        });
    });
}

#[test]
fn two_customers_are_never_joined_by_themselves() {
    on_each_database("contested", |host| {
        host.commit(tables);
        host.commit(|session| {
            let (ids, source) = (SeededIds::new(1), Source::checkout());
            let ada = recognise(session, &person("Ada"), &source, &ids, NOW)?.customer;
            let bob = recognise(session, &person("Bob"), &source, &ids, NOW)?.customer;
            let bobs_mail = Identifier::Email("bob@mail.example".parse().unwrap());
            let both = ecrm::recognition::Person::new(Identifier::External(ExternalRef::new("shop", "Ada").unwrap()))
                .and(bobs_mail.clone());
            let recognised = recognise(session, &both, &source, &ids, NOW)?;
            assert_eq!(recognised.customer.id(), ada.id());
            assert_eq!(recognised.contested, std::slice::from_ref(&bobs_mail));
            assert_eq!(identifiers::owner(session, &bobs_mail)?, Some(bob.id()));
            Ok::<_, StoreError>(())
        });
    });
}

#[test]
fn a_known_customer_is_confirmed_at_the_address_that_was_typed_with_the_order() {
    on_each_database("typed", |host| {
        host.commit(tables);
        let shop = Shop::new(1);
        host.commit(|session| {
            let known = Identifier::External(ExternalRef::new("shop", "Ada").unwrap());
            recognise(
                session,
                &ecrm::recognition::Person::new(known.clone()),
                &Source::checkout(),
                &SeededIds::new(5),
                NOW,
            )?;
            let typed = ecrm::recognition::Person::new(known).with_contact(with_email("ada@new.example"));
            let placed = shop.place(session, &Buyer::Customer(typed), &shop.order("1", "LAMP"))?;
            assert!(matches!(placed.confirmation, Confirmation::Queued(_)) && placed.new_customer.is_none());
            let mail = find(session, &confirmation_key(&ExternalRef::new("shop", "1").unwrap()))?.unwrap();
            assert!(
                String::from_utf8(mail.content.unwrap().message)
                    .unwrap()
                    .contains("ada@new.example")
            );
            Ok::<_, CheckoutError>(())
        });
    });
}

#[test]
fn the_same_number_from_somebody_else_is_not_taken_for_a_repetition() {
    on_each_database("somebody", |host| {
        host.commit(tables);
        let shop = Shop::new(1);
        host.commit(|session| {
            shop.place(session, &customer("Ada"), &shop.order("1", "LAMP"))?;
            let refused = shop.place(session, &customer("Bob"), &shop.order("1", "LAMP"));
            assert!(matches!(refused, Err(CheckoutError::OrderDiffers(_))));
            Ok::<_, CheckoutError>(())
        });
    });
}
