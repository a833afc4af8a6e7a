//! What is open while it is read: pages between two folds, clocks that differ, facts of another layout.

use chrono::TimeDelta;
use ecrm_core::{Activity, ActivityId, Channel, ContactData, Customer, CustomerId, Event, Visit};
use ecrm_segmentation::{Cursor, Knowledge, SegmentationError};
use ecrm_store::{SessionExt, activities, customers, suppressions};
use ecrm_testkit::hosts::on_each_database;

use crate::{NOW, Shop, criteria, later, name, source};

type Done = Result<(), SegmentationError>;

#[test]
fn who_is_a_member_at_all_pages_is_on_one_of_them_whenever_the_others_are_folded() {
    on_each_database("pages", |host| {
        host.commit(|session| {
            let shop = Shop::open(session)?;
            shop.define(session, "all", "everyone")?;
            let mut expected = Vec::new();
            for folded_after in 0..5 {
                for number in 0..7 {
                    expected.push(shop.customer(session, &format!("Ada{folded_after}{number}"))?);
                }
                let (mut found, mut after, mut pages) = (Vec::new(), None, 0);
                loop {
                    let page = shop.segments.members(session, &name("all"), after, 2, NOW)?;
                    found.extend(page.customers);
                    pages += 1;
                    if pages == expected.len() / 2 - 3 + folded_after {
                        shop.advance(session, NOW)?;
                    }
                    let Some(next) = page.next else { break };
                    assert_eq!(next.to_string().parse::<Cursor>().unwrap(), next);
                    after = Some(next);
                }
                found.sort_unstable();
                expected.sort_unstable();
                assert_eq!(found, expected, "folded after page {folded_after}");
            }
            Done::Ok(())
        });
    });
}

#[test]
fn a_count_is_how_many_are_listed_also_where_clocks_differ() {
    on_each_database("clocks", |host| {
        host.commit(|session| {
            let shop = Shop::open(session)?;
            shop.define(session, "buyers", "count(orders) >= 1")?;
            let ada = shop.customer(session, "Ada")?;
            shop.customer(session, "Bea")?;
            shop.advance(session, NOW)?;
            shop.orders(session, ada, NOW + TimeDelta::seconds(1))?;
            shop.define(session, "buyers", "count(orders) >= 0")?;
            shop.advance(session, NOW)?;
            let listed = shop
                .segments
                .members(session, &name("buyers"), None, 10, NOW)?
                .customers;
            assert_eq!(listed.len(), 2);
            assert_eq!(shop.segments.count(session, &name("buyers"), NOW)?, 2);
            Done::Ok(())
        });
    });
}

#[test]
fn packing_anew_reads_facts_of_another_layout_from_the_tables_and_finds_all_members() {
    on_each_database("repack", |host| {
        host.commit(|session| {
            let shop = Shop::open(session)?;
            shop.define(session, "buyers", "count(orders) >= 1")?;
            let (ada, bea) = (shop.customer(session, "Ada")?, shop.customer(session, "Bea")?);
            shop.advance(session, NOW)?;
            shop.orders(session, ada, NOW)?;
            session.execute("UPDATE ecrm_segmentation_changed SET hot = $1", &[vec![2_u8].into()])?;
            // Nobody tells the segments of this one.
            activities::append(session, &shop.order(bea, NOW))?;
            assert!(shop.segments.membership(session, ada, &name("buyers"), NOW).is_err());
            shop.segments.repack(session)?;
            shop.advance(session, NOW)?;
            assert!(shop.is_in(session, ada, "buyers")? && shop.is_in(session, bea, "buyers")?);
            assert_eq!(shop.segments.count(session, &name("buyers"), NOW)?, 2);
            shop.orders(session, ada, later(1))
        });
    });
}

