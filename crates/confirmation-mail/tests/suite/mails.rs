//! What the mails say, and what they are made of.

use crate::support::*;
use chrono::NaiveDate;
use ecrm_confirmation_mail::{Mailer, OrderConfirmation, RenderedMail};
use ecrm_core::{Availability, ContactData, LineKind, OrderLine, Quantity, Recipient};

fn every_state() -> Vec<OrderLine> {
    let expected = NaiveDate::from_ymd_opt(2026, 12, 1);
    let postage = OrderLine::of(
        LineKind::Shipping,
        "POST",
        "Postage",
        Quantity::pieces(1),
        "4.90 EUR".parse().unwrap(),
    );
    vec![
        line("Lamp <Luna> & Co", Availability::InStock),
        line("Licht {{ an }}", Availability::Digital),
        line("Bulb", Availability::BackOrdered { expected }),
        line("Shade", Availability::BackOrdered { expected: None }),
        line("Foot", Availability::MadeToOrder { expected }),
        line("Cord", Availability::MadeToOrder { expected: None }),
        line("Chandelier", Availability::Unavailable),
        postage.unwrap(),
    ]
}

fn rendered(recipient: &Recipient, lines: Vec<OrderLine>) -> RenderedMail {
    mailer()
        .preview(
            recipient,
            OrderConfirmation {
                order: &order("10248", lines),
            },
            NOW,
        )
        .unwrap()
}

#[test]
fn the_english_texts_are_these() {
    let mail = rendered(&ada("en"), every_state());
    insta::assert_snapshot!("english_text", format!("{}\n\n{}", mail.subject, mail.text));
    insta::assert_snapshot!("english_html", mail.html);
}

#[test]
fn the_french_texts_are_these() {
    let mail = rendered(&ada("fr"), every_state());
    insta::assert_snapshot!("french_text", format!("{}\n\n{}", mail.subject, mail.text));
}

#[test]
fn the_message_is_this() {
    let mail = rendered(&ada("fr-CA"), vec![line("Lampe", Availability::InStock)]);
    let message = String::from_utf8(mail.to_mime("<1@lamps.example>", NOW).unwrap()).unwrap();
    insta::assert_snapshot!("message", message.replace("\r\n", "\n"));
}

#[test]
fn a_language_without_texts_falls_back_to_a_shorter_tag_and_then_to_english() {
    for (wanted, used) in [
        ("fr-CA", "fr"),
        ("fr", "fr"),
        ("de-AT", "en"),
        ("en-GB", "en"),
        ("zh-Hant-TW", "en"),
    ] {
        assert_eq!(rendered(&ada(wanted), every_state()).locale, used, "{wanted}");
    }
    let nobody_knows = Recipient::new(
        ada("en").subject(),
        ContactData::new().with_email("ada@mail.example".parse().unwrap()),
    );
    assert_eq!(rendered(&nobody_knows, every_state()).locale, "en");
}

#[test]
fn an_order_with_a_line_that_is_not_there_never_says_that_all_is_available() {
    let expected = NaiveDate::from_ymd_opt(2026, 12, 1);
    let not_there = [
        Availability::BackOrdered { expected },
        Availability::BackOrdered { expected: None },
        Availability::MadeToOrder { expected },
        Availability::Unavailable,
    ];
    for locale in ["en", "fr"] {
        let all_there = [
            "Everything is available",
            "Tous les articles sont disponibles",
            "Tous vos articles",
        ];
        let claims = |mail: &RenderedMail| {
            all_there
                .iter()
                .any(|claim| mail.text.contains(claim) || mail.html.contains(claim))
        };
        let ready = vec![line("Lamp", Availability::InStock), line("Book", Availability::Digital)];
        let english_preheader = "We have everything you ordered";
        assert!(claims(&rendered(&ada(locale), ready.clone())));
        for availability in not_there {
            let mut lines = ready.clone();
            lines.push(line("Bulb", availability));
            let mail = rendered(&ada(locale), lines);
            assert!(
                !claims(&mail) && !mail.html.contains(english_preheader),
                "{availability:?} in {locale}"
            );
        }
    }
}

