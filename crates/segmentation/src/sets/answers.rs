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
