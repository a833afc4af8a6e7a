//! How fast documents are read into typed records and written: `cargo bench --bench xml -- FILE`, where FILE is what
//! `generate_xml.py` of the yardsticks makes. `benches/xml.sh` runs the yardsticks beside it and prints the ratios.

#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

use std::fs::File;
use std::time::Instant;

use ecrm_xml::{Element, Limits, Name, Reader, Record, XmlError};

const NS: &str = "urn:example:crm";

#[derive(Debug)]
struct Customer {
    id: u64,
    name: String,
    email: String,
    birthday: String,
    language: String,
    addresses: Vec<Address>,
    consents: Vec<Consent>,
    tags: Vec<String>,
    orders: Vec<Order>,
}

#[derive(Debug)]
struct Address {
    kind: String,
    street: String,
    city: String,
    postcode: String,
    country: String,
}

#[derive(Debug)]
struct Consent {
    channel: String,
    granted: bool,
    at: String,
}

#[derive(Debug)]
struct Order {
    id: u64,
    date: String,
    total: String,
    currency: String,
}

const fn name(local: &'static str) -> Name<'static> {
    Name::new(NS, local)
}

fn text(element: &Element<'_>, local: &'static str) -> Result<String, XmlError> {
    Ok(element.required(name(local))?.text().into_owned())
}

fn attribute(element: &Element<'_>, local: &'static str) -> Result<String, XmlError> {
    element
        .required_attribute(Name::local(local))
        .map(|value| value.into_owned())
}

fn list<'r, T>(
    element: &Element<'r>,
    local: &'static str,
    read: impl Fn(Element<'r>) -> Result<T, XmlError>,
) -> Result<Vec<T>, XmlError> {
    element.required(name(local))?.all(name("i")).map(read).collect()
}

fn customer(element: &Element<'_>) -> Result<Customer, XmlError> {
    Ok(Customer {
        id: element.check(attribute(element, "id")?.parse::<u64>())?,
        name: text(element, "name")?,
        email: text(element, "email")?,
        birthday: text(element, "birthday")?,
        language: text(element, "language")?,
        addresses: list(element, "addresses", |address| {
            Ok(Address {
                kind: attribute(&address, "type")?,
                street: text(&address, "street")?,
                city: text(&address, "city")?,
                postcode: text(&address, "postcode")?,
                country: text(&address, "country")?,
            })
        })?,
        consents: list(element, "consents", |consent| {
            Ok(Consent {
                channel: attribute(&consent, "channel")?,
                granted: consent.check(attribute(&consent, "granted")?.parse::<bool>())?,
                at: attribute(&consent, "at")?,
            })
        })?,
        tags: list(element, "tags", |tag| Ok(tag.text().into_owned()))?,
        orders: list(element, "orders", |order| {
            Ok(Order {
                id: order.check(attribute(&order, "id")?.parse::<u64>())?,
                date: attribute(&order, "date")?,
                total: attribute(&order, "total")?,
                currency: attribute(&order, "currency")?,
            })
        })?,
    })
}

/// Reads every customer, and makes sure that nothing was left over.
fn read(path: &str) -> (usize, usize) {
    let mut reader = Reader::new(File::open(path).unwrap(), Limits::default());
    let (mut record, mut customers, mut orders) = (Record::new(), 0, 0);
    while reader.next_record(&mut record).unwrap() {
        let read = customer(&record.element()).unwrap();
        assert!(record.leftovers().unwrap().is_empty());
        customers += 1;
        orders += read.orders.len();
        std::hint::black_box(read);
    }
    (customers, orders)
}

fn tokens(path: &str) -> usize {
    let mut reader = Reader::new(File::open(path).unwrap(), Limits::default());
    let (mut record, mut customers) = (Record::new(), 0);
    while reader.next_record(&mut record).unwrap() {
        customers += 1;
    }
    customers
}

#[expect(clippy::disallowed_methods, reason = "a bench measures")]
fn measure<T: std::fmt::Debug>(what: &str, bytes: u64, run: impl Fn() -> T) {
    let mut seconds: Vec<f64> = (0..3)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(run());
            start.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    let megabytes = bytes as f64 / 1e6;
    println!(
        "{what}\t{:.6}\t{:?}, {:.0} MB/s",
        seconds[1],
        run(),
        megabytes / seconds[1]
    );
}

fn main() {
    let Some(path) = std::env::args().skip(1).find(|argument| !argument.starts_with("--")) else {
        println!("name a file that generate_xml.py has made");
        return;
    };
    let bytes = std::fs::metadata(&path).unwrap().len();
    measure("ecrm/tokens", bytes, || tokens(&path));
    measure("ecrm/records", bytes, || read(&path));
}
