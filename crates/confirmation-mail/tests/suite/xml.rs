//! Mails, what was heard of them and what was answered, in XML.

use std::process::Command;

use ecrm_confirmation_mail::xml::VOCABULARY;
use ecrm_confirmation_mail::{
    EventKind, GivenAnswer, MailError, MailEvent, OrderReceived, Outcome, QueuedMail, answer, answers, events, find,
    hear,
};
use ecrm_core::SeededIds;
use ecrm_testkit::hosts::on_each_database;
use ecrm_xml::{Limits, Writer, XmlForm, parse};

use crate::support::*;

/// Written, valid by the schema where xmllint is here, and read again.
fn there_and_back<T: XmlForm + PartialEq + std::fmt::Debug>(value: &T) {
    let mut writer = Writer::new(&VOCABULARY);
    value.write(&mut writer);
    let document = writer.finish().unwrap();
    let record = parse(&document, &Limits::default()).unwrap();
    assert_eq!(&T::read(&record.element()).unwrap(), value);
    assert!(record.leftovers().unwrap().is_empty(), "all of it was understood");
    assert_ne!(is_valid(&document), Some(false));
}

/// Whether a document is valid by the schema, where xmllint is here.
fn is_valid(document: &[u8]) -> Option<bool> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), document).unwrap();
    let schema = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/schema/ecrm-confirmation-mail-1.xsd"
    );
    match Command::new("xmllint")
        .args(["--nonet", "--noout", "--schema", schema])
        .arg(file.path())
        .output()
    {
        Ok(output) => {
            print!("{}", String::from_utf8_lossy(&output.stderr));
            Some(output.status.success())
        }
        Err(error) => {
            assert!(
                std::env::var_os("ECRM_REQUIRE_XMLLINT").is_none(),
                "xmllint must be there: {error}"
            );
            println!("xmllint is not here: what is written is not validated");
            None
        }
    }
}

#[test]
fn the_schema_refuses_the_instants_that_the_reader_refuses() {
    let event = |at: &str| {
        format!(
            "<event xmlns='urn:ecrm:confirmation-mail:1' kind='delivered' at='{at}'>\
             <messageId>&lt;1.a@lamps.example></messageId><detail>250 ok</detail></event>"
        )
    };
    for (at, is_right) in [
        ("2026-11-22T09:30:00+01:00", true),
        ("2026-11-22T09:30:00", false),
        ("2026-11-22T24:00:00Z", false),
    ] {
        let document = event(at);
        let record = parse(document.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(MailEvent::read(&record.element()).is_ok(), is_right, "{at}");
        assert_ne!(is_valid(document.as_bytes()), Some(!is_right), "{at}");
    }
}

#[test]
fn any_key_comes_back_as_it_was_and_base64_may_have_line_breaks() {
    on_each_database("xml_key", |host| {
        host.commit(|session| {
            tables(session);
            let key = " order 1\u{ffff} ";
            tell(
                session,
                key,
                OrderReceived {
                    order: &lamp_in_stock("1"),
                },
                3,
            )?;
            let mail = find(session, key)?.unwrap();
            there_and_back(&mail);
            let mut writer = Writer::new(&VOCABULARY);
            mail.write(&mut writer);
            let document = String::from_utf8(writer.finish().unwrap()).unwrap();
            let (before, message) = document.split_once("<message>").unwrap();
            let (line, rest) = message.split_at(76);
            let broken = format!("{before}<message>\n{line}\n{rest}");
            let record = parse(broken.as_bytes(), &Limits::default()).unwrap();
            assert!(QueuedMail::read(&record.element()).unwrap() == mail);
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn a_mail_its_events_and_its_answers_are_read_as_they_were_written() {
    on_each_database("xml", |host| {
        host.commit(|session| {
            tables(session);
            queue(session, &lamp_in_stock("1"), 3)?;
            let key = "order:shop:1:confirmation";
            there_and_back(&find(session, key)?.unwrap());
            let mail = claim_all(session, NOW).remove(0);
            end(session, &mail, &Outcome::Accepted("250 2.0.0 ok".into()))?;
            let event = MailEvent {
                message_id: mail.message_id.clone(),
                kind: EventKind::BouncedSoft,
                at: NOW + minutes(1),
                status: "5.2.2".parse().ok(),
                detail: "552 5.2.2 <full> & done".to_owned(),
            };
            hear(session, &event, NOW + minutes(2))?;
            there_and_back(&find(session, key)?.unwrap());
            for event in events(session, key)? {
                there_and_back::<MailEvent>(&event);
            }
            let url = links()
                .link(
                    ada("en").subject(),
                    key,
                    "order:shop:1",
                    ecrm_confirmation_mail::Choice::Wait,
                    NOW,
                )
                .unwrap();
            let given = links().read(url.split_once("?t=").unwrap().1, NOW).unwrap();
            answer(session, &given, &SeededIds::new(6), NOW)?;
            for given in answers(session, ada("en").subject())? {
                there_and_back::<GivenAnswer>(&given);
            }
            ecrm_confirmation_mail::forget_contents(session, NOW + minutes(3))?;
            there_and_back(&find(session, key)?.unwrap());
            Ok::<_, MailError>(())
        });
    });
}
