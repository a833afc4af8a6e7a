use ecrm_segmentation::models::{ScoringError, ScoringPlan};
use ecrm_segmentation::{Cause, Change, LogCursor, SegmentationError, Staleness, Zone};
use ecrm_testkit::hosts::on_each_database;

use crate::{NOW, Shop, criteria, later, name, source};

type Done = Result<(), SegmentationError>;

#[test]
fn who_was_put_in_or_kept_out_by_hand_stays_so_through_every_new_version() {
    on_each_database("by_hand", |host| {
        host.commit(|session| {
            let shop = Shop::open(session)?;
            shop.define(session, "buyers", "count(orders) >= 1")?;
            let (ada, bea) = (shop.customer(session, "Ada")?, shop.customer(session, "Bea")?);
            shop.orders(session, bea, NOW)?;
            let buyers = name("buyers");
            let crossings = shop.segments.include(session, &buyers, ada, &source(), NOW)?;
            let by_hand = Cause::Record(vec!["list".to_owned()]);
            assert!(
                crossings
                    .iter()
                    .any(|crossing| crossing.is_member && crossing.reason.cause == by_hand)
            );
            shop.segments.exclude(session, &buyers, bea, &source(), NOW)?;
            assert!(shop.is_in(session, ada, "buyers")? && !shop.is_in(session, bea, "buyers")?);
            shop.define(session, "buyers", "count(orders) >= 1 and everyone")?;
            assert!(shop.is_in(session, ada, "buyers")? && !shop.is_in(session, bea, "buyers")?);
            shop.segments.release(session, &buyers, ada, NOW)?;
            shop.segments.release(session, &buyers, bea, NOW)?;
            assert!(!shop.is_in(session, ada, "buyers")? && shop.is_in(session, bea, "buyers")?);
            Done::Ok(())
        });
    });
}

#[test]
fn a_new_version_tells_its_whole_difference_and_a_subscriber_misses_nothing() {
    on_each_database("versions", |host| {
        host.commit(|session| {
            let shop = Shop::open(session)?;
            shop.define(session, "buyers", "count(orders) >= 1")?;
            let (ada, bea) = (shop.customer(session, "Ada")?, shop.customer(session, "Bea")?);
            shop.orders(session, ada, NOW)?;
            let before = LogCursor::START;
            let first = shop.segments.changes(session, &name("buyers"), before, 10)?;
            assert!(matches!(
                first.changes[..],
                [Change::Defined {
                    version: 1,
                    entered: 0,
                    ..
                }]
            ));
            shop.advance(session, NOW)?;
            let second = shop.segments.changes(session, &name("buyers"), first.next, 10)?;
            let [Change::Crossing(crossing)] = &second.changes[..] else {
                panic!("{second:?}")
            };
            assert!(crossing.customer == ada && crossing.is_member);
            assert!(matches!(crossing.reason.cause, Cause::Activities(_)));
            assert_eq!(crossing.reason.because[0].criterion, "count(orders) >= 1");

            let defined = shop
                .segments
                .define(session, [(name("buyers"), criteria("count(orders) = 0"))], NOW)?;
            assert_eq!((defined[0].version, defined[0].entered, defined[0].left), (2, 1, 1));
            let difference = shop.segments.difference(session, &name("buyers"), 2)?;
            assert_eq!(difference.entered.page(session, None, 10)?.customers, [bea]);
            assert_eq!(difference.left.page(session, None, 10)?.customers, [ada]);
            let third = shop.segments.changes(session, &name("buyers"), second.next, 10)?;
            assert!(matches!(
                third.changes[..],
                [Change::Defined {
                    version: 2,
                    left: 1,
                    ..
                }]
            ));
            assert!(
                shop.segments
                    .changes(session, &name("buyers"), third.next, 10)?
                    .changes
                    .is_empty()
            );
            let versions = shop.segments.versions(session, &name("buyers"))?;
            let texts: Vec<_> = versions.iter().map(|version| version.criteria.to_string()).collect();
            assert_eq!(texts, ["count(orders) = 0", "count(orders) >= 1"]);
            let why = shop.segments.why(session, ada, &name("buyers"))?;
            assert_eq!(
                why.iter().map(|crossing| crossing.is_member).collect::<Vec<_>>(),
                [false, true]
            );
            assert_eq!(why[0].reason.cause, Cause::Definition);
            Done::Ok(())
        });
    });
}

#[test]
fn another_name_changes_nothing_else_and_a_segment_in_use_is_not_archived() {
    on_each_database("names", |host| {
        host.commit(|session| {
            let shop = Shop::open(session)?;
            shop.define(session, "some", "sample(50%, \"seed\")")?;
            shop.define(session, "others", "not in segment \"some\"")?;
            for given in ["Ada", "Bea", "Carla", "Dora", "Eva", "Fay"] {
                shop.customer(session, given)?;
            }
            let members = |segment: &str, session: &mut dyn ecrm_store::Session| {
                shop.segments.members(session, &name(segment), None, 100, NOW)
            };
            let (some, others) = (members("some", session)?, members("others", session)?);
            shop.segments.rename(session, &name("some"), &name("half"), NOW)?;
            assert_eq!((members("half", session)?, members("others", session)?), (some, others));
            assert!(matches!(
                members("some", session),
                Err(SegmentationError::UnknownSegment(_))
            ));
            let taken = shop.segments.rename(session, &name("half"), &name("others"), NOW);
            assert!(matches!(taken, Err(SegmentationError::NameTaken(_))));

            let in_use = shop.segments.archive(session, &name("half"), NOW);
            assert!(matches!(in_use, Err(SegmentationError::InUse { .. })), "{in_use:?}");
            shop.segments.archive(session, &name("others"), NOW)?;
            shop.segments.archive(session, &name("half"), NOW)?;
            assert!(matches!(
                members("half", session),
                Err(SegmentationError::UnknownSegment(_))
            ));
            shop.define(session, "half", "everyone")?;
            assert_eq!(members("half", session)?.customers.len(), 6);
            Done::Ok(())
        });
    });
}

