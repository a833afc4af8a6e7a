//! What the hosts have in common: an order, and who places it.

use chrono::{DateTime, Utc};
use ecrm::checkout::{Buyer, Checkout, Placed};
use ecrm::confirmation_mail::Mailer;
use ecrm::core::{
    Channel, ContactData, EmailAddress, ExternalRef, Identifier, Order, OrderId, OrderLine, Quantity, Source, SystemIds,
};
use ecrm::recognition::Person;
use ecrm::store::Session;

pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The host's own table.
pub const SHOP_TABLE: &str = "CREATE TABLE shop_order (number TEXT PRIMARY KEY)";

/// What is committed: orders of the host, orders that ecrm knows, mails.
pub const COMMITTED: &str = "SELECT (SELECT count(*) FROM shop_order), (SELECT count(*) FROM ecrm_activity_event),
    (SELECT count(*) FROM ecrm_confirmation_mail_message)";

/// When everything happens.
pub const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// Brings ecrm's tables up to date, inside the host's transaction.
pub fn migrate(session: &mut dyn Session) -> Result<(), Failure> {
    ecrm::migrate(session, NOW)?;
    Ok(())
}

/// Places the order of this number, inside the host's transaction.
pub fn place(session: &mut dyn Session, number: &str) -> Result<Placed, Failure> {
    let email: EmailAddress = "ann@mail.example".parse()?;
    let person = Person::new(Identifier::Email(email.clone())).with_contact(ContactData::new().with_email(email));
    let lamp = OrderLine::product("LAMP-1", "Desk lamp", Quantity::pieces(2), "14.50 EUR".parse()?)?;
    let order = Order::new(
        OrderId::new(&SystemIds, NOW),
        ExternalRef::new("shop", number)?,
        NOW,
        Channel::Web,
        vec![lamp],
    )?;
    let checkout = Checkout {
        mailer: &Mailer::new("Lamps & Co", "orders@lamps.example".parse()?)?,
        ids: &SystemIds,
        source: &Source::checkout(),
    };
    Ok(checkout.place(session, &Buyer::Customer(person), &order, NOW)?)
}

/// Fails unless this is what is committed.
pub fn expect(committed: (i64, i64, i64), expected: (i64, i64, i64)) -> Result<(), Failure> {
    if committed == expected {
        return Ok(());
    }
    Err(format!("committed are {committed:?} instead of {expected:?} (orders of the host, of ecrm, mails)").into())
}
