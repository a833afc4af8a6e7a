//! A small shop for the tests.

use chrono::{DateTime, TimeDelta, Utc};
use ecrm_confirmation_mail::{
    Claimed, ComposedMail, Enqueued, Lane, Links, MODULE, MailError, MailRequest, Mailer, Notice, OrderReceived,
    Outcome, Pace, Settled, claim, enqueue, settle,
};
use ecrm_core::{
    Availability, Channel, ContactData, CustomerId, ExternalRef, Locale, Order, OrderId, OrderLine, PersonName,
    Purpose, Quantity, Recipient, SeededIds,
};
use ecrm_store::{Permission, Session, may_contact, migrate};
use ecrm_testkit::hosts::Host;

/// The 22nd of November 2026 at noon.
pub(crate) const NOW: DateTime<Utc> = DateTime::from_timestamp(1_795_348_800, 0).unwrap();

pub(crate) fn minutes(minutes: i64) -> TimeDelta {
    TimeDelta::minutes(minutes)
}

pub(crate) fn mailer() -> Mailer {
    Mailer::new("Lampen & Söhne", "orders@lamps.example".parse().unwrap())
        .unwrap()
        .with_url("https://lamps.example/")
        .unwrap()
        .with_links(links())
}

pub(crate) fn links() -> Links {
    Links::new(
        "https://lamps.example/answer",
        b"a secret of the shop, 32 bytes or more",
    )
    .unwrap()
}

pub(crate) fn ada(locale: &str) -> Recipient {
    named(PersonName::new("Ada", "Lovelace").unwrap(), locale)
}

/// The same customer under another name.
pub(crate) fn ada_called(name: &str) -> Recipient {
    named(PersonName::single(name).unwrap(), "en")
}

pub(crate) fn named(name: PersonName, locale: &str) -> Recipient {
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

/// Leave to send a mail.
pub(crate) fn permission(session: &mut dyn Session, recipient: &Recipient, purpose: Purpose) -> Permission {
    may_contact(session, recipient, purpose, Channel::Email, NOW)
        .unwrap()
        .unwrap()
}

pub(crate) fn tables(session: &mut dyn Session) {
    migrate(session, &[&MODULE], NOW).unwrap();
}

/// Composes a mail to Ada.
pub(crate) fn compose<'a>(key: &str, notice: impl Into<Notice<'a>>, seed: u64) -> ComposedMail {
    let ada = ada("en");
    let notice: Notice<'_> = notice.into();
    mailer()
        .compose(&MailRequest::new(key, &ada, notice), &SeededIds::new(seed), NOW)
        .unwrap()
}

/// Queues a composed mail to Ada, at an instant.
pub(crate) fn put(session: &mut dyn Session, mail: &ComposedMail, now: DateTime<Utc>) -> Result<Enqueued, MailError> {
    let permission = permission(session, &ada("en"), mail.purpose());
    enqueue(
        session,
        &permission,
        mail,
        &SeededIds::new(u64::from(now.timestamp_subsec_micros()) + 77),
        now,
    )
}

/// Queues a notice to Ada.
pub(crate) fn tell<'a>(
    session: &mut dyn Session,
    key: &str,
    notice: impl Into<Notice<'a>>,
    seed: u64,
) -> Result<Enqueued, MailError> {
    let mail = compose(key, notice, seed);
    let permission = permission(session, &ada("en"), mail.purpose());
    enqueue(session, &permission, &mail, &SeededIds::new(seed + 1000), NOW)
}

/// Queues the confirmation of an order to Ada.
pub(crate) fn queue(session: &mut dyn Session, order: &Order, seed: u64) -> Result<Enqueued, MailError> {
    tell(
        session,
        &format!("order:{}:confirmation", order.number()),
        OrderReceived { order },
        seed,
    )
}

/// Claims what is due in all lanes.
pub(crate) fn claim_all(session: &mut dyn Session, now: DateTime<Utc>) -> Vec<Claimed> {
    claim_at(session, &Pace::unlimited(), now)
}

pub(crate) fn claim_at(session: &mut dyn Session, pace: &Pace, now: DateTime<Utc>) -> Vec<Claimed> {
    Lane::all()
        .flat_map(|lane| claim(session, lane, 10, minutes(5), pace, now).unwrap())
        .collect()
}

/// Writes what became of a claimed mail.
pub(crate) fn end(session: &mut dyn Session, mail: &Claimed, outcome: &Outcome) -> Result<Settled, MailError> {
    settle(session, mail, outcome, &SeededIds::new(5), NOW)
}

/// Mails of so many orders, as a worker gets them. A transport does not see the database, so one will do.
pub(crate) fn claimed(orders: u32) -> Vec<Claimed> {
    let folder = tempfile::tempdir().unwrap();
    Host::on_file(&folder.path().join("shop.db")).commit(|session| {
        tables(session);
        for number in 0..orders {
            queue(session, &lamp_in_stock(&number.to_string()), number.into())?;
        }
        Ok::<_, MailError>(claim_all(session, NOW))
    })
}