#[test]
fn a_back_ordered_line_tells_its_day_in_both_parts() {
    let expected = NaiveDate::from_ymd_opt(2026, 12, 1);
    let mail = rendered(&ada("en"), vec![line("Bulb", Availability::BackOrdered { expected })]);
    for part in [&mail.text, &mail.html] {
        assert!(part.contains("Back-ordered: expected on 1 December 2026"));
        assert!(!part.contains("In stock"));
    }
}

#[test]
fn markup_in_what_customers_typed_stays_text() {
    let hostile = "<script>alert(1)</script>{{ shop }}{% raw %}\"'&";
    let recipient = ada_called(hostile);
    let mail = rendered(&recipient, vec![line(hostile, Availability::InStock)]);
    assert!(!mail.html.contains("<script>"));
    assert!(mail.html.contains("&lt;script&gt;"));
    assert!(mail.text.contains(hostile));
}

#[test]
fn no_header_can_be_injected_through_names() {
    assert!(Mailer::new("Shop\r\nBcc: eve@evil.example", "orders@lamps.example".parse().unwrap()).is_err());
    let tricky = [
        "Ada\" <eve@evil.example>, \"",
        "Ada, Eve <eve@evil.example>",
        "=?utf-8?q?Bcc:_eve?=",
        "Ädä\u{202e}",
    ];
    for name in tricky {
        let recipient = ada_called(name);
        let mail = rendered(&recipient, vec![line("Lamp", Availability::InStock)]);
        let message = String::from_utf8(mail.to_mime("<1@lamps.example>", NOW).unwrap()).unwrap();
        let headers = message.split("\r\n\r\n").next().unwrap();
        let names: Vec<_> = headers
            .lines()
            .filter(|line| !line.starts_with(' '))
            .map(|line| line.split(':').next().unwrap())
            .collect();
        let expected = [
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "Content-Language",
            "Auto-Submitted",
            "MIME-Version",
            "Content-Type",
        ];
        assert_eq!(names, expected, "{name}");
        assert!(headers.lines().all(|line| line.len() <= 998));
        let to = headers
            .split("To: ")
            .nth(1)
            .unwrap()
            .split("\r\nSubject")
            .next()
            .unwrap();
        assert!(to.ends_with("<ada@mail.example>"), "{to}");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let mail = rendered(&ada("en"), every_state());
    assert_eq!(
        mail.to_mime("<1@lamps.example>", NOW).unwrap(),
        mail.to_mime("<1@lamps.example>", NOW).unwrap()
    );
}

#[test]
fn debug_shows_neither_texts_nor_addresses() {
    let mail = rendered(&ada("en"), every_state());
    assert_eq!(format!("{mail:?}"), "RenderedMail(en, …)");
}

#[test]
fn nothing_is_claimed_of_a_line_that_nobody_has_spoken_about() {
    for lines in [
        vec![OrderLine::product("A", "Lamp", Quantity::pieces(1), "1 EUR".parse().unwrap()).unwrap()],
        vec![
            OrderLine::of(
                LineKind::Fee,
                "FEE",
                "Bank charges",
                Quantity::pieces(1),
                "1 EUR".parse().unwrap(),
            )
            .unwrap(),
        ],
    ] {
        let mail = rendered(&ada("en"), lines);
        for claim in ["In stock", "available", "getting it ready", "at once", "everything"] {
            assert!(!mail.text.contains(claim) && !mail.html.contains(claim), "{claim}");
        }
    }
}

#[test]
fn a_day_that_is_over_is_not_told() {
    let expected = NaiveDate::from_ymd_opt(2026, 11, 21);
    let mail = rendered(&ada("en"), vec![line("Bulb", Availability::BackOrdered { expected })]);
    assert!(!mail.text.contains("21 November") && mail.text.contains("Back-ordered: we will tell you"));
}
