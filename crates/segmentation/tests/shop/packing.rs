//! A shop that had customers before it had segments.

use std::collections::BTreeSet;

use ecrm_core::{Customer, CustomerId};
use ecrm_segmentation::{Segmentation, SegmentationError, Zone};
use ecrm_store::{Session, customers, migrate};
use ecrm_testkit::hosts::on_each_database;

use super::{MODULE, NOW, SeededIds, Shop, criteria, name, source};

#[test]
fn who_orders_or_is_erased_while_customers_are_packed_is_neither_missed_nor_kept() {
    on_each_database("packing", |host| {
        host.commit(|session| pack_a_busy_shop(session, None));
    });
}

#[test]
fn customers_are_packed_whether_or_not_they_fill_their_blocks() {
    for many in [0, 1, 63, 64, 65, 128, 192] {
        on_each_database(&format!("fill{many}"), |host| {
            host.commit(|session| {
                let (shop, mut all) = shop_of(session, many)?;
                shop.advance(session, NOW)?;
                shop.define(session, "everyone", "everyone")?;
                assert_eq!(members(&shop, session, "everyone")?, all);
                all.insert(shop.customer(session, "Ada")?);
                shop.advance(session, NOW)?;
                assert_eq!(members(&shop, session, "everyone")?, all);
                Ok::<_, SegmentationError>(())
            });
        });
    }
}

#[test]
fn packing_that_begins_again_ends_with_the_same_members() {
    for step in [1, 3, 4, 5] {
        on_each_database(&format!("again{step}"), |host| {
            host.commit(|session| pack_a_busy_shop(session, Some(step)));
        });
    }
}

/// Something happens after each step, and at one of them the packing begins again.
fn pack_a_busy_shop(session: &mut dyn Session, again: Option<usize>) -> Result<(), SegmentationError> {
    let (shop, mut all) = shop_of(session, 150)?;
    let packed: Vec<CustomerId> = all.iter().copied().collect();
    let nth = |number: usize| packed[number];
    let (mut buyers, mut steps) = (BTreeSet::new(), 0);
    while !shop.segments.advance(session, 64, NOW)?.is_complete {
        steps += 1;
        let buyer = nth(steps * 31 % 150);
        shop.orders(session, buyer, NOW)?;
        buyers.insert(buyer);
        if steps == 2 || steps == 4 {
            // Of the first block, and of the last.
            for erased in [nth(10 + steps), nth(150 - steps)] {
                session.execute(
                    "DELETE FROM ecrm_record_customer WHERE customer_id = $1",
                    &[erased.into()],
                )?;
                shop.segments.erase(session, erased)?;
            }
        }
        if steps == 3 {
            // The ids of others need not follow those that are packed.
            for id in [uuid::Uuid::from_u128(1), uuid::Uuid::max()] {
                let id = CustomerId::from_uuid(id);
                customers::insert(session, &Customer::new(id, NOW), &source(), NOW)?;
                all.insert(id);
            }
        }
        if again == Some(steps) {
            shop.segments.repack(session)?;
        }
    }
    assert!(steps >= 5, "{steps} steps");
    shop.define(session, "everyone", "everyone")?;
    shop.define(session, "buyers", "count(orders) >= 1")?;
    let erased = [12, 14, 146, 148].map(nth);
    let there: BTreeSet<_> = all.iter().filter(|id| !erased.contains(id)).copied().collect();
    assert_eq!(members(&shop, session, "everyone")?, there);
    assert_eq!(members(&shop, session, "buyers")?, buyers);
    let others = (there.len() - buyers.len()) as u64;
    let previewed = shop.segments.preview(session, &criteria("count(orders) = 0"), NOW)?;
    let combined = shop
        .segments
        .combine(session, &criteria("not in segment \"buyers\""), NOW)?;
    assert_eq!((previewed.count(), combined.count()), (others, others));
    Ok(())
}

/// A shop that sets up segments when so many customers are there.
fn shop_of(session: &mut dyn Session, many: usize) -> Result<(Shop, BTreeSet<CustomerId>), SegmentationError> {
    migrate(session, &[&MODULE], NOW)?;
    let shop = Shop {
        segments: Segmentation::new(),
        ids: SeededIds::new(1),
    };
    let mut all = BTreeSet::new();
    for _ in 0..many {
        let id = CustomerId::new(&shop.ids, NOW);
        customers::insert(session, &Customer::new(id, NOW), &source(), NOW)?;
        all.insert(id);
    }
    shop.segments.install(session, Zone::UTC, NOW)?;
    Ok((shop, all))
}

fn members(shop: &Shop, session: &mut dyn Session, segment: &str) -> Result<BTreeSet<CustomerId>, SegmentationError> {
    let page = shop.segments.members(session, &name(segment), None, 1_000, NOW)?;
    Ok(page.customers.into_iter().collect())
}
