//! What the example hosts have in common, and what is no part of their story: the request of an order, turned into the types of
//! ecrm, and a database to try a host on.

mod database;
mod request;

pub use database::Postgres;
pub use request::{Answer, Cart, LineRequest, OrderRequest};

use ecrm::confirmation_mail::{MailError, Mailer};

/// The tables of the shop itself; ecrm's own are made by `ecrm::migrate`.
pub const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS shop_order (number TEXT PRIMARY KEY, placed_at BIGINT NOT NULL, total TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS shop_stock (sku TEXT PRIMARY KEY, on_hand BIGINT NOT NULL);
    INSERT INTO shop_stock (sku, on_hand) VALUES ('LAMP-1', 10), ('RUG-2', 0) ON CONFLICT DO NOTHING";

/// What is committed, for the tests: orders of the shop, orders and customers that ecrm knows, mails, lamps on stock.
pub const COMMITTED: &str = "
    SELECT (SELECT count(*) FROM shop_order), (SELECT count(*) FROM ecrm_activity_event),
        (SELECT count(*) FROM ecrm_record_customer), (SELECT count(*) FROM ecrm_confirmation_mail_message),
        (SELECT on_hand FROM shop_stock WHERE sku = 'LAMP-1')";

/// How often a transaction is repeated that another one got in the way of.
pub const ATTEMPTS: u32 = 5;

/// The order that each host places when it is run.
pub const SAMPLE: &str = r#"{
    "number": "2026-1",
    "name": "Ann Example",
    "email": "ann@mail.example",
    "language": "fr",
    "lines": [{ "sku": "LAMP-1", "description": "Desk lamp", "quantity": 2, "unit_price": "14.50 EUR" }]
}"#;

/// What is right in [`SAMPLE`], what is wrong in its place, and a word that the answer must hold: for the tests.
pub const WRONG: [(&str, &str, &str); 4] = [
    ("ann@mail.example", "nobody", "mail"),
    ("14.50 EUR", "cheap", "price"),
    ("\"quantity\": 2", "\"quantity\": 0", "nonzero"),
    ("\"name\"", "\"nome\"", "nome"),
];

/// What composes the shop's confirmations.
///
/// # Errors
/// When the shop's own name or address were not valid.
pub fn mailer() -> Result<Mailer, MailError> {
    Mailer::new("Lamps & Co", "orders@lamps.example".parse()?)?.with_url("https://lamps.example/")
}
