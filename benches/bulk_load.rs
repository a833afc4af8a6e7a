//! How fast activities are loaded, against plain rusqlite for the same rows and indexes, each in one transaction.
//!
//! `cargo bench --bench bulk_load` prints both and their ratio; the two take turns, and medians are compared.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench talks to its user and may fail"
)]
#![allow(clippy::disallowed_methods, reason = "a bench measures")]
#![allow(clippy::cast_precision_loss, reason = "figures for reading")]

use std::time::Instant;

use chrono::{DateTime, TimeDelta};
use ecrm::core::{
    Activity, ActivityId, Channel, CustomerId, Event, ExternalRef, Id, Order, OrderId, OrderLine, Quantity, SeededIds,
    Source,
};
use ecrm::sqlite::SqliteSession;
use ecrm::sqlite::rusqlite::types::Value;
use ecrm::sqlite::rusqlite::{Connection, params_from_iter};
use ecrm::store::{ACTIVITY, activities, migrate};

const ORDERS: usize = 20_000;
const LINES: usize = 3;
const ROUNDS: usize = 7;

fn main() {
    let orders = orders();
    let rows = Rows::of(&orders);
    let (mut plain, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        plain.push(time(|connection| rows.insert(connection)));
        ours.push(time(|connection| load(connection, &orders)));
    }
    let count = (ORDERS * (LINES + 1)) as f64;
    let (plain, ours) = (count / median(plain), count / median(ours));
    println!("plain rusqlite: {plain:.0} rows/s");
    println!("ecrm:           {ours:.0} rows/s");
    println!("ratio:          {:.2} (at least 0.60 is asked for)", ours / plain);
}

/// Seconds that one transaction with all rows takes, on a new file.
fn time(insert: impl Fn(&Connection)) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = Connection::open(folder.path().join("bench.db")).unwrap();
    connection.pragma_update(None, "journal_mode", "WAL").unwrap();
    let transaction = connection.transaction().unwrap();
    migrate(
        &mut SqliteSession::new(&transaction).unwrap(),
        &[&ACTIVITY],
        DateTime::UNIX_EPOCH,
    )
    .unwrap();
    transaction.commit().unwrap();
    let start = Instant::now();
    let transaction = connection.transaction().unwrap();
    insert(&transaction);
    transaction.commit().unwrap();
    start.elapsed().as_secs_f64()
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

fn load(connection: &Connection, orders: &[Activity]) {
    let mut session = SqliteSession::new(connection).unwrap();
    for chunk in orders.chunks(500) {
        activities::append_all(&mut session, chunk).unwrap();
    }
}

/// Orders of 2,000 customers.
fn orders() -> Vec<Activity> {
    let ids = SeededIds::new(1);
    let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
    let customers: Vec<CustomerId> = (0..ORDERS / 10).map(|_| Id::new(&ids, now)).collect();
    (0..ORDERS)
        .map(|index| {
            let at = now + TimeDelta::minutes(i64::try_from(index).unwrap());
            let lines = (0..LINES)
                .map(|line| {
                    let sku = format!("SKU-{}", (index * 7 + line) % 997);
                    OrderLine::product(
                        &sku,
                        "A product with a name",
                        Quantity::pieces(2),
                        "14.50 EUR".parse().unwrap(),
                    )
                    .and_then(|line| line.with_category("lamps"))
                    .unwrap()
                })
                .collect();
            let number = ExternalRef::new("shop", &index.to_string()).unwrap();
            let order = Order::new(OrderId::new(&ids, at), number, at, Channel::Web, lines).unwrap();
            let id = ActivityId::new(&ids, at);
            Activity::new(
                id,
                customers[index % customers.len()],
                at,
                at,
                Source::checkout(),
                Event::Order(order),
            )
        })
        .collect()
}

/// The rows that the orders become, ready to be bound: what is compared is the way into the database alone.
struct Rows {
    events: Vec<Vec<Value>>,
    lines: Vec<Vec<Value>>,
}

impl Rows {
    /// Reads them back from a database that the orders were loaded into, so that they are the same rows.
    fn of(orders: &[Activity]) -> Self {
        let mut connection = Connection::open_in_memory().unwrap();
        let transaction = connection.transaction().unwrap();
        migrate(
            &mut SqliteSession::new(&transaction).unwrap(),
            &[&ACTIVITY],
            DateTime::UNIX_EPOCH,
        )
        .unwrap();
        load(&transaction, orders);
        // In the order in which they were written, which is that of their ids.
        Self {
            events: read(&transaction, "ecrm_activity_event", ""),
            lines: read(&transaction, "ecrm_activity_line", ", position"),
        }
    }

    fn insert(&self, connection: &Connection) {
        insert(connection, "ecrm_activity_event", &self.events);
        insert(connection, "ecrm_activity_line", &self.lines);
    }
}

fn read(connection: &Connection, table: &str, then_by: &str) -> Vec<Vec<Value>> {
    let mut statement = connection
        .prepare(&format!("SELECT * FROM {table} ORDER BY activity_id{then_by}"))
        .unwrap();
    let width = statement.column_count();
    let rows = statement
        .query_map([], |row| (0..width).map(|index| row.get(index)).collect())
        .unwrap();
    rows.map(Result::unwrap).collect()
}

fn insert(connection: &Connection, table: &str, rows: &[Vec<Value>]) {
    let parameters: Vec<String> = (1..=rows[0].len()).map(|number| format!("?{number}")).collect();
    let sql = format!("INSERT INTO {table} VALUES ({})", parameters.join(", "));
    let mut statement = connection.prepare(&sql).unwrap();
    for row in rows {
        statement.execute(params_from_iter(row)).unwrap();
    }
}
