//! When time alone changes something: events leave windows, days begin, consents run out, what was dated ahead comes true.

use super::found::{Found, anniversaries, day_of, instant_of};
use super::ratio::micros_of;
use super::{Customer, Evaluation};
use crate::calendar::Moment;
use crate::criteria::{Criteria, Edge, Events, Expression, Filter, Test, Value, Window};
use chrono::{DateTime, Datelike};

/// Looks ahead at most so often for the answer of a leaf, and of a tree.
const LOOKS_OF_LEAF: usize = 100;
const LOOKS_OF_TREE: usize = 20;

/// The instant before which nothing changes, in microseconds; nothing where nothing ever changes by time alone.
pub(crate) type Change = Option<i64>;

impl Evaluation<'_> {
    /// The first instant after this one at which criteria are true that are not, or the other way round. Where that is further off than
    /// can be looked ahead at once, an instant before which it does not happen.
    pub(crate) fn flip(self, criteria: &Criteria, moment: Moment) -> Change {
        self.first_other(criteria, moment, LOOKS_OF_TREE, |at| self.bound(criteria, at))
    }

    /// An instant after this one before which the truth does not change. All of several parts are only true when the last of those
    /// that are not yet true has become so.
    pub(crate) fn bound(self, criteria: &Criteria, moment: Moment) -> Change {
        match criteria {
            Criteria::All(parts) => self.bound_of_parts(parts, true, moment),
            Criteria::Any(parts) => self.bound_of_parts(parts, false, moment),
            Criteria::Not(part) => self.bound(part, moment),
            Criteria::InSegment(name) => self
                .segments
                .get(name)
                .and_then(|criteria| self.bound(criteria, moment)),
            leaf => self.first_other(leaf, moment, LOOKS_OF_LEAF, |at| self.next_change(leaf, at)),
        }
    }

    /// `neutral` is what a part is that does not decide: true among all, false among any.
    fn bound_of_parts(self, parts: &[Criteria], neutral: bool, moment: Moment) -> Change {
        let deciding = |part: &&Criteria| self.is_true(part, moment) != neutral;
        if parts.iter().any(|part| deciding(&part)) {
            let mut latest = None;
            for part in parts.iter().filter(deciding) {
                latest = latest.max(Some(self.bound(part, moment)?));
            }
            return latest;
        }
        parts.iter().filter_map(|part| self.bound(part, moment)).min()
    }

    /// The first of the instants that `next` leads to at which the truth is another; the last of them where it has looked long enough.
    fn first_other(self, criteria: &Criteria, moment: Moment, looks: usize, next: impl Fn(Moment) -> Change) -> Change {
        let is_true = self.is_true(criteria, moment);
        let mut at = moment;
        let mut last = None;
        for _ in 0..looks {
            let instant = next(at)?;
            last = Some(instant);
            at.now = DateTime::from_timestamp_micros(instant)?;
            if self.is_true(criteria, at) != is_true {
                break;
            }
        }
        last
    }

    /// The next instant at which anything that a leaf looks at is another.
    fn next_change(self, leaf: &Criteria, moment: Moment) -> Change {
        let customer = self.customer;
        let mut next = Next::after(moment);
        match leaf {
            Criteria::Is { value, test } => self.value_changes(value, test, moment, &mut next),
            Criteria::Stopped { events, silent_for } => {
                next.events(customer, events, None);
                next.shifted(customer, events, silent_for.as_microseconds().saturating_add(1));
            }
            Criteria::Restarted { events, within, .. } => {
                next.events(customer, events, None);
                next.shifted(customer, events, within.as_microseconds().saturating_add(1));
            }
            Criteria::Regularly { events, of, period, .. } => {
                next.events(customer, events, None);
                next.periods(customer, events, *of, period.as_microseconds());
            }
            Criteria::Sequence { first, then, window } => {
                let others = then
                    .iter()
                    .flat_map(|step| std::iter::once(&step.events).chain(&step.without));
                for events in std::iter::once(first).chain(others) {
                    next.events(customer, events, window.as_ref());
                }
            }
            // The others are trees, or are not about time.
            _ => {}
        }
        next.found
    }

    fn value_changes(self, value: &Expression, test: &Test, moment: Moment, next: &mut Next) {
        let customer = self.customer;
        match value {
            Expression::Count(of) => next.events(customer, of, of.window()),
            Expression::Aggregate(aggregate) => next.events(customer, &aggregate.of, aggregate.of.window()),
            Expression::DaysSince { edge, of } => {
                next.events(customer, of, of.window());
                self.age_changes(*edge, of, test, moment, next);
            }
            Expression::Attribute(_) | Expression::Distance { .. } => {
                for version in &customer.block.attributes[customer.index] {
                    next.at(version.from);
                }
            }
            Expression::Consent { .. } | Expression::Reachable { .. } => {
                for entry in &customer.block.consents[customer.index] {
                    next.at(entry.from);
                    entry.until.into_iter().for_each(|until| next.at(until));
                }
                for fact in &customer.block.suppressed[customer.index] {
                    next.at(fact.from);
                    fact.until.into_iter().for_each(|until| next.at(until));
                }
            }
            Expression::Score(parts) => {
                for part in parts {
                    self.bound(&part.when, moment).into_iter().for_each(|at| next.at(at));
                }
            }
            Expression::Profile(_) | Expression::Metric(_) => {}
        }
        if test_moves(test) {
            next.test(test, &self.value(value, Some(test), moment));
        }
    }

    /// An age in days passes a bound at an instant, and has passed it in the microsecond after.
    fn age_changes(self, edge: Edge, of: &Events, test: &Test, moment: Moment, next: &mut Next) {
        let Some(at) = self.customer.edge(edge, of, moment) else {
            return;
        };
        for bound in numbers(test) {
            // A millionth of a day has 86,400 microseconds.
            let age = i64::try_from(micros_of(bound).saturating_mul(86_400)).unwrap_or(i64::MAX);
            next.at(at.saturating_add(age));
            next.at(at.saturating_add(age).saturating_add(1));
        }
    }
}

