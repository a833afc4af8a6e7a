//! A shop that many threads use at once, each over connections of its own.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::SeqCst};
use std::thread;

use chrono::{DateTime, TimeDelta, Utc};
use ecrm_core::{
    Activity, ActivityId, Channel, Customer, CustomerId, Event, ExternalRef, Order, OrderId, OrderLine, Quantity,
    SeededIds, Source,
};
use ecrm_segmentation::criteria::Name;
use ecrm_segmentation::{Criteria, Crossing, History, MODULE, Segmentation, SegmentationError, Zone};
use ecrm_store::{Session, SessionExt, StoreError, UnitOfWork, activities, customers, migrate};
use ecrm_testkit::PostgresCluster;
use ecrm_testkit::hosts::Host;
use tempfile::TempDir;

/// Segments that events, time alone and other segments move.
const SEGMENTS: [(&str, &str); 7] = [
    ("ordered", "count(orders) >= 1"),
    ("big", "sum(orders.amount in last 10 days) >= 150.00 EUR"),
    ("busy", "count(orders in last 1 day) >= 3"),
    ("quiet", "stopped(orders for 12 hours)"),
    ("regular", "regularly(orders in 3 of 4 periods of 1 day)"),
    ("this week", "count(orders in this week) >= 5"),
    ("big and idle", "in segment \"big\" and not in segment \"busy\""),
];

/// The shop, its clock, and what it has committed.
pub struct Shop {
    place: Place,
    pub segments: Segmentation,
    ids: SeededIds,
    clock: AtomicI64,
    repeated: AtomicU64,
    pub histories: Mutex<BTreeMap<CustomerId, History>>,
}

enum Place {
    File(PathBuf, #[expect(dead_code, reason = "removed with the shop")] TempDir),
    Postgres(String),
}

/// What is done in one transaction.
pub type Work<'w, T> = &'w mut dyn FnMut(&mut dyn Session) -> Result<T, SegmentationError>;

impl Shop {
    /// In a new SQLite file.
    pub fn on_file() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::open(Place::File(folder.path().join("shop.db"), folder))
    }

    /// In a new PostgreSQL database; where PostgreSQL is missing one line says so.
    pub fn on_postgres(name: &str) -> Option<Self> {
        let database = PostgresCluster::shared()?.fresh_database(name).unwrap();
        Some(Self::open(Place::Postgres(database.connection_string())))
    }

    fn open(place: Place) -> Self {
        let begin: DateTime<Utc> = "2026-11-02T08:00:00Z".parse().unwrap();
        let shop = Self {
            place,
            segments: Segmentation::new(),
            ids: SeededIds::new(7),
            clock: AtomicI64::new(begin.timestamp_micros()),
            repeated: AtomicU64::new(0),
            histories: Mutex::default(),
        };
        shop.commit(|session| {
            migrate(session, &[&MODULE], begin)?;
            shop.segments.install(session, Zone::UTC, begin)
        });
        shop.advance_wholly();
        shop.commit(|session| shop.segments.define(session, definitions(), begin));
        shop
    }

