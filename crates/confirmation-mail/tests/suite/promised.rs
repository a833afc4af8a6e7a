//! Every day told is a promise, and none is changed in silence.

use std::thread;

use chrono::{Days, NaiveDate, TimeDelta};
use ecrm_confirmation_mail::{
    CallBackBooked, ComposedMail, DeliveryDelayed, InquiryAcknowledged, Late, LineBackOrdered, LinePart, MailError,
    MailRequest, Notice, OrderCancelled, OrderConfirmed, OrderDelivered, OrderReceived, OrderShipped, ReturnReceived,
    counts,
};
use ecrm_core::{Availability, Order, Promise, PromiseState, Quantity, SeededIds};
use ecrm_store::{Session, SessionExt, promises};
use ecrm_testkit::PostgresCluster;
use ecrm_testkit::hosts::{Host, on_each_database};

use crate::support::*;

fn day(number: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, number).unwrap()
}

/// An order of a lamp and of bulbs that are expected on a day of December.
fn order_with_bulbs(expected: Option<u32>) -> Order {
    let bulb = line(
        "Bulb",
        Availability::BackOrdered {
            expected: expected.map(day),
        },
    );
    order("1", vec![line("Lamp", Availability::InStock), bulb])
}

fn delayed(order: &Order, told: u32, expected: Option<u32>) -> DeliveryDelayed<'_> {
    let expected = expected.map(day);
    DeliveryDelayed {
        order,
        late: Late::Line(2),
        told: day(told),
        expected,
        reason: "The maker is late.",
        can_replace: false,
    }
}

/// The states of all promises, in the order in which they were made.
fn states(session: &mut dyn Session) -> Vec<PromiseState> {
    let all = promises::of_subject(session, ada("en").subject().id()).unwrap();
    all.iter().map(|promise| promise.state_at(NOW + minutes(1))).collect()
}

