//! What the nodes of a program answer. After an event only those are asked again that it can touch.

use super::{Bits, Ground, Members, Node, Program, Until};
use crate::criteria::EventSet;

/// What each node of a program answers about the customers of a block, and until when that stays by time alone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answers {
    bits: Vec<Bits>,
    until: Vec<Until>,
}

impl Program {
    pub(crate) fn answers(&self, ground: Ground<'_>) -> Answers {
        self.answers_after(ground, &Answers::default(), &[])
    }

    /// Of a block of one customer, of whom these answers held before, and to whom nothing but such events happened.
    pub(crate) fn answers_after(&self, ground: Ground<'_>, before: &Answers, happened: &[EventSet]) -> Answers {
        let mut found = Answers {
            bits: Vec::with_capacity(self.nodes.len()),
            until: Vec::with_capacity(self.nodes.len()),
        };
        let sight = self.asked.sight(ground);
        for (place, node) in self.nodes.iter().enumerate() {
            let is_kept = |until: &Until| until.of(0) > ground.moment.micros() && !node.is_touched(happened);
            let (bits, until) = match before.bits.get(place).zip(before.until.get(place)) {
                Some((bits, until)) if is_kept(until) => (bits.clone(), until.clone()),
                _ => {
                    let bits = node.run(ground, &sight, &found.bits);
                    let until = node.until((ground, &sight), &bits, (&found.bits, &found.until));
                    (bits, until)
                }
            };
            found.bits.push(bits);
            found.until.push(until);
        }
        found
    }

    /// For each segment its members.
    pub(crate) fn members(&self, answers: &Answers) -> Members {
        Members(self.roots.iter().map(|(_, root)| answers.bits[*root].clone()).collect())
    }

    /// Until when no segment changes by time alone.
    pub(crate) fn until(&self, answers: &Answers) -> Until {
        let roots = self.roots.iter().map(|(_, root)| &answers.until[*root]);
        roots.fold(Until::NEVER, Until::earlier)
    }
}

impl Node {
    /// Whether such events can be a reason for another answer. Trees are as quickly put together as looked at.
    fn is_touched(&self, happened: &[EventSet]) -> bool {
        match self {
            Self::Leaf(leaf) => leaf.looks_at_any(happened),
            Self::All(_) | Self::Any(_) | Self::Not(_) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use ecrm_core::{Activity, ActivityId, Channel, Customer, CustomerId, Event, SeededIds, Source, Visit};

    use super::*;
    use crate::facts::{Block, History};
    use crate::{Catalogue, Zone, criteria::Name};

    /// Facts that have a visit too many show which criteria were asked again.
    #[test]
    fn after_an_event_only_those_are_asked_that_it_or_time_can_have_touched() {
        let texts = [
            ("a visit", "count(visits) >= 1"),
            ("a wish", "count(wishes) >= 1"),
            ("by another", "score(1 if in segment \"a visit\") >= 1"),
            ("for a day", "count(visits in last 1 day) >= 1"),
        ];
        let segments = texts.map(|(name, text)| (Name::new(name).unwrap(), text.parse().unwrap()));
        let catalogue = Catalogue::new(Zone::UTC, segments).unwrap();
        let (ids, now) = (SeededIds::new(1), DateTime::UNIX_EPOCH + TimeDelta::days(10));
        let ada = Customer::new(CustomerId::new(&ids, now), now);
        let visit = |days| {
            let at = now - TimeDelta::days(days);
            let event = Event::Visit(Visit::new(Channel::Web));
            Activity::new(
                ActivityId::new(&ids, at),
                ada.id(),
                at,
                at,
                Source::new("shop").unwrap(),
                event,
            )
        };
        let with = |visits: &[Activity]| {
            let mut history = History::of(ada.clone());
            history.activities = visits.to_vec();
            Block::of(&[history])
        };
        let members = |before: &Answers, facts: &Block, (at, happened): (_, &[EventSet])| {
            let program = catalogue.program();
            let answers = program.answers_after(catalogue.ground(facts, at), before, happened);
            let members = program
                .members(&answers)
                .0
                .iter()
                .map(|bits| bits.contains(0))
                .collect();
            (answers, members)
        };
        let yes_to = |wanted: &[&str]| texts.map(|(name, _)| wanted.contains(&name)).to_vec();
        let (before, was): (_, Vec<bool>) = members(&Answers::default(), &with(&[]), (now, &[]));
        assert_eq!(was, yes_to(&[]));
        let visited = with(&[visit(0)]);
        // What looks at other segments is always asked.
        assert_eq!(
            members(&before, &visited, (now, &[EventSet::Wishes])).1,
            yes_to(&["by another"])
        );
        let (after, is) = members(&before, &visited, (now, &[EventSet::Visits]));
        assert_eq!(is, yes_to(&["a visit", "by another", "for a day"]));
        let later = now + TimeDelta::days(2);
        assert_eq!(members(&after, &with(&[]), (later, &[])).1, yes_to(&["a visit"]));
    }
}
