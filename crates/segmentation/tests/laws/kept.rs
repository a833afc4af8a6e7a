//! What is kept in the database is what the criteria say, whatever happens in whatever order.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use ecrm_core::{CustomerId, Recipient, SeededIds, Source};
use ecrm_segmentation::criteria::Name;
use ecrm_segmentation::{
    Catalogue, Criteria, History, Knowledge, MODULE, Segmentation, SegmentationError, Suppressed, Zone,
};
use ecrm_store::{Session, StoreError, activities, attributes, consents, customers, metrics, migrate, suppressions};
use ecrm_testkit::hosts::on_each_database;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::histories::history;
use crate::trees::{NOW, WORDS, criteria};

/// Criteria that notice what a tree at random mostly does not: an event too many or too few, and one out of its order.
const NOTICING: [&str; 4] = [
    "count(orders) = 2 or count(orders in last 60 days) = 1 or count(visits in last 90 days) = 1 or count(returns) = 1",
    "last(orders.at) in last 40 days and first(orders.at) in last 200 days or count(orders until 2026-10-01T00:00:00Z) = 1",
    "count(visits) = 1 or count(visits) = 3 or stopped(visits for 30 days) or count(statuses) = 1 or count(wishes) = 1",
    "count(lines) = 2 or sum(lines.quantity) = 5 or count(lines in last 100 days) = 1 or days since last(contacts) < 50",
];

/// One thing that happens.
#[derive(Debug, Clone)]
enum Step {
    /// The next part of what is known of a customer is stored; and the segments are told so, or not.
    Next {
        customer: prop::sample::Index,
        is_told: bool,
    },
    /// The next activity, appended by the segments themselves.
    Append {
        customer: prop::sample::Index,
    },
    /// Two parts at once.
    Two {
        customer: prop::sample::Index,
    },
    Advance {
        limit: u32,
    },
    Wait {
        hours: i64,
    },
    Define {
        criteria: Criteria,
    },
    /// A customer is looked at, though nothing happened.
    Look {
        customer: prop::sample::Index,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let customer = any::<prop::sample::Index>;
    prop_oneof![
        20 => (customer(), any::<bool>()).prop_map(|(customer, is_told)| Step::Next { customer, is_told }),
        6 => customer().prop_map(|customer| Step::Append { customer }),
        3 => customer().prop_map(|customer| Step::Two { customer }),
        3 => (1_u32..4).prop_map(|limit| Step::Advance { limit }),
        4 => prop_oneof![Just(0), 1_i64..48, 48_i64..2_000].prop_map(|hours| Step::Wait { hours }),
        1 => criteria().prop_map(|criteria| Step::Define { criteria }),
        2 => customer().prop_map(|customer| Step::Look { customer }),
    ]
}

/// What there is to store of a customer, in a random order.
#[derive(Debug, Clone)]
enum Part {
    Activity(ecrm_core::Activity),
    Attribute(ecrm_core::Attribute),
    Consent(ecrm_core::Consent),
    Metric(ecrm_core::Metric),
    List(Name),
    Suppressed(Suppressed),
}

/// A customer of whom more and more is known.
#[derive(Debug, Clone)]
struct Person {
    known: History,
    coming: Vec<Part>,
    /// When the record was written.
    stored_at: DateTime<Utc>,
    /// When the customer was put on which list.
    listed: Vec<(Name, DateTime<Utc>)>,
}

fn person() -> impl Strategy<Value = Person> {
    history().prop_flat_map(|history| {
        let mut parts = Vec::new();
        let mut unique = BTreeSet::new();
        for attribute in history.attributes {
            // Of two of the same instants the id decides, which is random.
            if unique.insert((attribute.name().clone(), attribute.valid_at(), attribute.recorded_at())) {
                parts.push(Part::Attribute(attribute));
            }
        }
        let mut unique = BTreeSet::new();
        for consent in history.consents {
            if unique.insert((consent.valid_at(), consent.recorded_at())) {
                parts.push(Part::Consent(consent));
            }
        }
        parts.extend(history.activities.into_iter().map(Part::Activity));
        parts.extend(history.metrics.into_iter().map(Part::Metric));
        parts.extend(history.lists.into_iter().map(Part::List));
        parts.extend(history.suppressed.into_iter().map(Part::Suppressed));
        let known = History::of(history.customer);
        Just(parts).prop_shuffle().prop_map(move |coming| Person {
            known: known.clone(),
            coming,
            stored_at: NOW,
            listed: Vec::new(),
        })
    })
}

/// A shop in which things happen.
struct Shop<'s> {
    session: &'s mut dyn Session,
    segments: Segmentation,
    ids: SeededIds,
    definitions: BTreeMap<Name, Criteria>,
    people: BTreeMap<CustomerId, Person>,
    now: DateTime<Utc>,
}

