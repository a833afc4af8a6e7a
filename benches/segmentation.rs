//! How fast each family of operators is: a segment of each over the same customers, in one pass, and for one customer after an event.
//!
//! `cargo bench --features segmentation --bench segmentation [CUSTOMERS]` prints a line for each: customers a second, and microseconds an
//! event. `benches/segmentation.sh` compares whole shops with other engines.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench talks to its user and may fail"
)]
#![allow(clippy::disallowed_methods, reason = "a bench measures")]
#![allow(clippy::cast_precision_loss, reason = "figures for reading")]

use std::hint::black_box;
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use ecrm::core::{
    Activity, ActivityId, Attribute, AttributeName, AttributeValue, Cart, CartFate, Channel, Consent, ConsentDecision,
    Contact, ContactData, Customer, CustomerId, Direction, Event, ExternalRef, Metric, Order, OrderId, OrderLine,
    PageView, Purpose, Quantity, SeededIds, Source, Subject, Visit,
};
use ecrm::segmentation::criteria::Name;
use ecrm::segmentation::{Catalogue, Facts, History, Zone};

/// A segment of each family.
const FAMILIES: [(&str, &str); 26] = [
    ("count", "count(orders) >= 3"),
    ("count in a rolling window", "count(visits in last 30 days) >= 3"),
    ("count in a calendar window", "count(orders in previous 3 months) >= 1"),
    ("count of a text", "count(lines where category = \"7\") >= 1"),
    (
        "count of a filter",
        "count(lines where quantity >= 2 and not category = \"3\") >= 2",
    ),
    ("sum", "sum(orders.amount in last 90 days) >= 100 EUR"),
    (
        "sum of a filter",
        "sum(lines.amount where category in (\"7\", \"8\")) >= 50 EUR",
    ),
    ("average", "average(orders.amount) >= 50 EUR"),
    (
        "minimum and maximum",
        "min(orders.amount) >= 10 EUR and max(orders.amount) < 500 EUR",
    ),
    ("distinct", "distinct(lines.category) >= 5"),
    (
        "first and last",
        "first(orders.channel) = \"web\" and last(orders.amount) >= 20 EUR",
    ),
    ("several values", "values(lines.category) has all of (\"3\", \"7\")"),
    ("days since", "days since last(orders) between 30 and 90"),
    ("stopped", "stopped(orders for 180 days)"),
    ("restarted", "restarted(orders after 90 days in last 60 days)"),
    ("regularly", "regularly(orders in 2 of 6 periods of 30 days)"),
    (
        "sequence",
        "sequence(visits then orders within 2 days without contacts in last 365 days)",
    ),
    ("profile", "profile.city in (\"Wien\", \"Graz\")"),
    (
        "text",
        "profile.email ends with \".example\" and profile.family_name contains \"er\"",
    ),
    ("pattern", "profile.email matches \"^[a-m].*@\""),
    (
        "attribute and anniversary",
        "attribute.birthday has anniversary in next 30 days",
    ),
    ("metric", "metric.rfm.recency > 3"),
    ("consent", "consent(marketing, email) = \"granted\""),
    ("reachable", "reachable(marketing, email) = true"),
    (
        "score",
        "score(10 if count(orders) >= 3, 5 if count(visits) >= 5, -3 if count(contacts) >= 2) >= 10",
    ),
    ("sample", "sample(10%, \"seed\")"),
];

const AT_ONCE: usize = 64;
const ROUNDS: usize = 5;

fn main() {
    let customers = std::env::args().skip(1).find_map(|argument| argument.parse().ok());
    let histories = Shop::default().histories(customers.unwrap_or(20_000));
    let blocks: Vec<(Vec<u8>, Vec<u8>)> = histories
        .chunks(AT_ONCE)
        .map(|some| Facts::of(some).to_bytes())
        .collect();
    println!(
        "{:28} {:>12} {:>14} {:>10}",
        "family", "customers/s", "us an event", "members"
    );
    for (family, criteria) in FAMILIES {
        let name = Name::new(family).unwrap();
        let catalogue = Catalogue::new(Zone::UTC, [(name.clone(), criteria.parse().unwrap())]).unwrap();
        let mut members = 0;
        let seconds = best(|| {
            members = 0;
            for (hot, cold) in &blocks {
                let facts = Facts::from_bytes_for(&catalogue, hot, Some(cold)).unwrap();
                members += catalogue.members(&facts, now())[&name].len();
            }
        });
        let some = &histories[..histories.len().min(2_000)];
        let event = best(|| {
            for history in some {
                black_box(catalogue.membership(&name, history, now()));
            }
        });
        let (speed, event) = (histories.len() as f64 / seconds, event / some.len() as f64 * 1e6);
        println!("{family:28} {speed:>12.0} {event:>14.2} {members:>10}");
    }
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_305_600, 0).unwrap()
}

