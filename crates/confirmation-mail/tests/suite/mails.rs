//! What the mails say.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::NaiveDate;
use ecrm_confirmation_mail::{
    LinePart, MailError, Mailer, Notice, NoticeKind, OrderConfirmed, OrderReceived, OrderShipped, RenderedMail, Sample,
};
use ecrm_core::{Availability, Code, ContactData, LineKind, OrderLine, Quantity, Recipient};
use serde_json::Value;

use crate::support::*;

pub(crate) const LOCALES: [&str; 4] = ["en", "de", "es", "fr"];

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
    let order = order("10248", lines);
    mailer()
        .preview(recipient, OrderReceived { order: &order }, NOW)
        .unwrap()
}

/// Every notice of the samples in a language.
pub(crate) fn all_in(locale: &str) -> Vec<(&'static str, Notice<'static>, RenderedMail)> {
    let sample: &'static Sample = Box::leak(Box::new(Sample::new().unwrap()));
    let recipient = sample.recipient(locale).unwrap();
    let render = |(title, notice)| {
        (
            title,
            notice,
            mailer().preview(&recipient, notice, sample.now()).unwrap(),
        )
    };
    sample.notices().into_iter().map(render).collect()
}

/// What a reader sees of an HTML part: no tags, no styles, no scripts, no hidden preheader, white space as a browser shows it.
fn seen(html: &str) -> String {
    let body = html.split_once("</div>").unwrap().1;
    let (mut text, mut in_tag) = (String::new(), false);
    for character in body.chars() {
        match character {
            '<' => in_tag = true,
            '>' => {
                in_tag = false;
                text.push(' ');
            }
            _ if !in_tag => text.push(character),
            _ => {}
        }
    }
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'");
    squeezed(&dereferenced(&text.replace("&#x2f;", "/").replace("&nbsp;", " ")).replace("&amp;", "&"))
}

/// The text with its numeric references (`&#252;`) as characters.
fn dereferenced(text: &str) -> String {
    let mut parts = text.split("&#");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (number, rest) = part.split_once(';').unwrap();
        plain.push(char::from_u32(number.parse().unwrap()).unwrap());
        plain.push_str(rest);
    }
    plain
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_order_mail_is_this() {
    let mail = rendered(&ada("en"), every_state());
    insta::assert_snapshot!("order_received_text", format!("{}\n\n{}", mail.subject, mail.text));
    insta::assert_snapshot!("order_received_html", mail.html);
}

#[test]
fn the_texts_of_every_notice_are_these() {
    for locale in LOCALES {
        let mut all = String::new();
        for (title, _, mail) in all_in(locale) {
            // Tokens are long and say nothing to a reader.
            let text: Vec<_> = mail
                .text
                .lines()
                .map(|line| line.split("?t=").next().unwrap())
                .collect();
            writeln!(
                all,
                "==== {title}\n{}\n({})\n\n{}\n",
                mail.subject,
                mail.preheader,
                text.join("\n")
            )
            .unwrap();
        }
        insta::assert_snapshot!(format!("texts_{locale}"), all);
    }
}

#[test]
fn every_kind_of_notice_has_a_sample() {
    let mut kinds: Vec<_> = all_in("en").into_iter().map(|(_, notice, _)| notice.kind()).collect();
    kinds.sort();
    kinds.dedup();
    assert_eq!(kinds, NoticeKind::ALL);
}

#[test]
fn the_text_part_and_the_html_part_say_the_same() {
    for locale in LOCALES {
        for (title, _, mail) in all_in(locale) {
            let html = seen(&mail.html);
            for line in mail.text.lines().filter(|line| !line.contains("://")) {
                for part in line
                    .trim_start_matches(['>', ' '])
                    .split([':', '×', '=', '\u{a0}', '-'])
                    .map(squeezed)
                {
                    assert!(
                        html.contains(&part),
                        "{title} in {locale}: the HTML lacks {part:?}\n{html}"
                    );
                }
            }
            let words: BTreeMap<&str, ()> = mail
                .text
                .split_whitespace()
                .map(|word| (word.trim_matches(':'), ()))
                .collect();
            for word in html
                .split_whitespace()
                .filter(|word| word.chars().any(char::is_numeric))
            {
                assert!(
                    words.contains_key(word.trim_matches(':')) || mail.text.contains(word),
                    "{title} in {locale}: the text lacks {word:?}"
                );
            }
        }
    }
}

