use std::fs;
use std::ops::ControlFlow;

use chrono::DateTime;
use ecrm::core::{Channel, ConsentDecision, Event, SubjectId};
use ecrm::store::{activities, attributes, consents, customers};
use tempfile::TempDir;

use super::load;
use crate::Failure;
use crate::database::Database;

const CUSTOMERS: &str = "id,pref_channel,consent_email,consent_sms,country,created\n\
    1,email,1,0,JP,1761642522\n5,sms,0,1,DE,1725406875\n";
const ORDERS: &str = "id,customer_id,ts,total_cents\n1,5,1732260009,16262\n2,1,1732279159,1917\n";
const LINES: &str = "order_id,product_id,category_id,qty,price_cents\n1,1,12,2,7294\n1,15,16,1,1674\n2,23,4,1,1917\n";
const VISITS: &str = "customer_id,ts\n5,1763801223\n1,1763801224\n5,1700000000\n";

struct Shop {
    folder: TempDir,
    database: Database,
}

impl Shop {
    /// A small shop, one of whose files has another text.
    fn with(name: &str, text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = [
            ("customers", CUSTOMERS),
            ("orders", ORDERS),
            ("lines", LINES),
            ("visits", VISITS),
        ];
        for (file, usual) in files {
            let text = if file == name { text } else { usual };
            fs::write(folder.path().join(file).with_extension("csv"), text).unwrap();
        }
        let mut database = Database::open(&folder.path().join("shop.db"), false).unwrap();
        database.prepare(DateTime::UNIX_EPOCH).unwrap();
        Self { folder, database }
    }

    fn load(&mut self) -> Result<(), Failure> {
        load(self.folder.path(), &mut self.database, DateTime::UNIX_EPOCH)
    }

    fn customers(&mut self) -> u64 {
        self.database.within(|session| Ok(customers::count(session)?)).unwrap()
    }
}

#[test]
fn customers_come_in_the_order_of_their_ids_and_what_happened_in_that_of_time() {
    let mut shop = Shop::with("none", "");
    shop.load().unwrap();
    let mut seen = Vec::new();
    shop.database
        .within(|session| {
            activities::for_each(session, &mut |activity| {
                let number = activity.subject().id().uuid().as_u64_pair().1;
                let total = match activity.event() {
                    Event::Order(order) => order.total().to_string(),
                    other => other.kind().to_owned(),
                };
                seen.push((number, activity.valid_at().timestamp(), total));
                Ok(ControlFlow::Continue(()))
            })?;
            Ok(())
        })
        .unwrap();
    let expected = [
        (1, 1_732_279_159, "19.17 EUR"),
        (1, 1_763_801_224, "visit"),
        (5, 1_700_000_000, "visit"),
        (5, 1_732_260_009, "162.62 EUR"),
        (5, 1_763_801_223, "visit"),
    ];
    assert_eq!(seen, expected.map(|(id, at, what)| (id, at, what.to_owned())));
    let loaded = shop.database.loaded().unwrap();
    assert_eq!(
        [loaded.customers, loaded.orders, loaded.lines, loaded.visits],
        [2, 2, 3, 3]
    );
}

#[test]
fn what_is_known_of_a_customer_is_valid_from_the_day_on_which_he_came() {
    let mut shop = Shop::with("none", "");
    shop.load().unwrap();
    let id = super::model::id(5);
    let came = DateTime::from_timestamp(1_725_406_875, 0).unwrap();
    shop.database
        .within(|session| {
            let customer = customers::load(session, id)?.unwrap();
            assert_eq!(customer.registered_at(), came);
            assert_eq!(customer.contact().address().unwrap().country().code(), "DE");
            let known = attributes::as_of(session, id, came, came)?;
            assert_eq!(known[0].value().unwrap().to_text(), "sms");
            let said: Vec<_> = consents::of_subject(session, SubjectId::from_uuid(id.uuid()))?
                .iter()
                .map(|consent| (consent.channel(), consent.decision(), consent.valid_at()))
                .collect();
            assert!(said.contains(&(Channel::Email, ConsentDecision::Denied, came)));
            assert!(said.contains(&(Channel::Sms, ConsentDecision::Granted, came)));
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_broken_file_is_told_by_its_line_and_nothing_is_loaded() {
    let bad = [
        (
            "customers",
            CUSTOMERS.replace("5,sms", "1,sms"),
            "line 3: id is not greater",
        ),
        ("customers", CUSTOMERS.replace("JP", "XX"), "line 2: country must be"),
        (
            "customers",
            CUSTOMERS.replace("email,1", "email,2"),
            "line 2: consent_email is `2`",
        ),
        (
            "customers",
            CUSTOMERS.replace(",created", ""),
            "line 1: has no column created",
        ),
        (
            "customers",
            CUSTOMERS.replace('\n', "\r\n").replace("5,sms", "5,"),
            "line 3: pref_channel is empty",
        ),
        (
            "orders",
            ORDERS.replace("1917", "1918"),
            "line 3: total_cents is 1918, but its lines",
        ),
        (
            "orders",
            ORDERS.replace("2,1,", "2,7,"),
            "line 3: customer_id is no id of customers.csv",
        ),
        ("orders", ORDERS.replace("2,1,", "2,x,"), "line 3: customer_id is `x`"),
        ("orders", ORDERS.replace("2,1,", "1,1,"), "line 3: id is not greater"),
        (
            "lines",
            LINES.replace("1,1,12", "0,1,12"),
            "line 2: order_id 0 is no order",
        ),
        (
            "lines",
            LINES.replace("2,23", "9,23"),
            "line 3: lines.csv has no line of this order",
        ),
        ("lines", format!("{LINES}9,1,1,1,1\n"), "line 5: order_id 9 is no order"),
        (
            "lines",
            LINES.replace("1674", "9223372036854775807"),
            "line 3: price_cents is too large",
        ),
        ("lines", LINES.replace(",16,", ","), "line 3: has 4 fields instead of 5"),
        (
            "visits",
            VISITS.replace("1,1763", "3,1763"),
            "line 3: customer_id is no id",
        ),
        (
            "visits",
            VISITS.replace("1700000000", "999999999999999"),
            "line 4: ts is no instant",
        ),
        ("visits", String::new(), "line 1: has no column customer_id"),
    ];
    for (name, text, expected) in bad {
        let mut shop = Shop::with(name, &text);
        let error = shop.load().unwrap_err().to_string();
        let place = format!("{name}.csv, {expected}");
        assert!(
            error.contains(&place) || error.contains(&format!("orders.csv, {expected}")),
            "{error}"
        );
        assert_eq!(shop.customers(), 0);
        assert!(shop.database.loaded().is_err());
    }
}

#[test]
fn a_missing_file_is_named() {
    let mut shop = Shop::with("none", "");
    fs::remove_file(shop.folder.path().join("lines.csv")).unwrap();
    let error = shop.load().unwrap_err().to_string();
    assert!(error.contains("lines.csv cannot be opened"), "{error}");
}

#[test]
fn a_database_with_customers_is_not_loaded_again() {
    let mut shop = Shop::with("none", "");
    shop.load().unwrap();
    let error = shop.database.prepare(DateTime::UNIX_EPOCH).unwrap_err().to_string();
    assert!(error.contains("has 2 customers already"), "{error}");
}
