//! What happened and what was promised: activities, metrics, promises.

use std::ops::ControlFlow;

use chrono::{DateTime, TimeDelta, Utc};
use ecrm_core::{
    Activity, AttributeName, Event, Metric, Order, OrderId, OrderLine, Promise, PromiseEnd, PromiseId, PromiseOutcome,
    Quantity, SeededIds, Source, Subject, SubjectId,
};
use ecrm_store::{
    ACTIVITY, METRIC, PROMISE, Session, SessionExt, StoreErrorKind, activities, metrics, migrate, promises,
};
use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::Database;
use super::cases;
use super::check::{Failure, Outcome, committed, ensure, refused, same};
use crate::generate;

cases![
    activities_read_back_as_written_in_the_order_in_which_things_happened,
    a_stream_of_activities_can_be_stopped,
    an_activity_is_recorded_once,
    orders_with_enough_of_a_product_are_found_the_latest_first,
    a_metric_for_an_earlier_instant_does_not_replace_a_later_one,
    promises_that_are_due_come_in_the_order_of_their_urgency,
    nobody_has_two_open_promises_of_the_same_thing,
    a_promise_ends_once,
    a_changed_date_supersedes_the_earlier_promise,
];

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

fn later(seconds: i64) -> DateTime<Utc> {
    NOW + TimeDelta::seconds(seconds)
}

/// The same random values at every run.
fn sample<T>(strategy: impl Strategy<Value = T>) -> Outcome<T> {
    let mut runner = TestRunner::deterministic();
    let tree = strategy
        .new_tree(&mut runner)
        .map_err(|reason| Failure::new(reason.message()))?;
    Ok(tree.current())
}

fn activities_read_back_as_written_in_the_order_in_which_things_happened(database: &dyn Database) -> Outcome {
    let mut written = sample(vec(generate::activity(), 300))?;
    committed(database, |session| {
        migrate(session, &[&ACTIVITY], NOW)?;
        Ok(activities::append_all(session, &written)?)
    })?;
    written.sort_by_key(|activity| (activity.subject().id(), activity.valid_at(), activity.id()));
    committed(database, |session| {
        same("all activities", all(session)?, written.clone())?;
        let subject = written[0].subject().id();
        let mut own = Vec::new();
        activities::of_subject(session, subject, &mut |activity| {
            own.push(activity);
            Ok(ControlFlow::Continue(()))
        })?;
        let expected: Vec<_> = written
            .iter()
            .filter(|activity| activity.subject().id() == subject)
            .cloned()
            .collect();
        same("those of one subject", own, expected)
    })
}

