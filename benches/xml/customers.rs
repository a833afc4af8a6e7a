//! The customers of the yardsticks, every field taken, nothing left over.

use std::borrow::Cow;
use std::fs::File;

use ecrm::xml::{Element, Limits, Name, Reader, Record, XmlError};

const NS: &str = "urn:example:crm";

/// A customer whose texts stand in the record: nothing is copied but what had to be decoded.
#[derive(Debug)]
#[expect(dead_code, reason = "what is measured is that they are filled")]
struct Customer<'r> {
    id: u64,
    name: Cow<'r, str>,
    email: Cow<'r, str>,
    birthday: Cow<'r, str>,
    language: Cow<'r, str>,
    addresses: Vec<Address<'r>>,
    consents: Vec<Consent<'r>>,
    tags: Vec<Cow<'r, str>>,
    orders: Vec<Order<'r>>,
}

#[derive(Debug)]
struct Address<'r> {
    kind: Cow<'r, str>,
    street: Cow<'r, str>,
    city: Cow<'r, str>,
    postcode: Cow<'r, str>,
    country: Cow<'r, str>,
}

#[derive(Debug)]
#[expect(dead_code, reason = "what is measured is that they are filled")]
struct Consent<'r> {
    channel: Cow<'r, str>,
    granted: bool,
    at: Cow<'r, str>,
}

#[derive(Debug)]
#[expect(dead_code, reason = "what is measured is that they are filled")]
struct Order<'r> {
    id: u64,
    date: Cow<'r, str>,
    total: Cow<'r, str>,
    currency: Cow<'r, str>,
}

impl Customer<'_> {
    /// All texts copied, as a record that outlives its source needs them.
    fn copy_texts(&self) -> Vec<String> {
        let addresses = self
            .addresses
            .iter()
            .flat_map(|a| [&a.kind, &a.street, &a.city, &a.postcode, &a.country]);
        let consents = self.consents.iter().flat_map(|consent| [&consent.channel, &consent.at]);
        let orders = self
            .orders
            .iter()
            .flat_map(|order| [&order.date, &order.total, &order.currency]);
        let own = [&self.name, &self.email, &self.birthday, &self.language];
        own.into_iter()
            .chain(addresses)
            .chain(consents)
            .chain(orders)
            .chain(&self.tags)
            .map(|text| text.clone().into_owned())
            .collect()
    }
}

const fn name(local: &'static str) -> Name<'static> {
    Name::new(NS, local)
}

fn text<'r>(element: &Element<'r>, local: &'static str) -> Result<Cow<'r, str>, XmlError> {
    Ok(element.required(name(local))?.text())
}

fn attribute<'r>(element: &Element<'r>, local: &'static str) -> Result<Cow<'r, str>, XmlError> {
    element.required_attribute(Name::local(local))
}

fn list<'r, T>(
    element: &Element<'r>,
    local: &'static str,
    read: impl Fn(Element<'r>) -> Result<T, XmlError>,
) -> Result<Vec<T>, XmlError> {
    element.required(name(local))?.all(name("i")).map(read).collect()
}

fn customer<'r>(element: &Element<'r>) -> Result<Customer<'r>, XmlError> {
    Ok(Customer {
        id: element.check(attribute(element, "id")?.parse())?,
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
                granted: consent.check(attribute(&consent, "granted")?.parse())?,
                at: attribute(&consent, "at")?,
            })
        })?,
        tags: list(element, "tags", |tag| Ok(tag.text()))?,
        orders: list(element, "orders", |order| {
            Ok(Order {
                id: order.check(attribute(&order, "id")?.parse())?,
                date: attribute(&order, "date")?,
                total: attribute(&order, "total")?,
                currency: attribute(&order, "currency")?,
            })
        })?,
    })
}

pub(crate) fn read_borrowed(path: &str) -> String {
    read(path, |customer| {
        std::hint::black_box(customer);
    })
}

pub(crate) fn read_owned(path: &str) -> String {
    read(path, |customer| {
        std::hint::black_box(customer.copy_texts());
    })
}

fn read(path: &str, take: impl Fn(&Customer<'_>)) -> String {
    let mut reader = Reader::new(File::open(path).unwrap(), Limits::default());
    let (mut record, mut customers, mut orders) = (Record::new(), 0, 0);
    while reader.next_record(&mut record).unwrap() {
        let read = customer(&record.element()).unwrap();
        assert!(record.leftovers().unwrap().is_empty(), "every field is taken");
        customers += 1;
        orders += read.orders.len();
        take(&read);
    }
    format!("{customers} customers, {orders} orders")
}