#[test]
fn no_notice_has_a_blank_or_a_place_that_was_not_filled() {
    for locale in LOCALES {
        for (title, _, mail) in all_in(locale) {
            for text in [&mail.subject, &mail.preheader, &mail.text, &mail.html] {
                assert!(!text.trim().is_empty(), "{title} in {locale}");
                assert!(
                    !text.contains("{{") && !text.contains("undefined"),
                    "{title} in {locale}"
                );
            }
            assert!(
                !mail.subject.contains(['{', '}']) && !mail.text.contains(['{', '}']),
                "{title} in {locale}"
            );
        }
    }
}

#[test]
fn the_mails_about_one_order_begin_alike_so_that_they_are_one_thread() {
    for locale in LOCALES {
        let of_order: Vec<_> = all_in(locale)
            .into_iter()
            .filter(|(_, _, mail)| mail.subject.contains("10248"))
            .collect();
        let begin = of_order[0].2.subject.split_once("10248").unwrap().0.to_owned();
        assert!(
            of_order.iter().all(|(_, _, mail)| mail.subject.starts_with(&begin)),
            "{locale}"
        );
    }
}

fn json_ld(html: &str) -> Option<Value> {
    let (_, after) = html.split_once("<script type=\"application/ld+json\">")?;
    Some(serde_json::from_str(after.split_once("</script>")?.0).unwrap())
}

#[test]
fn the_data_for_machines_say_what_the_text_says() {
    for (title, _, mail) in all_in("en") {
        let Some(json) = json_ld(&mail.html) else { continue };
        let order = if json["@type"] == "Order" {
            &json
        } else {
            &json["partOfOrder"]
        };
        assert!(mail.text.contains(order["orderNumber"].as_str().unwrap()), "{title}");
        if let (Some(price), true) = (json["price"].as_str(), mail.text.contains("Total")) {
            assert!(mail.text.contains(price), "{title}: {price}");
        }
        for name in ["trackingNumber", "trackingUrl"] {
            assert!(
                json[name].as_str().is_none_or(|value| mail.text.contains(value)),
                "{title}: {name}"
            );
        }
        for item in json["itemShipped"].as_array().into_iter().flatten() {
            assert!(mail.text.contains(item["name"].as_str().unwrap()), "{title}");
        }
    }
    let received = all_in("en").remove(0).2;
    let offers = json_ld(&received.html).unwrap()["acceptedOffer"].clone();
    let states: Vec<_> = offers
        .as_array()
        .unwrap()
        .iter()
        .map(|offer| offer["availability"].as_str().unwrap_or(""))
        .collect();
    let expected = ["InStock", "BackOrder", "MadeToOrder", "InStock", ""].map(|word| {
        if word.is_empty() {
            String::new()
        } else {
            format!("https://schema.org/{word}")
        }
    });
    assert_eq!(states, expected);
}

#[test]
fn a_script_in_a_name_cannot_end_the_data_for_machines() {
    let mail = rendered(
        &ada("en"),
        vec![line("</script><script>alert(1)</script>", Availability::InStock)],
    );
    assert!(!mail.html.contains("<script>alert"));
    assert_eq!(
        json_ld(&mail.html).unwrap()["acceptedOffer"][0]["itemOffered"]["name"],
        "</script><script>alert(1)</script>"
    );
}

