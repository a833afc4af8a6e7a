//! The outbox, on every database.

use crate::support::*;
use chrono::{NaiveDate, TimeDelta};
use ecrm_confirmation_mail::transport::{Memory, Transport};
use ecrm_confirmation_mail::{
    Claimed, Enqueued, Lane, MODULE, MailError, MailRequest, MailState, OrderReceived, Outcome, Pace, Settled, Worker,
    claim, counts, enqueue, find, of_subject, settle, take_over,
};
use ecrm_core::{
    Availability, Channel, ContactData, FixedClock, PromiseState, Purpose, Recipient, SeededIds, Source,
    SuppressionReason,
};
use ecrm_store::{Session, SessionExt, migrate, promises, registry, suppressions};
use ecrm_testkit::hosts::on_each_database;
use std::ops::ControlFlow;

const KEY: &str = "order:shop:1:confirmation";

fn with_one_mail(session: &mut dyn Session) -> Result<Enqueued, MailError> {
    tables(session);
    queue(session, &lamp_in_stock("1"), 3)
}

fn with_mails(session: &mut dyn Session, count: u64) -> Result<(), MailError> {
    tables(session);
    for number in 0..count {
        queue(session, &lamp_in_stock(&number.to_string()), number)?;
    }
    Ok(())
}

fn accepted() -> Outcome {
    Outcome::Accepted("250 ok".into())
}

