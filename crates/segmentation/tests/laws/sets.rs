//! Many customers at once, and why.

use ecrm_segmentation::criteria::Name;
use ecrm_segmentation::{Catalogue, Criteria, Explanation, Facts, History, Zone};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::histories::history;
use crate::trees::{NOW, WORDS, criteria, instant};

/// The segment in question, among those that its criteria may name.
fn catalogue(criteria: Criteria) -> Catalogue {
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
    fn the_members_of_a_set_are_those_whom_the_criteria_fit_one_by_one(
        criteria in criteria(),
        histories in vec(history(), 0..6),
        now in instant(),
    ) {
        let (segments, name) = (catalogue(criteria), Name::new("segment").unwrap());
        let is_member = |history: &&History| segments.membership(&name, history, now).unwrap().is_member;
        let one_by_one: Vec<_> = histories.iter().filter(is_member).map(|history| history.customer.id()).collect();
        let facts = Facts::of(&histories);
        prop_assert_eq!(&segments.members(&facts, now)[&name], &one_by_one);
        let (hot, cold) = facts.to_bytes();
        let unpacked = Facts::from_bytes(&hot, Some(&cold)).unwrap();
        prop_assert_eq!(&segments.members(&unpacked, now)[&name], &one_by_one);
        let needed = Facts::from_bytes_for(&segments, &hot, Some(&cold)).unwrap();
        prop_assert_eq!(&segments.members(&needed, now)[&name], &one_by_one);
        prop_assert_eq!(unpacked.to_bytes(), (hot, cold));
    }

    #[test]
    fn damaged_bytes_are_none_or_other_facts(
        histories in vec(history(), 1..3),
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let (mut hot, cold) = Facts::of(&histories).to_bytes();
        let place = place.index(hot.len());
        hot[place] = byte;
        if let Some(facts) = Facts::from_bytes(&hot, Some(&cold)) {
            let segments = catalogue("count(lines where category = \"a\") > 1".parse().unwrap());
            prop_assert_eq!(segments.members(&facts, NOW).len(), 5);
        }
        prop_assert!(Facts::from_bytes(&hot[..place], Some(&cold)).is_none_or(|facts| facts.is_empty()));
    }

    #[test]
    fn an_explanation_says_what_is_true_and_its_parts_are_why(
        criteria in criteria(),
        history in history(),
        now in instant(),
    ) {
        let (segments, name) = (catalogue(criteria.clone()), Name::new("segment").unwrap());
        let why = segments.explain(&name, &history, now).unwrap();
        let member = segments.membership(&name, &history, now).unwrap();
        prop_assert_eq!((why.is_true, why.until), (member.is_member, member.until));
        prop_assert_eq!(&why.criterion, &criteria.to_string());
        follows(&criteria, &why)?;
    }
}

/// The truth of a tree follows from that of its parts.
fn follows(criteria: &Criteria, why: &Explanation) -> Result<(), TestCaseError> {
    let parts: Vec<&Criteria> = match criteria {
        Criteria::All(parts) | Criteria::Any(parts) => parts.iter().collect(),
        Criteria::Not(part) => vec![part],
        _ => return Ok(()),
    };
    prop_assert_eq!(parts.len(), why.parts.len());
    let mut truths = why.parts.iter().map(|part| part.is_true);
    let expected = match criteria {
        Criteria::All(_) => truths.all(|is_true| is_true),
        Criteria::Any(_) => truths.any(|is_true| is_true),
        _ => !truths.all(|is_true| is_true),
    };
    prop_assert_eq!(why.is_true, expected);
    parts
        .into_iter()
        .zip(&why.parts)
        .try_for_each(|(part, why)| follows(part, why))
}
