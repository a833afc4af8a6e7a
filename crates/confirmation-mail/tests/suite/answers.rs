//! Links by which customers answer.

use chrono::TimeDelta;
use ecrm_confirmation_mail::{
    Answered, CartLeft, Choice, DeliveryDelayed, Late, LinkError, Links, MailError, answer, answers, find,
};
use ecrm_core::{Availability, Channel, Consent, ConsentDecision, Purpose, SeededIds, Source};
use ecrm_store::{consents, may_contact};
use ecrm_testkit::hosts::on_each_database;

use crate::support::*;

/// The tokens of the links in a text.
fn tokens(text: &str) -> Vec<&str> {
    text.split_whitespace()
        .filter_map(|word| word.split_once("?t="))
        .map(|(_, token)| token)
        .collect()
}

#[test]
fn each_choice_of_a_delay_notice_is_answered_once() {
    on_each_database("choices", |host| {
        host.commit(|session| {
            tables(session);
            let order = order("1", vec![line("Bulb", Availability::BackOrdered { expected: None })]);
            let today = NOW.date_naive();
            let notice = DeliveryDelayed {
                order: &order,
                late: Late::Line(1),
                told: today,
                expected: None,
                reason: "Late.",
                can_replace: true,
            };
            tell(session, "delay", notice, 1)?;
            let text = find(session, "delay")?.unwrap().content.unwrap().text;
            let read: Vec<_> = tokens(&text)
                .iter()
                .map(|token| links().read(token, NOW).unwrap())
                .collect();
            assert_eq!(
                read.iter().map(|answer| answer.choice).collect::<Vec<_>>(),
                [Choice::Wait, Choice::Replace, Choice::Cancel]
            );
            let ids = SeededIds::new(5);
            assert_eq!(answer(session, &read[0], &ids, NOW)?, Answered::Now);
            assert_eq!(answer(session, &read[0], &ids, NOW)?, Answered::Before);
            assert_eq!(answer(session, &read[2], &ids, NOW)?, Answered::Otherwise(Choice::Wait));
            let known = answers(session, ada("en").subject())?;
            let given: Vec<_> = known
                .iter()
                .map(|given| (given.mail.as_str(), given.about.as_str(), given.choice))
                .collect();
            assert_eq!(given, [("delay", "order:shop:1/line:1", Choice::Wait)]);
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn one_click_withdraws_the_consent_that_the_mail_was_sent_by() {
    on_each_database("unsubscribe", |host| {
        host.commit(|session| {
            tables(session);
            let subject = ada("en").subject().id();
            let yes = Consent::new(
                subject,
                Purpose::Marketing,
                Channel::Email,
                ConsentDecision::Granted,
                NOW,
                Source::checkout(),
            );
            consents::record(session, &SeededIds::new(4), &yes)?;
            let lines = [line("Lamp", Availability::InStock)];
            tell(
                session,
                "cart",
                CartLeft {
                    lines: &lines,
                    url: "https://lamps.example/cart",
                },
                1,
            )?;
            let text = find(session, "cart")?.unwrap().content.unwrap().text;
            let given = links().read(tokens(&text)[0], NOW + TimeDelta::days(300)).unwrap();
            assert_eq!(given.choice, Choice::Unsubscribe);
            answer(session, &given, &SeededIds::new(5), NOW + minutes(1))?;
            assert!(
                may_contact(
                    session,
                    &ada("en"),
                    Purpose::Marketing,
                    Channel::Email,
                    NOW + minutes(2)
                )?
                .is_err()
            );
            assert!(may_contact(session, &ada("en"), Purpose::Contract, Channel::Email, NOW + minutes(2))?.is_ok());
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn a_link_that_was_changed_or_is_over_is_not_followed() {
    let subject = ada("en").subject();
    let url = links().link(subject, "m", "order:1", Choice::Wait, NOW).unwrap();
    let token = url.split_once("?t=").unwrap().1;
    assert!(links().read(token, NOW).is_ok());
    assert_eq!(
        links().read(token, NOW + TimeDelta::seconds(1)),
        Err(LinkError::Expired)
    );
    let other = Links::new("https://lamps.example/answer", &[1; 32]).unwrap();
    assert_eq!(other.read(token, NOW), Err(LinkError::NotOurs));
    for position in 0..token.len() {
        let mut bytes = token.as_bytes().to_vec();
        bytes[position] = if bytes[position] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        let read = links().read(&changed, NOW);
        // The last letter of a Base64 group has bits that stand for nothing: the same bytes are the same answer.
        assert!(
            read == Err(LinkError::NotOurs) || read == links().read(token, NOW),
            "{position}"
        );
    }
    for garbage in ["", ".", "a.b", &"x".repeat(3000)] {
        assert_eq!(links().read(garbage, NOW), Err(LinkError::NotOurs));
    }
    assert!(Links::new("https://lamps.example/", b"too short").is_err());
    assert!(Links::new("http://lamps.example/", &[1; 32]).is_err());
    assert!(Links::new("http://localhost:8080/", &[1; 32]).is_ok());
}