#[test]
fn a_mail_is_committed_with_the_order_or_not_at_all() {
    on_each_database("together", |host| {
        host.commit(|session| {
            tables(session);
            session.execute("CREATE TABLE shop_order (number TEXT)", &[])
        });
        let place = |session: &mut dyn Session| {
            session.execute("INSERT INTO shop_order (number) VALUES ('1')", &[])?;
            queue(session, &lamp_in_stock("1"), 3)
        };
        host.roll_back(place);
        host.commit(|session| {
            assert_eq!(session.query_value::<i64>("SELECT count(*) FROM shop_order", &[])?, 0);
            assert_eq!(find(session, KEY)?, None);
            Ok::<_, MailError>(())
        });
        host.commit(place);
        host.commit(|session| {
            assert_eq!(session.query_value::<i64>("SELECT count(*) FROM shop_order", &[])?, 1);
            assert_eq!(find(session, KEY)?.unwrap().state, MailState::Queued);
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn the_same_key_with_the_same_content_queues_nothing_again() {
    on_each_database("same_key", |host| {
        host.commit(|session| {
            tables(session);
            let first = queue(session, &lamp_in_stock("1"), 3)?;
            let second = queue(session, &lamp_in_stock("1"), 4)?;
            assert_eq!(second, Enqueued::Before(first.id()));
            assert_eq!(counts(session)?, [(MailState::Queued, 1)]);
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn the_same_key_with_another_content_is_an_error_and_changes_nothing() {
    on_each_database("other_content", |host| {
        host.commit(|session| {
            with_one_mail(session)?;
            let before = find(session, KEY)?;
            let other = order("1", vec![line("Chandelier", Availability::InStock)]);
            assert!(matches!(queue(session, &other, 4), Err(MailError::KeyReused)));
            assert_eq!(find(session, KEY)?, before);
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn the_language_is_frozen_when_a_mail_is_queued() {
    on_each_database("language", |host| {
        host.commit(|session| {
            tables(session);
            let placed = lamp_in_stock("1");
            for locale in ["fr", "en"] {
                let ada = ada(locale);
                let request = MailRequest::new(KEY, &ada, OrderReceived { order: &placed });
                let mail = mailer().compose(&request, &SeededIds::new(3), NOW)?;
                let permission = permission(session, &ada, mail.purpose());
                enqueue(session, &permission, &mail, &SeededIds::new(4), NOW)?;
            }
            assert_eq!(find(session, KEY)?.unwrap().locale, "fr");
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn a_claimed_mail_is_claimed_by_nobody_else_until_its_lease_ends() {
    on_each_database("claimed_once", |host| {
        host.commit(|session| {
            with_one_mail(session)?;
            let first = claim_all(session, NOW);
            assert_eq!((first.len(), first[0].attempt, first[0].is_uncertain), (1, 1, false));
            assert_eq!(claim_all(session, NOW + minutes(4)).len(), 0);
            let again = claim_all(session, NOW + minutes(5));
            assert_eq!(
                (again[0].attempt, again[0].is_uncertain),
                (2, true),
                "a worker died with it"
            );
            assert_eq!(again[0].message_id, first[0].message_id);
            assert_eq!(again[0].content, first[0].content);
            assert!(find(session, KEY)?.unwrap().uncertain_at.is_some());
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn an_outcome_that_comes_after_the_lease_was_lost_is_refused() {
    on_each_database("lease_lost", |host| {
        host.commit(|session| {
            with_one_mail(session)?;
            let slow = claim_all(session, NOW).remove(0);
            let quick = claim_all(session, NOW + minutes(6)).remove(0);
            let ids = SeededIds::new(5);
            assert_eq!(
                settle(session, &quick, &accepted(), &ids, NOW + minutes(7))?,
                Settled::Done(MailState::Accepted)
            );
            for late in [&slow, &quick] {
                let outcome = settle(session, late, &Outcome::Permanent("550".into()), &ids, NOW + minutes(8));
                assert!(matches!(outcome, Err(MailError::LeaseLost)));
            }
            assert_eq!(find(session, KEY)?.unwrap().state, MailState::Accepted);
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn a_mail_that_the_relay_puts_off_is_tried_again_later_with_the_same_bytes() {
    on_each_database("again", |host| {
        host.commit(|session| {
            with_one_mail(session)?;
            let first = claim_all(session, NOW).remove(0);
            let outcome = Outcome::Transient("451".into());
            let Settled::Again(due) = settle(session, &first, &outcome, &SeededIds::new(5), NOW)? else {
                panic!("it is tried again");
            };
            assert!(due > NOW + TimeDelta::seconds(47) && due < NOW + TimeDelta::seconds(73));
            assert_eq!(claim_all(session, due - TimeDelta::seconds(1)).len(), 0);
            let second = claim_all(session, due).remove(0);
            assert_eq!((second.attempt, second.is_uncertain), (2, false));
            assert_eq!((second.message_id, second.content), (first.message_id, first.content));
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn a_mail_from_long_ago_is_not_sent_any_more() {
    on_each_database("expired", |host| {
        host.commit(|session| {
            with_one_mail(session)?;
            assert_eq!(claim_all(session, NOW + TimeDelta::days(8)).len(), 0);
            assert_eq!(find(session, KEY)?.unwrap().state, MailState::Expired);
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn whether_somebody_may_be_contacted_is_asked_again_when_a_mail_is_sent() {
    on_each_database("asked_again", |host| {
        host.commit(|session| {
            with_one_mail(session)?;
            let reason = SuppressionReason::HardBounce;
            suppressions::add(
                session,
                &ada("en"),
                Channel::Email,
                reason,
                None,
                &Source::checkout(),
                NOW,
            )?;
            assert_eq!(claim_all(session, NOW).len(), 0);
            let mail = find(session, KEY)?.unwrap();
            assert_eq!(mail.state, MailState::Refused);
            assert!(mail.detail.unwrap().contains("hard_bounce"));
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn mails_that_may_not_be_sent_do_not_hide_those_behind_them() {
    on_each_database("behind", |host| {
        host.commit(|session| {
            with_mails(session, 60)?;
            let reason = SuppressionReason::Manual;
            suppressions::add(
                session,
                &ada("en"),
                Channel::Email,
                reason,
                None,
                &Source::checkout(),
                NOW,
            )?;
            for lane in Lane::all() {
                assert_eq!(claim(session, lane, 1, minutes(5), &Pace::unlimited(), NOW)?.len(), 0);
            }
            assert_eq!(counts(session)?, [(MailState::Refused, 60)]);
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn a_permission_for_another_purpose_or_recipient_does_not_send_a_mail() {
    on_each_database("permission", |host| {
        host.commit(|session| {
            tables(session);
            let placed = lamp_in_stock("1");
            let mail = compose(KEY, OrderReceived { order: &placed }, 3);
            let elsewhere = Recipient::new(
                ada("en").subject(),
                ContactData::new().with_email("eve@mail.example".parse().unwrap()),
            );
            for other in [
                permission(session, &ada("en"), Purpose::Legal),
                permission(session, &elsewhere, Purpose::Contract),
            ] {
                let result = enqueue(session, &other, &mail, &SeededIds::new(4), NOW);
                assert!(matches!(result, Err(MailError::WrongPermission)));
            }
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn every_day_that_a_mail_tells_is_a_promise_on_record() {
    on_each_database("promise", |host| {
        host.commit(|session| {
            tables(session);
            let expected = NaiveDate::from_ymd_opt(2026, 12, 1);
            let lines = vec![
                line("Lamp", Availability::InStock),
                line("Bulb", Availability::BackOrdered { expected }),
                line("Shade", Availability::BackOrdered { expected: None }),
            ];
            let placed = order("1", lines);
            queue(session, &placed, 3)?;
            queue(session, &placed, 4)?;
            let made = promises::of_subject(session, ada("en").subject().id())?;
            let told: Vec<_> = made
                .iter()
                .map(|made| (made.about(), made.what(), made.due_at().to_rfc3339()))
                .collect();
            assert_eq!(
                told,
                [
                    (
                        "order:shop:1/line:2",
                        "available",
                        "2026-12-01T23:59:59.999999+00:00".to_owned()
                    ),
                    (
                        "order:shop:1/line:3",
                        "news of available",
                        (NOW + TimeDelta::days(14)).to_rfc3339()
                    ),
                ]
            );
            assert!(made.iter().all(|made| made.state_at(NOW) == PromiseState::Open));
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn a_worker_sends_everything_that_is_due_and_says_what_became_of_it() {
    on_each_database("worker", |host| {
        host.commit(|session| with_mails(session, 40));
        let (clock, ids, mut transport) = (FixedClock::at(NOW), SeededIds::new(9), Memory::accepting());
        let worker = Worker::default().with_batch(3);
        let go_on = &mut |_: &Outcome| ControlFlow::Continue(());
        let report = worker.run_once(host, &mut transport, &clock, &ids, go_on).unwrap();
        assert_eq!((report.accepted, report.again, report.dead, report.lost), (40, 0, 0, 0));
        assert_eq!(transport.sent().len(), 40);
        let report = worker.run_once(host, &mut transport, &clock, &ids, go_on).unwrap();
        assert_eq!(report.accepted, 0, "nothing is sent twice");
        host.commit(|session| {
            assert_eq!(of_subject(session, ada("en").subject())?.len(), 40);
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn a_worker_that_is_told_to_stop_finishes_the_batch_in_its_hands() {
    on_each_database("stop", |host| {
        host.commit(|session| with_mails(session, 100));
        let mut transport = Memory::accepting();
        let stop = &mut |_: &Outcome| ControlFlow::Break(());
        Worker::default()
            .run_once(host, &mut transport, &FixedClock::at(NOW), &SeededIds::new(9), stop)
            .unwrap();
        host.commit(|session| {
            let states = counts(session)?;
            assert!(
                states
                    .iter()
                    .all(|(state, _)| matches!(state, MailState::Accepted | MailState::Queued)),
                "{states:?}"
            );
            assert!(transport.sent().len() < 100);
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn a_host_that_starts_again_can_end_the_leases_of_its_dead_worker() {
    on_each_database("take_over", |host| {
        host.commit(|session| {
            with_one_mail(session)?;
            claim_all(session, NOW);
            assert_eq!(take_over(session, NOW + minutes(1))?, 1);
            let again = claim_all(session, NOW + minutes(1));
            assert!(again[0].is_uncertain);
            Ok::<_, MailError>(())
        });
    });
}

/// A transport that a second worker overtakes while it sends.
struct Overtaken<'h> {
    host: &'h std::cell::RefCell<Vec<String>>,
}

impl Transport for Overtaken<'_> {
    fn deliver(&mut self, mail: &Claimed) -> Outcome {
        self.host.borrow_mut().push(mail.message_id.clone());
        Outcome::Uncertain("the answer was lost".into())
    }
}

#[test]
fn an_answer_that_was_lost_is_marked_uncertain_and_sent_again_under_the_same_name() {
    on_each_database("uncertain", |host| {
        host.commit(with_one_mail);
        let seen = std::cell::RefCell::new(Vec::new());
        let clock = FixedClock::at(NOW);
        let go_on = &mut |_: &Outcome| ControlFlow::Continue(());
        for _ in 0..2 {
            Worker::default()
                .run_once(host, &mut Overtaken { host: &seen }, &clock, &SeededIds::new(9), go_on)
                .unwrap();
            clock.advance(minutes(10));
        }
        let seen = seen.into_inner();
        assert_eq!(seen.len(), 2);
        assert_eq!(seen[0], seen[1]);
        host.commit(|session| {
            assert!(find(session, KEY)?.unwrap().uncertain_at.is_some());
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn the_module_alone_brings_its_outbox_and_the_groups_that_it_asks_for() {
    on_each_database("alone", |host| {
        host.commit(|session| {
            let applied = migrate(session, &[&MODULE], NOW)?;
            let modules: Vec<_> = applied.iter().map(|applied| applied.module).collect();
            assert_eq!(modules, ["store", "consent", "promise", "confirmation_mail"]);
            let own = registry::customer_columns(session)?;
            let own = own.iter().filter(|column| column.module == "confirmation_mail").count();
            assert_eq!(own, 4);
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn a_relay_that_is_down_for_a_weekend_loses_nothing() {
    on_each_database("weekend", |host| {
        host.commit(with_one_mail);
        let (clock, ids) = (FixedClock::at(NOW), SeededIds::new(9));
        let go_on = &mut |_: &Outcome| ControlFlow::Continue(());
        let mut down = Memory::answering(Outcome::Transient("connection refused".into()));
        for _ in 0..72 {
            Worker::default()
                .run_once(host, &mut down, &clock, &ids, go_on)
                .unwrap();
            clock.advance(TimeDelta::hours(1));
        }
        assert!(down.sent().len() > 20, "it was tried again and again");
        clock.advance(TimeDelta::hours(5));
        let report = Worker::default()
            .run_once(host, &mut Memory::accepting(), &clock, &ids, go_on)
            .unwrap();
        assert_eq!(report.accepted, 1);
    });
}

#[test]
fn a_mail_that_kills_every_worker_is_set_aside_in_the_end() {
    on_each_database("killer", |host| {
        host.commit(|session| {
            with_one_mail(session)?;
            let mut claims = 0;
            for round in 0..100 {
                claims += claim_all(session, NOW + minutes(5 * round)).len();
            }
            assert_eq!(claims, 13);
            assert_eq!(find(session, KEY)?.unwrap().state, MailState::Uncertain);
            Ok::<_, MailError>(())
        });
    });
}

/// A transport that is slower than the lease.
struct Slow<'c>(&'c FixedClock);

impl Transport for Slow<'_> {
    fn deliver(&mut self, _: &Claimed) -> Outcome {
        self.0.advance(minutes(6));
        accepted()
    }
}

#[test]
fn a_worker_sends_nothing_whose_lease_has_ended() {
    on_each_database("slow", |host| {
        host.commit(|session| with_mails(session, 100));
        let clock = FixedClock::at(NOW);
        let stop = &mut |_: &Outcome| ControlFlow::Break(());
        let report = Worker::default()
            .run_once(host, &mut Slow(&clock), &clock, &SeededIds::new(9), stop)
            .unwrap();
        assert_eq!(report.accepted, 1, "the first of the batch was sent in time");
        assert!(report.lost > 0, "the others were left to whoever claims them next");
    });
}
