//! Mails that are made to hurt: nothing panics, and time grows with the size and not faster.

#![allow(clippy::print_stdout, reason = "a test tells what it measured")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "how long reading takes is what is tested")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ecrm_message::{Limits, Message, MessageError};
use proptest::prelude::*;

/// Far more than any of these takes, and far less than anything that grows with the square of 4 MiB.
const PATIENCE: Duration = Duration::from_secs(20);

const NOTICE: &str = "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nSubject: failure notice\nDate: Thu, 19 Nov 2026 12:00:00 +0100\n\
    Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n--b\nContent-Type: text/plain; charset=iso-2022-jp\n\n\
    I wasn't able to deliver your message.\n\n<anna@buyer.example>:\nRemote host said: 550 5.1.1 User unknown (in reply to RCPT TO command)\n\
    >>> RCPT TO:<anna@buyer.example>\n<<< 550 5.1.1 no\n\n--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; anna@buyer.example\n\
    Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no\n\n--b\nContent-Type: message/rfc822\n\nReceived: x\nMessage-ID: <1@shop.example>\n\
    From: =?utf-8?q?a?= <shop@shop.example>\n\n--b--\n";

/// Reads a mail as far as it goes.
fn read(bytes: &[u8]) {
    if let Ok(mail) = Message::parse(bytes) {
        let _ = (
            mail.classify(),
            mail.text().len(),
            mail.references(),
            format!("{mail:?}"),
        );
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        read(&bytes);
        read(&[b"From: MAILER-DAEMON <>\nSubject: failure notice\n\ncould not be delivered\n", &bytes[..]].concat());
    }

    #[test]
    fn any_text_is_read(text in "(?s)[a-z<>@.:;\"' \n\t=?5é\u{3042}-]{0,400}") {
        read(format!("Return-Path: <>\nFrom: mailer-daemon\nSubject: undeliverable {text}\n\nundeliverable\n{text}").as_bytes());
        read(format!("Content-Type: {text}\n\n{text}").as_bytes());
        read(format!("{NOTICE}{text}").as_bytes());
    }

    #[test]
    fn a_changed_notice_is_read(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20),
        cut in any::<prop::sample::Index>(),
        taken in any::<prop::sample::Index>(),
        length in 0_usize..80,
    ) {
        let mut bytes = NOTICE.as_bytes().to_vec();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let from = taken.index(bytes.len());
        let to = (from + length).min(bytes.len());
        bytes.drain(from..to);
        read(&bytes);
        bytes.truncate(cut.index(bytes.len()));
        read(&bytes);
    }
}