    pub fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.clock.load(SeqCst)).unwrap()
    }

    /// Lets time pass, and tells the instant to which it came: no two callers get the same.
    pub fn pass(&self, by: TimeDelta) -> DateTime<Utc> {
        let by = by.num_microseconds().unwrap();
        DateTime::from_timestamp_micros(self.clock.fetch_add(by, SeqCst) + by).unwrap()
    }

    fn host(&self) -> Host {
        match &self.place {
            Place::File(path, _) => Host::on_file(path),
            Place::Postgres(address) => Host::on_postgres(address),
        }
    }

    /// A transaction over a connection of its own.
    pub fn commit<T, E: std::fmt::Debug>(&self, work: impl FnOnce(&mut dyn Session) -> Result<T, E>) -> T {
        self.host().commit(work)
    }

    /// A transaction that another thread makes while the caller's is open; it fails where it has to wait for a lock.
    pub fn meanwhile<T: Send>(&self, work: impl FnOnce(&mut dyn Session) -> Result<T, SegmentationError> + Send) -> T {
        let transaction = || {
            self.commit(|session| {
                session.execute("SET LOCAL lock_timeout = '2s'", &[])?;
                work(session)
            })
        };
        thread::scope(|scope| scope.spawn(transaction).join()).expect("nothing to wait for")
    }

    /// A transaction that is repeated where the database says that two came into each other's way.
    pub fn insist<T>(&self, work: Work<'_, T>) -> T {
        loop {
            let mut done = None;
            let ended = self.host().run(&mut |session| {
                done = Some(work(session).map_err(store_error)?);
                Ok(())
            });
            match ended {
                Ok(()) => return done.unwrap(),
                Err(error) if error.should_retry_transaction() => {
                    self.repeated.fetch_add(1, SeqCst);
                }
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// How often a transaction had to be repeated.
    pub fn repeated(&self) -> u64 {
        self.repeated.load(SeqCst)
    }

    /// A customer who is known to the segments, and in their shared sets.
    pub fn register(&self) -> CustomerId {
        let now = self.now();
        let customer = Customer::new(CustomerId::new(&self.ids, now), now);
        self.commit(|session| {
            customers::insert(session, &customer, &source(), now)?;
            self.segments.update(session, customer.id(), &[], now)
        });
        let id = customer.id();
        self.histories.lock().unwrap().insert(id, History::of(customer));
        self.advance_wholly();
        id
    }

    /// An order, ready to be stored.
    pub fn order(&self, customer: CustomerId, euros: u32, at: DateTime<Utc>) -> Activity {
        let id = OrderId::new(&self.ids, at);
        let price = format!("{euros}.00 EUR").parse().unwrap();
        let line = OrderLine::product("LAMP-7", "Lamp", Quantity::pieces(1), price).unwrap();
        let number = ExternalRef::new("shop", &id.to_string()).unwrap();
        let order = Order::new(id, number, at, Channel::Web, vec![line]).unwrap();
        Activity::new(
            ActivityId::new(&self.ids, at),
            customer,
            at,
            at,
            source(),
            Event::Order(order),
        )
    }

    /// A checkout: locks the customer, stores the order, and tells the segments.
    pub fn check_out(&self, session: &mut dyn Session, order: &Activity) -> Result<Vec<Crossing>, SegmentationError> {
        let customer = order.subject().customer().unwrap();
        customers::hold(session, customer)?;
        activities::append(session, order)?;
        self.segments
            .update(session, customer, std::slice::from_ref(order), order.recorded_at())
    }

    /// What was committed.
    pub fn remember(&self, orders: impl IntoIterator<Item = Activity>) {
        let mut histories = self.histories.lock().unwrap();
        for order in orders {
            let customer = order.subject().customer().unwrap();
            histories.get_mut(&customer).unwrap().activities.push(order);
        }
    }

    pub fn advance_wholly(&self) {
        while !self
            .commit(|session| self.segments.advance(session, 2, self.now()))
            .is_complete
        {}
    }
}

/// Customers who have ordered, so that they are in the same segments.
pub fn customers<const N: usize>(shop: &Shop) -> [CustomerId; N] {
    let customers = [(); N].map(|()| shop.register());
    for customer in customers {
        order(shop, customer, 60);
    }
    shop.advance_wholly();
    customers
}

/// An order, from its first line to its commit.
pub fn order(shop: &Shop, customer: CustomerId, euros: u32) {
    let order = shop.order(customer, euros, shop.pass(TimeDelta::minutes(10)));
    shop.commit(|session| shop.check_out(session, &order));
    shop.remember([order]);
}

/// Whether tests define it anew.
pub fn is_redefined(segment: &Name) -> bool {
    segment.as_str().starts_with("big")
}

pub fn definitions() -> impl Iterator<Item = (Name, Criteria)> {
    SEGMENTS
        .iter()
        .map(|(name, criteria)| (Name::new(name).unwrap(), criteria.parse().unwrap()))
}

fn source() -> Source {
    Source::new("tests").unwrap()
}

fn store_error(error: SegmentationError) -> StoreError {
    match error {
        SegmentationError::Store(error) => error,
        other => panic!("{other}"),
    }
}

/// Waits until a transaction waits for a lock, or a thread is done.
pub fn until_somebody_waits<T>(session: &mut dyn Session, other: &thread::ScopedJoinHandle<'_, T>) {
    let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted";
    while !other.is_finished() && session.query_value::<i64>(waiting, &[]).unwrap() == 0 {
        thread::yield_now();
    }
}