fn all(session: &mut dyn Session) -> Outcome<Vec<Activity>> {
    let mut all = Vec::new();
    activities::for_each(session, &mut |activity| {
        all.push(activity);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(all)
}

fn a_stream_of_activities_can_be_stopped(database: &dyn Database) -> Outcome {
    let written = sample(vec(generate::activity(), 20))?;
    committed(database, |session| {
        migrate(session, &[&ACTIVITY], NOW)?;
        activities::append_all(session, &written)?;
        let mut seen = 0;
        activities::for_each(session, &mut |_| {
            seen += 1;
            Ok(if seen == 5 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            })
        })?;
        same("how many were seen", seen, 5)?;
        same("how many there are", all(session)?.len(), 20)
    })
}

fn an_activity_is_recorded_once(database: &dyn Database) -> Outcome {
    let activity = sample(generate::activity())?;
    committed(database, |session| {
        migrate(session, &[&ACTIVITY], NOW)?;
        Ok(activities::append(session, &activity)?)
    })?;
    let again = database.transaction(super::Isolation::Ordinary, super::End::Commit, &mut |session| {
        activities::append(session, &activity)
    });
    refused(again, StoreErrorKind::Unique)?;
    let other = sample(generate::activity())?;
    committed(database, |session| {
        let tried = [&activity, &other, &other].map(|activity| activities::append_new(session, activity));
        let mut is_new = Vec::new();
        for answer in tried {
            is_new.push(answer?);
        }
        let expected = vec![false, other != activity, false];
        same("whether an activity was appended", is_new, expected)?;
        let stored = activities::find(session, other.subject().id(), other.valid_at(), other.id())?;
        same("the activity", stored.as_ref(), Some(&other))
    })
}

fn orders_with_enough_of_a_product_are_found_the_latest_first(database: &dyn Database) -> Outcome {
    let ids = SeededIds::new(1);
    let subject: Subject = ecrm_core::CustomerId::new(&ids, NOW).into();
    let mut placed = Vec::new();
    committed(database, |session| {
        migrate(session, &[&ACTIVITY], NOW)?;
        for (second, sku, pieces) in [
            (1, "LAMP", 3),
            (2, "LAMP", 1),
            (3, "BULB", 9),
            (4, "LAMP", 5),
            (9, "LAMP", 9),
        ] {
            let order = order(&ids, later(second), sku, pieces)?;
            placed.push(order.id());
            let id = ecrm_core::ActivityId::new(&ids, NOW);
            let activity = Activity::new(id, subject, later(second), NOW, Source::checkout(), Event::Order(order));
            activities::append(session, &activity)?;
        }
        let found = activities::find_orders_with(session, subject.id(), "LAMP", Quantity::pieces(3), later(5))?;
        same("the orders", found, vec![placed[3], placed[0]])
    })
}

fn order(ids: &SeededIds, at: DateTime<Utc>, sku: &str, pieces: i32) -> Outcome<Order> {
    let invalid = |error: ecrm_core::ValueError| Failure::new(error.to_string());
    let price = "1 EUR".parse().map_err(invalid)?;
    let line = OrderLine::product(sku, sku, Quantity::pieces(pieces), price).map_err(invalid)?;
    let number = ecrm_core::ExternalRef::new("shop", &at.timestamp().to_string()).map_err(invalid)?;
    Order::new(OrderId::new(ids, NOW), number, at, ecrm_core::Channel::Web, vec![line]).map_err(invalid)
}

fn a_metric_for_an_earlier_instant_does_not_replace_a_later_one(database: &dyn Database) -> Outcome {
    let subject = SubjectId::new(&SeededIds::new(1), NOW);
    let name = AttributeName::new("rfm.recency").map_err(|error| Failure::new(error.to_string()))?;
    let metric = |value, as_of| {
        Metric::new(subject, name.clone(), value, "days", later(as_of)).map_err(|error| Failure::new(error.to_string()))
    };
    committed(database, |session| {
        migrate(session, &[&METRIC], NOW)?;
        for metric in [metric(1.0, 10)?, metric(2.5, 20)?, metric(9.0, 15)?] {
            metrics::publish(session, &metric, later(30))?;
        }
        same(
            "the number",
            metrics::load(session, subject, &name)?,
            Some(metric(2.5, 20)?),
        )?;
        same("all numbers", metrics::of_subject(session, subject)?.len(), 1)
    })
}

fn promise(number: u64, due: i64) -> Outcome<Promise> {
    promise_about(&format!("order:1/line:{number}"), number, due)
}

fn promise_about(about: &str, number: u64, due: i64) -> Outcome<Promise> {
    let ids = SeededIds::new(number);
    let (id, subject) = (PromiseId::new(&ids, NOW), SubjectId::new(&SeededIds::new(0), NOW));
    Promise::new(id, subject, about, "delivery", later(due), NOW, "tests")
        .map_err(|error| Failure::new(error.to_string()))
}

fn promises_that_are_due_come_in_the_order_of_their_urgency(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        migrate(session, &[&PROMISE], NOW)?;
        let (late, soon, kept, far) = (promise(1, 20)?, promise(2, 10)?, promise(3, 5)?, promise(4, 99)?);
        for promise in [&late, &soon, &kept, &far] {
            promises::make(session, promise)?;
        }
        let end = PromiseEnd {
            at: later(4),
            how: PromiseOutcome::Kept,
            evidence: Some("parcel 17".to_owned()),
        };
        promises::finish(session, kept.subject(), kept.id(), &end)?;
        same(
            "what is due",
            promises::due(session, later(20), 10)?,
            vec![soon.clone(), late],
        )?;
        same("the most urgent one", promises::due(session, later(20), 1)?, vec![soon])?;
        let all = promises::of_subject(session, kept.subject())?;
        ensure(
            all.contains(&kept.with_end(end)),
            "the kept promise is there, with its evidence",
        )
    })
}

fn a_promise_ends_once(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        migrate(session, &[&PROMISE], NOW)?;
        let made = promise(1, 10)?;
        promises::make(session, &made)?;
        let end = PromiseEnd {
            at: later(4),
            how: PromiseOutcome::Kept,
            evidence: None,
        };
        promises::finish(session, made.subject(), made.id(), &end)?;
        let released = PromiseEnd {
            how: PromiseOutcome::Released,
            ..end
        };
        let again = promises::finish(session, made.subject(), made.id(), &released);
        refused(again, StoreErrorKind::Conflict).map(|_| ())
    })
}

fn a_changed_date_supersedes_the_earlier_promise(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        migrate(session, &[&PROMISE], NOW)?;
        let about = "order:1/line:1";
        let (first, second) = (promise_about(about, 1, 10)?, promise_about(about, 2, 20)?);
        promises::make(session, &first)?;
        let second = second.superseding(first.id());
        promises::make(session, &second)?;
        same("what is due", promises::due(session, later(99), 10)?, vec![second])?;
        let third = promise_about(about, 3, 30)?.superseding(first.id());
        refused(promises::make(session, &third), StoreErrorKind::Conflict).map(|_| ())
    })
}

fn nobody_has_two_open_promises_of_the_same_thing(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        migrate(session, &[&PROMISE], NOW)?;
        let about = "order:1/line:1";
        let ended = promise_about(about, 1, 10)?.with_end(PromiseEnd {
            at: later(4),
            how: PromiseOutcome::Kept,
            evidence: None,
        });
        let open = promise_about(about, 2, 20)?;
        promises::make(session, &open)?;
        promises::make(session, &ended)?;
        same(
            "what is open",
            promises::open_about(session, open.subject(), about)?,
            vec![open],
        )?;
        let second = promise_about(about, 3, 30)?;
        let again = session.atomically(|session| promises::make(session, &second));
        refused(again, StoreErrorKind::Unique).map(|_| ())
    })
}
