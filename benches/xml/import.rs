//! A feed of customers and orders imported into SQLite, against plain rusqlite for the same rows, tables and indexes.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use ecrm::core::{
    Activity, ActivityId, Channel, ContactData, Customer, CustomerId, Event, ExternalRef, FixedClock, Identifier,
    Order, OrderId, OrderLine, PersonName, Quantity, SeededIds, Source,
};
use ecrm::sqlite::rusqlite::types::Value;
use ecrm::sqlite::rusqlite::{Connection, TransactionBehavior, params_from_iter};
use ecrm::sqlite::{SqliteSession, store_error};
use ecrm::store::{Session, StoreError, UnitOfWork};
use ecrm::xml::format::{AnyRecord, CustomerRecord, KnownIdentifier, RECORDS, VOCABULARY};
use ecrm::xml::{Limits, Writer};
use ecrm::xml_exchange::import::{CoreRecords, Feed, Import};

const CUSTOMERS: usize = 10_000;
const ROUNDS: usize = 3;
const BATCH: usize = 500;
const NOW: DateTime<Utc> = DateTime::from_timestamp(1_795_348_800, 0).unwrap();

pub(crate) fn compare() {
    let feed = feed();
    let (mut ours, mut plain) = (Vec::new(), Vec::new());
    let recorded = tempfile::tempdir().unwrap();
    let tables = rows_in_their_order(&feed, recorded.path());
    let rows: usize = tables.iter().map(|table| table.rows.len()).sum();
    for _ in 0..ROUNDS {
        let folder = tempfile::tempdir().unwrap();
        let mut host = Host::new(&folder.path().join("ours.db"));
        let start = Instant::now();
        import(&mut host, &feed);
        ours.push(start.elapsed().as_secs_f64());
        let mut raw = Host::new(&folder.path().join("plain.db"));
        let start = Instant::now();
        insert(&mut raw.0, &tables);
        plain.push(start.elapsed().as_secs_f64());
    }
    let median = |seconds: &mut Vec<f64>| {
        seconds.sort_by(f64::total_cmp);
        rows as f64 / seconds[seconds.len() / 2]
    };
    let (ours, plain) = (median(&mut ours), median(&mut plain));
    println!(
        "ecrm/import\t{ours:.0} rows/s from {:.1} MB of XML",
        feed.len() as f64 / 1e6
    );
    println!("rusqlite/insert\t{plain:.0} rows/s, the same {rows} rows");
    println!(
        "importing: {:.2} x the raw insert (at least 0.5 is asked for)",
        ours / plain
    );
}

struct Host(Connection);

impl Host {
    fn new(file: &Path) -> Self {
        let mut connection = Connection::open(file).unwrap();
        connection.pragma_update(None, "journal_mode", "WAL").unwrap();
        let transaction = connection.transaction().unwrap();
        ecrm::migrate(&mut SqliteSession::new(&transaction).unwrap(), NOW).unwrap();
        transaction.commit().unwrap();
        Self(connection)
    }
}

impl UnitOfWork for Host {
    fn run(&mut self, work: &mut dyn FnMut(&mut dyn Session) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let transaction = self
            .0
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(store_error)?;
        work(&mut SqliteSession::new(&transaction)?)?;
        transaction.commit().map_err(store_error)
    }
}

fn import(host: &mut Host, feed: &[u8]) {
    let (ids, source) = (SeededIds::new(9), Source::new("import").unwrap());
    let report = Import::new("bench")
        .in_batches_of(BATCH)
        .run(
            host,
            &mut Feed::new(feed, Limits::default()),
            &mut CoreRecords::new(&ids, &source, NOW),
            &FixedClock::at(NOW),
            &mut |_| ControlFlow::Continue(()),
        )
        .unwrap();
    assert_eq!((report.changed, report.bad.len()), (2 * CUSTOMERS as u64, 0));
}

/// The rows of a table.
struct Table {
    name: String,
    width: usize,
    rows: Vec<Vec<Value>>,
}

