//! A small shop for the tests.

use chrono::{DateTime, TimeDelta, Utc};
use ecrm_confirmation_mail::{Enqueued, MODULE, MailError, Mailer, OrderConfirmation, enqueue};
use ecrm_core::{
    Availability, Channel, ContactData, CustomerId, ExternalRef, Locale, Order, OrderId, OrderLine, PersonName,
    Purpose, Quantity, Recipient, SeededIds,
};
use ecrm_store::{Permission, Session, may_contact, migrate};

/// The 22nd of November 2026 at noon.
pub(crate) const NOW: DateTime<Utc> = DateTime::from_timestamp(1_795_348_800, 0).unwrap();

pub(crate) fn minutes(minutes: i64) -> TimeDelta {
    TimeDelta::minutes(minutes)
}

pub(crate) fn mailer() -> Mailer {
    Mailer::new("Lampen & Söhne", "orders@lamps.example".parse().unwrap())
        .unwrap()
        .with_url("https://lamps.example/")
}

pub(crate) fn ada(locale: &str) -> Recipient {
    named(PersonName::new("Ada", "Lovelace").unwrap(), locale)
}

/// The same customer under another name.
pub(crate) fn ada_called(name: &str) -> Recipient {
    named(PersonName::single(name).unwrap(), "en")
}

fn named(name: PersonName, locale: &str) -> Recipient {
    let contact = ContactData::new()
        .with_name(name)
        .with_email("ada@mail.example".parse().unwrap())
        .with_locale(locale.parse::<Locale>().unwrap());
    Recipient::new(CustomerId::new(&SeededIds::new(1), NOW), contact)
}

pub(crate) fn order(number: &str, lines: Vec<OrderLine>) -> Order {
    let id = OrderId::new(&SeededIds::new(2), NOW);
    Order::new(id, ExternalRef::new("shop", number).unwrap(), NOW, Channel::Web, lines).unwrap()
}

pub(crate) fn line(description: &str, availability: Availability) -> OrderLine {
    OrderLine::product("SKU-1", description, Quantity::pieces(2), "14.50 EUR".parse().unwrap())
        .unwrap()
        .with_availability(availability)
}

pub(crate) fn lamp_in_stock(number: &str) -> Order {
    order(number, vec![line("Lamp", Availability::InStock)])
}

pub(crate) fn permission(session: &mut dyn Session, recipient: &Recipient) -> Permission {
    may_contact(session, recipient, Purpose::Contract, Channel::Email, NOW)
        .unwrap()
        .unwrap()
}

pub(crate) fn tables(session: &mut dyn Session) {
    migrate(session, &[&MODULE], NOW).unwrap();
}

/// Queues the confirmation of an order to Ada.
pub(crate) fn queue(session: &mut dyn Session, order: &Order, seed: u64) -> Result<Enqueued, MailError> {
    let permission = permission(session, &ada("en"));
    let key = format!("order:{}:confirmation", order.number());
    enqueue(
        session,
        &mailer(),
        &permission,
        &key,
        OrderConfirmation { order },
        &SeededIds::new(seed),
        NOW,
    )
}