fn name(word: &str) -> Name {
    Name::new(word).unwrap()
}

fn zone() -> Zone {
    Zone::new("Europe/Vienna").unwrap()
}

fn source() -> Source {
    Source::new("tests").unwrap()
}

impl<'s> Shop<'s> {
    /// Half of the customers are there before anything was set up.
    fn open(session: &'s mut dyn Session, people: Vec<Person>, first: Criteria) -> Result<Self, SegmentationError> {
        migrate(session, &[&MODULE], NOW)?;
        let mut shop = Self {
            session,
            segments: Segmentation::new(),
            ids: SeededIds::new(1),
            definitions: BTreeMap::new(),
            people: BTreeMap::new(),
            now: NOW,
        };
        let (before, after): (Vec<_>, Vec<_>) = people.into_iter().partition(|person| person.coming.len() % 2 == 0);
        before.into_iter().try_for_each(|person| shop.register(person))?;
        shop.segments.install(shop.session, zone(), shop.now)?;
        while !shop.segments.advance(shop.session, 64, shop.now)?.is_complete {}
        let mut definitions: BTreeMap<Name, Criteria> = WORDS
            .iter()
            .filter_map(|word| Name::new(word).ok())
            .zip(NOTICING.iter().cycle())
            .map(|(name, criteria)| (name, criteria.parse().unwrap()))
            .collect();
        definitions.insert(name("segment"), first);
        shop.define(definitions)?;
        after.into_iter().try_for_each(|person| shop.register(person))?;
        Ok(shop)
    }

    fn register(&mut self, mut person: Person) -> Result<(), StoreError> {
        let id = person.known.customer.id();
        if self.people.contains_key(&id) {
            return Ok(());
        }
        customers::insert(self.session, &person.known.customer, &source(), self.now)?;
        person.stored_at = self.now;
        self.people.insert(id, person);
        Ok(())
    }

    fn define(&mut self, definitions: BTreeMap<Name, Criteria>) -> Result<(), SegmentationError> {
        self.segments.define(self.session, definitions.clone(), self.now)?;
        self.definitions.extend(definitions);
        Ok(())
    }

    fn id(&self, of: prop::sample::Index) -> Option<CustomerId> {
        let place = of.index(self.people.len().max(1));
        self.people.keys().nth(place).copied()
    }

    fn step(&mut self, step: Step) -> Result<(), SegmentationError> {
        match step {
            Step::Next { customer, is_told } => {
                if let Some(id) = self.id(customer) {
                    let appended = self.next(id)?;
                    if is_told {
                        self.segments.update(self.session, id, &appended, self.now)?;
                        self.check_one(id)?;
                    }
                }
            }
            Step::Append { customer } => {
                if let Some(id) = self.id(customer) {
                    self.append(id)?;
                }
            }
            Step::Two { customer } => {
                if let Some(id) = self.id(customer) {
                    let mut appended = self.next(id)?;
                    appended.extend(self.next(id)?);
                    self.segments.update(self.session, id, &appended, self.now)?;
                    self.check_one(id)?;
                }
            }
            Step::Advance { limit } => {
                self.segments.advance(self.session, limit, self.now)?;
            }
            Step::Wait { hours } => self.now += TimeDelta::hours(hours),
            Step::Define { criteria } => self.define([(name("segment"), criteria)].into())?,
            Step::Look { customer } => {
                if let Some(id) = self.id(customer) {
                    self.segments.update(self.session, id, &[], self.now)?;
                    self.check_one(id)?;
                }
            }
        }
        self.check_what_is_told()
    }

    fn append(&mut self, id: CustomerId) -> Result<(), SegmentationError> {
        let person = self.people.get_mut(&id).unwrap();
        let is_activity = |part: &Part| matches!(part, Part::Activity(_));
        let Some(place) = person.coming.iter().position(is_activity) else {
            return Ok(());
        };
        let Part::Activity(activity) = person.coming.remove(place) else {
            return Ok(());
        };
        person.known.activities.push(activity.clone());
        self.segments.append(self.session, &[activity], self.now)?;
        self.check_one(id)
    }

