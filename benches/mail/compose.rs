use std::hint::black_box;

use ecrm::core::{Order, PersonName, Recipient, SeededIds};
use lettre::Message;
use lettre::message::MultiPart;
use minijinja::{Environment, UndefinedBehavior, Value, context};

use crate::median;
use crate::shop::{compose, lean_mailer, mailer, order};

const MAILS: usize = 4000;

/// Composing: the built-in theme, beside the same two templates in bare minijinja with lettre; and the small templates of the
/// yardstick as a shop's own.
pub(crate) fn run() {
    let ids = SeededIds::new(1);
    let orders: Vec<_> = (0..MAILS).map(|number| order(number, &ids)).collect();
    let (builtin, lean, plain) = (mailer(), lean_mailer(), Plain::new());
    measure("ecrm/compose-builtin", &orders, |number, (buyer, order)| {
        compose(&builtin, number, buyer, order, &ids).content().len()
    });
    measure("minijinja-lettre/compose-builtin", &orders, |_, (buyer, order)| {
        plain.compose(buyer, order).len()
    });
    measure("ecrm/compose-lean", &orders, |number, (buyer, order)| {
        compose(&lean, number, buyer, order, &ids).content().len()
    });
}

fn measure(name: &str, orders: &[(Recipient, Order)], compose: impl Fn(usize, &(Recipient, Order)) -> usize) {
    let mut bytes = 0;
    let seconds = median(|| {
        bytes = orders
            .iter()
            .enumerate()
            .map(|(number, order)| black_box(compose(number, order)))
            .sum();
    });
    println!(
        "{name}\t{:.9}\t{MAILS} mails, {} bytes each",
        seconds / MAILS as f64,
        bytes / MAILS
    );
}

/// What somebody writes who has the templates and needs this one mail: no other notice, language, promise or key.
struct Plain(Environment<'static>);

impl Plain {
    fn new() -> Self {
        let mut templates = Environment::new();
        templates.set_undefined_behavior(UndefinedBehavior::Strict);
        let folder = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/crates/confirmation-mail/src/theme/templates"
        );
        for name in ["mail.html", "mail.txt"] {
            let source = std::fs::read_to_string(format!("{folder}/{name}")).unwrap();
            templates.add_template_owned(name, source).unwrap();
        }
        Self(templates)
    }

    fn compose(&self, buyer: &Recipient, order: &Order) -> Vec<u8> {
        let (number, address) = (order.number().key(), buyer.contact().email().unwrap().ascii());
        let name = buyer.contact().name().map(PersonName::full).unwrap();
        let subject = format!("Ihre Bestellung {number} bei Shop: eingegangen");
        let context = context! {
            locale => "de", direction => "ltr", subject => &subject, shop => "Shop", url => None::<&str>, logo => None::<&str>,
            preheader => "Vielen Dank. Alles ist vorrätig, und wir machen es versandfertig.",
            heading => "Vielen Dank für Ihre Bestellung", greeting => format!("Guten Tag {name},"), colon => ": ",
            closing => "Sie können einfach auf diese Nachricht antworten.", signature => "Shop", notice => "order_received",
            accent => "#1f5fbf", on_accent => "#ffffff", imprint => Vec::<&str>::new(), unsubscribe => None::<&str>,
            json_ld => json_ld(order), blocks => blocks(order),
        };
        let render = |name: &str| self.0.get_template(name).unwrap().render(&context).unwrap();
        Message::builder()
            .from("Shop <shop@example.org>".parse().unwrap())
            .to(address.parse().unwrap())
            .subject(subject)
            .message_id(None)
            .multipart(MultiPart::alternative_plain_html(
                render("mail.txt"),
                render("mail.html"),
            ))
            .unwrap()
            .formatted()
    }
}

fn blocks(order: &Order) -> Vec<Value> {
    let fact = |label: &str, value: String| context! { label, rows => vec![value.clone()], value };
    let lines: Vec<_> = order.lines().iter().map(|line| context! {
        description => line.description(), quantity => line.quantity().to_decimal().to_string(),
        unit_price => format!("{} €", line.unit_price().to_decimal()), amount => format!("{} €", line.amount().to_decimal()),
        state => "Vorrätig", tone => "ready",
    }).collect();
    vec![
        context! { kind => "text", text => "Wir haben Ihre Bestellung erhalten und wie folgt notiert." },
        context! { kind => "status", tone => "ready", text => "Alles ist vorrätig, und wir machen es für Sie versandfertig." },
        context! { kind => "facts", facts => vec![
            fact("Bestellnummer", order.number().key().to_owned()), fact("Bestellt am", order.placed_at().format("%d.%m.%Y").to_string()),
        ] },
        context! { kind => "lines", title => None::<&str>, item_label => "Artikel", amount_label => "Betrag", lines,
        totals => vec![context! { label => "Summe", value => format!("{} €", order.total().to_decimal()) }] },
    ]
}

fn json_ld(order: &Order) -> String {
    let offers: Vec<_> = order
        .lines()
        .iter()
        .map(|line| {
            serde_json::json!({
                "@type": "Offer", "price": line.unit_price().to_decimal().to_string(), "priceCurrency": "EUR",
                "itemOffered": { "@type": "Product", "name": line.description(), "sku": line.sku() },
                "eligibleQuantity": { "@type": "QuantitativeValue", "value": line.quantity().to_decimal().to_string() },
                "availability": "https://schema.org/InStock",
            })
        })
        .collect();
    serde_json::json!({
        "@context": "https://schema.org", "@type": "Order", "merchant": { "@type": "Organization", "name": "Shop" },
        "orderNumber": order.number().key(), "orderDate": order.placed_at().to_rfc3339(),
        "orderStatus": "https://schema.org/OrderProcessing", "price": order.total().to_decimal().to_string(),
        "priceCurrency": "EUR", "acceptedOffer": offers,
    })
    .to_string()
}