fn best(mut work: impl FnMut()) -> f64 {
    let mut time = || {
        let started = Instant::now();
        work();
        started.elapsed().as_secs_f64()
    };
    (0..ROUNDS).map(|_| time()).fold(f64::INFINITY, f64::min)
}

/// Customers of all kinds, the same at every run.
struct Shop {
    ids: SeededIds,
    source: Source,
    state: u64,
}

impl Default for Shop {
    fn default() -> Self {
        Self {
            ids: SeededIds::new(1),
            source: Source::new("bench").unwrap(),
            state: 20_261_122,
        }
    }
}

impl Shop {
    fn histories(mut self, customers: usize) -> Vec<History> {
        (0..customers).map(|_| self.history()).collect()
    }

    /// A number below a bound (Marsaglia's xorshift).
    fn below(&mut self, bound: u64) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state % bound
    }

    fn one_of(&mut self, words: &[&'static str]) -> &'static str {
        words[usize::try_from(self.below(words.len() as u64)).unwrap()]
    }

    fn history(&mut self) -> History {
        let registered = self.some_time();
        let id = CustomerId::new(&self.ids, registered);
        let family = self.one_of(&["Huber", "Meyer", "Novak", "Rossi", "Smith"]);
        let mail = format!("{}{}@mail.example", family.to_lowercase(), self.below(1_000_000));
        let contact = ContactData::new()
            .with_name(ecrm::core::PersonName::new("Ada", family).unwrap())
            .with_email(mail.parse().unwrap());
        let city = self.one_of(&["Wien", "Graz", "Linz", "Bern"]);
        let address = ecrm::core::PostalAddress::new(&["Street 1"], city, "AT".parse().unwrap()).unwrap();
        let mut history = History::of(Customer::new(id, registered).with_contact(contact.with_address(address)));
        let day = (now() - TimeDelta::days(7_000 + self.below(15_000).cast_signed())).date_naive();
        let birthday = AttributeName::new("birthday").unwrap();
        let value = Some(AttributeValue::Date(day));
        history.attributes.push(Attribute::new(
            birthday,
            value,
            registered,
            registered,
            self.source.clone(),
        ));
        let subject = Subject::Customer(id).id();
        let decision = if self.below(2) == 0 {
            ConsentDecision::Granted
        } else {
            ConsentDecision::Denied
        };
        let (purpose, channel) = (Purpose::Marketing, Channel::Email);
        history.consents.push(Consent::new(
            subject,
            purpose,
            channel,
            decision,
            registered,
            self.source.clone(),
        ));
        let (name, score) = (AttributeName::new("rfm.recency").unwrap(), self.below(5) as f64 + 1.0);
        history
            .metrics
            .push(Metric::new(subject, name, score, "score", now()).unwrap());
        for _ in 0..self.below(11) {
            let (at, order) = self.order();
            history.activities.push(self.activity(id, at, Event::Order(order)));
        }
        for _ in 0..self.below(31) {
            let at = self.some_time();
            let visit = Visit::new(Channel::Web).with_page(PageView::new("/lamps".to_owned(), at));
            history.activities.push(self.activity(id, at, Event::Visit(visit)));
        }
        for _ in 0..self.below(3) {
            let (at, contact) = (self.some_time(), Contact::new(Channel::Email, Direction::Inbound));
            history.activities.push(self.activity(id, at, Event::Contact(contact)));
            let cart = Cart::new(ExternalRef::new("shop", "cart").unwrap(), Vec::new(), CartFate::Left);
            let at = self.some_time();
            history.activities.push(self.activity(id, at, Event::Cart(cart)));
        }
        history
    }

    fn some_time(&mut self) -> DateTime<Utc> {
        now() - TimeDelta::seconds(self.below(365 * 86_400).cast_signed() + 1)
    }

    fn order(&mut self) -> (DateTime<Utc>, Order) {
        let at = self.some_time();
        let lines = (0..=self.below(5)).map(|_| self.line()).collect();
        let number = ExternalRef::new("shop", &self.below(1_000_000_000).to_string()).unwrap();
        (
            at,
            Order::new(OrderId::new(&self.ids, at), number, at, Channel::Web, lines).unwrap(),
        )
    }

    fn line(&mut self) -> OrderLine {
        let (product, cents) = (self.below(5_000), 100 + self.below(9_900));
        let price = format!("{}.{:02} EUR", cents / 100, cents % 100).parse().unwrap();
        let pieces = Quantity::pieces(1 + i32::try_from(self.below(3)).unwrap());
        let line = OrderLine::product(&format!("P{product}"), &format!("Product {product}"), pieces, price).unwrap();
        line.with_category(&(product % 50 + 1).to_string()).unwrap()
    }

    fn activity(&mut self, customer: CustomerId, at: DateTime<Utc>, event: Event) -> Activity {
        Activity::new(
            ActivityId::new(&self.ids, at),
            customer,
            at,
            at,
            self.source.clone(),
            event,
        )
    }
}
