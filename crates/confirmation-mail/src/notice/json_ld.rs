//! The same facts for machines: schema.org's `Order` and `ParcelDelivery`, which mail programs show beside the mail.

use ecrm_core::{Availability, Money, Order, OrderLine};
use serde_json::{Value, json};

use super::{OrderShipped, clean};

/// <https://schema.org/Order>, with its state as one of `OrderStatus`.
pub(super) fn order(shop: &str, order: &Order, price: Money, status: &str) -> Value {
    let offers: Vec<_> = order.lines().iter().map(offer).collect();
    json!({
        "@context": "https://schema.org",
        "@type": "Order",
        "merchant": { "@type": "Organization", "name": shop },
        "orderNumber": order.number().key(),
        "orderDate": order.placed_at().to_rfc3339(),
        "orderStatus": format!("https://schema.org/{status}"),
        "price": price.to_decimal().to_string(),
        "priceCurrency": price.currency().code(),
        "acceptedOffer": offers,
    })
}

/// <https://schema.org/ParcelDelivery>.
pub(super) fn parcel(shop: &str, shipped: &OrderShipped<'_>) -> Value {
    let items: Vec<_> = shipped.products().map(product).collect();
    let mut parcel = json!({
        "@context": "https://schema.org",
        "@type": "ParcelDelivery",
        "provider": { "@type": "Organization", "name": shipped.carrier },
        "itemShipped": items,
        "partOfOrder": {
            "@type": "Order",
            "orderNumber": shipped.order.number().key(),
            "merchant": { "@type": "Organization", "name": shop },
        },
    });
    let more = [
        ("trackingNumber", shipped.tracking_number.map(str::to_owned)),
        ("trackingUrl", shipped.tracking_url.map(str::to_owned)),
        ("expectedArrivalUntil", shipped.expected_on.map(|day| day.to_string())),
    ];
    for (name, value) in more {
        if let Some(value) = value {
            parcel[name] = Value::String(value);
        }
    }
    parcel
}

fn offer(line: &OrderLine) -> Value {
    let mut offer = json!({
        "@type": "Offer",
        "itemOffered": product(line),
        "price": line.unit_price().to_decimal().to_string(),
        "priceCurrency": line.unit_price().currency().code(),
        "eligibleQuantity": { "@type": "QuantitativeValue", "value": line.quantity().to_decimal().to_string() },
    });
    if let Some(word) = availability(line.availability()) {
        offer["availability"] = Value::String(format!("https://schema.org/{word}"));
    }
    offer
}

fn product(line: &OrderLine) -> Value {
    json!({ "@type": "Product", "name": clean(line.description()), "sku": line.sku() })
}

/// `ItemAvailability` of schema.org; of an unknown one nothing is said here either.
fn availability(availability: Availability) -> Option<&'static str> {
    match availability {
        Availability::BackOrdered { .. } => Some("BackOrder"),
        Availability::Digital | Availability::InStock => Some("InStock"),
        Availability::MadeToOrder { .. } => Some("MadeToOrder"),
        Availability::Unavailable => Some("OutOfStock"),
        _ => None,
    }
}