    /// Stores the next thing about a customer, and tells which activities those are.
    fn next(&mut self, id: CustomerId) -> Result<Vec<ecrm_core::Activity>, SegmentationError> {
        let person = self.people.get_mut(&id).unwrap();
        let Some(part) = person.coming.pop() else {
            return Ok(Vec::new());
        };
        match part {
            Part::Activity(activity) => {
                activities::append(self.session, &activity)?;
                person.known.activities.push(activity.clone());
                return Ok(vec![activity]);
            }
            Part::Attribute(attribute) => {
                attributes::set(self.session, &self.ids, id, &attribute)?;
                person.known.attributes.push(attribute);
            }
            Part::Consent(consent) => {
                consents::record(self.session, &self.ids, &consent)?;
                person.known.consents.push(consent);
            }
            Part::Metric(metric) => {
                metrics::publish(self.session, &metric, self.now)?;
                person.known.metrics.push(metric);
            }
            Part::Suppressed(suppressed) => self.suppress(id, suppressed)?,
            Part::List(list) => {
                self.segments
                    .add_to_list(self.session, &list, id, &source(), self.now)?;
                person.known.lists.push(list.clone());
                person.listed.push((list, self.now));
            }
        }
        Ok(Vec::new())
    }

    /// It is an address that is suppressed, whosever it is.
    fn suppress(&mut self, id: CustomerId, suppressed: Suppressed) -> Result<(), SegmentationError> {
        let recipient = Recipient::from(&self.people[&id].known.customer);
        let Suppressed {
            channel,
            reason,
            from,
            until,
        } = suppressed;
        let Some(address) = recipient.address_key(channel) else {
            return Ok(());
        };
        suppressions::add(self.session, &recipient, channel, reason, until, &source(), from)?;
        for person in self.people.values_mut() {
            if Recipient::from(&person.known.customer).address_key(channel).as_ref() == Some(&address) {
                let is_other =
                    |known: &Suppressed| (known.channel, known.reason, known.from) != (channel, reason, from);
                person.known.suppressed.retain(is_other);
                person.known.suppressed.push(suppressed);
            }
        }
        Ok(())
    }

    fn catalogue(&self) -> Catalogue {
        Catalogue::new(zone(), self.definitions.clone()).unwrap()
    }

    /// Where the log says that a customer is, who was told of just now.
    fn check_one(&mut self, id: CustomerId) -> Result<(), SegmentationError> {
        let catalogue = self.catalogue();
        let known = &self.people[&id].known;
        for segment in self.definitions.keys() {
            let expected = catalogue.membership(segment, known, self.now).unwrap();
            let found = self.segments.membership(self.session, id, segment, self.now)?;
            assert_eq!(found, expected, "{segment} at {}", self.now);
            let log = self.segments.why(self.session, id, segment)?;
            if let Some(last) = log.first() {
                assert_eq!(last.is_member, expected.is_member, "{segment}: {log:?}");
            }
        }
        Ok(())
    }

    /// What is told is true, or it is said that it may not be.
    fn check_what_is_told(&mut self) -> Result<(), SegmentationError> {
        let catalogue = self.catalogue();
        for segment in self.definitions.keys() {
            let is_member = |person: &&Person| {
                let membership = catalogue.membership(segment, &person.known, self.now).unwrap();
                membership.is_member
            };
            let expected: BTreeSet<CustomerId> = self
                .people
                .values()
                .filter(is_member)
                .map(|person| person.known.customer.id())
                .collect();
            let count = match self.segments.count(self.session, segment, self.now) {
                Err(SegmentationError::Stale(_)) => return Ok(()),
                other => other?,
            };
            assert_eq!(count, expected.len() as u64, "the count of {segment} at {}", self.now);
            let (mut found, mut after) = (Vec::new(), None);
            loop {
                let page = self.segments.members(self.session, segment, after, 2, self.now)?;
                found.extend(page.customers);
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(found.len(), expected.len());
            assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected, "{segment}");
        }
        Ok(())
    }

