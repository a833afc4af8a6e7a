//! The mail of the yardsticks: an order confirmation of five lines.

use chrono::{DateTime, Utc};
use ecrm::confirmation_mail::{ComposedMail, MODULE, MailRequest, Mailer, OrderReceived, Theme};
use ecrm::core::{
    Availability, Channel, ContactData, ExternalRef, GuestId, Order, OrderId, OrderLine, PersonName, Quantity,
    Recipient, SeededIds,
};
use ecrm::sqlite::SqliteSession;
use ecrm::sqlite::rusqlite::{Connection, Transaction, TransactionBehavior};
use tempfile::TempDir;

pub(crate) const NOW: DateTime<Utc> = DateTime::from_timestamp(1_795_348_800, 0).unwrap();

/// A shop's SQLite database in a folder of its own.
pub(crate) struct Shop {
    pub(crate) connection: Connection,
    _folder: TempDir,
}

impl Shop {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut connection = Connection::open(folder.path().join("shop.db")).unwrap();
        connection.pragma_update(None, "journal_mode", "WAL").unwrap();
        connection.pragma_update(None, "synchronous", "NORMAL").unwrap();
        connection.set_prepared_statement_cache_capacity(64);
        let transaction = connection.transaction().unwrap();
        ecrm::store::migrate(&mut SqliteSession::new(&transaction).unwrap(), &[&MODULE], NOW).unwrap();
        transaction.commit().unwrap();
        Self {
            connection,
            _folder: folder,
        }
    }

    pub(crate) fn begin(&mut self) -> Transaction<'_> {
        self.connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .unwrap()
    }
}

pub(crate) fn mailer() -> Mailer {
    Mailer::new("Shop", "shop@example.org".parse().unwrap()).unwrap()
}

/// The templates of the yardstick, as a shop's own, with our blocks in the place of its values.
pub(crate) fn lean_mailer() -> Mailer {
    const HTML: &str = "<html><body><h1>{{ greeting }}</h1><p>{{ subject }}</p><table>{% for b in blocks %}{% if b.kind == \"lines\" %}{% for l in b.lines %}<tr><td>{{ l.description }}</td><td>{{ l.quantity }}</td><td>{{ l.unit_price }}</td></tr>{% endfor %}</table><p>{{ b.totals[0].value }}</p>{% endif %}{% endfor %}</body></html>";
    const TEXT: &str = "{{ greeting }}\n{{ subject }}\n{% for b in blocks %}{% if b.kind == \"lines\" %}{% for l in b.lines %}{{ l.quantity }} x {{ l.description }}  {{ l.unit_price }}\n{% endfor %}{{ b.totals[0].value }}\n{% endif %}{% endfor %}";
    let theme = Theme::builtin()
        .and_then(|theme| theme.with_file("order_received.html", HTML))
        .and_then(|theme| theme.with_file("order_received.txt", TEXT));
    mailer().with_theme(theme.unwrap()).unwrap()
}

/// Who orders, and what.
pub(crate) fn order(number: usize, ids: &SeededIds) -> (Recipient, Order) {
    let contact = ContactData::new()
        .with_name(PersonName::single(&format!("Zoë <{number}>")).unwrap())
        .with_email(format!("c{number}@example.org").parse().unwrap())
        .with_locale("de".parse().unwrap());
    let lines = (0..5_i32).zip(number % 97..).map(|(k, kind)| {
        let price = format!("{}.95 EUR", 9 + k).parse().unwrap();
        let description = format!("Müsli & Crème {kind}");
        let line = OrderLine::product("SKU", &description, Quantity::pieces(1 + k), price).unwrap();
        line.with_availability(Availability::InStock)
    });
    let reference = ExternalRef::new("shop", &number.to_string()).unwrap();
    let order = Order::new(OrderId::new(ids, NOW), reference, NOW, Channel::Web, lines.collect()).unwrap();
    (Recipient::new(GuestId::new(ids, NOW), contact), order)
}

pub(crate) fn compose(
    mailer: &Mailer,
    number: usize,
    buyer: &Recipient,
    order: &Order,
    ids: &SeededIds,
) -> ComposedMail {
    let key = format!("order:{number}:received");
    mailer
        .compose(&MailRequest::new(&key, buyer, OrderReceived { order }), ids, NOW)
        .unwrap()
}
