//! Until when the answers about many customers stay as they are by time alone.

use super::bits::Bits;
use crate::criteria::Span;
use crate::facts::Table;

/// The instant that stands for never.
pub(crate) const NEVER: i64 = i64::MAX;

/// For each customer of a block an instant, in microseconds, before which an answer does not change by time alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Until {
    /// Nobody's ever does.
    Never,
    /// That of each.
    Each(Vec<i64>),
}

impl Until {
    pub(crate) fn of(&self, customer: usize) -> i64 {
        match self {
            Self::Never => NEVER,
            Self::Each(instants) => instants.get(customer).copied().unwrap_or(NEVER),
        }
    }

    /// The earlier of two for each.
    pub(crate) fn earlier(self, other: &Self) -> Self {
        match (self, other) {
            (first, Self::Never) => first,
            (Self::Never, other) => other.clone(),
            (Self::Each(mut instants), Self::Each(others)) => {
                instants
                    .iter_mut()
                    .zip(others)
                    .for_each(|(at, other)| *at = (*at).min(*other));
                Self::Each(instants)
            }
        }
    }

    /// Of a tree whose parts answer so. `neutral` is what a part is that does not decide: true among all, false among any. Where parts
    /// decide, the tree stays as it is until the last of them has changed; where none does, until the first changes.
    pub(crate) fn of_parts(parts: &[(&Bits, &Self)], neutral: bool, customers: usize) -> Self {
        if parts.iter().all(|(_, until)| **until == Self::Never) {
            return Self::Never;
        }
        let of_customer = |customer| {
            let decides = |bits: &Bits| bits.contains(customer) != neutral;
            let deciding = parts.iter().filter(|(bits, _)| decides(bits));
            let latest = deciding.map(|(_, until)| until.of(customer)).max();
            let first = || parts.iter().map(|(_, until)| until.of(customer)).min();
            latest.or_else(first).unwrap_or(NEVER)
        };
        Self::Each((0..customers).map(of_customer).collect())
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
