//! Criteria over the course of events: stopped, restarted, regularly, one after the other.

use super::select::Customer;
use crate::calendar::{Moment, Range};
use crate::criteria::{Events, Span, Step, Window};

impl Customer<'_> {
    /// There were events, and none in the last time.
    pub(super) fn has_stopped(self, events: &Events, silent_for: Span, moment: Moment) -> bool {
        let edge = moment.micros().saturating_sub(silent_for.as_microseconds());
        let last = self.select(events, moment.past(), moment).next_back();
        last.is_some_and(|last| self.table(events).at[last] < edge)
    }

    /// An event of the last time came after a pause.
    pub(super) fn has_restarted(self, events: &Events, pause: Span, within: Span, moment: Moment) -> bool {
        let edge = moment.micros().saturating_sub(within.as_microseconds());
        let times = self.times(events, moment.past(), moment);
        let mut pairs = times.iter().zip(times.iter().skip(1));
        pairs.any(|(before, at)| *at >= edge && at.saturating_sub(*before) >= pause.as_microseconds())
    }

    /// In how many of the last periods there were events. Each holds its last instant, and not its first.
    pub(super) fn periods(self, events: &Events, of: u32, period: Span, moment: Moment) -> usize {
        let (now, length) = (moment.micros(), period.as_microseconds());
        let mut periods: Vec<i64> = self
            .times(events, moment.past(), moment)
            .iter()
            .map(|at| now.saturating_sub(*at) / length)
            .filter(|period| *period < i64::from(of))
            .collect();
        periods.dedup();
        periods.len()
    }

    /// Events that follow each other: of each step those are kept that some chain reaches. For the next step the latest before it is
    /// the best, because the pause is the shortest and the least lies between.
    pub(super) fn has_sequence(self, first: &Events, then: &[Step], window: Option<&Window>, moment: Moment) -> bool {
        let range = moment.happened(window);
        let mut reached = self.times(first, range, moment);
        for step in then {
            let between = step
                .without
                .as_ref()
                .map(|without| self.times(without, moment.past(), moment))
                .unwrap_or_default();
            let follows = |at: &i64| {
                let earlier = reached.partition_point(|before| before < at);
                let Some(before) = earlier.checked_sub(1).map(|last| reached[last]) else {
                    return false;
                };
                let next = between.partition_point(|other| *other <= before);
                let is_clear = between.get(next).is_none_or(|other| other >= at);
                let is_soon = step
                    .within
                    .is_none_or(|within| at.saturating_sub(before) <= within.as_microseconds());
                is_clear && is_soon
            };
            let next = self.times(&step.events, range, moment);
            reached = next.into_iter().filter(follows).collect();
        }
        !reached.is_empty()
    }

    /// When the events were, in order.
    fn times(self, events: &Events, range: Range, moment: Moment) -> Vec<i64> {
        let table = self.table(events);
        self.select(events, range, moment)
            .map(|event| table.at[event])
            .collect()
    }
}