#[test]
fn a_language_without_texts_falls_back_to_a_shorter_tag_and_then_to_english() {
    for (wanted, used) in [
        ("fr-CA", "fr"),
        ("fr", "fr"),
        ("de-AT", "de"),
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
    for locale in LOCALES {
        let ready = vec![line("Lamp", Availability::InStock), line("Book", Availability::Digital)];
        let mail = |lines: Vec<OrderLine>| {
            let order = order("10248", lines);
            let notice = OrderConfirmed {
                order: &order,
                dispatch_by: None,
            };
            mailer().preview(&ada(locale), notice, NOW).unwrap()
        };
        // What the mail about a ready order says, and the one about an open order must not.
        let all_ready = mail(ready.clone());
        let mut one_open = ready.clone();
        one_open.push(line("Bulb", Availability::BackOrdered { expected }));
        let said_when_open = mail(one_open).text;
        let claim = all_ready
            .text
            .lines()
            .find(|line| line.len() > 30 && !said_when_open.contains(*line))
            .unwrap()
            .to_owned();
        for availability in not_there {
            let mut lines = ready.clone();
            lines.push(line("Bulb", availability));
            let mail = mail(lines);
            assert!(
                !mail.text.contains(&claim) && !seen(&mail.html).contains(&claim),
                "{availability:?} in {locale}"
            );
            assert_ne!(mail.preheader, all_ready.preheader, "{availability:?} in {locale}");
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
fn what_is_shipped_in_part_is_not_called_the_whole_order() {
    let order = order(
        "10248",
        vec![
            line("Lamp", Availability::InStock),
            line("Bulb", Availability::BackOrdered { expected: None }),
        ],
    );
    let part = |line, pieces| LinePart {
        line,
        quantity: Quantity::pieces(pieces),
    };
    let shipped = |parcel: &[LinePart], sent_before: &[LinePart], still_to_come: &[LinePart]| {
        let notice = OrderShipped {
            order: &order,
            parcel,
            sent_before,
            still_to_come,
            carrier: "Post",
            tracking_number: None,
            tracking_url: None,
            expected_on: None,
        };
        mailer().preview(&ada("en"), notice, NOW)
    };
    let whole = shipped(&[part(1, 2), part(2, 2)], &[], &[]).unwrap();
    assert!(whole.text.contains("Everything in your order"));
    let some = shipped(&[part(1, 2)], &[], &[part(2, 2)]).unwrap();
    assert!(
        some.subject.contains("part")
            && some.text.contains("1 item is still to come")
            && some.text.contains("Back-ordered")
    );
    let rest = shipped(&[part(2, 2)], &[part(1, 2)], &[]).unwrap();
    assert!(rest.text.contains("with this parcel it is complete") && !rest.text.contains("Everything"));
    for (parcel, before, later) in [
        (vec![part(1, 3)], vec![], vec![part(2, 2)]),
        (vec![part(1, 2)], vec![], vec![part(1, 1), part(2, 2)]),
        (vec![part(3, 1)], vec![], vec![]),
        (vec![], vec![], vec![part(1, 2), part(2, 2)]),
        (vec![part(1, 0)], vec![], vec![]),
        // Nobody has said what becomes of the second line.
        (vec![part(1, 2)], vec![], vec![]),
        (vec![part(1, 1)], vec![], vec![part(2, 2)]),
    ] {
        let refused = shipped(&parcel, &before, &later);
        assert!(
            matches!(refused, Err(MailError::Value(_))),
            "{parcel:?} {before:?} {later:?}"
        );
    }
}

#[test]
fn an_order_of_which_something_cannot_be_had_is_never_called_complete() {
    let lines = vec![
        line("Lamp", Availability::InStock),
        line("Bulb", Availability::InStock),
        line("Chandelier", Availability::Unavailable),
    ];
    let order = order("10248", lines);
    let [lamp, bulb] = [1, 2].map(|line| LinePart {
        line,
        quantity: Quantity::pieces(2),
    });
    for (parcel, sent_before) in [(vec![lamp, bulb], vec![]), (vec![bulb], vec![lamp])] {
        let notice = OrderShipped {
            order: &order,
            parcel: &parcel,
            sent_before: &sent_before,
            still_to_come: &[],
            carrier: "Post",
            tracking_number: None,
            tracking_url: None,
            expected_on: None,
        };
        let mail = mailer().preview(&ada("en"), notice, NOW).unwrap();
        assert!(mail.subject.contains("part is on its way"), "{}", mail.subject);
        assert!(
            !mail.text.contains("Everything") && !mail.text.contains("complete"),
            "{}",
            mail.text
        );
    }
}

#[test]
fn of_an_order_of_which_nothing_can_be_had_nothing_is_to_be_paid_fetched_or_reviewed() {
    let mut lines = every_state();
    let (postage, chandelier) = (lines.pop().unwrap(), lines.pop().unwrap());
    let mail = rendered(&ada("en"), vec![chandelier.clone(), postage.clone()]);
    assert!(
        mail.text.contains("Total without what is not available: €0.00"),
        "{}",
        mail.text
    );
    assert_eq!(json_ld(&mail.html).unwrap()["price"], "0.00");
    let nothing = order("10248", vec![chandelier.clone(), postage.clone()]);
    let fetched = ecrm_confirmation_mail::ReadyForPickup {
        order: &nothing,
        place: "Lindengasse 7",
        until: None,
        code: None,
    };
    let refused = mailer().preview(&ada("en"), fetched, NOW);
    assert!(matches!(refused, Err(MailError::Value(_))), "{refused:?}");
    let some = order("10248", vec![line("Lamp", Availability::InStock), chandelier, postage]);
    let fetched = ecrm_confirmation_mail::ReadyForPickup {
        order: &some,
        ..fetched
    };
    let mail = mailer().preview(&ada("en"), fetched, NOW).unwrap();
    assert_eq!(json_ld(&mail.html).unwrap()["price"], "33.90");
    let review = ecrm_confirmation_mail::ReviewRequest {
        order: &some,
        url: "https://lamps.example/review",
    };
    assert!(
        !mailer()
            .preview(&ada("en"), review, NOW)
            .unwrap()
            .text
            .contains("Chandelier")
    );
}

#[test]
fn a_value_that_cannot_be_true_is_refused_before_anything_is_queued() {
    let sample = Sample::new().unwrap();
    let order = lamp_in_stock("1");
    let total = order.total();
    let more = total.checked_add(total).unwrap();
    let wrong: Vec<Notice<'_>> = vec![
        ecrm_confirmation_mail::LineBackOrdered { order: &order }.into(),
        ecrm_confirmation_mail::PaymentRefunded {
            order: &order,
            amount: more,
            paid: total,
            method: None,
        }
        .into(),
        ecrm_confirmation_mail::CartLeft {
            lines: &[],
            url: "https://shop.example/",
        }
        .into(),
        ecrm_confirmation_mail::ReviewRequest {
            order: &order,
            url: "javascript:alert(1)",
        }
        .into(),
        ecrm_confirmation_mail::InquiryAnswered {
            inquiry: "1",
            topic: "x",
            answer: " ",
            follow_url: None,
        }
        .into(),
        ecrm_confirmation_mail::InquiryResolved {
            inquiry: "",
            topic: "x",
            reopen_url: None,
        }
        .into(),
    ];
    for notice in wrong {
        let result = mailer().preview(&ada("en"), notice, sample.now());
        assert!(
            matches!(result, Err(MailError::Value(_))),
            "{:?}: {result:?}",
            notice.kind()
        );
    }
}

#[test]
fn a_notice_with_answers_needs_the_links_of_the_shop() {
    let sample = Sample::new().unwrap();
    let without = Mailer::new("Lamps", "orders@lamps.example".parse().unwrap()).unwrap();
    for (title, notice) in sample.notices() {
        let result = without.preview(&ada("en"), notice, sample.now());
        let has_choices = notice.kind() == NoticeKind::DeliveryDelayed && !title.contains("refund");
        let needs = notice.kind().is_marketing() || has_choices;
        assert_eq!(matches!(result, Err(MailError::NoLinks)), needs, "{title}: {result:?}");
    }
}

#[test]
fn markup_in_what_customers_typed_stays_text() {
    let hostile = "<script>alert(1)</script>{{ shop }}{% raw %}\"'&{name}";
    let mail = rendered(&ada_called(hostile), vec![line(hostile, Availability::InStock)]);
    assert!(!mail.html.contains("<script>alert"));
    assert!(mail.html.contains("&lt;script&gt;"));
    assert!(mail.text.contains(hostile));
}

#[test]
fn a_name_cannot_turn_the_text_around_it() {
    let mail = rendered(
        &ada_called("Ada\u{202e}gpj.exe\u{2066}"),
        vec![line("Lamp\u{202d}", Availability::InStock)],
    );
    for part in [&mail.text, &mail.html, &mail.subject] {
        assert!(!part.contains(['\u{202e}', '\u{2066}', '\u{202d}']));
    }
    let hebrew = rendered(&ada_called("עדה"), vec![line("Lamp", Availability::InStock)]);
    assert!(
        hebrew.text.contains("Dear \u{2068}עדה\u{2069},"),
        "a name of the other direction is set apart"
    );
}

#[test]
fn nothing_is_claimed_of_a_line_that_nobody_has_spoken_about() {
    let fee = OrderLine::of(
        LineKind::Fee,
        "FEE",
        "Bank charges",
        Quantity::pieces(1),
        "1 EUR".parse().unwrap(),
    );
    let lamp = OrderLine::product("A", "Lamp", Quantity::pieces(1), "1 EUR".parse().unwrap());
    for line in [fee.unwrap(), lamp.unwrap()] {
        let mail = rendered(&ada("en"), vec![line]);
        for claim in ["In stock", "available", "getting it ready", "at once", "everything"] {
            assert!(
                !mail.text.contains(claim) && !seen(&mail.html).contains(claim),
                "{claim}"
            );
        }
    }
}

#[test]
fn a_day_that_is_over_is_not_told() {
    let expected = NaiveDate::from_ymd_opt(2026, 11, 21);
    let mail = rendered(&ada("en"), vec![line("Bulb", Availability::BackOrdered { expected })]);
    assert!(!mail.text.contains("21 November") && mail.text.contains("Back-ordered: we will tell you"));
}
