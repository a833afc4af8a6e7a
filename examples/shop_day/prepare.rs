//! From an invoice to an order or a cancellation that can be written, with the lines that cannot be.

use chrono::{DateTime, Utc};
use ecrm::checkout::Buyer;
use ecrm::core::{
    Channel, ContactData, EmailAddress, ExternalRef, GuestId, Identifier, Locale, Order, OrderId, OrderLine,
    PersonName, Recipient, Return, ReturnKind, SystemIds, ValueError,
};
use ecrm::recognition::Person;
use ecrm::store::external_refs;

use crate::database::ShopRow;
use crate::invoices::{BrokenLine, Invoice, Line};
use crate::lines;
use crate::summary::Summary;

const SYSTEM: &str = "shop-day";

/// An invoice that is ready to be written.
pub struct Ready {
    /// The time that has come in the shop; that of the invoice may be later.
    pub now: DateTime<Utc>,
    pub invoice: String,
    pub first_line: u64,
    pub row: ShopRow,
    pub what: What,
}

pub enum What {
    Order { buyer: Buyer, order: Order },
    Cancellation { person: Option<Person>, returned: Return },
}

/// An invoice as it will be written, and its lines that cannot be.
pub fn prepare(invoice: Invoice, now: DateTime<Utc>, summary: &mut Summary) -> (Option<Ready>, Vec<BrokenLine>) {
    let is_cancellation = invoice.is_cancellation();
    let mut broken = invoice.broken;
    let Some(first) = invoice.lines.first() else {
        return (None, broken);
    };
    let mut built = Vec::new();
    for line in &invoice.lines {
        let result = if line.customer != first.customer || line.unit_price.currency() != first.unit_price.currency() {
            Err(ValueError::new(
                "line",
                "is of another customer or currency than the first line of its invoice",
            ))
        } else if is_cancellation {
            lines::taken_back(line, &mut summary.odd)
        } else {
            lines::ordered(line, &mut summary.odd)
        };
        match result {
            Ok(line) => built.push(line),
            Err(error) => broken.push(BrokenLine {
                number: line.number,
                reason: error.to_string(),
            }),
        }
    }
    match ready(&invoice.number, first, now, is_cancellation, built) {
        Ok(ready) => (Some(ready), broken),
        Err(error) => {
            broken.push(BrokenLine {
                number: first.number,
                reason: format!("invoice {}: {error}", invoice.number),
            });
            (None, broken)
        }
    }
}

fn ready(
    number: &str,
    first: &Line,
    now: DateTime<Utc>,
    is_cancellation: bool,
    built: Vec<OrderLine>,
) -> Result<Ready, ValueError> {
    let reference = ExternalRef::new(SYSTEM, number)?;
    let person = first
        .customer
        .as_deref()
        .map(|key| person(key, &first.country))
        .transpose()?;
    let (what, total) = if is_cancellation {
        let returned = Return::new(reference, ReturnKind::Cancellation, built)?;
        let total = returned.total().checked_neg()?;
        (What::Cancellation { person, returned }, total)
    } else {
        let id = OrderId::new(&SystemIds, first.at);
        let order = Order::new(id, reference, first.at, Channel::Web, built)?;
        let total = order.total();
        let buyer = match person {
            Some(person) => Buyer::Customer(person),
            // The data has no addresses of guests: they get no mail, and are counted.
            None => Buyer::Guest(Recipient::new(GuestId::new(&SystemIds, first.at), ContactData::new())),
        };
        (What::Order { buyer, order }, total)
    };
    let row = ShopRow {
        number: number.to_owned(),
        placed_at: first.at,
        country: first.country.clone(),
        is_cancellation,
        total,
    };
    Ok(Ready {
        now,
        invoice: number.to_owned(),
        first_line: first.number,
        row,
        what,
    })
}

/// The customer of a key. The data has neither names nor addresses, so both are invented.
fn person(key: &str, country: &str) -> Result<Person, ValueError> {
    let language = if matches!(country, "France" | "Belgium") {
        "fr"
    } else {
        "en"
    };
    let is_plain = key.len() <= 40
        && key
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    // Two keys never share a mailbox: by it two customers would be taken for one.
    let mailbox = match external_refs::digest(&key) {
        Ok(digest) if !is_plain => digest[..40].to_owned(),
        _ => key.to_owned(),
    };
    let (locale, email): (Locale, EmailAddress) =
        (language.parse()?, format!("customer-{mailbox}@mail.example").parse()?);
    let name = PersonName::single(&format!("Customer {key}"))?;
    Ok(Person::new(Identifier::External(ExternalRef::new(SYSTEM, key)?))
        .and(Identifier::Email(email.clone()))
        .with_contact(ContactData::new().with_name(name).with_email(email).with_locale(locale)))
}