/// The numbers that a test compares with.
fn numbers(test: &Test) -> Vec<rust_decimal::Decimal> {
    let values: Vec<&Value> = match test {
        Test::Equals(value)
        | Test::Differs(value)
        | Test::Less(value)
        | Test::AtMost(value)
        | Test::Greater(value)
        | Test::AtLeast(value) => vec![value],
        Test::Between(low, high) | Test::NotBetween(low, high) => vec![low, high],
        Test::OneOf(values) | Test::NoneOf(values) => values.iter().collect(),
        _ => Vec::new(),
    };
    let number = |value: &Value| match value {
        Value::Number(number) => Some(*number),
        _ => None,
    };
    values.into_iter().filter_map(number).collect()
}

/// True where the same value passes a test at one instant and not at another.
fn test_moves(test: &Test) -> bool {
    matches!(
        test,
        Test::Within(Window::Last(_) | Window::Next(_) | Window::This(_) | Window::Previous { .. })
            | Test::NotWithin(Window::Last(_) | Window::Next(_) | Window::This(_) | Window::Previous { .. })
            | Test::Anniversary(_)
    )
}

/// The tests of a filter whose answer moves with time, each with its field.
fn moving_tests<'f>(filter: &'f Filter, found: &mut Vec<(crate::criteria::Field, &'f Test)>) {
    match filter {
        Filter::All(parts) | Filter::Any(parts) => parts.iter().for_each(|part| moving_tests(part, found)),
        Filter::Not(part) => moving_tests(part, found),
        Filter::Is { field, test } if test_moves(test) => found.push((*field, test)),
        Filter::Is { .. } => {}
    }
}