#[test]
fn time_does_not_grow_with_the_square() {
    let daemon = "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nSubject: failure notice\n";
    let many = |piece: &str| piece.repeat((4 << 20) / piece.len());
    let hostile = [
        (
            "addresses",
            format!("{daemon}\nundeliverable\n{}", many("a@b.example\n")),
        ),
        ("marks", format!("{daemon}\nundeliverable\n{}", many("@"))),
        ("quotes", format!("{daemon}\nundeliverable\n{}", many("\"@"))),
        ("one word", format!("{daemon}\nundeliverable {}", many("é"))),
        ("numbers", format!("{daemon}\nundeliverable {}", many("550 5.1.1 "))),
        (
            "fields in the text",
            format!("{daemon}\nundeliverable\n{}", many("Received: a\nx\n")),
        ),
        (
            "recipients",
            format!(
                "{daemon}\nundeliverable\n{}",
                many("Final-Recipient: a@b.example\nAction: failed\n\n")
            ),
        ),
        (
            "one group",
            format!(
                "{daemon}Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n{}",
                many("X-A: b\n")
            ),
        ),
        ("header fields", format!("{}\nx", many("X: y\n"))),
        ("one header field", format!("Subject: {}\n\nx", many("=?utf-8?q?a?= "))),
        ("folded header field", format!("Subject: a\n{}\n\nx", many(" a\n"))),
        ("references", format!("References: {}\n\nx", many("<a@b> "))),
        (
            "recipients in the header",
            format!("To: {}\n\nx", many("a@b.example, ")),
        ),
        ("groups in the header", format!("To: {}\n\nx", many("a:b,("))),
        (
            "parameters",
            format!("Content-Type: text/plain{}\n\nx", many("; a=\"b\"")),
        ),
        (
            "parts",
            format!("Content-Type: multipart/mixed; boundary=b\n\n{}", many("--b\n\nx\n")),
        ),
        (
            "nested parts",
            format!(
                "Content-Type: multipart/mixed; boundary=b\n\n{}",
                many("--b\nContent-Type: multipart/mixed; boundary=b\n\n")
            ),
        ),
        (
            "parts without end",
            format!(
                "Content-Type: multipart/mixed; boundary=b\n\n{}",
                many("--b\nContent-Type: multipart/mixed; boundary=none\n\nx\n")
            ),
        ),
        ("mails within mails", many("Content-Type: message/rfc822\n\n")),
        ("notices within notices", many(&format!("{daemon}\nundeliverable\n"))),
        (
            "encoded",
            format!("Content-Transfer-Encoding: base64\n\n{}", many("====\n")),
        ),
        (
            "quoted",
            format!("Content-Transfer-Encoding: quoted-printable\n\n{}", many("=\n")),
        ),
        ("tags", format!("Content-Type: text/html\n\n{}", many("<a<"))),
        ("comments", format!("Content-Type: text/html\n\n{}", many("<!--"))),
        (
            "JSON",
            format!(
                "From: no-reply@sns.amazonaws.com\n\n{}",
                many("{\"emailAddress\":\"a\",\"recipients\":[\"")
            ),
        ),
        (
            "session",
            format!(
                "{daemon}\nundeliverable\na@b.example\n{}",
                many(">>> DATA\n<<< 550 no\n")
            ),
        ),
    ];
    for (what, mail) in hostile {
        let begin = Instant::now();
        read(mail.as_bytes());
        let taken = begin.elapsed();
        println!("{what}: {} ms", taken.as_millis());
        assert!(taken < PATIENCE, "{what}: {taken:?}");
    }
}

#[test]
fn limits_hold() {
    let small = Limits {
        bytes: 10,
        ..Limits::default()
    };
    assert!(matches!(
        Message::parse_within(b"Subject: a\n\nb", &small),
        Err(MessageError::TooLarge { bytes: 13, most: 10 })
    ));
    assert_eq!(Message::parse(b"").err(), Some(MessageError::NoHeader));
    assert_eq!(Message::parse(b"no mail at all\n").err(), Some(MessageError::NoHeader));
    let flat = Limits {
        depth: 0,
        ..Limits::default()
    };
    let mail = Message::parse_within(NOTICE.as_bytes(), &flat).unwrap();
    assert_eq!(mail.parts().len(), 1);
    let few = Limits {
        parts: 2,
        recipients: 1,
        ..Limits::default()
    };
    let mail = Message::parse_within(NOTICE.as_bytes(), &few).unwrap();
    assert_eq!(mail.parts().len(), 2);
    assert_eq!(mail.classify().report().unwrap().recipients.len(), 1);
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn every_mail_that_is_present_is_read_in_time() {
    let corpora = option_env!("ECRM_CORPORA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"),
        PathBuf::from,
    );
    let folder = corpora.join("mail");
    if !folder.is_dir() {
        println!("the real mails are not here: {}", folder.display());
        return;
    }
    let mut found = Vec::new();
    files(&folder, &mut found);
    let mut slowest = Duration::ZERO;
    for file in &found {
        let bytes = fs::read(file).unwrap();
        let begin = Instant::now();
        read(&bytes);
        slowest = slowest.max(begin.elapsed());
    }
    println!("{} mails, the slowest in {} ms", found.len(), slowest.as_millis());
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
}
