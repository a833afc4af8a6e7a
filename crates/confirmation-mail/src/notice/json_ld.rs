//! The same facts for machines: schema.org's `Order` and `ParcelDelivery`, which mail programs show beside the mail.

use std::io;

use ecrm_core::{Availability, Money, Order, OrderLine};
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use super::OrderShipped;
use super::text::clean;
use crate::MailError;

/// <https://schema.org/Order>, with its state as one of `OrderStatus`.
pub(super) fn order(shop: &str, order: &Order, price: Money, status: &str) -> Result<String, MailError> {
    written(&OrderData {
        context: Some(CONTEXT),
        kind: "Order",
        merchant: Named::organisation(shop),
        order_number: order.number().key(),
        details: Some(OrderDetails {
            order_date: order.placed_at().to_rfc3339(),
            order_status: format!("https://schema.org/{status}"),
            price: price.to_decimal().to_string(),
            price_currency: price.currency().code(),
            accepted_offer: order.lines().iter().map(Offer::of).collect(),
        }),
    })
}

/// <https://schema.org/ParcelDelivery>.
pub(super) fn parcel(shop: &str, shipped: &OrderShipped<'_>) -> Result<String, MailError> {
    written(&Parcel {
        context: CONTEXT,
        kind: "ParcelDelivery",
        provider: Named::organisation(shipped.carrier),
        item_shipped: shipped.products().map(Product::of).collect(),
        part_of_order: OrderData {
            context: None,
            kind: "Order",
            merchant: Named::organisation(shop),
            order_number: shipped.order.number().key(),
            details: None,
        },
        tracking_number: shipped.tracking_number,
        tracking_url: shipped.tracking_url,
        expected_arrival_until: shipped.expected_on.map(|day| day.to_string()),
    })
}

const CONTEXT: &str = "https://schema.org";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OrderData<'a> {
    #[serde(rename = "@context", skip_serializing_if = "Option::is_none")]
    context: Option<&'static str>,
    #[serde(rename = "@type")]
    kind: &'static str,
    merchant: Named<'a>,
    order_number: &'a str,
    #[serde(flatten)]
    details: Option<OrderDetails<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OrderDetails<'a> {
    order_date: String,
    order_status: String,
    price: String,
    price_currency: &'static str,
    accepted_offer: Vec<Offer<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Parcel<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@type")]
    kind: &'static str,
    provider: Named<'a>,
    item_shipped: Vec<Product<'a>>,
    part_of_order: OrderData<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tracking_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tracking_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_arrival_until: Option<String>,
}

#[derive(Serialize)]
struct Named<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
}

impl<'a> Named<'a> {
    fn organisation(name: &'a str) -> Self {
        Self {
            kind: "Organization",
            name,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Offer<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    item_offered: Product<'a>,
    price: String,
    price_currency: &'static str,
    eligible_quantity: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    availability: Option<&'static str>,
}

impl<'a> Offer<'a> {
    fn of(line: &'a OrderLine) -> Self {
        Self {
            kind: "Offer",
            item_offered: Product::of(line),
            price: line.unit_price().to_decimal().to_string(),
            price_currency: line.unit_price().currency().code(),
            eligible_quantity: Amount {
                kind: "QuantitativeValue",
                value: line.quantity().to_decimal().to_string(),
            },
            availability: availability(line.availability()),
        }
    }
}

#[derive(Serialize)]
struct Amount {
    #[serde(rename = "@type")]
    kind: &'static str,
    value: String,
}

#[derive(Serialize)]
struct Product<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: String,
    sku: &'a str,
}

impl<'a> Product<'a> {
    fn of(line: &'a OrderLine) -> Self {
        Self {
            kind: "Product",
            name: clean(line.description()),
            sku: line.sku(),
        }
    }
}

/// `ItemAvailability` of schema.org; of an unknown one nothing is said here either.
fn availability(availability: Availability) -> Option<&'static str> {
    match availability {
        Availability::BackOrdered { .. } => Some("https://schema.org/BackOrder"),
        Availability::Digital | Availability::InStock => Some("https://schema.org/InStock"),
        Availability::MadeToOrder { .. } => Some("https://schema.org/MadeToOrder"),
        Availability::Unavailable => Some("https://schema.org/OutOfStock"),
        _ => None,
    }
}

fn written(data: &impl Serialize) -> Result<String, MailError> {
    let mut bytes = Vec::with_capacity(1024);
    let unwritable = || MailError::Template("the data for machines cannot be written".to_owned());
    data.serialize(&mut Serializer::with_formatter(&mut bytes, SafeInScript))
        .map_err(|_| unwritable())?;
    String::from_utf8(bytes).map_err(|_| unwritable())
}

/// JSON that can stand in a script element whatever its texts have: ASCII without `<`, `>` and `&`, each member on a line of its own,
/// because lines of a mail are short.
struct SafeInScript;

impl Formatter for SafeInScript {
    fn begin_object_key<W: io::Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b",\n") }
    }

    fn write_string_fragment<W: io::Write + ?Sized>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut plain = 0;
        for (at, character) in fragment.char_indices() {
            if character.is_ascii() && !matches!(character, '<' | '>' | '&') {
                continue;
            }
            writer.write_all(&fragment.as_bytes()[plain..at])?;
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            plain = at + character.len_utf8();
        }
        writer.write_all(&fragment.as_bytes()[plain..])
    }
}
