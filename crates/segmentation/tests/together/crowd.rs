//! Many at once about the same few customers.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::thread;

use chrono::TimeDelta;
use ecrm_core::{Activity, CustomerId};
use ecrm_segmentation::SegmentationError;
use ecrm_segmentation::criteria::Name;
use ecrm_store::activities;

use crate::shop::{Shop, customers, definitions, order, until_somebody_waits};

const CUSTOMERS: u32 = 3;
const WRITERS: u32 = 6;
const ROUNDS: u32 = 40;

/// What a host does before it stores an order.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manners {
    /// Locks the customer, always.
    Hold,
    /// Does not, sometimes; then the database may refuse one of two that come into each other's way, and the host repeats it.
    Forget,
}

#[test]
fn of_many_orders_at_once_none_is_missed_and_none_has_to_be_repeated() {
    if let Some(shop) = Shop::on_postgres("crowd") {
        crowd(&shop, Manners::Hold);
        assert_eq!(shop.repeated(), 0, "who locks the customer first is in nobody's way");
    }
}

#[test]
fn nor_is_one_missed_of_hosts_that_forget_to_lock_the_customer_and_repeat_what_collides() {
    if let Some(shop) = Shop::on_postgres("rude_crowd") {
        crowd(&shop, Manners::Forget);
    }
}

#[test]
fn nor_on_a_file_with_one_writer_at_a_time() {
    crowd(&Shop::on_file(), Manners::Forget);
}

#[test]
fn an_order_that_waits_for_its_customer_to_be_folded_counts_once() {
    let Some(shop) = Shop::on_postgres("folded") else {
        return;
    };
    let [ada] = customers(&shop);
    order(&shop, ada, 10);
    let [first, second] = [(); 2].map(|()| shop.order(ada, 20, shop.pass(TimeDelta::minutes(10))));
    thread::scope(|scope| {
        let waiting = shop.commit(|session| {
            shop.segments.advance(session, 1_000, shop.now())?;
            let waiting = scope.spawn(|| shop.commit(|session| shop.check_out(session, &first)));
            until_somebody_waits(session, &waiting);
            Ok::<_, SegmentationError>(waiting)
        });
        waiting.join().unwrap();
    });
    shop.commit(|session| shop.check_out(session, &second));
    shop.remember([first, second]);
    shop.check();
}

fn crowd(shop: &Shop, manners: Manners) {
    let customers = [(); CUSTOMERS as usize].map(|()| shop.register());
    let writing = AtomicU32::new(WRITERS);
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (customers, writing) = (&customers, &writing);
            scope.spawn(move || {
                let _done = Done(writing);
                for round in 0..ROUNDS {
                    happen(
                        shop,
                        manners,
                        customers[((writer + round) % CUSTOMERS) as usize],
                        writer * ROUNDS + round,
                    );
                }
            });
        }
        let redefining = &writing;
        scope.spawn(move || {
            while redefining.load(SeqCst) > 0 {
                define(shop);
            }
        });
        for limit in [1, 2] {
            let writing = &writing;
            scope.spawn(move || {
                while writing.load(SeqCst) > 0 {
                    shop.insist(&mut |session| shop.segments.advance(session, limit, shop.now()));
                }
            });
        }
    });
    shop.check();
}

fn define(shop: &Shop) {
    let big = Name::new("big").unwrap();
    let criteria = definitions().find(|(name, _)| *name == big).unwrap().1;
    for criteria in ["count(orders) >= 20".parse().unwrap(), criteria] {
        shop.insist(&mut |session| {
            shop.segments
                .define(session, [(big.clone(), criteria.clone())], shop.now())
        });
    }
}

/// One transaction of a host, in one of the ways that hosts have.
fn happen(shop: &Shop, manners: Manners, customer: CustomerId, number: u32) {
    let now = shop.pass(TimeDelta::minutes(11));
    let late = now - TimeDelta::hours(5); // when something happened that is only stored now
    let times = match number % 6 {
        0 => Vec::new(),
        1 => vec![late],
        2 => vec![now, late],
        _ => vec![now],
    };
    let orders: Vec<Activity> = times
        .into_iter()
        .map(|at| shop.order(customer, 5 + number % 40, at))
        .collect();
    let is_held = number % 6 != 4 || manners == Manners::Hold;
    shop.insist(&mut |session| {
        if is_held {
            ecrm_store::customers::hold(session, customer)?;
        }
        match number % 6 {
            3 => activities::append_all(session, &orders)?, // and the segments are not told: that is left to `advance`
            5 => drop(shop.segments.append(session, &orders, now)?),
            _ => {
                activities::append_all(session, &orders)?;
                shop.segments.update(session, customer, &orders, now)?;
            }
        }
        Ok(())
    });
    shop.remember(orders);
}

/// One writer fewer, also where it panics: or the others would wait for ever.
struct Done<'w>(&'w AtomicU32);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}
