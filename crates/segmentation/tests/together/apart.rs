//! An order waits for nothing but an order of its own customer.

use chrono::TimeDelta;
use ecrm_core::CustomerId;
use ecrm_segmentation::SegmentationError;
use ecrm_segmentation::criteria::Name;
use ecrm_store::activities;

use crate::shop::{Shop, customers, order};

type Outcome = Result<(), SegmentationError>;

/// Two orders of different customers, each of which makes its customer a big one: the second is committed while the first is open.
fn two_orders_meanwhile(shop: &Shop, [ada, ben]: [CustomerId; 2]) {
    let first = shop.order(ada, 100, shop.pass(TimeDelta::minutes(10)));
    let second = shop.order(ben, 100, shop.pass(TimeDelta::minutes(10)));
    shop.meanwhile(|session| {
        let came_in = shop.check_out(session, &first)?;
        assert!(came_in.iter().any(|crossing| crossing.segment.as_str() == "big"));
        shop.meanwhile(|session| shop.check_out(session, &second));
        Ok(())
    });
    shop.remember([first, second]);
}

#[test]
fn two_orders_of_different_customers_do_not_wait_for_each_other() {
    let Some(shop) = Shop::on_postgres("two_orders") else {
        return;
    };
    let customers = customers(&shop);
    two_orders_meanwhile(&shop, customers);
    shop.check();
}

#[test]
fn nor_for_an_advance_that_is_busy_with_others() {
    let Some(shop) = Shop::on_postgres("advance") else {
        return;
    };
    // Of Cleo an order that nobody told of; for Dora and Emil the time comes, and what Emil ordered is to be folded.
    let [cleo, _dora, emil] = customers(&shop);
    order(&shop, emil, 5);
    let untold = shop.order(cleo, 200, shop.pass(TimeDelta::hours(6)));
    let customers = customers(&shop);
    shop.commit(|session| activities::append(session, &untold));
    shop.remember([untold]);
    let now = shop.pass(TimeDelta::hours(8));
    shop.commit(|session| {
        let advanced = shop.segments.advance(session, 1_000, now)?;
        assert!(advanced.crossings > 0 && advanced.is_complete, "{advanced:?}");
        two_orders_meanwhile(&shop, customers);
        Outcome::Ok(())
    });
    shop.check();
}

#[test]
fn nor_for_definitions_that_are_being_built() {
    let Some(shop) = Shop::on_postgres("define") else {
        return;
    };
    let (big, customers) = (Name::new("big").unwrap(), customers::<2>(&shop));
    let (other, same) = (
        "count(orders) >= 100",
        "sum(orders.amount in last 10 days) >= 150.00 EUR",
    );
    for criteria in [other, same] {
        shop.commit(|session| {
            let now = shop.now();
            shop.segments
                .define(session, [(big.clone(), criteria.parse().unwrap())], now)?;
            let orders = customers.map(|customer| shop.order(customer, 100, shop.pass(TimeDelta::minutes(10))));
            for order in &orders {
                shop.meanwhile(|session| shop.check_out(session, order));
            }
            shop.remember(orders);
            Outcome::Ok(())
        });
        shop.advance_wholly();
    }
    shop.check();
}
