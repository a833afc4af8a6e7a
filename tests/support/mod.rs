//! A small shop for the story tests.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(dead_code, reason = "each story uses a part of it")]

use chrono::{DateTime, Utc};
use ecrm::checkout::{Buyer, Checkout, CheckoutError, Placed};
use ecrm::confirmation_mail::Mailer;
use ecrm::core::{
    Availability, Channel, ContactData, ExternalRef, Identifier, Order, OrderId, OrderLine, PersonName, Quantity,
    SeededIds, Source,
};
use ecrm::recognition::Person;
use ecrm::store::Session;

/// The 22nd of November 2026 at noon.
pub(crate) const NOW: DateTime<Utc> = DateTime::from_timestamp(1_795_348_800, 0).unwrap();

/// A shop with ids that are the same at every run.
pub(crate) struct Shop {
    mailer: Mailer,
    ids: SeededIds,
    source: Source,
}

impl Shop {
    pub(crate) fn new(seed: u64) -> Self {
        let mailer = Mailer::new("Lamps & Co", "orders@lamps.example".parse().unwrap()).unwrap();
        Self {
            mailer,
            ids: SeededIds::new(seed),
            source: Source::checkout(),
        }
    }

    pub(crate) fn place(
        &self,
        session: &mut dyn Session,
        buyer: &Buyer,
        order: &Order,
    ) -> Result<Placed, CheckoutError> {
        let checkout = Checkout {
            mailer: &self.mailer,
            ids: &self.ids,
            source: &self.source,
        };
        checkout.place(session, buyer, order, NOW)
    }

    pub(crate) fn order(&self, number: &str, sku: &str) -> Order {
        let line = OrderLine::product(sku, sku, Quantity::pieces(2), "14.50 EUR".parse().unwrap()).unwrap();
        let line = line.with_availability(Availability::InStock);
        let id = OrderId::new(&self.ids, NOW);
        Order::new(
            id,
            ExternalRef::new("shop", number).unwrap(),
            NOW,
            Channel::Web,
            vec![line],
        )
        .unwrap()
    }
}

/// A customer by the key that the shop knows.
pub(crate) fn customer(key: &str) -> Buyer {
    Buyer::Customer(person(key))
}

pub(crate) fn person(key: &str) -> Person {
    let email = format!("{}@mail.example", key.to_lowercase()).parse().unwrap();
    Person::new(Identifier::External(ExternalRef::new("shop", key).unwrap()))
        .and(Identifier::Email(
            format!("{}@mail.example", key.to_lowercase()).parse().unwrap(),
        ))
        .with_contact(
            ContactData::new()
                .with_name(PersonName::single(key).unwrap())
                .with_email(email),
        )
}

/// The tables of the library, and one of the shop's own.
pub(crate) fn tables(session: &mut dyn Session) -> Result<(), ecrm::store::StoreError> {
    ecrm::migrate(session, NOW)?;
    session.execute(
        "CREATE TABLE IF NOT EXISTS shop_order (number TEXT NOT NULL PRIMARY KEY)",
        &[],
    )?;
    Ok(())
}

/// The shop's own row.
pub(crate) fn shop_row(session: &mut dyn Session, number: &str) -> Result<(), ecrm::store::StoreError> {
    session.execute("INSERT INTO shop_order (number) VALUES ($1)", &[number.into()])?;
    Ok(())
}
