//! A second evaluator, which knows nothing of the first: the guide to the language, read literally and without a thought for speed.
//!
//! Where the two disagree, one of them or the guide is wrong.

mod events;
mod tests;
mod time;
mod values;

use std::cmp::Ordering;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use ecrm_core::{
    AttributeName, AttributeValue, Channel, Code, ConsentDecision, ConsentState, EmailAddress, Locale, Organisation,
    PersonName, PhoneNumber, PostalAddress, Purpose, may_contact,
};
use ecrm_segmentation::History;
use ecrm_segmentation::criteria::*;
use sha2::{Digest, Sha256};

use events::Happening;
use time::{Micros, micros};
use values::{Fact, Ratio};

pub(crate) use time::Time;

/// Whether criteria are true of a customer at an instant.
pub(crate) fn is_true(
    criteria: &Criteria,
    segments: &BTreeMap<Name, Criteria>,
    history: &History,
    zone: Tz,
    now: DateTime<Utc>,
) -> bool {
    let time = Time::new(zone, now);
    Oracle {
        segments,
        history,
        time,
    }
    .criteria(criteria)
}

struct Oracle<'a> {
    segments: &'a BTreeMap<Name, Criteria>,
    history: &'a History,
    time: Time,
}

impl Oracle<'_> {
    fn criteria(&self, criteria: &Criteria) -> bool {
        let now = self.time.now;
        match criteria {
            Criteria::All(parts) => parts.iter().all(|part| self.criteria(part)),
            Criteria::Any(parts) => parts.iter().any(|part| self.criteria(part)),
            Criteria::Not(part) => !self.criteria(part),
            Criteria::Is { value, test } => self.is(value, test),
            Criteria::Stopped { events, silent_for } => {
                let last = self.happened(events).last().map(|event| event.at);
                last.is_some_and(|at| at < now - length(*silent_for))
            }
            Criteria::Restarted { events, pause, within } => self.happened(events).windows(2).any(|pair| {
                let (before, after) = (pair[0].at, pair[1].at);
                after >= now - length(*within) && after - before >= length(*pause)
            }),
            Criteria::Regularly {
                events,
                at_least,
                of,
                period,
            } => {
                let (events, period) = (self.happened(events), length(*period));
                let is_used = |i: &u32| {
                    let i = Micros::from(*i);
                    let holds = |at| now - (i + 1) * period < at && at <= now - i * period;
                    events.iter().any(|event| holds(event.at))
                };
                (0..*of).filter(is_used).count() >= *at_least as usize
            }
            Criteria::Sequence { first, then, window } => self.has_sequence(first, then, window.as_ref()),
            Criteria::InSegment(name) => self.criteria(&self.segments[name]),
            Criteria::InList(name) => self.history.lists.contains(name),
            Criteria::Sample { percent, seed } => self.is_drawn(*percent, seed),
            _ => panic!("the oracle does not know {criteria:?}"),
        }
    }

    fn is(&self, value: &Expression, test: &Test) -> bool {
        match value {
            Expression::Aggregate(aggregate) if aggregate.function == Function::Values => {
                tests::several_pass(test, &self.field(aggregate))
            }
            Expression::Aggregate(aggregate) => {
                let found = self.aggregate(aggregate, tests::currency(test));
                tests::passes(test, found.as_ref(), &self.time)
            }
            value => tests::passes(test, self.value(value).as_ref(), &self.time),
        }
    }

    fn value(&self, value: &Expression) -> Option<Fact> {
        match value {
            Expression::Profile(field) => self.profile(*field),
            Expression::Attribute(name) => self.attribute(name),
            Expression::Metric(name) => {
                let metrics = self.history.metrics.iter().filter(|metric| metric.name() == name);
                let latest = metrics.max_by_key(|metric| metric.as_of())?;
                Some(Fact::Number(Ratio::shortest(latest.value())))
            }
            Expression::Consent { purpose, channel } => {
                let state = match self.consent(*purpose, *channel) {
                    ConsentState::Denied => "denied",
                    ConsentState::Expired => "expired",
                    ConsentState::Granted => "granted",
                    ConsentState::Withdrawn => "withdrawn",
                    ConsentState::Unknown => return None,
                };
                Some(Fact::Text(state.to_owned()))
            }
            Expression::Reachable { purpose, channel } => Some(Fact::Boolean(self.is_reachable(*purpose, *channel))),
            Expression::Count(events) => Some(Fact::count(self.events(events).len())),
            Expression::DaysSince { edge, of } => {
                let events = self.events(of);
                let event = match edge {
                    Edge::First => events.first(),
                    Edge::Last => events.last(),
                }?;
                Some(Fact::Number(Ratio::new(self.time.now - event.at, time::DAY)))
            }
            Expression::Distance { latitude, longitude } => {
                let from = (to_f64(&Ratio::of(*latitude)), to_f64(&Ratio::of(*longitude)));
                let to = (self.degrees("location.latitude")?, self.degrees("location.longitude")?);
                Some(Fact::Number(Ratio::shortest(haversine(from, to))))
            }
            Expression::Score(parts) => {
                let points = parts.iter().filter(|part| self.criteria(&part.when));
                let points = points.map(|part| Ratio::of(part.points));
                Some(Fact::Number(Ratio::sum(points)))
            }
            _ => panic!("the oracle does not know {value:?}"),
        }
    }

    fn profile(&self, field: ProfileField) -> Option<Fact> {
        let contact = self.history.customer.contact();
        let (name, address) = (contact.name(), contact.address());
        let text = match field {
            ProfileField::RegisteredAt => return Some(Fact::Instant(micros(self.history.customer.registered_at()))),
            ProfileField::City => address.map(PostalAddress::locality),
            ProfileField::Country => address.map(|address| address.country().code()),
            ProfileField::Email => contact.email().map(EmailAddress::as_str),
            ProfileField::FamilyName => name.and_then(PersonName::family),
            ProfileField::GivenName => name.and_then(PersonName::given),
            ProfileField::Locale => contact.locale().map(Locale::as_str),
            ProfileField::Organisation => contact.organisation().map(Organisation::as_str),
            ProfileField::Phone => contact.phone().map(PhoneNumber::as_str),
            ProfileField::PostalCode => address.and_then(PostalAddress::postal_code),
            _ => panic!("the oracle does not know {field:?}"),
        };
        text.map(|text| Fact::Text(text.to_owned()))
    }

    fn attribute(&self, name: &AttributeName) -> Option<Fact> {
        let versions = self.history.attributes.iter().filter(|version| version.name() == name);
        let valid = versions.filter(|version| micros(version.valid_at()) <= self.time.now);
        // Of equal ones `max_by_key` takes that which comes last, which is the place in the record.
        let latest = valid.max_by_key(|version| (version.valid_at(), version.recorded_at()))?;
        // An empty text is a missing one.
        let is_there = |value: &&AttributeValue| !matches!(value, AttributeValue::Text(text) if text.is_empty());
        latest.value().filter(is_there).map(Fact::of_attribute)
    }

    fn consent(&self, purpose: Purpose, channel: Channel) -> ConsentState {
        let entries = self.history.consents.iter();
        let entries = entries.filter(|entry| (entry.purpose(), entry.channel()) == (purpose, channel));
        let valid = entries.filter(|entry| micros(entry.valid_at()) <= self.time.now);
        let Some(latest) = valid.max_by_key(|entry| (entry.valid_at(), entry.recorded_at())) else {
            return ConsentState::Unknown;
        };
        let is_over = latest.expires_at().is_some_and(|end| micros(end) <= self.time.now);
        match latest.decision() {
            ConsentDecision::Granted if is_over => ConsentState::Expired,
            ConsentDecision::Granted => ConsentState::Granted,
            ConsentDecision::Denied => ConsentState::Denied,
            ConsentDecision::Withdrawn => ConsentState::Withdrawn,
        }
    }

    fn is_reachable(&self, purpose: Purpose, channel: Channel) -> bool {
        let contact = self.history.customer.contact();
        let has_address = match channel.code() {
            "email" => contact.email().is_some(),
            "phone" | "sms" => contact.phone().is_some(),
            "post" => contact.address().is_some(),
            _ => true,
        };
        let now = self.time.now;
        let suppressed = self.history.suppressed.iter().filter(|suppressed| {
            suppressed.channel == channel
                && micros(suppressed.from) <= now
                && suppressed.until.is_none_or(|until| now < micros(until))
        });
        let reasons = suppressed.map(|suppressed| suppressed.reason);
        has_address && may_contact(purpose, self.consent(purpose, channel), reasons).is_ok()
    }

    fn degrees(&self, name: &str) -> Option<f64> {
        match self.attribute(&AttributeName::new(name).unwrap())? {
            Fact::Number(degrees) => Some(to_f64(&degrees)),
            _ => None,
        }
    }

    /// The events that a value looks at, in their order.
    fn events(&self, events: &Events) -> Vec<Happening> {
        let now = self.time.now;
        let mut found = events::of(self.history, events.set(), &self.time);
        found.retain(|event| {
            let in_time = match events.window() {
                None => event.at <= now,
                // The one window of what is to come.
                Some(window @ Window::Next(_)) => self.time.is_within(window, event.at),
                Some(window) => self.time.is_within(window, event.at) && event.at <= now,
            };
            in_time && events.filter().is_none_or(|filter| self.filter(filter, event))
        });
        found
    }

    /// The events of a course, which has a window of its own: all that have happened.
    fn happened(&self, events: &Events) -> Vec<Happening> {
        assert!(events.window().is_none(), "the check refuses a window here");
        self.events(events)
    }

    fn filter(&self, filter: &Filter, event: &Happening) -> bool {
        match filter {
            Filter::All(parts) => parts.iter().all(|part| self.filter(part, event)),
            Filter::Any(parts) => parts.iter().any(|part| self.filter(part, event)),
            Filter::Not(part) => !self.filter(part, event),
            Filter::Is { field, test } => tests::passes(test, event.fields.get(field), &self.time),
        }
    }

    /// The values of a field, in the order of the events that have it.
    fn field(&self, aggregate: &Aggregate) -> Vec<Fact> {
        let events = self.events(&aggregate.of);
        let facts = events.iter().filter_map(|event| event.fields.get(&aggregate.field));
        facts.cloned().collect()
    }

    fn aggregate(&self, aggregate: &Aggregate, currency: Option<ecrm_core::Currency>) -> Option<Fact> {
        let all = self.field(aggregate);
        let mut fitting = all.clone();
        fitting.retain(|fact| match fact {
            Fact::Money(_, own) => Some(*own) == currency,
            _ => true,
        });
        let sum = || Ratio::sum(fitting.iter().map(Fact::ratio));
        let sorted = || {
            let mut sorted = fitting.clone();
            sorted.sort_by(Fact::order);
            sorted
        };
        let of_type = |ratio| match currency {
            Some(currency) => Fact::Money(ratio, currency),
            None => Fact::Number(ratio),
        };
        match aggregate.function {
            Function::Sum => Some(of_type(sum())),
            Function::Average if fitting.is_empty() => None,
            Function::Average => Some(of_type(sum().shared_by(fitting.len()))),
            Function::Min => sorted().first().cloned(),
            Function::Max => sorted().last().cloned(),
            Function::First => all.first().cloned(),
            Function::Last => all.last().cloned(),
            Function::Distinct => {
                let is_new = |(at, fact): &(usize, &Fact)| !all[..*at].iter().any(|other| other.is_same(fact));
                Some(Fact::count(all.iter().enumerate().filter(is_new).count()))
            }
            Function::Values => panic!("several values are compared otherwise"),
        }
    }

    fn has_sequence(&self, first: &Events, then: &[Step], window: Option<&Window>) -> bool {
        let steps = |events| {
            let mut found = self.happened(events);
            found.retain(|event| window.is_none_or(|window| self.time.is_within(window, event.at)));
            found
        };
        // Where the steps so far may have ended.
        let mut ends: Vec<Micros> = steps(first).iter().map(|event| event.at).collect();
        for step in then {
            let without = step.without.as_ref().map_or(Vec::new(), |events| self.happened(events));
            let follows = |before: Micros, at: Micros| {
                before < at
                    && step.within.is_none_or(|within| at - before <= length(within))
                    && !without.iter().any(|event| before < event.at && event.at < at)
            };
            let mut next: Vec<Micros> = steps(&step.events).iter().map(|event| event.at).collect();
            next.retain(|at| ends.iter().any(|before| follows(*before, *at)));
            ends = next;
        }
        !ends.is_empty()
    }

    fn is_drawn(&self, percent: rust_decimal::Decimal, seed: &str) -> bool {
        let mut drawn = format!("ecrm sample\n{seed}\n").into_bytes();
        drawn.extend(self.history.customer.id().uuid().as_bytes());
        let digest = Sha256::digest(&drawn);
        let number = i128::from(u64::from_be_bytes(digest[..8].try_into().unwrap()));
        let share = Ratio::of(percent).shared_by(100);
        Ratio::new(number, 1 << 64).cmp(&share) == Ordering::Less
    }
}

fn length(span: Span) -> Micros {
    span.as_microseconds().into()
}

/// The nearest number with a binary fraction.
fn to_f64(ratio: &Ratio) -> f64 {
    ratio.to_string().parse().unwrap()
}

/// Kilometres between two places (degrees north, degrees east) on the sphere of the guide.
fn haversine(from: (f64, f64), to: (f64, f64)) -> f64 {
    let half = |one: f64, other: f64| ((other - one).to_radians() / 2.0).sin().powi(2);
    let parallels = from.0.to_radians().cos() * to.0.to_radians().cos();
    let chord = half(from.0, to.0) + parallels * half(from.1, to.1);
    2.0 * 6_371.008_8 * chord.sqrt().min(1.0).asin()
}
