//! The story of a bounce: it settles its mail, closes the address, and stands on the customer's timeline; a person's mail is handed back.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use chrono::TimeDelta;
use ecrm::checkout::{Confirmation, confirmation_key};
use ecrm::confirmation_mail::{Claimed, Lane, MailError, MailState, Outcome, Pace, claim, find, settle};
use ecrm::core::{Event, ExternalRef, Refusal, SeededIds, Source, SuppressionReason};
use ecrm::inbound_mail::{Inbound, InboundError, take};
use ecrm::message::Limits;
use ecrm::store::{Session, activities};
use ecrm_testkit::hosts::on_each_database;
use support::*;

/// Places an order and has its confirmation taken by a relay.
fn sent(session: &mut dyn Session, shop: &Shop, number: &str) -> Claimed {
    shop.place(session, &customer("ada"), &shop.order(number, "LAMP"))
        .unwrap();
    let due = |lane| claim(session, lane, 10, TimeDelta::minutes(5), &Pace::unlimited(), NOW).unwrap();
    let mail = Lane::all().flat_map(due).next().unwrap();
    settle(
        session,
        &mail,
        &Outcome::Accepted("250 2.0.0 queued".into()),
        &SeededIds::new(8),
        NOW,
    )
    .unwrap();
    mail
}

/// What a mail system sends back (RFC 3464).
fn report(mail: &Claimed, action: &str, status: &str) -> Vec<u8> {
    format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: orders@lamps.example\r\nSubject: Delivery report\r\n\
         Date: Sun, 22 Nov 2026 11:59:00 +0000\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nYour mail could not be delivered.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; {}\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; 550 {status} it is so\r\n\r\n\
         --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {}\r\nSubject: Your order\r\n\r\n--b--\r\n",
        mail.recipient, mail.message_id
    )
    .into_bytes()
}

fn take_in(session: &mut dyn Session, mail: &[u8]) -> Result<Inbound, InboundError> {
    let source = Source::new("mailbox").unwrap();
    take(session, mail, &Limits::default(), &source, &SeededIds::new(9), NOW)
}

/// What stands on the timelines of mails that came back.
fn told(session: &mut dyn Session) -> Vec<String> {
    let mut topics = Vec::new();
    activities::for_each(session, &mut |activity| {
        if let Event::Contact(contact) = activity.event() {
            topics.push(contact.topic().unwrap().to_owned());
        }
        Ok(std::ops::ControlFlow::Continue(()))
    })
    .unwrap();
    topics
}

#[test]
fn a_hard_bounce_settles_its_mail_closes_the_address_and_is_on_the_timeline() {
    on_each_database("bounce", |host| {
        host.commit(|session| {
            ecrm::migrate(session, NOW).unwrap();
            let shop = Shop::new(1);
            let mail = sent(session, &shop, "1");
            let bounce = report(&mail, "failed", "5.1.1");
            for _ in 0..2 {
                let Inbound::Reported(Some(heard)) = take_in(session, &bounce).unwrap() else {
                    panic!("it is a report")
                };
                assert_eq!(heard.mail.state, MailState::Bounced);
            }
            let key = confirmation_key(&ExternalRef::new("shop", "1").unwrap());
            assert_eq!(find(session, &key)?.unwrap().status, "5.1.1".parse().ok());
            assert_eq!(told(session), ["order_received: bounced_hard"], "once");
            let next = shop.place(session, &customer("ada"), &shop.order("2", "LAMP")).unwrap();
            assert_eq!(
                next.confirmation,
                Confirmation::None(Refusal::Suppressed(SuppressionReason::HardBounce))
            );
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn a_full_mailbox_and_a_delay_close_no_address() {
    for (action, status, state) in [
        ("failed", "5.2.2", MailState::Bounced),
        ("delayed", "4.4.1", MailState::Accepted),
        ("relayed", "2.0.0", MailState::Accepted),
        ("delivered", "2.0.0", MailState::Delivered),
    ] {
        on_each_database("soft", |host| {
            host.commit(|session| {
                ecrm::migrate(session, NOW).unwrap();
                let shop = Shop::new(1);
                let mail = sent(session, &shop, "1");
                let Inbound::Reported(Some(heard)) = take_in(session, &report(&mail, action, status)).unwrap() else {
                    panic!("a report")
                };
                assert_eq!(heard.mail.state, state);
                let next = shop.place(session, &customer("ada"), &shop.order("2", "LAMP")).unwrap();
                assert!(matches!(next.confirmation, Confirmation::Queued(_)));
                Ok::<_, MailError>(())
            });
        });
    }
}

#[test]
fn a_report_about_somebody_elses_mail_settles_nothing_and_a_person_is_handed_back() {
    on_each_database("not_ours", |host| {
        host.commit(|session| {
            ecrm::migrate(session, NOW).unwrap();
            let mut mail = sent(session, &Shop::new(1), "1");
            mail.message_id = "<another@elsewhere.example>".to_owned();
            let Inbound::Reported(heard) = take_in(session, &report(&mail, "failed", "5.1.1")).unwrap() else { panic!("a report") };
            assert!(heard.is_none() && told(session).is_empty());
            let person = b"From: ada@mail.example\r\nTo: orders@lamps.example\r\nSubject: My order\r\nMessage-ID: <1@mail.example>\r\n\r\nWhere is it?\r\n";
            let Inbound::Ordinary(message) = take_in(session, person).unwrap() else { panic!("a person wrote it") };
            assert_eq!(message.subject(), Some("My order"));
            Ok::<_, MailError>(())
        });
    });
}
