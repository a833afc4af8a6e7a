//! Who belongs to a segment, and until when.

use chrono::TimeDelta;
use ecrm_segmentation::criteria::Name;
use ecrm_segmentation::{Catalogue, Zone};
use proptest::prelude::*;

use crate::histories::history;
use crate::trees::{NOW, WORDS, criteria, instant};

/// The segment in question, among those that its criteria may name.
fn catalogue(criteria: ecrm_segmentation::Criteria) -> Catalogue {
    let others = WORDS
        .iter()
        .filter_map(|word| Name::new(word).ok())
        .map(|name| (name, "count(orders in last 90 days) >= 1".parse().unwrap()));
    let segment = (Name::new("segment").unwrap(), criteria);
    Catalogue::new(Zone::new("Europe/Vienna").unwrap(), others.chain([segment])).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn the_answer_holds_until_the_instant_that_is_told_and_not_longer(
        criteria in criteria(),
        history in history(),
        now in instant(),
        share in 0_i64..1_000,
    ) {
        let (segments, name) = (catalogue(criteria), Name::new("segment").unwrap());
        let member = |at| segments.membership(&name, &history, at).unwrap();
        let first = member(now);
        let end = first.until.unwrap_or(NOW + TimeDelta::days(2_000));
        prop_assert!(end > now);
        let between = now + TimeDelta::microseconds((end - now).num_microseconds().unwrap() / 1_000 * share);
        prop_assert_eq!(member(between.min(end - TimeDelta::microseconds(1))).is_member, first.is_member);
        prop_assert_eq!(member(end - TimeDelta::microseconds(1)).is_member, first.is_member);
    }
}
