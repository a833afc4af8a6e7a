//! Segments that are exact in the transaction of the order itself.
//!
//! ```sh
//! cargo run --example segment_big_spenders --features segmentation
//! ```
//!
//! A shop defines its segments and takes orders; who comes in or leaves is told at once, with the reason. Then time passes, somebody tries
//! new criteria, and a definition is edited. Everything is in memory, and every run prints the same.

#![expect(clippy::print_stdout, reason = "an example talks to its user")]

use std::collections::BTreeMap;

use chrono::TimeDelta;
use ecrm::core::{
    Activity, ActivityId, Channel, Clock, Customer, CustomerId, Event, ExternalRef, FixedClock, Money, Order, OrderId,
    OrderLine, Quantity, SeededIds, Source,
};
use ecrm::segmentation::criteria::{Field, Name, Span, Window, orders};
use ecrm::segmentation::{Change, Criteria, Crossing, LogCursor, Segmentation, Zone};
use ecrm::sqlite::SqliteSession;
use ecrm::sqlite::rusqlite::{Connection, TransactionBehavior::Immediate};
use ecrm::store::customers;

type Failure = Box<dyn std::error::Error>;

/// The days that pass before an order, its customer and amount.
const ORDERS: [(i64, &str, &str); 8] = [
    (0, "Ada", "120.00 EUR"),
    (0, "Ben", "250.00 EUR"),
    (14, "Ada", "95.00 EUR"),
    (0, "Cleo", "40.00 EUR"),
    (16, "Cleo", "60.00 EUR"),
    (0, "Dora", "310.00 EUR"),
    (19, "Cleo", "80.00 EUR"),
    (21, "Emil", "15.00 EUR"),
];

/// A shop with a database, in which it begins and commits; the library never does.
struct Shop {
    database: Connection,
    segments: Segmentation,
    clock: FixedClock,
    ids: SeededIds,
    customers: Customers,
}