#[test]
fn a_later_day_is_refused_until_a_delay_notice_has_told_it() {
    on_each_database("later_day", |host| {
        host.commit(|session| {
            tables(session);
            let (first, second) = (order_with_bulbs(Some(1)), order_with_bulbs(Some(10)));
            tell(session, "received", OrderReceived { order: &first }, 1)?;
            let notice = OrderConfirmed {
                order: &second,
                dispatch_by: None,
            };
            let refused = tell(session, "confirmed", notice, 2);
            assert!(
                matches!(&refused, Err(MailError::PromiseChanged { about, .. }) if about == "order:shop:1/line:2"),
                "{refused:?}"
            );
            assert_eq!(
                counts(session)?.iter().map(|(_, number)| number).sum::<u64>(),
                1,
                "nothing was queued"
            );
            tell(session, "delay", delayed(&second, 1, Some(10)), 3)?;
            assert_eq!(states(session), [PromiseState::Superseded, PromiseState::Open]);
            tell(session, "confirmed", notice, 4)?;
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn a_day_is_not_taken_back_in_silence_either() {
    on_each_database("no_day", |host| {
        host.commit(|session| {
            tables(session);
            tell(
                session,
                "received",
                OrderReceived {
                    order: &order_with_bulbs(Some(1)),
                },
                1,
            )?;
            let open = order_with_bulbs(None);
            let notice = OrderConfirmed {
                order: &open,
                dispatch_by: None,
            };
            assert!(matches!(
                tell(session, "confirmed", notice, 2),
                Err(MailError::PromiseChanged { .. })
            ));
            tell(session, "delay", delayed(&open, 1, None), 3)?;
            tell(session, "confirmed", notice, 4)?;
            assert_eq!(states(session), [PromiseState::Superseded, PromiseState::Open]);
            Ok::<_, MailError>(())
        });
    });
}

/// What is due in the next weeks: what was promised, and in how many days.
fn due(session: &mut dyn Session) -> Vec<(String, i64)> {
    let due = promises::due(session, NOW + TimeDelta::days(60), 10).unwrap();
    due.iter()
        .map(|due| (due.what().to_owned(), (due.due_at() - NOW).num_days()))
        .collect()
}

fn compose_at<'a>(key: &str, notice: impl Into<Notice<'a>>, days: u32) -> ComposedMail {
    let (ada, notice): (_, Notice<'_>) = (ada("en"), notice.into());
    let request = MailRequest::new(key, &ada, notice);
    mailer()
        .compose(
            &request,
            &SeededIds::new(60 + u64::from(days)),
            NOW + TimeDelta::days(days.into()),
        )
        .unwrap()
}

#[test]
fn as_soon_as_we_know_is_a_promise_to_write_again_within_14_days() {
    on_each_database("news", |host| {
        host.commit(|session| {
            tables(session);
            let unknown = order_with_bulbs(None);
            tell(session, "received", OrderReceived { order: &unknown }, 1)?;
            assert_eq!(due(session), [("news of available".to_owned(), 14)]);
            let confirmed = OrderConfirmed {
                order: &unknown,
                dispatch_by: None,
            };
            put(
                session,
                &compose_at("confirmed", confirmed, 3),
                NOW + TimeDelta::days(3),
            )?;
            assert_eq!(
                due(session),
                [("news of available".to_owned(), 14)],
                "saying it again gives no more time"
            );
            let known = order_with_bulbs(Some(10));
            let news = LineBackOrdered { order: &known };
            put(session, &compose_at("news", news, 5), NOW + TimeDelta::days(5))?;
            assert_eq!(due(session), [("available".to_owned(), 18)]);
            let news = &promises::of_subject(session, ada("en").subject().id())?[0];
            assert_eq!(news.state_at(NOW + TimeDelta::days(60)), PromiseState::Kept);
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn a_delay_without_a_new_day_leaves_a_promise_that_is_found_when_nobody_writes_again() {
    on_each_database("delay_news", |host| {
        host.commit(|session| {
            tables(session);
            let order = order_with_bulbs(Some(1));
            tell(session, "received", OrderReceived { order: &order }, 1)?;
            tell(session, "delay", delayed(&order, 1, None), 2)?;
            assert_eq!(due(session), [("news of available".to_owned(), 14)]);
            let still = compose_at("still unknown", delayed(&order, 1, None), 10);
            put(session, &still, NOW + TimeDelta::days(10))?;
            assert_eq!(due(session), [("news of available".to_owned(), 24)]);
            let cancelled = OrderCancelled {
                order: &order,
                lines: &[],
                reason: None,
                refund: None,
            };
            tell(session, "cancelled", cancelled, 4)?;
            assert_eq!(due(session), []);
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn a_notice_of_back_orders_without_a_day_promises_anew_to_write_again_and_takes_no_day_back() {
    on_each_database("news_again", |host| {
        host.commit(|session| {
            tables(session);
            let unknown = order_with_bulbs(None);
            let news = LineBackOrdered { order: &unknown };
            tell(session, "received", OrderReceived { order: &unknown }, 1)?;
            put(
                session,
                &compose_at("still unknown", news, 10),
                NOW + TimeDelta::days(10),
            )?;
            assert_eq!(due(session), [("news of available".to_owned(), 24)]);
            let known = order_with_bulbs(Some(1));
            tell(session, "known", LineBackOrdered { order: &known }, 2)?;
            let later = order_with_bulbs(Some(5));
            for (key, notice) in [("later", LineBackOrdered { order: &later }), ("no day", news)] {
                let refused = tell(session, key, notice, 3);
                assert!(matches!(refused, Err(MailError::PromiseChanged { .. })), "{refused:?}");
            }
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn at_the_end_of_time_a_mail_is_refused_and_nothing_panics() {
    let (order, ada) = (order_with_bulbs(None), ada("en"));
    for notice in [
        OrderReceived { order: &order }.into(),
        Notice::from(delayed(&order, 1, None)),
    ] {
        let request = MailRequest::new("late", &ada, notice);
        let refused = mailer().compose(&request, &SeededIds::new(1), chrono::DateTime::<chrono::Utc>::MAX_UTC);
        assert!(matches!(refused, Err(MailError::Value(_))), "{refused:?}");
    }
}

fn parcel_of_lamps<'a>(order: &'a Order, parcel: &'a [LinePart], number: &'a str) -> OrderShipped<'a> {
    OrderShipped {
        order,
        parcel,
        sent_before: &[],
        still_to_come: &[],
        carrier: "Post",
        tracking_number: Some(number),
        tracking_url: None,
        expected_on: Some(day(5)),
    }
}

const LAMPS: [LinePart; 1] = [LinePart {
    line: 1,
    quantity: Quantity::pieces(2),
}];

#[test]
fn blanks_around_a_tracking_number_make_it_no_other_parcel() {
    on_each_database("blanks", |host| {
        host.commit(|session| {
            tables(session);
            let order = lamp_in_stock("1");
            tell(session, "shipped", parcel_of_lamps(&order, &LAMPS, "T1 "), 1)?;
            let delivered = OrderDelivered {
                order: &order,
                tracking_number: Some("T1"),
                delivered_on: NOW.date_naive(),
                handed_to: None,
            };
            tell(session, "delivered", delivered, 2)?;
            assert_eq!(states(session), [PromiseState::Kept]);
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn what_no_promise_can_be_about_is_refused_when_the_mail_is_composed() {
    let (order, ada) = (lamp_in_stock("1"), ada("en"));
    for number in ["T".repeat(500), "T1\nT2".to_owned()] {
        let request = MailRequest::new("shipped", &ada, parcel_of_lamps(&order, &LAMPS, &number));
        let refused = mailer().compose(&request, &SeededIds::new(1), NOW);
        assert!(matches!(refused, Err(MailError::Value(_))), "{number}");
    }
}

#[test]
fn a_refund_is_put_off_by_a_delay_notice_that_leaves_nothing_to_choose() {
    on_each_database("refund", |host| {
        host.commit(|session| {
            tables(session);
            let order = lamp_in_stock("1");
            let lines = [LinePart {
                line: 1,
                quantity: Quantity::pieces(2),
            }];
            let returned = ReturnReceived {
                order: &order,
                lines: &lines,
                refund: None,
                refund_by: Some(day(1)),
            };
            tell(session, "returned", returned, 1)?;
            let delay = DeliveryDelayed {
                late: Late::Refund,
                ..delayed(&order, 1, Some(4))
            };
            let mail = compose("delay", delay, 2);
            assert!(!mail.texts().html.contains("Cancel"), "{}", mail.texts().html);
            put(session, &mail, NOW)?;
            assert_eq!(due(session), [("refund".to_owned(), 12)]);
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn two_mails_at_once_do_not_tell_two_days_of_the_same_thing() {
    let Some(cluster) = PostgresCluster::shared() else {
        println!("PostgreSQL is not installed: two transactions at once were not tried");
        return;
    };
    let database = cluster.fresh_database("two_mails").unwrap();
    let address = database.connection_string();
    let mut first = Host::on_postgres(&address);
    first.commit(|session| {
        tables(session);
        Ok::<_, MailError>(())
    });
    let second = first.commit(|session| {
        tell(
            session,
            "first",
            OrderReceived {
                order: &order_with_bulbs(Some(1)),
            },
            1,
        )?;
        let second = thread::spawn(move || {
            Host::on_postgres(&address).commit(|session| {
                let later = order_with_bulbs(Some(10));
                Ok::<_, MailError>(tell(session, "second", OrderReceived { order: &later }, 2))
            })
        });
        let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted";
        while !second.is_finished() && session.query_value::<i64>(waiting, &[])? == 0 {
            thread::yield_now();
        }
        Ok::<_, MailError>(second)
    });
    let second = second.join().unwrap();
    assert!(matches!(second, Err(MailError::PromiseChanged { .. })), "{second:?}");
    let open = first.commit(|session| promises::of_subject(session, ada("en").subject().id()));
    assert_eq!(open.len(), 1, "{open:?}");
}

#[test]
fn an_earlier_day_needs_no_delay_notice() {
    on_each_database("earlier_day", |host| {
        host.commit(|session| {
            tables(session);
            tell(
                session,
                "received",
                OrderReceived {
                    order: &order_with_bulbs(Some(10)),
                },
                1,
            )?;
            let sooner = order_with_bulbs(Some(5));
            tell(
                session,
                "confirmed",
                OrderConfirmed {
                    order: &sooner,
                    dispatch_by: None,
                },
                2,
            )?;
            assert_eq!(states(session), [PromiseState::Superseded, PromiseState::Open]);
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn an_order_that_is_never_sent_is_found_and_one_that_is_sent_has_kept_its_promises() {
    on_each_database("never_sent", |host| {
        host.commit(|session| {
            tables(session);
            let order = order_with_bulbs(Some(1));
            let dispatch_by = Some(day(3));
            tell(
                session,
                "confirmed",
                OrderConfirmed {
                    order: &order,
                    dispatch_by,
                },
                1,
            )?;
            let due = promises::due(session, NOW + TimeDelta::days(30), 10)?;
            assert_eq!(
                due.iter().map(Promise::what).collect::<Vec<_>>(),
                ["available", "dispatch"]
            );
            let parcel = [1, 2].map(|line| LinePart {
                line,
                quantity: Quantity::pieces(2),
            });
            let shipped = OrderShipped {
                order: &order,
                parcel: &parcel,
                sent_before: &[],
                still_to_come: &[],
                carrier: "Post",
                tracking_number: Some("T1"),
                tracking_url: None,
                expected_on: Some(day(5)),
            };
            tell(session, "shipped", shipped, 2)?;
            assert_eq!(
                states(session)
                    .iter()
                    .filter(|state| **state == PromiseState::Kept)
                    .count(),
                2
            );
            let due = promises::due(session, NOW + TimeDelta::days(30), 10)?;
            assert_eq!(due.iter().map(Promise::what).collect::<Vec<_>>(), ["delivery"]);
            let evidence = promises::of_subject(session, ada("en").subject().id())?;
            assert!(
                evidence
                    .iter()
                    .filter_map(|promise| promise.ended())
                    .all(|end| end.evidence.as_deref() == Some("shipped"))
            );
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn what_the_customer_called_off_breaks_no_promise() {
    on_each_database("released", |host| {
        host.commit(|session| {
            tables(session);
            let order = order_with_bulbs(Some(1));
            tell(session, "received", OrderReceived { order: &order }, 1)?;
            tell(
                session,
                "cancelled",
                OrderCancelled {
                    order: &order,
                    lines: &[],
                    reason: None,
                    refund: None,
                },
                2,
            )?;
            assert_eq!(states(session), [PromiseState::Released]);
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn kept_and_broken_promises_are_counted_for_a_period() {
    on_each_database("tally", |host| {
        host.commit(|session| {
            tables(session);
            let order = order_with_bulbs(Some(1));
            tell(
                session,
                "confirmed",
                OrderConfirmed {
                    order: &order,
                    dispatch_by: Some(day(20)),
                },
                1,
            )?;
            let month = |number| {
                NaiveDate::from_ymd_opt(2026, number, 1)
                    .unwrap()
                    .and_hms_opt(0, 0, 0)
                    .unwrap()
                    .and_utc()
            };
            let (from, to) = (month(12), month(12).checked_add_days(Days::new(31)).unwrap());
            let before = promises::tally(session, from, to, NOW)?;
            assert_eq!((before.open, before.broken), (2, 0));
            let after = promises::tally(session, from, to, from + TimeDelta::days(10))?;
            assert_eq!((after.open, after.broken), (1, 1));
            assert_eq!(
                promises::tally(session, month(11), from, NOW)?,
                promises::PromiseTally::default()
            );
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn a_delay_notice_must_name_the_day_that_was_told() {
    on_each_database("told_truly", |host| {
        host.commit(|session| {
            tables(session);
            let order = order_with_bulbs(Some(1));
            tell(session, "received", OrderReceived { order: &order }, 1)?;
            let untrue = tell(session, "delay", delayed(&order, 3, Some(10)), 2);
            assert!(matches!(untrue, Err(MailError::PromiseChanged { .. })), "{untrue:?}");
            tell(session, "delay", delayed(&order, 1, Some(10)), 3)?;
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn a_delivery_that_is_reported_late_was_still_in_time() {
    on_each_database("in_time", |host| {
        host.commit(|session| {
            tables(session);
            let order = order_with_bulbs(None);
            let today = NOW.date_naive();
            for tracking_number in [None, Some("T1")] {
                let [lamp, bulb] = [1, 2].map(|line| LinePart {
                    line,
                    quantity: Quantity::pieces(2),
                });
                let (parcel, rest) = ([lamp], [bulb]);
                let shipped = OrderShipped {
                    order: &order,
                    parcel: &parcel,
                    sent_before: &[],
                    still_to_come: &rest,
                    carrier: "Post",
                    tracking_number,
                    tracking_url: None,
                    expected_on: Some(today),
                };
                let delivered = OrderDelivered {
                    order: &order,
                    tracking_number,
                    delivered_on: today,
                    handed_to: None,
                };
                let name = tracking_number.unwrap_or("none");
                tell(session, &format!("shipped {name}"), shipped, name.len() as u64)?;
                // It is told two days later.
                let later = NOW + TimeDelta::days(2);
                let ada = ada("en");
                let key = format!("delivered {name}");
                let mail = mailer().compose(
                    &MailRequest::new(&key, &ada, delivered),
                    &SeededIds::new(20 + name.len() as u64),
                    later,
                )?;
                put(session, &mail, later)?;
            }
            let all = promises::of_subject(session, ada("en").subject().id())?;
            let kept = all.iter().filter(|promise| promise.what() == "delivery");
            let states: Vec<_> = kept.map(|promise| promise.state_at(NOW + TimeDelta::days(3))).collect();
            assert_eq!(states, [PromiseState::Kept, PromiseState::Kept]);
            Ok::<_, MailError>(())
        });
    });
}

#[test]
fn what_is_over_is_not_promised() {
    let order = order_with_bulbs(None);
    let yesterday = NOW.date_naive().pred_opt();
    let ada = ada("en");
    let phone = "+43 1 234567".parse().unwrap();
    let past = NOW - TimeDelta::hours(1);
    let notices: Vec<Notice<'_>> = vec![
        OrderConfirmed {
            order: &order,
            dispatch_by: yesterday,
        }
        .into(),
        CallBackBooked {
            call: "1",
            at: past,
            until: None,
            instead_of: None,
            phone: &phone,
            rebook_url: None,
        }
        .into(),
        InquiryAcknowledged {
            inquiry: "1",
            topic: "x",
            answer_by: Some(past),
            instead_of: None,
            follow_url: None,
        }
        .into(),
    ];
    for notice in notices {
        assert!(
            matches!(mailer().preview(&ada, notice, NOW), Err(MailError::Value(_))),
            "{notice:?}"
        );
    }
}
