//! What is heard of a mail after the relay has taken it.

use ecrm_confirmation_mail::{EventKind, MailError, MailEvent, MailState, Outcome, events, find, hear};
use ecrm_core::{Channel, Code, Purpose};
use ecrm_store::{Session, may_contact};
use ecrm_testkit::hosts::on_each_database;

use crate::support::*;

const KEY: &str = "order:shop:1:confirmation";

/// A mail that the relay has taken, by its Message-ID.
fn accepted(session: &mut dyn Session) -> Result<String, MailError> {
    tables(session);
    queue(session, &lamp_in_stock("1"), 3)?;
    let mail = claim_all(session, NOW).remove(0);
    end(session, &mail, &Outcome::Accepted("250 2.0.0 ok".into()))?;
    Ok(mail.message_id)
}

fn event(message_id: &str, kind: EventKind, status: &str) -> MailEvent {
    MailEvent {
        message_id: message_id.to_owned(),
        kind,
        at: NOW + minutes(1),
        status: status.parse().ok(),
        detail: "in words".to_owned(),
    }
}

#[test]
fn a_relay_that_takes_a_mail_has_not_delivered_it_and_a_report_says_so() {
    on_each_database("delivered", |host| {
        host.commit(|session| {
            let id = accepted(session)?;
            assert_eq!(find(session, KEY)?.unwrap().state, MailState::Accepted);
            let heard = hear(session, &event(&id, EventKind::Delivered, "2.0.0"), NOW + minutes(2))?.unwrap();
            assert_eq!((heard.mail.state, heard.is_news), (MailState::Delivered, true));
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn the_same_report_once_more_changes_nothing() {
    on_each_database("twice_heard", |host| {
        host.commit(|session| {
            let id = accepted(session)?;
            let bounce = event(&id, EventKind::BouncedHard, "5.1.1");
            assert!(hear(session, &bounce, NOW + minutes(2))?.unwrap().is_news);
            assert!(!hear(session, &bounce, NOW + minutes(3))?.unwrap().is_news);
            assert_eq!(events(session, KEY)?, [bounce]);
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn a_hard_bounce_and_a_complaint_close_the_address_and_a_soft_bounce_does_not() {
    for (kind, status, stops) in [
        (EventKind::BouncedHard, "5.1.1", true),
        (EventKind::BouncedSoft, "5.2.2", false),
        (EventKind::Complained, "", true),
        (EventKind::Delayed, "4.4.1", false),
        (EventKind::Unsubscribed, "", false),
    ] {
        on_each_database(&format!("closes_{}", kind.code()), |host| {
            host.commit(|session| {
                let id = accepted(session)?;
                hear(session, &event(&id, kind, status), NOW + minutes(2))?;
                let may = |session: &mut dyn Session, purpose| {
                    may_contact(session, &ada("en"), purpose, Channel::Email, NOW + minutes(3))
                };
                assert_eq!(may(session, Purpose::Contract)?.is_err(), stops, "{kind:?}");
                Ok::<_, MailError>(())
            });
        });
    }
}

#[test]
fn a_report_about_somebody_elses_mail_is_nothing_to_us() {
    on_each_database("not_ours", |host| {
        host.commit(|session| {
            accepted(session)?;
            for id in ["<1@elsewhere.example>", "", "<x.a@lamps.example>", "<.@>", "x.ä@y"] {
                assert_eq!(hear(session, &event(id, EventKind::Delivered, ""), NOW)?, None, "{id}");
            }
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn a_message_id_without_its_brackets_is_known_as_well() {
    on_each_database("brackets", |host| {
        host.commit(|session| {
            let id = accepted(session)?;
            let bare = id.trim_matches(['<', '>']);
            assert!(hear(session, &event(bare, EventKind::Delivered, ""), NOW + minutes(2))?.is_some());
            Ok::<_, MailError>(())
        });
    });
}