struct Customers(BTreeMap<CustomerId, &'static str>);

fn main() -> Result<(), Failure> {
    let mut shop = Shop {
        database: Connection::open_in_memory()?, // in a shop: the database that it has
        segments: Segmentation::new(),
        clock: FixedClock::at("2026-09-01T10:00:00Z".parse()?),
        ids: SeededIds::new(1),
        customers: Customers(BTreeMap::new()),
    };
    shop.set_up()?;
    for name in ["Ada", "Ben", "Cleo", "Dora", "Emil"] {
        shop.register(name)?;
    }
    for (days, name, amount) in ORDERS {
        shop.clock.advance(TimeDelta::days(days));
        let crossings = shop.order(name, amount)?;
        println!("\n{}: {name} orders for {amount}", shop.clock.now().date_naive());
        crossings.iter().for_each(|crossing| shop.customers.tell(crossing));
    }
    shop.let_time_pass(TimeDelta::days(35))?;
    shop.ask()?;
    shop.edit()
}

impl Shop {
    /// Once: the tables, the zone in which days begin, and the segments. Criteria are built in Rust or read from text, both the same tree.
    fn set_up(&mut self) -> Result<(), Failure> {
        let now = self.clock.now();
        let transaction = self.database.transaction_with_behavior(Immediate)?;
        let session = &mut SqliteSession::new(&transaction)?;
        ecrm::migrate(session, now)?;
        self.segments.install(session, Zone::new("Europe/Vienna")?, now)?;
        while !self.segments.advance(session, 1_000, now)?.is_complete {}

        let spent = orders().during(Window::Last(Span::days(90))).sum(Field::Amount);
        let big = spent.at_least("200.00 EUR".parse::<Money>()?);
        let segments = [
            (Name::new("big spenders")?, big),
            (Name::new("new this month")?, "first(orders.at) in this month".parse()?),
            (Name::new("regulars")?, "count(orders in last 180 days) >= 3".parse()?),
            (Name::new("gone quiet")?, "stopped(orders for 45 days)".parse()?),
        ];
        for (name, criteria) in &segments {
            println!("{name}: {criteria}");
        }
        self.segments.define(session, segments, now)?;
        Ok(transaction.commit()?)
    }

    fn register(&mut self, name: &'static str) -> Result<(), Failure> {
        let now = self.clock.now();
        let transaction = self.database.transaction_with_behavior(Immediate)?;
        let session = &mut SqliteSession::new(&transaction)?;
        let customer = Customer::new(CustomerId::new(&self.ids, now), now);
        customers::insert(session, &customer, &Source::checkout(), now)?;
        self.segments.update(session, customer.id(), &[], now)?;
        transaction.commit()?;
        self.customers.0.insert(customer.id(), name);
        Ok(())
    }

    /// One transaction: what the shop writes of its own, the order, and what the order does to the segments of its customer.
    fn order(&mut self, name: &str, amount: &str) -> Result<Vec<Crossing>, Failure> {
        let (now, customer) = (self.clock.now(), self.customers.find(name)?);
        let (id, activity) = (OrderId::new(&self.ids, now), ActivityId::new(&self.ids, now));
        let line = OrderLine::product("LAMP-7", "Lamp Luna", Quantity::pieces(1), amount.parse()?)?;
        let number = ExternalRef::new("shop", &id.to_string())?;
        let order = Order::new(id, number, now, Channel::Web, vec![line])?;
        let activity = Activity::new(activity, customer, now, now, Source::checkout(), Event::Order(order));

        let transaction = self.database.transaction_with_behavior(Immediate)?;
        let session = &mut SqliteSession::new(&transaction)?;
        let crossings = self.segments.append(session, &[activity], now)?;
        transaction.commit()?;
        Ok(crossings)
    }

    /// Time alone brings customers in and out. A campaign that keeps its place in the log misses nothing and sees nothing twice.
    fn let_time_pass(&mut self, by: TimeDelta) -> Result<(), Failure> {
        let place = self.advance()?;
        self.clock.advance(by);
        self.advance()?;
        println!(
            "\n{}: what time alone has done to the big spenders",
            self.clock.now().date_naive()
        );
        let transaction = self.database.transaction()?;
        let session = &mut SqliteSession::new(&transaction)?;
        let big = Name::new("big spenders")?;
        for change in self.segments.changes(session, &big, place, 100)?.changes {
            if let Change::Crossing(crossing) = change {
                self.customers.tell(&crossing);
            }
        }
        Ok(())
    }

    /// In a shop: from a timer, each call in a transaction of its own, so that no order has to wait for all of it. Tells where the log
    /// ends.
    fn advance(&mut self) -> Result<LogCursor, Failure> {
        loop {
            let transaction = self.database.transaction_with_behavior(Immediate)?;
            let session = &mut SqliteSession::new(&transaction)?;
            let advanced = self.segments.advance(session, 1_000, self.clock.now())?;
            let end = self.segments.latest(session)?;
            transaction.commit()?;
            if advanced.is_complete {
                return Ok(end);
            }
        }
    }

    fn ask(&mut self) -> Result<(), Failure> {
        let (now, segments) = (self.clock.now(), &self.segments);
        let transaction = self.database.transaction()?;
        let session = &mut SqliteSession::new(&transaction)?;
        let (regulars, quiet) = (Name::new("regulars")?, Name::new("gone quiet")?);
        println!("\n{regulars}: {}", segments.count(session, &regulars, now)?);
        let mut after = None;
        loop {
            let page = segments.members(session, &quiet, after, 3, now)?;
            println!("{quiet}, a page: {}", self.customers.names(&page.customers));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let overlap = segments.overlap(session, &[regulars, quiet], now)?;
        println!("both of them: {}", overlap[0][1]);

        let criteria: Criteria = "average(orders.amount) >= 100.00 EUR and not in segment \"big spenders\"".parse()?;
        let found = segments.preview(session, &criteria, now)?;
        let who = self.customers.names(&found.page(session, None, 10)?.customers);
        println!("{criteria} would be {}: {who}", found.count());
        Ok(())
    }

    /// A new version takes the place of the old one, and tells what that did.
    fn edit(&mut self) -> Result<(), Failure> {
        let transaction = self.database.transaction_with_behavior(Immediate)?;
        let session = &mut SqliteSession::new(&transaction)?;
        let (big, segments) = (Name::new("big spenders")?, &self.segments);
        let criteria: Criteria = "sum(orders.amount in last 120 days) >= 200.00 EUR".parse()?;
        println!("\nbig spenders are from now on: {criteria}");
        for defined in segments.define(session, [(big, criteria)], self.clock.now())? {
            let difference = segments.difference(session, &defined.segment, defined.version)?;
            let entered = difference.entered.page(session, None, 10)?;
            println!("version {} has {} members", defined.version, defined.members);
            println!("came in by it: {}", self.customers.names(&entered.customers));
            println!("left by it: {}", defined.left);
        }
        Ok(transaction.commit()?)
    }
}

impl Customers {
    /// Who came in or left, and the criteria that decided it.
    fn tell(&self, crossing: &Crossing) {
        let does = if crossing.is_member { "comes into" } else { "leaves" };
        let (who, segment) = (self.names(&[crossing.customer]), &crossing.segment);
        println!("  {who} {does} {segment} on {}", crossing.at.format("%F at %R UTC"));
        for because in &crossing.reason.because {
            let [was, is] = [&because.was, &because.is].map(|value| value.as_deref().unwrap_or("nothing"));
            println!("    {}: was {was}, is {is}", because.criterion);
        }
    }

    fn find(&self, name: &str) -> Result<CustomerId, Failure> {
        let found = self.0.iter().find(|(_, known)| **known == name);
        Ok(*found.ok_or("register the customer first")?.0)
    }

    fn names(&self, ids: &[CustomerId]) -> String {
        let names: Vec<&str> = ids.iter().filter_map(|id| self.0.get(id).copied()).collect();
        names.join(", ")
    }
}
