//! Where one customer stands: in which segments, and until when by time alone.

use chrono::DateTime;

use crate::criteria::EventSet;
use crate::facts::Block;
use crate::loaded::Loaded;
use crate::sets::{Answers, NEVER};

/// The segments of a customer at an instant.
#[derive(Debug, Clone)]
pub(crate) struct Standing {
    /// The numbers of the segments, in their order.
    pub(crate) members: Vec<u32>,
    /// In microseconds: at this instant the members hold.
    pub(crate) at: i64,
    /// An instant before which time alone changes nothing.
    pub(crate) next_flip: Option<i64>,
    /// What was found of the criteria, where it was looked at them.
    pub(crate) answers: Answers,
}

/// Somebody came into a segment, or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) segment: u32,
    pub(crate) is_member: bool,
}

impl Standing {
    /// Of the only customer of a block.
    pub(crate) fn of(loaded: &Loaded, facts: &Block, at: i64) -> Self {
        Self::nowhere(at).after(loaded, facts, (at, &[]))
    }

    /// Of the same customer later, after events of these kinds: only the criteria are looked at that they or time can have touched.
    pub(crate) fn after(&self, loaded: &Loaded, facts: &Block, (at, happened): (i64, &[EventSet])) -> Self {
        let now = DateTime::from_timestamp_micros(at).unwrap_or_default();
        let program = loaded.catalogue.program();
        let answers = program.answers_after(loaded.catalogue.ground(facts, now), &self.answers, happened);
        let segments = loaded.numbers.iter().zip(program.members(&answers).0);
        let mut members: Vec<u32> = segments
            .filter(|(_, bits)| bits.contains(0))
            .map(|(segment, _)| *segment)
            .collect();
        members.sort_unstable();
        Self {
            members,
            at,
            next_flip: Some(program.until(&answers).of(0)).filter(|at| *at != NEVER),
            answers,
        }
    }

    /// In no segment, because the customer was not there.
    pub(crate) fn nowhere(at: i64) -> Self {
        Self {
            members: Vec::new(),
            at,
            next_flip: None,
            answers: Answers::default(),
        }
    }

    /// What is otherwise afterwards.
    pub(crate) fn steps_to(&self, after: &Self) -> Vec<Step> {
        let left = self.members.iter().filter(|segment| !after.members.contains(segment));
        let entered = after.members.iter().filter(|segment| !self.members.contains(segment));
        let step = |is_member| {
            move |segment: &u32| Step {
                segment: *segment,
                is_member,
            }
        };
        left.map(step(false)).chain(entered.map(step(true))).collect()
    }

    /// Lets time pass until an instant, and hands every change to `on_change`: the standing before it and the one after.
    pub(crate) fn walk(
        self,
        loaded: &Loaded,
        facts: &Block,
        until: i64,
        mut on_change: impl FnMut(&Self, &Self),
    ) -> Self {
        let mut standing = self;
        while let Some(at) = standing.next_flip.filter(|at| *at <= until) {
            let next = standing.after(loaded, facts, (at, &[]));
            if next.members != standing.members {
                on_change(&standing, &next);
            }
            standing = next;
        }
        standing
    }
}