/// All rows that the import of a feed writes, in the order in which it writes them: a raw insert that is given them in the order of
/// the key would have an easier task.
fn rows_in_their_order(feed: &[u8], folder: &Path) -> Vec<Table> {
    let mut host = Host::new(&folder.join("recorded.db"));
    let names = names(
        &host.0,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'ecrm\\_%' ESCAPE '\\'
             AND name NOT IN ('ecrm_migration', 'ecrm_store_customer_table')",
    );
    for name in &names {
        let columns = names_of_columns(&host.0, name);
        let new: Vec<_> = columns.iter().map(|column| format!("new.{column}")).collect();
        let sql = format!(
            "CREATE TEMP TABLE written_{name} ({});
             CREATE TEMP TRIGGER record_{name} AFTER INSERT ON main.{name} BEGIN
                 INSERT INTO written_{name} VALUES ({}); END",
            columns.join(", "),
            new.join(", ")
        );
        host.0.execute_batch(&sql).unwrap();
    }
    import(&mut host, feed);
    let table = |name: String| {
        let mut select = host
            .0
            .prepare(&format!("SELECT * FROM written_{name} ORDER BY rowid"))
            .unwrap();
        let width = select.column_count();
        let row = |row: &ecrm::sqlite::rusqlite::Row<'_>| (0..width).map(|at| row.get(at)).collect();
        let rows = select.query_map([], row).unwrap().map(Result::unwrap).collect();
        Table { name, width, rows }
    };
    names.into_iter().map(table).collect()
}

fn names_of_columns(connection: &Connection, table: &str) -> Vec<String> {
    names(
        connection,
        &format!("SELECT name FROM pragma_table_info('{table}') ORDER BY cid"),
    )
}

fn names(connection: &Connection, sql: &str) -> Vec<String> {
    let mut names = connection.prepare(sql).unwrap();
    names
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

/// As many transactions as the import makes.
fn insert(connection: &mut Connection, tables: &[Table]) {
    let batches = 2 * CUSTOMERS / BATCH;
    for batch in 0..batches {
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .unwrap();
        for table in tables {
            let marks = vec!["?"; table.width].join(", ");
            let mut statement = transaction
                .prepare_cached(&format!("INSERT INTO {} VALUES ({marks})", table.name))
                .unwrap();
            let share = |part: usize| table.rows.len() * part / batches;
            for row in &table.rows[share(batch)..share(batch + 1)] {
                statement.execute(params_from_iter(row)).unwrap();
            }
        }
        transaction.commit().unwrap();
    }
}

/// Customers, each with an order of three lines.
fn feed() -> Vec<u8> {
    let ids = SeededIds::new(1);
    let mut writer = Writer::new(&VOCABULARY);
    writer.within(RECORDS, |writer| {
        for number in 0..CUSTOMERS {
            let at = NOW - TimeDelta::minutes(i64::try_from(number).unwrap());
            let email = format!("c{number}@example.org").parse().unwrap();
            let contact = ContactData::new()
                .with_name(PersonName::new("Zoë", "Müller").unwrap())
                .with_email(format!("c{number}@example.org").parse().unwrap());
            let customer = Customer::new(CustomerId::new(&ids, at), at).with_contact(contact);
            let record =
                CustomerRecord::new(customer.clone()).with_identifier(KnownIdentifier::new(Identifier::Email(email)));
            AnyRecord::Customer(record).write(writer);
            let line = |sku: &str| {
                OrderLine::product(
                    sku,
                    "A lamp with a name",
                    Quantity::pieces(2),
                    "14.50 EUR".parse().unwrap(),
                )
                .unwrap()
            };
            let number = ExternalRef::new("shop", &number.to_string()).unwrap();
            let lines = ["LAMP-1", "LAMP-2", "BULB-3"].map(line).to_vec();
            let order = Order::new(OrderId::new(&ids, at), number, at, Channel::Web, lines).unwrap();
            let id = ActivityId::new(&ids, at);
            let activity = Activity::new(id, customer.id(), at, at, Source::checkout(), Event::Order(order));
            AnyRecord::Activity(activity).write(writer);
        }
    });
    writer.finish().unwrap()
}