#[test]
fn a_preview_reads_whoever_has_events_of_the_same_instant_that_no_segment_looks_at() {
    on_each_database("instants", |host| {
        host.commit(|session| {
            let shop = Shop::open(session)?;
            shop.define(session, "buyers", "count(orders) >= 1")?;
            let ada = shop.customer(session, "Ada")?;
            let visit = || {
                let event = Event::Visit(Visit::new(Channel::Web));
                Activity::new(ActivityId::new(&shop.ids, NOW), ada, NOW, NOW, source(), event)
            };
            shop.segments.append(session, &[visit()], NOW)?;
            shop.advance(session, NOW)?;
            shop.segments.append(session, &[visit()], NOW)?;
            let previewed = shop.segments.preview(session, &criteria("count(visits) >= 2"), NOW)?;
            assert_eq!(previewed.count(), 1);
            Done::Ok(())
        });
    });
}

#[test]
fn nobody_can_keep_the_lists_of_those_who_were_put_in_by_hand() {
    on_each_database("hands", |host| {
        host.commit(|session| {
            let shop = Shop::open(session)?;
            shop.define(session, "buyers", "count(orders) >= 1")?;
            let (ada, bea) = (shop.customer(session, "Ada")?, shop.customer(session, "Bea")?);
            shop.segments.include(session, &name("buyers"), ada, &source(), NOW)?;
            let lists: Vec<String> =
                session.query_all("SELECT list FROM ecrm_segmentation_list_entry", &[], |row| row.get(0))?;
            assert!(
                lists
                    .iter()
                    .all(|list| ecrm_segmentation::criteria::Name::new(list).is_err()),
                "{lists:?}"
            );
            let like = name(lists[0].trim());
            shop.segments.add_to_list(session, &like, bea, &source(), NOW)?;
            assert!(shop.is_in(session, ada, "buyers")? && !shop.is_in(session, bea, "buyers")?);
            Done::Ok(())
        });
    });
}

#[test]
fn nor_was_reached_whose_address_of_that_time_is_suppressed() {
    on_each_database("suppressed", |host| {
        host.commit(|session| {
            let shop = Shop::open(session)?;
            let id = CustomerId::new(&shop.ids, NOW);
            let at = |address: &str| ContactData::new().with_email(address.parse().unwrap());
            let old = Customer::new(id, NOW).with_contact(at("old@mail.example"));
            customers::insert(session, &old, &source(), NOW)?;
            shop.consents(session, id, ecrm_core::ConsentDecision::Granted)?;
            let (channel, reason) = (ecrm_core::Channel::Email, ecrm_core::SuppressionReason::Complaint);
            suppressions::add(session, &(&old).into(), channel, reason, None, &source(), later(24))?;
            let known = customers::load(session, id)?.expect("it was just stored");
            customers::update(
                session,
                &known.with_contact(at("new@mail.example")),
                &source(),
                later(48),
            )
            .unwrap();
            shop.advance(session, later(72))?;
            let reached = criteria("reachable(marketing, email) = true");
            for knowledge in [Knowledge::Then, Knowledge::Now] {
                let at = [later(12), later(36), later(60)];
                let told = shop.segments.backtest(session, &reached, &at, knowledge, later(72))?;
                assert_eq!(told, [1, 0, 1], "{knowledge:?}");
            }
            Done::Ok(())
        });
    });
}

#[test]
fn who_could_be_reached_is_told_of_the_address_of_that_time() {
    on_each_database("reached", |host| {
        host.commit(|session| {
            let shop = Shop::open(session)?;
            let id = CustomerId::new(&shop.ids, NOW);
            customers::insert(session, &Customer::new(id, NOW), &source(), NOW)?;
            shop.consents(session, id, ecrm_core::ConsentDecision::Granted)?;
            let known = customers::load(session, id)?.expect("it was just stored");
            let with = known.with_contact(ContactData::new().with_email("ada@mail.example".parse().unwrap()));
            customers::update(session, &with, &source(), later(48)).unwrap();
            shop.advance(session, later(72))?;
            let at = [later(24), later(60)];
            for text in [
                "reachable(marketing, email) = true",
                "reachable(marketing, email) = true and profile.city is missing",
            ] {
                for knowledge in [Knowledge::Then, Knowledge::Now] {
                    let told = shop
                        .segments
                        .backtest(session, &criteria(text), &at, knowledge, later(72))?;
                    assert_eq!(told, [0, 1], "{text} {knowledge:?}");
                }
            }
            Done::Ok(())
        });
    });
}