#[test]
fn sets_are_combined_and_their_overlap_is_counted() {
    on_each_database("sets", |host| {
        host.commit(|session| {
            let shop = Shop::open(session)?;
            shop.define(session, "buyers", "count(orders) >= 1")?;
            shop.define(session, "regulars", "count(orders) >= 2")?;
            let (ada, bea) = (shop.customer(session, "Ada")?, shop.customer(session, "Bea")?);
            shop.customer(session, "Carla")?;
            shop.orders(session, ada, NOW)?;
            shop.orders(session, ada, later(1))?;
            shop.orders(session, bea, NOW)?;
            let now = later(1);
            let count = |text: &str, session: &mut dyn ecrm_store::Session| {
                shop.segments
                    .combine(session, &criteria(text), now)
                    .map(|set| set.count())
            };
            assert_eq!(
                count("in segment \"buyers\" and not in segment \"regulars\"", session)?,
                1
            );
            assert_eq!(count("in segment \"buyers\" or in segment \"regulars\"", session)?, 2);
            assert_eq!(count("not in segment \"buyers\"", session)?, 1);
            assert!(matches!(
                count("count(orders) > 1", session),
                Err(SegmentationError::Value(_))
            ));
            let both = [name("buyers"), name("regulars")];
            assert_eq!(shop.segments.overlap(session, &both, now)?, [[2, 1], [1, 1]]);
            Done::Ok(())
        });
    });
}

#[test]
fn what_nobody_looked_at_is_said_and_another_zone_moves_the_days() {
    on_each_database("stale", |host| {
        host.commit(|session| {
            let shop = Shop::open(session)?;
            shop.define(session, "today", "count(orders in this day) >= 1")?;
            let ada = shop.customer(session, "Ada")?;
            // Half past eleven in the evening in Vienna is still yesterday in New York at half past five in the afternoon.
            shop.orders(session, ada, later(-1))?;
            assert!(shop.is_in(session, ada, "today")?);
            let due = shop.segments.count(session, &name("today"), later(24));
            assert!(matches!(due, Err(SegmentationError::Stale(Staleness::Due))), "{due:?}");
            let new_york = Zone::new("America/New_York").unwrap();
            shop.advance(session, NOW)?;
            shop.segments.install(session, new_york, NOW)?;
            assert!(shop.is_in(session, ada, "today")?);
            // Midnight in New York is five hours after midnight in UTC.
            shop.advance(session, later(4))?;
            assert_eq!(shop.segments.count(session, &name("today"), later(4))?, 1);
            shop.advance(session, later(5))?;
            assert_eq!(shop.segments.count(session, &name("today"), later(5))?, 0);
            let why = shop.segments.why(session, ada, &name("today"))?;
            assert_eq!((why[0].at, &why[0].reason.cause), (later(5), &Cause::Time));
            Done::Ok(())
        });
    });
}

#[test]
fn a_customer_has_the_points_of_all_parts_that_are_true() {
    on_each_database("points", |host| {
        host.commit(|session| {
            let shop = Shop::open(session)?;
            let ada = shop.customer(session, "Ada")?;
            shop.orders(session, ada, NOW)?;
            let text = "# interest\n10 if count(orders) >= 1\n-2.5 if profile.given_name = \"Ada\"\n100 if nobody\n";
            let plan = ScoringPlan::parse(name("interest"), text).unwrap();
            let scored = shop.segments.score(session, ada, &plan, NOW)?;
            assert_eq!(
                (scored.points.to_string(), scored.parts),
                ("7.5".to_owned(), vec![true, true, false])
            );
            shop.segments.define(session, [(name("warm"), plan.at_least(5))], NOW)?;
            assert!(shop.is_in(session, ada, "warm")?);
            for (text, line) in [
                ("10 count(orders)", 1),
                ("\n1 if count(order) > 1", 2),
                ("x if everyone", 1),
            ] {
                let refused = ScoringPlan::parse(name("interest"), text);
                assert!(
                    matches!(refused, Err(ScoringError::Line { line: at, .. }) if at == line),
                    "{refused:?}"
                );
            }
            Done::Ok(())
        });
    });
}

#[test]
fn a_subscriber_hears_that_a_segment_was_archived_and_that_it_came_back() {
    on_each_database("archived", |host| {
        host.commit(|session| {
            let shop = Shop::open(session)?;
            let (buyers, text) = (name("buyers"), "count(orders) >= 1");
            shop.define(session, "buyers", text)?;
            let ada = shop.customer(session, "Ada")?;
            shop.orders(session, ada, NOW)?;
            shop.advance(session, NOW)?;
            let mut cursor = shop.segments.latest(session)?;
            let mut heard = |session: &mut dyn ecrm_store::Session| {
                let changes = shop.segments.changes(session, &buyers, cursor, 10)?;
                cursor = changes.next;
                let told = changes.changes.iter().map(|change| match change {
                    Change::Defined { entered, left, .. } => (*entered, *left),
                    change => panic!("{change:?}"),
                });
                Ok::<_, SegmentationError>(told.collect::<Vec<_>>())
            };
            shop.segments.archive(session, &buyers, NOW)?;
            assert_eq!(heard(session)?, [(0, 1)]);
            shop.orders(session, ada, NOW)?;
            shop.define(session, "buyers", text)?;
            assert_eq!(heard(session)?, [(1, 0)]);
            assert!(shop.is_in(session, ada, "buyers")?);
            Done::Ok(())
        });
    });
}