    fn close(mut self) -> Result<(), SegmentationError> {
        while !self.segments.advance(self.session, 3, self.now)?.is_complete {}
        self.segments.count(self.session, &name("segment"), self.now)?;
        self.check_what_is_told()?;
        let ids: Vec<CustomerId> = self.people.keys().copied().collect();
        ids.into_iter().try_for_each(|id| self.check_one(id))?;
        for at in [NOW - TimeDelta::days(40), NOW, self.now] {
            self.check_the_past(at, Knowledge::Then)?;
            self.check_the_past(at, Knowledge::Now)?;
        }
        self.check_erasure()
    }

    /// Who was in the segment, as it was known then and is known now.
    fn check_the_past(&mut self, at: DateTime<Utc>, knowledge: Knowledge) -> Result<(), SegmentationError> {
        let (catalogue, segment) = (self.catalogue(), name("segment"));
        let criteria = Criteria::InSegment(segment.clone());
        let found = self
            .segments
            .members_at(self.session, &criteria, at, knowledge, self.now);
        if let Err(SegmentationError::NoHistory(_)) = found {
            let text = self.definitions[&segment].to_string();
            assert!(text.contains("metric."), "{text}");
            return Ok(());
        }
        let was_member = |person: &&Person| {
            let past = past(person, at, knowledge);
            past.is_some_and(|past| catalogue.membership(&segment, &past, at).unwrap().is_member)
        };
        let members = self.people.values().filter(was_member);
        let expected: Vec<CustomerId> = members.map(|person| person.known.customer.id()).collect();
        assert_eq!(found?, expected, "at {at} with the knowledge of {knowledge:?}");
        let counts = self
            .segments
            .backtest(self.session, &criteria, &[at], knowledge, self.now)?;
        assert_eq!(counts, [expected.len() as u64]);
        Ok(())
    }

    /// Who is erased is in no segment, and nothing of him is left.
    fn check_erasure(&mut self) -> Result<(), SegmentationError> {
        let Some(id) = self.people.keys().next().copied() else {
            return Ok(());
        };
        self.people.remove(&id);
        self.session
            .execute("DELETE FROM ecrm_record_customer WHERE customer_id = $1", &[id.into()])?;
        self.segments.erase(self.session, id)?;
        self.segments.repack(self.session)?;
        let kept = self.segments.export(self.session, id)?;
        assert!(kept.crossings.is_empty() && kept.lists.is_empty());
        self.check_what_is_told()?;
        let everybody: Criteria = "everyone".parse().unwrap();
        let previewed = self.segments.preview(self.session, &everybody, self.now)?;
        assert_eq!(previewed.count(), self.people.len() as u64);
        let all = self.segments.combine(self.session, &everybody, self.now)?;
        assert_eq!(all.count(), self.people.len() as u64);
        self.define([(name("segment"), everybody)].into())?;
        self.check_what_is_told()
    }
}

/// A customer at an instant; nothing for one who was not there.
fn past(person: &Person, at: DateTime<Utc>, knowledge: Knowledge) -> Option<History> {
    let is_then = knowledge == Knowledge::Then;
    if person.known.customer.registered_at() > at || is_then && person.stored_at > at {
        return None;
    }
    let mut past = person.known.clone();
    past.lists = person
        .listed
        .iter()
        .filter(|(_, added)| *added <= at)
        .map(|(list, _)| list.clone())
        .collect();
    if is_then {
        past.activities.retain(|activity| activity.recorded_at() <= at);
        past.attributes.retain(|attribute| attribute.recorded_at() <= at);
        past.consents.retain(|consent| consent.recorded_at() <= at);
    }
    Some(past)
}

#[test]
fn what_is_kept_is_what_a_rebuild_would_find_after_whatever_happens() {
    on_each_database("kept", |host| {
        // Each is a whole story, on a real database.
        let usual = Config::default();
        let mut runner = TestRunner::new(Config {
            cases: usual.cases / 4,
            failure_persistence: None,
            ..usual
        });
        let host = std::cell::RefCell::new(host);
        let stories = (vec(person(), 1..6), criteria(), vec(step(), 0..40));
        let result = runner.run(&stories, |(people, first, steps)| {
            host.borrow_mut().roll_back(|session| {
                let mut shop = Shop::open(session, people, first)?;
                steps.into_iter().try_for_each(|step| shop.step(step))?;
                shop.close()
            });
            Ok(())
        });
        if let Err(failure) = result {
            panic!("{failure}");
        }
    });
}
