//! Why a customer is in a segment, until when, and who decided otherwise.
//!
//! ```sh
//! cargo run --example why_is_she_in_this_segment --features segmentation
//! ```
//!
//! Ada orders twice and comes into a segment. The tree of its criteria tells why, and until when; when that time has come she leaves, with
//! the instant and the reason. Then somebody puts her in by hand, and somebody else keeps her out. Everything is in memory, and every run
//! prints the same.

#![expect(clippy::print_stdout, reason = "an example talks to its user")]

use chrono::TimeDelta;
use ecrm::core::{
    Activity, ActivityId, Channel, Clock, Customer, CustomerId, Event, ExternalRef, FixedClock, Order, OrderId,
    OrderLine, Quantity, SeededIds, Source,
};
use ecrm::segmentation::criteria::Name;
use ecrm::segmentation::{Cause, Crossing, Segmentation, Zone};
use ecrm::sqlite::SqliteSession;
use ecrm::sqlite::rusqlite::{Connection, TransactionBehavior::Immediate};
use ecrm::store::{Session, activities, customers};

type Failure = Box<dyn std::error::Error>;

const CRITERIA: &str = "(sum(orders.amount in last 90 days) >= 200.00 EUR or attribute.club = true)
    and count(returns in last 60 days) = 0";

/// What the shop has beside its database.
struct Shop {
    segments: Segmentation,
    good: Name,
    clock: FixedClock,
    ids: SeededIds,
}

fn main() -> Result<(), Failure> {
    let mut database = Connection::open_in_memory()?; // in a shop: the database that it has
    let shop = Shop {
        segments: Segmentation::new(),
        good: Name::new("good customers")?,
        clock: FixedClock::at("2026-09-01T10:00:00Z".parse()?),
        ids: SeededIds::new(1),
    };
    let ada = commit(&mut database, |session| shop.set_up(session))?;
    for (days, amount) in [(0, "120.00 EUR"), (35, "95.00 EUR")] {
        shop.clock.advance(TimeDelta::days(days));
        let crossings = commit(&mut database, |session| shop.order(session, ada, amount))?;
        println!("{}: Ada orders for {amount}", shop.clock.now().date_naive());
        crossings.iter().for_each(tell);
    }
    println!("\nWhy is she in?");
    commit(&mut database, |session| shop.explain(session, ada))?;

    println!("\nWhat will time do?");
    commit(&mut database, |session| shop.wait_for_the_end(session, ada))?;
    println!("\nWhy is she out?");
    commit(&mut database, |session| shop.explain(session, ada))?;

    println!("\nSomebody knows better");
    commit(&mut database, |session| shop.decide_by_hand(session, ada))?;
    println!("\nAll that happened, the latest first");
    commit(&mut database, |session| {
        shop.segments.why(session, ada, &shop.good)?.iter().for_each(tell);
        Ok(())
    })
}

impl Shop {
    fn set_up(&self, session: &mut dyn Session) -> Result<CustomerId, Failure> {
        let now = self.clock.now();
        ecrm::migrate(session, now)?;
        self.segments.install(session, Zone::new("Europe/Vienna")?, now)?;
        while !self.segments.advance(session, 1_000, now)?.is_complete {}
        self.segments
            .define(session, [(self.good.clone(), CRITERIA.parse()?)], now)?;

        let ada = Customer::new(CustomerId::new(&self.ids, now), now);
        customers::insert(session, &ada, &Source::checkout(), now)?;
        self.segments.update(session, ada.id(), &[], now)?;
        Ok(ada.id())
    }

    fn order(&self, session: &mut dyn Session, customer: CustomerId, amount: &str) -> Result<Vec<Crossing>, Failure> {
        let now = self.clock.now();
        let (id, activity) = (OrderId::new(&self.ids, now), ActivityId::new(&self.ids, now));
        let line = OrderLine::product("LAMP-7", "Lamp Luna", Quantity::pieces(1), amount.parse()?)?;
        let number = ExternalRef::new("shop", &id.to_string())?;
        let order = Order::new(id, number, now, Channel::Web, vec![line])?;
        let activity = Activity::new(activity, customer, now, now, Source::checkout(), Event::Order(order));
        customers::hold(session, customer)?; // two orders of the same customer, one after the other
        activities::append(session, &activity)?;
        Ok(self.segments.update(session, customer, &[activity], now)?)
    }

    /// Each part of the criteria with its truth, what was found, and until when that holds by itself.
    fn explain(&self, session: &mut dyn Session, customer: CustomerId) -> Result<(), Failure> {
        let explanation = self.segments.explain(session, customer, &self.good, self.clock.now())?;
        print!("{explanation}");
        Ok(())
    }

    /// Lets time pass until she leaves, if nothing else happens.
    fn wait_for_the_end(&self, session: &mut dyn Session, customer: CustomerId) -> Result<(), Failure> {
        loop {
            let now = self.clock.now();
            let membership = self.segments.membership(session, customer, &self.good, now)?;
            let Some(until) = membership.until.filter(|_| membership.is_member) else {
                return Ok(());
            };
            println!("  at {} another answer is possible", until.format("%F %T%.6f UTC"));
            self.clock.advance(until - now);
            while !self.segments.advance(session, 1_000, until)?.is_complete {}
            let log = self.segments.why(session, customer, &self.good)?;
            log.iter().filter(|crossing| crossing.at > now).for_each(tell);
        }
    }

    /// What people decide wins over the criteria, in every version of them, until she is released.
    fn decide_by_hand(&self, session: &mut dyn Session, customer: CustomerId) -> Result<(), Failure> {
        let (segments, good, now) = (&self.segments, &self.good, self.clock.now());
        let (sales, accounts) = (Source::new("sales")?, Source::new("accounts")?);
        println!("Sales puts her in:");
        segments
            .include(session, good, customer, &sales, now)?
            .iter()
            .for_each(tell);
        println!("Accounts keeps her out, which wins:");
        segments
            .exclude(session, good, customer, &accounts, now)?
            .iter()
            .for_each(tell);
        let membership = segments.membership(session, customer, good, now)?;
        println!("  is she in? {}", membership.is_member);
        println!("Both let the criteria decide again:");
        segments.release(session, good, customer, now)?.iter().for_each(tell);
        let membership = segments.membership(session, customer, good, now)?;
        println!("  is she in? {}", membership.is_member);
        Ok(())
    }
}

/// When somebody came in or left, what made it so, and which criteria decided it.
fn tell(crossing: &Crossing) {
    let does = if crossing.is_member { "comes in" } else { "leaves" };
    let cause = match &crossing.reason.cause {
        Cause::Activities(_) => "by what she did",
        Cause::Definition => "by another definition",
        Cause::Time => "by time alone",
        _ => "by a change of the record",
    };
    println!("  she {does} at {}, {cause}", crossing.at.format("%F %T%.6f UTC"));
    for because in &crossing.reason.because {
        let found = match (&because.was, &because.is) {
            (None, None) => String::new(), // on a list or not: there is no value
            (was, is) => format!(
                ": found {}, before {}",
                is.as_deref().unwrap_or("nothing"),
                was.as_deref().unwrap_or("nothing")
            ),
        };
        println!("    {} is {}{found}", because.criterion, because.is_true);
    }
}

/// The host begins and commits; the library never does.
fn commit<T>(
    database: &mut Connection,
    work: impl FnOnce(&mut dyn Session) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let transaction = database.transaction_with_behavior(Immediate)?;
    let done = work(&mut SqliteSession::new(&transaction)?)?;
    transaction.commit()?;
    Ok(done)
}
