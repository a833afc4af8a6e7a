//! When mails leave, in which order, how fast, and what somebody in the shop can do about it.

use chrono::{FixedOffset, NaiveTime, TimeDelta};
use ecrm_confirmation_mail::{
    CartLeft, Lane, MailError, MailRequest, MailState, OrderReceived, Outcome, Pace, Priority, QuietHours, Rate,
    Settled, WhenUncertain, cancel, claim, counts, erase, find, forget_contents, list, mark_accepted, of_subject,
    release, send_again, settle,
};
use ecrm_core::{Channel, Consent, ConsentDecision, Purpose, Recipient, SeededIds, Source};
use ecrm_store::{Session, consents, may_contact};
use ecrm_testkit::hosts::on_each_database;

use crate::support::*;

/// Queues an order mail to Ada as a request says.
fn queue_as(session: &mut dyn Session, key: &str, change: impl Fn(MailRequest<'_>) -> MailRequest<'_>) {
    let (order, ada) = (lamp_in_stock(key), ada("en"));
    let request = change(MailRequest::new(key, &ada, OrderReceived { order: &order }));
    let mail = mailer().compose(&request, &SeededIds::new(9), NOW).unwrap();
    put(session, &mail, NOW).unwrap();
}

fn agree_to_marketing(session: &mut dyn Session) {
    let subject = ada("en").subject().id();
    let consent = Consent::new(
        subject,
        Purpose::Marketing,
        Channel::Email,
        ConsentDecision::Granted,
        NOW,
        Source::checkout(),
    );
    consents::record(session, &SeededIds::new(5), &consent).unwrap();
}

fn remind_of_cart(session: &mut dyn Session) {
    let lines = [line("Lamp", ecrm_core::Availability::InStock)];
    tell(
        session,
        "cart:1",
        CartLeft {
            lines: &lines,
            url: "https://lamps.example/cart",
        },
        8,
    )
    .unwrap();
}

fn keys(mails: &[ecrm_confirmation_mail::Claimed]) -> Vec<&str> {
    mails.iter().map(|mail| mail.key.as_str()).collect()
}

#[test]
fn a_mail_waits_for_its_time_and_is_not_sent_after_its_end() {
    on_each_database("scheduled", |host| {
        host.commit(|session| {
            tables(session);
            queue_as(session, "later", |request| {
                request.not_before(NOW + minutes(60)).expiring_at(NOW + minutes(90))
            });
            assert!(claim_all(session, NOW + minutes(59)).is_empty());
            let mail = claim_all(session, NOW + minutes(60)).remove(0);
            assert!(release(session, &mail, NOW + minutes(61))?, "it was not begun");
            assert_eq!(find(session, "later")?.unwrap().attempts, 0);
            assert!(claim_all(session, NOW + minutes(90)).is_empty());
            assert_eq!(find(session, "later")?.unwrap().state, MailState::Expired);
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn mails_of_a_higher_priority_leave_first_within_their_lane() {
    on_each_database("priority", |host| {
        host.commit(|session| {
            tables(session);
            // Keys of one lane, so that one claim sees them all.
            let mut of_a_lane = (0..).map(|n| format!("p{n}")).filter(|key| lane_of(session, key) == 3);
            let [low, normal, high] = [Priority::Low, Priority::Normal, Priority::High].map(|priority| {
                let key = of_a_lane.next().unwrap();
                (key, priority)
            });
            drop(of_a_lane);
            for (key, priority) in [&low, &normal, &high] {
                queue_as(session, key, |request| request.with_priority(*priority));
            }
            let lane = Lane::all().nth(3).unwrap();
            let mails = claim(session, lane, 2, minutes(5), &Pace::unlimited(), NOW)?;
            assert_eq!(keys(&mails), [&high.0, &normal.0]);
            Ok::<_, MailError>(())
        });
    });
}

/// The lane of a key, as the documentation says: its hash.
fn lane_of(_: &dyn Session, key: &str) -> u8 {
    use sha2::{Digest, Sha256};
    Sha256::digest(key.as_bytes())[0] % Lane::COUNT
}

#[test]
fn marketing_waits_for_the_end_of_the_quiet_hours_and_confirmations_do_not() {
    on_each_database("quiet", |host| {
        host.commit(|session| {
            tables(session);
            agree_to_marketing(session);
            remind_of_cart(session);
            queue(session, &lamp_in_stock("1"), 3)?;
            let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
            let siesta = QuietHours::new(at(11), at(15), FixedOffset::east_opt(0).unwrap());
            let pace = Pace::unlimited().with_quiet_hours(siesta);
            assert_eq!(keys(&claim_at(session, &pace, NOW)), ["order:shop:1:confirmation"]);
            assert_eq!(
                find(session, "cart:1")?.unwrap().due_at,
                Some(NOW + TimeDelta::hours(3))
            );
            assert_eq!(find(session, "cart:1")?.unwrap().attempts, 0, "waiting is no attempt");
            let later = claim_at(session, &pace, NOW + TimeDelta::hours(3));
            assert!(keys(&later).contains(&"cart:1"));
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn no_more_mails_leave_than_the_pace_allows_and_none_is_lost() {
    on_each_database("total_pace", |host| {
        host.commit(|session| {
            tables(session);
            for number in 0..20 {
                queue_as(session, &format!("mail {number}"), |request| request);
            }
            let pace = Pace::unlimited().with_total(Rate::new(5, TimeDelta::minutes(1))?);
            assert_eq!(claim_at(session, &pace, NOW).len(), 5);
            assert_eq!(claim_at(session, &pace, NOW + TimeDelta::seconds(11)).len(), 0);
            let mut sent = 5;
            for second in (12..).step_by(12).take(40) {
                sent += claim_at(session, &pace, NOW + TimeDelta::seconds(second))
                    .iter()
                    .filter(|mail| mail.attempt == 1)
                    .count();
            }
            assert_eq!(sent, 20);
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn a_domain_that_has_to_wait_does_not_hold_up_others() {
    on_each_database("domain_pace", |host| {
        host.commit(|session| {
            tables(session);
            let order = lamp_in_stock("1");
            for number in 0..6 {
                let domain = if number < 4 { "slow.example" } else { "quick.example" };
                let contact =
                    ecrm_core::ContactData::new().with_email(format!("ada{number}@{domain}").parse().unwrap());
                let recipient = Recipient::new(ada("en").subject(), contact);
                let key = format!("mail {number}");
                let request = MailRequest::new(&key, &recipient, OrderReceived { order: &order });
                let mail = mailer().compose(&request, &SeededIds::new(number), NOW)?;
                let permission = may_contact(session, &recipient, mail.purpose(), Channel::Email, NOW)?.unwrap();
                ecrm_confirmation_mail::enqueue(session, &permission, &mail, &SeededIds::new(7), NOW)?;
            }
            let pace = Pace::unlimited().with_per_domain(Rate::new(2, TimeDelta::minutes(1))?);
            let mails = claim_at(session, &pace, NOW);
            let to = |domain: &str| mails.iter().filter(|mail| mail.recipient.ends_with(domain)).count();
            assert_eq!((to("slow.example"), to("quick.example")), (2, 2));
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn a_relay_that_is_not_reached_is_left_alone_and_then_tried_with_one_mail() {
    on_each_database("breaker", |host| {
        host.commit(|session| {
            tables(session);
            for number in 0..20 {
                queue_as(session, &format!("mail {number}"), |request| request);
            }
            let pace = Pace::unlimited().with_breaker(3, minutes(2));
            let ids = SeededIds::new(5);
            let first = claim_at(session, &pace, NOW);
            for mail in &first {
                settle(
                    session,
                    mail,
                    &Outcome::Unreachable("connection refused".into()),
                    &ids,
                    NOW,
                )?;
            }
            assert!(claim_at(session, &pace, NOW + TimeDelta::seconds(119)).is_empty());
            let lane = Lane::all().find(|lane| *lane == first_lane(&first)).unwrap();
            let probe = claim(session, lane, 10, minutes(5), &pace, NOW + minutes(10))?;
            assert_eq!(probe.len(), 1);
            settle(
                session,
                &probe[0],
                &Outcome::Transient("451 4.3.0 later".into()),
                &ids,
                NOW + minutes(10),
            )?;
            assert!(
                claim_at(session, &pace, NOW + minutes(10)).len() > 10,
                "it answers again"
            );
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn a_breaker_that_a_wrong_clock_has_opened_does_not_stay_open_until_its_time_comes() {
    on_each_database("wrong_clock", |host| {
        host.commit(|session| {
            tables(session);
            queue_as(session, "mail", |request| request);
            let pace = Pace::unlimited().with_breaker(1, minutes(2));
            let mail = claim_at(session, &pace, NOW).remove(0);
            let ahead = NOW + TimeDelta::days(365);
            let failed = Outcome::Unreachable("connection refused".into());
            settle(session, &mail, &failed, &SeededIds::new(5), ahead)?;
            queue_as(session, "another mail", |request| request);
            assert_eq!(claim_at(session, &pace, NOW).len(), 1);
            Ok::<_, MailError>(())
        });
    });
}

/// The lane with the most mails.
fn first_lane(mails: &[ecrm_confirmation_mail::Claimed]) -> Lane {
    use sha2::{Digest, Sha256};
    let lane =
        |mail: &ecrm_confirmation_mail::Claimed| usize::from(Sha256::digest(mail.key.as_bytes())[0] % Lane::COUNT);
    let lanes: Vec<_> = Lane::all().collect();
    lanes[mails
        .iter()
        .map(lane)
        .max_by_key(|of| mails.iter().filter(|mail| lane(mail) == *of).count())
        .unwrap()]
}

#[test]
fn a_mail_to_be_sent_once_at_most_is_set_aside_when_its_worker_dies() {
    on_each_database("at_most_once", |host| {
        host.commit(|session| {
            tables(session);
            queue_as(session, "once", |request| request.when_uncertain(WhenUncertain::Ask));
            queue_as(session, "at least once", |request| request);
            assert_eq!(claim_all(session, NOW).len(), 2);
            let again = claim_all(session, NOW + minutes(6));
            assert_eq!(keys(&again), ["at least once"]);
            let aside = list(session, MailState::Uncertain, 10)?;
            assert_eq!((aside.len(), aside[0].key.as_str()), (1, "once"));
            mark_accepted(session, "once", NOW + minutes(7))?;
            assert_eq!(find(session, "once")?.unwrap().state, MailState::Accepted);
            assert!(matches!(
                mark_accepted(session, "once", NOW),
                Err(MailError::WrongState(_))
            ));
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn an_answer_that_was_lost_sets_aside_a_mail_to_be_sent_once_at_most() {
    on_each_database("lost_once", |host| {
        host.commit(|session| {
            tables(session);
            queue_as(session, "once", |request| request.when_uncertain(WhenUncertain::Ask));
            let mail = claim_all(session, NOW).remove(0);
            let settled = end(session, &mail, &Outcome::Uncertain("lost".into()))?;
            assert_eq!(settled, Settled::Done(MailState::Uncertain));
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn a_dead_mail_tells_why_and_is_sent_again_with_the_same_bytes() {
    on_each_database("again_by_hand", |host| {
        host.commit(|session| {
            tables(session);
            queue_as(session, "m", |request| request);
            let first = claim_all(session, NOW).remove(0);
            end(
                session,
                &first,
                &Outcome::Permanent("554 5.7.1 blocked by policy".into()),
            )?;
            let dead = list(session, MailState::Dead, 10)?.remove(0);
            assert_eq!(
                (dead.status, dead.detail.as_deref()),
                ("5.7.1".parse().ok(), Some("554 5.7.1 blocked by policy"))
            );
            send_again(session, "m", NOW + TimeDelta::days(30))?;
            assert!(
                matches!(send_again(session, "m", NOW), Err(MailError::WrongState(_))),
                "it is under way"
            );
            let second = claim_all(session, NOW + TimeDelta::days(30)).remove(0);
            assert_eq!(
                (&second.message_id, &second.content, second.attempt),
                (&first.message_id, &first.content, 2)
            );
            assert!(matches!(send_again(session, "nothing", NOW), Err(MailError::Unknown)));
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn a_mailbox_that_does_not_exist_is_left_alone_and_a_full_one_is_not() {
    on_each_database("hard_at_smtp", |host| {
        host.commit(|session| {
            tables(session);
            for (key, words, suppressed) in [
                ("a", "552 5.2.2 mailbox full", false),
                ("c", "550 5.1.1 Address verification in progress", false),
                ("b", "550 5.1.1 no such user", true),
            ] {
                queue_as(session, key, |request| request);
                let mail = claim_all(session, NOW).remove(0);
                end(session, &mail, &Outcome::Permanent(words.into()))?;
                let answer = may_contact(session, &ada("en"), Purpose::Contract, Channel::Email, NOW)?;
                assert_eq!(answer.is_err(), suppressed, "{words}");
            }
            let later = may_contact(
                session,
                &ada("en"),
                Purpose::Contract,
                Channel::Email,
                NOW + TimeDelta::days(181),
            )?;
            assert!(later.is_ok(), "a suppression has an end");
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn a_mail_is_called_off_before_it_is_claimed_and_not_afterwards() {
    on_each_database("cancel", |host| {
        host.commit(|session| {
            tables(session);
            queue_as(session, "a", |request| request);
            cancel(session, "a", NOW)?;
            assert!(claim_all(session, NOW).is_empty());
            assert_eq!(find(session, "a")?.unwrap().state, MailState::Cancelled);
            queue_as(session, "b", |request| request);
            claim_all(session, NOW);
            assert!(matches!(
                cancel(session, "b", NOW),
                Err(MailError::WrongState("being sent"))
            ));
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn marketing_is_not_sent_to_somebody_who_changed_their_mind_in_the_meantime() {
    on_each_database("withdrawn", |host| {
        host.commit(|session| {
            tables(session);
            agree_to_marketing(session);
            remind_of_cart(session);
            let later = NOW + minutes(1);
            let subject = ada("en").subject().id();
            let no = Consent::new(
                subject,
                Purpose::Marketing,
                Channel::Email,
                ConsentDecision::Withdrawn,
                later,
                Source::checkout(),
            );
            consents::record(session, &SeededIds::new(6), &no)?;
            assert!(claim_all(session, later).is_empty());
            assert_eq!(counts(session)?, [(MailState::Refused, 1)]);
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn contents_are_forgotten_after_their_time_and_everything_when_somebody_is_erased() {
    on_each_database("forget", |host| {
        host.commit(|session| {
            tables(session);
            queue_as(session, "a", |request| request);
            let mail = claim_all(session, NOW).remove(0);
            end(session, &mail, &Outcome::Accepted("250 2.0.0 ok".into()))?;
            queue_as(session, "b", |request| request);
            assert_eq!(forget_contents(session, NOW)?, 0);
            assert_eq!(forget_contents(session, NOW + minutes(1))?, 1, "what waits is kept");
            let shown = of_subject(session, ada("en").subject())?;
            assert_eq!(
                shown.iter().map(|mail| mail.content.is_some()).collect::<Vec<_>>(),
                [false, true]
            );
            assert!(matches!(send_again(session, "a", NOW), Err(MailError::WrongState(_))));
            assert!(erase(session, ada("en").subject())? >= 3);
            assert!(of_subject(session, ada("en").subject())?.is_empty());
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn a_customer_sees_what_was_said_when_and_what_became_of_it() {
    on_each_database("view", |host| {
        host.commit(|session| {
            tables(session);
            queue(session, &lamp_in_stock("1"), 3)?;
            let shown = of_subject(session, ada("en").subject())?.remove(0);
            let content = shown.content.unwrap();
            assert_eq!(content.subject, "Your order 1 at Lampen & Söhne: received");
            assert!(content.text.contains("Dear Ada Lovelace,"));
            assert_eq!(
                (shown.about.as_deref(), shown.enqueued_at, shown.state),
                (Some("order:shop:1"), NOW, MailState::Queued)
            );
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn a_backlog_to_one_domain_is_not_rewritten_again_and_again() {
    on_each_database("backlog", |host| {
        host.commit(|session| {
            tables(session);
            for number in 0..60 {
                queue_as(session, &format!("mail {number}"), |request| request);
            }
            let pace = Pace::unlimited().with_per_domain(Rate::new(4, TimeDelta::minutes(1))?);
            let sent = claim_at(session, &pace, NOW).len();
            assert_eq!(sent, 4);
            // Each of the others has a time of its own: few of them are due at any moment.
            let waiting = of_subject(session, ada("en").subject())?;
            let mut times: Vec<_> = waiting
                .iter()
                .filter(|mail| mail.attempts == 0)
                .filter_map(|mail| mail.due_at)
                .collect();
            times.sort();
            times.dedup();
            assert!(times.len() >= 4, "{times:?}");
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn what_somebody_waits_for_leaves_before_the_advertisements_of_all_lanes() {
    on_each_database("across_lanes", |host| {
        host.commit(|session| {
            tables(session);
            for number in 0..40 {
                queue_as(session, &format!("news {number}"), |request| {
                    request.with_priority(Priority::Low)
                });
                queue_as(session, &format!("order {number}"), |request| request);
            }
            Ok::<_, MailError>(())
        });
        let mut transport = ecrm_confirmation_mail::transport::Memory::accepting();
        let clock = ecrm_core::FixedClock::at(NOW);
        ecrm_confirmation_mail::Worker::default()
            .run_once(host, &mut transport, &clock, &SeededIds::new(9), &mut |_| {
                std::ops::ControlFlow::Continue(())
            })
            .unwrap();
        let sent = keys(transport.sent());
        assert_eq!(sent.len(), 80);
        assert!(sent[..40].iter().all(|key| key.starts_with("order")));
    });
}

#[test]
fn a_relay_that_is_down_makes_no_mail_uncertain() {
    on_each_database("outage", |host| {
        host.commit(|session| {
            tables(session);
            for number in 0..40 {
                queue_as(session, &format!("mail {number}"), |request| request);
            }
            Ok::<_, MailError>(())
        });
        let clock = ecrm_core::FixedClock::at(NOW);
        for _ in 0..30 {
            let mut slow = Slow(&clock);
            ecrm_confirmation_mail::Worker::default()
                .run_once(host, &mut slow, &clock, &SeededIds::new(9), &mut |_| {
                    std::ops::ControlFlow::Continue(())
                })
                .unwrap();
            clock.advance(minutes(10));
        }
        host.commit(|session| {
            let mails = of_subject(session, ada("en").subject())?;
            assert!(
                mails
                    .iter()
                    .all(|mail| mail.state == MailState::Queued && mail.uncertain_at.is_none())
            );
            Ok::<_, MailError>(())
        });
    });
}

/// A relay that answers nothing until the limit.
struct Slow<'c>(&'c ecrm_core::FixedClock);

impl ecrm_confirmation_mail::transport::Transport for Slow<'_> {
    fn deliver(&mut self, _: &ecrm_confirmation_mail::Claimed) -> Outcome {
        self.0.advance(TimeDelta::seconds(30));
        Outcome::Unreachable("no answer".into())
    }
}

#[test]
fn a_mail_that_may_have_been_sent_does_not_expire_as_if_it_had_not() {
    on_each_database("uncertain_expiry", |host| {
        host.commit(|session| {
            tables(session);
            queue_as(session, "m", |request| request);
            claim_all(session, NOW);
            assert!(claim_all(session, NOW + TimeDelta::days(8)).is_empty());
            assert_eq!(find(session, "m")?.unwrap().state, MailState::Uncertain);
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn a_mail_without_its_content_does_not_block_those_behind_it() {
    on_each_database("no_content", |host| {
        host.commit(|session| {
            tables(session);
            for number in 0..20 {
                queue_as(session, &format!("mail {number}"), |request| request);
            }
            session.execute(
                "DELETE FROM ecrm_confirmation_mail_content WHERE message_key = 'mail 7'",
                &[],
            )?;
            assert_eq!(claim_all(session, NOW).len(), 19);
            assert_eq!(find(session, "mail 7")?.unwrap().state, MailState::Dead);
            Ok::<_, MailError>(())
        });
    });
}
