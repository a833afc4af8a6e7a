//! What of the facts criteria look at.

use std::collections::BTreeSet;

use super::{Criteria, EventSet, Events, Expression, Field, Filter, ProfileField};

/// The kinds of events and their fields that some criteria look at. All else need not be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Needs {
    sets: BTreeSet<EventSet>,
    fields: BTreeSet<(EventSet, Field)>,
    others: BTreeSet<Other>,
}

/// What is looked at beside events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Other {
    /// Attributes and preferences.
    Attributes,
    /// What was said of consent.
    Consents,
    /// Lists that people keep.
    Lists,
    /// Numbers that modules publish.
    Metrics,
    /// Fields of the record that have no time of their own.
    Profile,
    /// Whether somebody may be contacted.
    Reachable,
    /// Other segments, with what those look at.
    Segments,
}

impl Needs {
    /// Only how customers can be reached.
    pub(crate) fn of_addresses() -> Self {
        Self {
            others: BTreeSet::from([Other::Reachable]),
            ..Self::default()
        }
    }

    /// What all of some criteria need together.
    pub(crate) fn of<'c>(criteria: impl IntoIterator<Item = &'c Criteria>) -> Self {
        let mut needs = Self::default();
        criteria.into_iter().for_each(|criteria| needs.criteria(criteria));
        needs
    }

    pub(crate) fn has_set(&self, set: EventSet) -> bool {
        self.sets.contains(&set)
    }

    pub(crate) fn has_field(&self, set: EventSet, field: Field) -> bool {
        self.fields.contains(&(set, field))
    }

    /// Whether anything is needed of the second part of packed facts.
    pub(crate) fn has_cold(&self) -> bool {
        self.fields
            .iter()
            .any(|(set, field)| !crate::facts::is_hot(*set, *field))
    }

    pub(crate) fn has(&self, other: Other) -> bool {
        self.others.contains(&other)
    }

    fn criteria(&mut self, criteria: &Criteria) {
        match criteria {
            Criteria::All(parts) | Criteria::Any(parts) => parts.iter().for_each(|part| self.criteria(part)),
            Criteria::Not(part) => self.criteria(part),
            Criteria::Is { value, .. } => self.expression(value),
            Criteria::Stopped { events, .. }
            | Criteria::Restarted { events, .. }
            | Criteria::Regularly { events, .. } => {
                self.events(events);
            }
            Criteria::Sequence { first, then, .. } => {
                self.events(first);
                for step in then {
                    self.events(&step.events);
                    step.without.iter().for_each(|events| self.events(events));
                }
            }
            Criteria::InList(_) => {
                self.others.insert(Other::Lists);
            }
            Criteria::InSegment(_) => {
                self.others.insert(Other::Segments);
            }
            Criteria::Sample { .. } => {}
        }
    }

    fn expression(&mut self, expression: &Expression) {
        match expression {
            Expression::Count(of) | Expression::DaysSince { of, .. } => self.events(of),
            Expression::Aggregate(aggregate) => {
                self.events(&aggregate.of);
                self.fields.insert((aggregate.of.set(), aggregate.field));
            }
            Expression::Score(parts) => parts.iter().for_each(|part| self.criteria(&part.when)),
            Expression::Metric(_) => {
                self.others.insert(Other::Metrics);
            }
            Expression::Profile(field) if *field != ProfileField::RegisteredAt => {
                self.others.insert(Other::Profile);
            }
            Expression::Reachable { .. } => {
                self.others.extend([Other::Consents, Other::Reachable]);
            }
            Expression::Consent { .. } => {
                self.others.insert(Other::Consents);
            }
            Expression::Attribute(_) | Expression::Distance { .. } => {
                self.others.insert(Other::Attributes);
            }
            Expression::Profile(_) => {}
        }
    }

    fn events(&mut self, events: &Events) {
        self.sets.insert(events.set());
        events
            .filter()
            .into_iter()
            .for_each(|filter| self.filter(filter, events.set()));
    }

    fn filter(&mut self, filter: &Filter, set: EventSet) {
        match filter {
            Filter::All(parts) | Filter::Any(parts) => parts.iter().for_each(|part| self.filter(part, set)),
            Filter::Not(part) => self.filter(part, set),
            Filter::Is { field, .. } => {
                self.fields.insert((set, *field));
            }
        }
    }
}