/// Collects the earliest of the instants after one.
struct Next {
    moment: Moment,
    found: Change,
}

impl Next {
    fn after(moment: Moment) -> Self {
        Self { moment, found: None }
    }

    fn at(&mut self, at: i64) {
        if at > self.moment.micros() && self.found.is_none_or(|found| at < found) {
            self.found = Some(at);
        }
    }

    /// Events come into a window and leave it; what is dated ahead comes true.
    fn events(&mut self, customer: Customer<'_>, events: &Events, window: Option<&Window>) {
        match window {
            None | Some(Window::Fixed { .. }) => self.shifted(customer, events, 0),
            Some(Window::Last(span)) => {
                self.shifted(customer, events, 0);
                self.shifted(customer, events, span.as_microseconds().saturating_add(1));
            }
            Some(Window::Next(span)) => {
                self.shifted(customer, events, -span.as_microseconds());
                self.shifted(customer, events, 1);
            }
            Some(window @ (Window::This(unit) | Window::Previous { unit, .. })) => {
                self.shifted(customer, events, 0);
                // A window that has passed all events by holds none of them again.
                let table = customer.table(events);
                let last = table.at[table.of(customer.index)].last();
                if last.is_some_and(|last| *last >= self.moment.range(window).first) {
                    self.at(self.moment.next_unit(*unit));
                }
            }
        }
        let mut tests = Vec::new();
        events
            .filter()
            .into_iter()
            .for_each(|filter| moving_tests(filter, &mut tests));
        let table = customer.table(events);
        for (field, test) in tests {
            for event in table.of(customer.index) {
                self.test(test, &customer.field(table, event, field, self.moment));
            }
        }
    }

    /// The first event that lies so far from an instant to come.
    fn shifted(&mut self, customer: Customer<'_>, events: &Events, by: i64) {
        let table = customer.table(events);
        let times = &table.at[table.of(customer.index)];
        let first = times.partition_point(|at| at.saturating_add(by) <= self.moment.micros());
        times
            .get(first)
            .into_iter()
            .for_each(|at| self.at(at.saturating_add(by)));
    }

    /// Events go from one period to the one before it.
    fn periods(&mut self, customer: Customer<'_>, events: &Events, of: u32, length: i64) {
        let table = customer.table(events);
        for at in &table.at[table.of(customer.index)] {
            let passed = self.moment.micros().saturating_sub(*at).max(0) / length + 1;
            if passed <= i64::from(of) {
                self.at(at.saturating_add(passed.saturating_mul(length)));
            }
        }
    }

    /// A value passes into a window of a test, or out of it.
    fn test(&mut self, test: &Test, found: &Found<'_>) {
        match test {
            Test::Within(window) | Test::NotWithin(window) => {
                let Some(at) = instant_of(found, self.moment) else {
                    return;
                };
                match window {
                    Window::Last(span) => {
                        self.at(at);
                        self.at(at.saturating_add(span.as_microseconds()).saturating_add(1));
                    }
                    Window::Next(span) => {
                        self.at(at.saturating_sub(span.as_microseconds()));
                        self.at(at.saturating_add(1));
                    }
                    Window::This(unit) | Window::Previous { unit, .. } => {
                        if at >= self.moment.range(window).first {
                            self.at(self.moment.next_unit(*unit));
                        }
                    }
                    Window::Fixed { .. } => {}
                }
            }
            Test::Anniversary(span) => {
                let Some(day) = day_of(found, self.moment) else { return };
                for again in anniversaries(day, self.moment.today().year()) {
                    let begins = self.moment.zone.start_of(again).timestamp_micros();
                    self.at(begins);
                    span.iter()
                        .for_each(|span| self.at(begins.saturating_sub(span.as_microseconds())));
                    if let Some(after) = again.succ_opt() {
                        self.at(self.moment.zone.start_of(after).timestamp_micros());
                    }
                }
            }
            _ => {}
        }
    }
}
