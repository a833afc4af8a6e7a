//! Who belongs to a segment, and until when.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use ecrm_segmentation::criteria::{Criteria, Name};
use ecrm_segmentation::{Catalogue, History, Membership, Zone};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::edges::{Choice, Edges, choice};
use crate::histories::history;
use crate::oracle;
use crate::trees::{NOW, WORDS, criteria, instant, leaf};

/// Zones whose days begin in every way: always at midnight; at one in the morning when the clock is put forward at midnight; twice
/// at midnight when it is put back to it; at an odd distance from Greenwich.
const ZONES: [&str; 8] = [
    "Europe/Vienna",
    "America/Havana",
    "America/Santiago",
    "Africa/Cairo",
    "Atlantic/Azores",
    "Asia/Kathmandu",
    "Pacific/Chatham",
    "UTC",
];

/// An end that lies nearer is the very instant of the change; one beyond may be as far as was looked at once.
const FAR_AHEAD: TimeDelta = TimeDelta::days(365);

fn zone() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(&ZONES[..])
}

/// Mostly a single one: a part of a tree is often not what decides.
fn criterion() -> impl Strategy<Value = Criteria> {
    prop_oneof![1 => criteria(), 2 => leaf()]
}

/// At least so many cases, and more where `PROPTEST_CASES` asks for more.
fn at_least(cases: u32) -> ProptestConfig {
    let config = ProptestConfig::default();
    ProptestConfig {
        cases: config.cases.max(cases),
        max_local_rejects: u32::MAX,
        ..config
    }
}

/// The segment in question, among those that its criteria may name.
struct Case {
    name: Name,
    segments: BTreeMap<Name, Criteria>,
    catalogue: Catalogue,
    zone: chrono_tz::Tz,
    history: History,
    edges: Edges,
}

impl Case {
    fn new(criteria: Criteria, history: History, zone: &str) -> Self {
        let others = WORDS.iter().filter_map(|word| Name::new(word).ok());
        let others = others.map(|name| (name, "count(orders in last 90 days) >= 1".parse().unwrap()));
        let name = Name::new("segment").unwrap();
        let edges = Edges::of(&criteria, &history, zone.parse().unwrap());
        let segments: BTreeMap<_, _> = others.chain([(name.clone(), criteria)]).collect();
        Self {
            name,
            catalogue: Catalogue::new(Zone::new(zone).unwrap(), segments.clone()).unwrap(),
            segments,
            zone: zone.parse().unwrap(),
            history,
            edges,
        }
    }

    fn told(&self, now: DateTime<Utc>) -> Membership {
        self.catalogue.membership(&self.name, &self.history, now).unwrap()
    }

    fn is_true(&self, now: DateTime<Utc>) -> bool {
        oracle::is_true(
            &self.segments[&self.name],
            &self.segments,
            &self.history,
            self.zone,
            now,
        )
    }

    fn edges<'a>(&'a self, choices: &'a [Choice]) -> impl Iterator<Item = DateTime<Utc>> + 'a {
        choices.iter().map(|choice| self.edges.choose(choice))
    }
}

proptest! {
    #![proptest_config(at_least(500))]

    #[test]
    fn the_answer_holds_until_the_instant_that_is_told_and_not_longer(
        criteria in criteria(),
        history in history(),
        now in instant(),
        share in 0_i64..1_000,
    ) {
        let case = Case::new(criteria, history, "Europe/Vienna");
        let first = case.told(now);
        let end = first.until.unwrap_or(NOW + TimeDelta::days(2_000));
        prop_assert!(end > now);
        let between = now + TimeDelta::microseconds((end - now).num_microseconds().unwrap() / 1_000 * share);
        prop_assert_eq!(case.told(between.min(end - TimeDelta::microseconds(1))).is_member, first.is_member);
        prop_assert_eq!(case.told(end - TimeDelta::microseconds(1)).is_member, first.is_member);
    }
}

proptest! {
    #![proptest_config(at_least(3_000))]

    #[test]
    fn the_evaluator_agrees_with_a_naive_one(
        criteria in criterion(),
        history in history(),
        zone in zone(),
        now in instant(),
        choices in vec(choice(), 3),
    ) {
        let case = Case::new(criteria, history, zone);
        for now in case.edges(&choices).chain([now]) {
            prop_assert_eq!(case.told(now).is_member, case.is_true(now), "at {}", now);
        }
    }

    #[test]
    fn the_answer_changes_exactly_at_the_instant_that_is_told(
        criteria in criterion(),
        history in history(),
        zone in zone(),
        start in choice(),
        choices in vec(choice(), 12),
    ) {
        let case = Case::new(criteria, history, zone);
        let now = case.edges.choose(&start);
        let first = case.told(now);
        prop_assert!(first.until.is_none_or(|end| end > now));
        let is_before_end = |at: &DateTime<Utc>| *at > now && first.until.is_none_or(|end| *at < end);
        let just_before = first.until.map(|end| end - TimeDelta::microseconds(1));
        for at in case.edges(&choices).filter(is_before_end).chain(just_before) {
            prop_assert_eq!(case.is_true(at), first.is_member, "at {}, of {:?} at {}", at, first, now);
        }
        if let Some(end) = first.until {
            let is_bound = end - now > FAR_AHEAD;
            prop_assert!(is_bound || case.is_true(end) != first.is_member, "at the end of {:?} at {}", first, now);
        }
    }
}
