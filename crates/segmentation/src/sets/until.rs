//! Until when the answers about many customers stay as they are by time alone.

use super::bits::Bits;
use crate::criteria::Span;
use crate::facts::Table;

/// The instant that stands for never.
pub(crate) const NEVER: i64 = i64::MAX;

/// For each customer of a block an instant, in microseconds, before which an answer does not change by time alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Until {
    /// The same for all.
    All(i64),
    /// That of each.
    Each(Vec<i64>),
}

impl Until {
    /// Nobody's answer ever changes by time alone.
    pub(crate) const NEVER: Self = Self::All(NEVER);

    /// From that of each of so many customers.
    pub(super) fn each(customers: usize, until: impl Fn(usize) -> i64) -> Self {
        match customers {
            1 => Self::All(until(0)),
            _ => Self::Each((0..customers).map(until).collect()),
        }
    }

    pub(crate) fn of(&self, customer: usize) -> i64 {
        match self {
            Self::All(instant) => *instant,
            Self::Each(instants) => instants.get(customer).copied().unwrap_or(NEVER),
        }
    }

    /// The earlier of two for each.
    pub(crate) fn earlier(self, other: &Self) -> Self {
        match (self, other) {
            (Self::All(at), Self::All(other)) => Self::All(at.min(*other)),
            (Self::All(same), Self::Each(instants)) => Self::Each(instants.iter().map(|at| same.min(*at)).collect()),
            (Self::Each(mut instants), other) => {
                let others = (0..).map(|customer| other.of(customer));
                instants
                    .iter_mut()
                    .zip(others)
                    .for_each(|(at, other)| *at = (*at).min(other));
                Self::Each(instants)
            }
        }
    }

    /// Of a tree whose parts answer so. `neutral` is what a part is that does not decide: true among all, false among any. Where parts
    /// decide, the tree stays as it is until the last of them has changed; where none does, until the first changes.
    pub(crate) fn of_parts<'p>(
        parts: &(impl Iterator<Item = (&'p Bits, &'p Self)> + Clone),
        neutral: bool,
        customers: usize,
    ) -> Self {
        if parts.clone().all(|(_, until)| *until == Self::NEVER) {
            return Self::NEVER;
        }
        Self::each(customers, |customer| {
            let (mut first, mut latest) = (NEVER, None);
            for (bits, until) in parts.clone() {
                let at = until.of(customer);
                first = first.min(at);
                if bits.contains(customer) != neutral {
                    latest = latest.max(Some(at));
                }
            }
            latest.unwrap_or(first)
        })
    }
}

/// Events in a rolling window that ends now: the events of a customer between two places.
pub(super) struct Rolling<'t> {
    pub(super) table: &'t Table,
    pub(super) places: std::ops::Range<usize>,
    pub(super) span: Span,
}

impl Rolling<'_> {
    /// The first instant at which so many of the oldest have left that the answer is another one. `is_same` is told, for each event in
    /// turn, that it has left, and whether to look at the answer after it.
    pub(super) fn first_change(&self, mut is_same: impl FnMut(usize) -> bool) -> i64 {
        let times = &self.table.at;
        for place in self.places.clone() {
            let is_same = is_same(place);
            // Events of one instant leave together.
            let is_last = place + 1 == self.places.end || times[place + 1] != times[place];
            if is_last && !is_same {
                return times[place]
                    .saturating_add(self.span.as_microseconds())
                    .saturating_add(1);
            }
        }
        NEVER
    }
}
