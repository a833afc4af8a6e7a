//! Every notice with hostile values in every place: markup, template syntax, characters that turn text, texts without end.

use chrono::TimeDelta;
use ecrm_confirmation_mail::*;
use ecrm_core::{Availability, OrderLine, PersonName, Quantity, Recipient};

use crate::mails::LOCALES;
use crate::support::*;

const MARKUP: &str = "<script>alert(1)</script><img src=x onerror=alert(2)>";
const TEMPLATE: &str = "{{ 7*7 }}{% for x in y %}{name}{# x #}${7*7}";
const TURNING: &str = "\u{202e}gpj.exe\u{2066}\u{2067}\u{202d}";

/// Every notice that takes a text, with a hostile one.
fn notices<'a>(sample: &'a Attack, text: &'a str) -> Vec<Notice<'a>> {
    let (order, part, at) = (&sample.order, &sample.part[..], NOW + TimeDelta::hours(1));
    let url = "https://lamps.example/?a=%3Cscript%3E&b='";
    let day = NOW.date_naive();
    vec![
        OrderReceived { order }.into(),
        OrderConfirmed {
            order,
            dispatch_by: None,
        }
        .into(),
        LineBackOrdered { order }.into(),
        DeliveryDelayed {
            order,
            late: Late::Line(1),
            told: day,
            expected: None,
            reason: text,
            can_replace: true,
        }
        .into(),
        ItemSubstituted {
            order,
            line: 1,
            replacement: &order.lines()[0],
        }
        .into(),
        OrderCancelled {
            order,
            lines: part,
            reason: Some(text),
            refund: None,
        }
        .into(),
        WithdrawalReceived {
            order,
            received_at: NOW,
            statement: text,
        }
        .into(),
        BookingConfirmed {
            booking: text,
            what: text,
            starts_at: at,
            ends_at: None,
            instead_of: None,
            place: Some(text),
            price: None,
        }
        .into(),
        PaymentReceived {
            order,
            amount: order.total(),
            paid_on: day,
            still_open: None,
        }
        .into(),
        PaymentFailed {
            order,
            amount: order.total(),
            reason: Some(text),
            pay_url: url,
        }
        .into(),
        PaymentRefunded {
            order,
            amount: order.total(),
            paid: order.total(),
            method: Some(text),
        }
        .into(),
        InvoiceIssued {
            order,
            invoice: text,
            amount: order.total(),
            due_on: None,
            document: None,
        }
        .into(),
        OrderShipped {
            order,
            parcel: part,
            sent_before: &sample.rest,
            still_to_come: &[],
            carrier: text,
            tracking_number: Some(text),
            tracking_url: Some(url),
            expected_on: None,
        }
        .into(),
        ReadyForPickup {
            order,
            place: text,
            until: None,
            code: Some(text),
        }
        .into(),
        OrderDelivered {
            order,
            tracking_number: Some(text),
            delivered_on: day,
            handed_to: Some(text),
        }
        .into(),
        ReturnReceived {
            order,
            lines: part,
            refund: None,
            refund_by: None,
        }
        .into(),
        InquiryAcknowledged {
            inquiry: text,
            topic: text,
            answer_by: None,
            instead_of: None,
            follow_url: Some(url),
        }
        .into(),
        InquiryAnswered {
            inquiry: "1",
            topic: text,
            answer: text,
            follow_url: Some(url),
        }
        .into(),
        InquiryResolved {
            inquiry: "1",
            topic: text,
            reopen_url: None,
        }
        .into(),
        CallBackMissed {
            call: text,
            at,
            again_at: None,
            rebook_url: Some(url),
        }
        .into(),
        BackInStock {
            sku: text,
            description: text,
            price: None,
            url,
        }
        .into(),
        CartLeft {
            lines: order.lines(),
            url,
        }
        .into(),
        ReviewRequest { order, url }.into(),
    ]
}

struct Attack {
    order: ecrm_core::Order,
    part: Vec<LinePart>,
    rest: Vec<LinePart>,
    recipient: Recipient,
}

impl Attack {
    fn with(text: &str, locale: &str) -> Self {
        // What the model refuses never reaches a mail.
        let product = OrderLine::product("SKU", text, Quantity::pieces(2), "14.50 EUR".parse().unwrap());
        let lamp = product.unwrap_or_else(|_| line("Lamp", Availability::InStock));
        let back = line("Bulb", Availability::BackOrdered { expected: None });
        let recipient = PersonName::single(text).map_or_else(|_| ada(locale), |name| named(name, locale));
        Self {
            order: order("1", vec![lamp.with_availability(Availability::InStock), back]),
            part: vec![LinePart {
                line: 1,
                quantity: Quantity::pieces(2),
            }],
            rest: vec![LinePart {
                line: 2,
                quantity: Quantity::pieces(2),
            }],
            recipient,
        }
    }
}

#[test]
fn no_notice_lets_hostile_text_be_more_than_text() {
    for text in [MARKUP, TEMPLATE, TURNING, &format!("{MARKUP}{TEMPLATE}{TURNING}")] {
        for locale in LOCALES {
            let attack = Attack::with(text, locale);
            for notice in notices(&attack, text) {
                let mail = mailer().preview(&attack.recipient, notice, NOW).unwrap();
                let kind = notice.kind();
                let body = mail.html.split_once("</head>").unwrap().1;
                assert!(!body.contains("<script") && !body.contains("<img src=x"), "{kind:?}");
                assert!(
                    !mail.html.contains("</script><"),
                    "{kind:?}: the data for machines end where they should"
                );
                for part in [&mail.subject, &mail.preheader, &mail.text, &mail.html] {
                    assert!(
                        !part.contains("49") || !text.contains("7*7") || part.contains("7*7"),
                        "{kind:?}: a template was run"
                    );
                    assert!(
                        !part
                            .chars()
                            .any(|it| matches!(it, '\u{202a}'..='\u{202e}' | '\u{2066}' | '\u{2067}')),
                        "{kind:?}"
                    );
                    assert!(!part.contains("&#8238;"), "{kind:?}");
                }
            }
        }
    }
}

#[test]
fn texts_without_end_are_refused_or_fit_into_the_mail() {
    let long = "x".repeat(10_000);
    let attack = Attack::with(&long, "en");
    for notice in notices(&attack, &long) {
        let kind = notice.kind();
        match mailer().preview(&attack.recipient, notice, NOW) {
            Ok(mail) => {
                assert!(mail.subject.chars().count() < 400, "{kind:?}: {}", mail.subject.len());
                assert!(
                    mail.html.len() < 100_000 && mail.html.contains("overflow-wrap:anywhere"),
                    "{kind:?}"
                );
            }
            Err(error) => assert!(matches!(error, MailError::Value(_)), "{kind:?}: {error}"),
        }
    }
}
