//! What the messages are made of: headers, parts, files, threads; read back by an independent parser.

use std::fs;
use std::process::Command;

use ecrm_confirmation_mail::{
    Attachment, Brand, ComposedMail, InquiryAnswered, InvoiceIssued, MailRequest, Mailer, OrderReceived, Sample,
};
use ecrm_core::{Availability, PersonName, SeededIds};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;
use tempfile::tempdir;

use crate::mails::LOCALES;
use crate::support::*;

fn text(mail: &ComposedMail) -> String {
    String::from_utf8(mail.content().to_vec()).unwrap()
}

/// The names of the headers, in their order.
fn header_names(message: &str) -> Vec<&str> {
    let headers = message.split("\r\n\r\n").next().unwrap();
    headers
        .lines()
        .filter(|line| !line.starts_with([' ', '\t']))
        .map(|line| line.split(':').next().unwrap())
        .collect()
}

const ORDER_HEADERS: [&str; 11] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Content-Language",
    "Auto-Submitted",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
];

/// Reads messages with Python's `email`, the parser that most mail programs' authors know; nothing where Python is not there.
fn read_by_python(messages: &[Vec<u8>]) -> Option<Vec<Value>> {
    const SCRIPT: &str = r"
import email, email.policy, json, os, sys
for name in sorted(os.listdir(sys.argv[1])):
    message = email.message_from_binary_file(open(os.path.join(sys.argv[1], name), 'rb'), policy=email.policy.default)
    defects = [type(d).__name__ for part in message.walk() for d in part.defects]
    parts = [[p.get_content_type(), p.get_filename(), p.get_content() if p.get_content_maintype() == 'text' else p.get_content().hex()]
             for p in message.walk() if not p.is_multipart()]
    tos = [[a.display_name, a.addr_spec] for a in message['To'].addresses]
    froms = [[a.display_name, a.addr_spec] for a in message['From'].addresses]
    print(json.dumps({'headers': message.keys(), 'subject': message['Subject'], 'to': tos, 'from': froms, 'parts': parts,
                      'defects': defects, 'date': message['Date'].datetime.isoformat(), 'id': message['Message-ID']}))
";
    let folder = tempdir().unwrap();
    for (number, message) in messages.iter().enumerate() {
        fs::write(folder.path().join(format!("{number:06}.eml")), message).unwrap();
    }
    let output = match Command::new("python3")
        .arg("-c")
        .arg(SCRIPT)
        .arg(folder.path())
        .output()
    {
        Ok(output) => output,
        Err(error) => {
            assert!(
                std::env::var_os("ECRM_REQUIRE_PYTHON").is_none(),
                "python3 must be there: {error}"
            );
            println!("python3 is not here: messages are not read back by its parser");
            return None;
        }
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    Some(lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// Lines as MIME and Python see them.
fn lines(text: &str) -> Vec<&str> {
    text.lines().map(str::trim_end).collect()
}

#[test]
fn the_message_is_this() {
    let order = lamp_in_stock("10248");
    let mail = compose("order:10248", OrderReceived { order: &order }, 1);
    let message = text(&mail);
    let head = message.split("Content-Type: text/html").next().unwrap();
    insta::assert_snapshot!("message", head.replace("\r\n", "\n"));
}

#[test]
fn every_notice_in_every_language_is_read_back_as_it_was_written() {
    let sample = Sample::new().unwrap();
    let (mut mails, mut names) = (Vec::new(), Vec::new());
    for locale in LOCALES {
        let recipient = sample.recipient(locale).unwrap();
        for (title, notice) in sample.notices() {
            let request = MailRequest::new("key", &recipient, notice);
            mails.push(mailer().compose(&request, &SeededIds::new(1), sample.now()).unwrap());
            names.push(format!("{title} in {locale}"));
        }
    }
    let contents: Vec<_> = mails.iter().map(|mail| mail.content().to_vec()).collect();
    for ((read, mail), name) in read_by_python(&contents).into_iter().flatten().zip(&mails).zip(&names) {
        assert_eq!(read["defects"], serde_json::json!([]), "{name}");
        assert_eq!(read["subject"], mail.texts().subject, "{name}");
        assert_eq!(read["id"], mail.message_id(), "{name}");
        assert_eq!(
            read["to"],
            serde_json::json!([["Ada Lovelace", "ada@mail.example"]]),
            "{name}"
        );
        assert_eq!(
            read["from"],
            serde_json::json!([["Lampen & Söhne", "orders@lamps.example"]]),
            "{name}"
        );
        assert_eq!(read["date"], "2026-11-22T12:00:00+00:00", "{name}");
        let part = |kind: &str| {
            read["parts"]
                .as_array()
                .unwrap()
                .iter()
                .find(|part| part[0] == kind)
                .unwrap()[2]
                .as_str()
                .unwrap()
                .to_owned()
        };
        assert_eq!(lines(&part("text/plain")), lines(&mail.texts().text), "{name}");
        assert_eq!(lines(&part("text/html")), lines(&mail.texts().html), "{name}");
    }
}

#[test]
fn no_header_is_injected_through_names_subjects_and_topics() {
    let piece = prop_oneof![
        Just("\r\nBcc: eve@evil.example".to_owned()),
        Just("\nTo: eve@evil.example\n\n<script>".to_owned()),
        Just("=?utf-8?q?=0D=0ABcc:_eve@evil.example?=".to_owned()),
        Just("\" <eve@evil.example>, \"".to_owned()),
        Just("\u{2028}\u{85}\u{b}Bcc: x".to_owned()),
        Just("{number}{{ shop }}".to_owned()),
        "\\PC{0,40}",
        "[a-z ,;:<>@\"\\\\()\\[\\]]{0,30}",
    ];
    let hostile = proptest::collection::vec(piece, 1..5).prop_map(|pieces| pieces.concat());
    let config = Config {
        cases: 1000,
        failure_persistence: None,
        ..Config::default()
    };
    // The same thousand each time: what is looked at here is read by another program as well, and must be found again.
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let messages = std::cell::RefCell::new(Vec::new());
    runner
        .run(&(hostile.clone(), hostile), |(name, topic)| {
            // What the model refuses never reaches a mail; of the rest every character counts.
            let recipient = match PersonName::single(&name) {
                Ok(name) => named(name, "en"),
                Err(_) => ada("en"),
            };
            let notice = InquiryAnswered {
                inquiry: "7",
                topic: &topic,
                answer: &format!("Yes. {topic}"),
                follow_url: None,
            };
            let request = MailRequest::new("key", &recipient, notice);
            let mail = mailer().compose(&request, &SeededIds::new(1), NOW).unwrap();
            let message = text(&mail);
            prop_assert_eq!(header_names(&message), ORDER_HEADERS);
            prop_assert!(message.lines().all(|line| line.len() <= 998));
            prop_assert!(mail.content().is_ascii() && !message.replace("\r\n", "").contains(['\r', '\n']));
            messages.borrow_mut().push(mail.content().to_vec());
            Ok(())
        })
        .unwrap();
    for read in read_by_python(&messages.into_inner()).into_iter().flatten() {
        assert_eq!(read["headers"].as_array().unwrap().len(), ORDER_HEADERS.len());
        assert_eq!(read["to"].as_array().unwrap().len(), 1, "{}", read["to"]);
        assert_eq!(read["to"][0][1], "ada@mail.example");
        assert_eq!(read["defects"], serde_json::json!([]));
    }
}

#[test]
fn a_subject_and_a_name_are_read_back_letter_by_letter() {
    let subjects = [
        "=?utf-8?q?Bcc=3A?=",
        "=?utf-8?b?4oCu?= Lámpara",
        "=?",
        &"=?x?q?é?= ".repeat(20),
    ];
    let written: Vec<_> = subjects
        .iter()
        .chain(&["Dr. Ada", "."])
        .map(|text| {
            let notice = ecrm_confirmation_mail::BackInStock {
                sku: "1",
                description: text,
                price: None,
                url: "https://lamps.example/",
            };
            let recipient = ada_called(text);
            let mail = mailer().compose(&MailRequest::new("key", &recipient, notice), &SeededIds::new(1), NOW);
            mail.unwrap()
        })
        .collect();
    let messages: Vec<_> = written.iter().map(|mail| mail.content().to_vec()).collect();
    for (read, mail) in read_by_python(&messages).into_iter().flatten().zip(&written) {
        assert_eq!(read["subject"], mail.texts().subject.as_str());
        assert_eq!(read["to"][0][1], "ada@mail.example");
    }
    for message in &written {
        assert!(text(message).lines().all(|line| line.len() <= 998));
    }
}

#[test]
fn a_shop_whose_name_has_a_line_end_is_refused() {
    assert!(Mailer::new("Shop\r\nBcc: eve@evil.example", "orders@lamps.example".parse().unwrap()).is_err());
}

#[test]
fn a_text_of_any_length_is_a_message_with_short_lines() {
    let long = "x".repeat(10_000);
    let answer = format!("{long}\n{}", "ä ".repeat(20_000));
    let mail = compose(
        "key",
        InquiryAnswered {
            inquiry: "7",
            topic: &long,
            answer: &answer,
            follow_url: None,
        },
        1,
    );
    assert!(text(&mail).lines().all(|line| line.len() <= 998));
    assert!(mail.texts().subject.len() < 300);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let order = lamp_in_stock("1");
    let mail = |seed| compose("key", OrderReceived { order: &order }, seed);
    assert_eq!(mail(1).content(), mail(1).content());
    assert_ne!(mail(1).message_id(), mail(2).message_id());
}

#[test]
fn all_mails_about_one_order_hang_on_one_thread_and_those_about_another_do_not() {
    let (first, second) = (lamp_in_stock("1"), lamp_in_stock("2"));
    let thread = |mail: &ComposedMail| {
        let message = text(mail);
        message
            .lines()
            .find(|line| line.starts_with("References: "))
            .unwrap()
            .to_owned()
    };
    let received = thread(&compose("a", OrderReceived { order: &first }, 1));
    let invoice = InvoiceIssued {
        order: &first,
        invoice: "1",
        amount: first.total(),
        due_on: None,
        document: None,
    };
    assert_eq!(thread(&compose("b", invoice, 2)), received);
    assert_ne!(thread(&compose("c", OrderReceived { order: &second }, 3)), received);
}

#[test]
fn marketing_can_be_unsubscribed_from_with_one_click_and_nothing_else_can() {
    let sample = Sample::new().unwrap();
    for (title, notice) in sample.notices() {
        let message = text(&compose("key", notice, 1));
        let offered = message.contains("\r\nList-Unsubscribe: <https://lamps.example/answer?t=")
            || message.contains("\r\nList-Unsubscribe: \r\n <https://lamps.example/answer?t=");
        assert_eq!(offered, notice.kind().is_marketing(), "{title}");
        let post = message.contains("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
        assert_eq!(post, offered, "{title}");
    }
}

#[test]
fn files_and_the_logo_go_with_the_mail_byte_for_byte() {
    let order = lamp_in_stock("1");
    let bytes: Vec<u8> = (0..=255).cycle().take(5000).collect();
    let invoice = Attachment::new("Rechnung März.pdf", "application/pdf", bytes.clone()).unwrap();
    let terms = Attachment::new("terms.txt", "text/plain", b"These are the terms.\n".to_vec()).unwrap();
    let logo = Attachment::new("logo.png", "image/png", b"\x89PNG\r\n\x1a\n".to_vec()).unwrap();
    let brand = Brand::new("#7a3e9d")
        .unwrap()
        .with_logo(logo)
        .unwrap()
        .with_imprint(&["Lampen & Söhne, Wien"]);
    let notice = InvoiceIssued {
        order: &order,
        invoice: "7",
        amount: order.total(),
        due_on: None,
        document: Some(&invoice),
    };
    let ada = ada("en");
    let request = MailRequest::new("key", &ada, notice).with_attachment(terms);
    let mail = mailer()
        .with_brand(brand)
        .compose(&request, &SeededIds::new(1), NOW)
        .unwrap();
    assert!(mail.texts().html.contains("src=\"cid:logo\"") && text(&mail).contains("Content-ID: <logo>"));
    assert!(mail.texts().text.contains("attached") && mail.texts().html.contains("#7a3e9d"));
    let Some(read) = read_by_python(&[mail.content().to_vec()]) else {
        return;
    };
    let parts = read[0]["parts"].as_array().unwrap();
    let kinds: Vec<_> = parts.iter().map(|part| part[0].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        ["text/plain", "text/html", "image/png", "application/pdf", "text/plain"]
    );
    assert_eq!(parts[3][1], "Rechnung März.pdf");
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(parts[3][2], hex);
}

#[test]
fn a_file_is_refused_for_a_name_or_type_that_would_break_a_header() {
    for (name, kind) in [
        ("a\r\nb", "text/plain"),
        ("../a", "text/plain"),
        ("", "text/plain"),
        ("a", "text"),
        ("a", "text/plain; x"),
        ("a\"b", "text/plain"),
        ("exe\u{202e}gpj.jpg", "image/jpeg"),
        ("a", "multipart/mixed"),
        ("a", "message/rfc822"),
    ] {
        assert!(Attachment::new(name, kind, vec![1]).is_err(), "{name:?} {kind:?}");
    }
    assert!(Attachment::new("a", "text/plain", Vec::new()).is_err());
}

#[test]
fn debug_shows_neither_texts_nor_addresses_nor_secrets() {
    let order = order("1", vec![line("Lamp", Availability::InStock)]);
    let mail = compose("key", OrderReceived { order: &order }, 1);
    for shown in [
        format!("{mail:?}"),
        format!("{:?}", mail.texts()),
        format!("{:?}", links()),
        format!("{:?}", mailer()),
        format!(
            "{:?}",
            MailRequest::new("key", &ada("en"), OrderReceived { order: &order })
        ),
        format!(
            "{:?}",
            InquiryAnswered {
                inquiry: "1",
                topic: "Ada's",
                answer: "a secret",
                follow_url: None
            }
        ),
    ] {
        assert!(
            !shown.contains("Ada") && !shown.contains('@') && !shown.contains("secret"),
            "{shown}"
        );
    }
}

#[test]
fn an_image_of_the_shops_template_stands_in_the_mail() {
    let order = lamp_in_stock("1");
    let theme = ecrm_confirmation_mail::Theme::builtin().unwrap();
    let html = "{% extends \"builtin/mail.html\" %}{% block footer %}<img src=\"cid:map.png\" alt=\"\">{% endblock %}";
    let mailer = mailer()
        .with_theme(theme.with_file("order_received.html", html).unwrap())
        .unwrap();
    let ada = ada("en");
    let map = Attachment::new("map.png", "image/png", b"\x89PNG".to_vec()).unwrap();
    let request = MailRequest::new("key", &ada, OrderReceived { order: &order }).with_inline_image(map);
    let message = text(&mailer.compose(&request, &SeededIds::new(1), NOW).unwrap());
    assert!(
        message.contains("cid:map.png")
            && message.contains("Content-ID: <map.png>")
            && message.contains("multipart/related")
    );
}

#[test]
fn an_image_in_a_mail_has_a_name_that_a_template_can_refer_to() {
    let order = lamp_in_stock("1");
    let ada = ada("en");
    let image = |name: &str, kind: &str| Attachment::new(name, kind, vec![1]).unwrap();
    for images in [
        vec![image("a b.png", "image/png")],
        vec![image("ä.png", "image/png")],
        vec![image("logo", "image/png")],
        vec![image("a.png", "image/png"), image("a.png", "image/png")],
        vec![image("a.pdf", "application/pdf")],
    ] {
        let request = MailRequest::new("key", &ada, OrderReceived { order: &order });
        let request = images.into_iter().fold(request, MailRequest::with_inline_image);
        let refused = mailer().compose(&request, &SeededIds::new(1), NOW);
        assert!(matches!(refused, Err(ecrm_confirmation_mail::MailError::Value(_))));
    }
}
