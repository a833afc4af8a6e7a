//! Whether a tree can be evaluated exactly: types, fields, windows and limits. What cannot is refused with its place.

mod events;
mod place;
mod test;

use rust_decimal::Decimal;

use self::place::{brackets, describe};
use self::test::{is_ordered, words_of};
use super::{Criteria, Expression, Function, ProfileField, ValueType, Window};

/// Why criteria are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {text}")]
#[non_exhaustive]
pub struct CriteriaError {
    /// Where in the tree, such as `all[2]/count(orders)`.
    pub place: String,
    /// What is wrong, and what would be right.
    pub text: String,
}

/// Levels within each other.
pub(crate) const DEPTH: usize = 100;
/// Nodes of a tree, those of filters included.
const NODES: usize = 10_000;
/// Bytes of one text.
const TEXT: usize = 1_000;
/// Periods of one criterion, and steps of a sequence.
const PERIODS: u32 = 1_000;

/// Brackets within each other where a tree is written as JSON: fewer than those who read JSON and XML take.
const BRACKETS: usize = 90;

/// Checks a tree.
pub(crate) fn check(criteria: &Criteria) -> Result<(), CriteriaError> {
    let mut checker = Checker::default();
    checker.criteria(criteria)?;
    let json = serde_json::to_string(criteria).map_err(|error| checker.refuse(error.to_string()))?;
    checker.ensure(
        brackets(&json) <= BRACKETS,
        "too many levels within each other to be written as JSON: at most about 43 of `and` and `or`, 86 of `not`, 17 of `score`",
    )
}

/// The type of the one value that an expression yields; nothing for an attribute, whose type is that of its value.
pub(crate) fn value_type(expression: &Expression) -> Result<Option<ValueType>, CriteriaError> {
    let mut kind = None;
    Checker::default().part(describe(expression), |checker| {
        kind = match checker.expression(expression)? {
            Yields::One(kind) => Some(kind),
            Yields::Any => None,
            Yields::Many(_) => return Err(checker.refuse("several values are no one value; `distinct` counts them")),
        };
        Ok(())
    })?;
    Ok(kind)
}

#[derive(Default)]
struct Checker {
    way: Vec<String>,
    nodes: usize,
}

type Checked = Result<(), CriteriaError>;

/// What an expression yields.
#[derive(Clone, Copy)]
enum Yields {
    One(ValueType),
    /// The type is that of the value that it is compared with.
    Any,
    Many(ValueType),
}

impl Checker {
    fn refuse(&self, text: impl Into<String>) -> CriteriaError {
        CriteriaError {
            place: if self.way.is_empty() {
                "criteria".to_owned()
            } else {
                self.way.join("/")
            },
            text: text.into(),
        }
    }

    fn ensure(&self, is_right: bool, text: &str) -> Checked {
        if is_right { Ok(()) } else { Err(self.refuse(text)) }
    }

    /// Checks a part under its name.
    fn part(&mut self, name: impl Into<String>, check: impl FnOnce(&mut Self) -> Checked) -> Checked {
        self.nodes += 1;
        self.ensure(self.nodes <= NODES, "more than 10,000 parts")?;
        self.ensure(self.way.len() < DEPTH, "more than 100 levels within each other")?;
        self.way.push(name.into());
        let checked = check(self);
        self.way.pop();
        checked
    }

    fn criteria(&mut self, criteria: &Criteria) -> Checked {
        match criteria {
            Criteria::All(parts) => self.each("all", parts, Self::criteria),
            Criteria::Any(parts) => self.each("any", parts, Self::criteria),
            Criteria::Not(part) => self.part("not", |checker| checker.criteria(part)),
            Criteria::Is { value, test } => self.part(describe(value), |checker| {
                let yields = checker.expression(value)?;
                checker.test(test, yields)?;
                checker.words(test, words_of(value).as_deref())?;
                checker.codes(value, test)?;
                checker.has_currency(value, test)
            }),
            Criteria::Stopped { events, .. } => self.part("stopped", |checker| checker.timeless(events)),
            Criteria::Restarted { events, .. } => self.part("restarted", |checker| checker.timeless(events)),
            Criteria::Regularly {
                events, at_least, of, ..
            } => self.part("regularly", |checker| {
                checker.timeless(events)?;
                checker.ensure(
                    1 <= *at_least && at_least <= of && *of <= PERIODS,
                    "needs at least 1 of at most 1,000 periods, and not more than there are",
                )
            }),
            Criteria::Sequence { first, then, window } => self.part("sequence", |checker| {
                checker.timeless(first)?;
                checker.ensure(!then.is_empty() && then.len() < 100, "needs 2 to 100 steps")?;
                for step in then {
                    checker.timeless(&step.events)?;
                    step.without
                        .as_ref()
                        .map_or(Ok(()), |events| checker.timeless(events))?;
                }
                checker.ensure(
                    !matches!(window, Some(Window::Next(_))),
                    "looks at what has happened, so that no window of what is to come holds a sequence",
                )?;
                window.as_ref().map_or(Ok(()), |window| checker.window(window))
            }),
            Criteria::Sample { percent, seed } => self.part("sample", |checker| {
                checker.number(*percent)?;
                let is_share = (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(percent);
                checker.ensure(is_share, "takes 0 to 100 per cent")?;
                checker.ensure(
                    !seed.is_empty() && seed.len() <= TEXT,
                    "needs a seed of 1 to 1,000 bytes",
                )
            }),
            Criteria::InSegment(_) | Criteria::InList(_) => Ok(()),
        }
    }

    fn each<T>(&mut self, name: &str, parts: &[T], check: fn(&mut Self, &T) -> Checked) -> Checked {
        for (at, part) in (1..).zip(parts) {
            self.part(format!("{name}[{at}]"), |checker| check(checker, part))?;
        }
        Ok(())
    }

    fn expression(&mut self, expression: &Expression) -> Result<Yields, CriteriaError> {
        Ok(match expression {
            Expression::Profile(ProfileField::RegisteredAt) => Yields::One(ValueType::Instant),
            Expression::Profile(_) | Expression::Consent { .. } => Yields::One(ValueType::Text),
            Expression::Attribute(_) => Yields::Any,
            Expression::Metric(_) => Yields::One(ValueType::Number),
            Expression::Reachable { .. } => Yields::One(ValueType::Boolean),
            Expression::Count(events) => {
                self.events(events)?;
                Yields::One(ValueType::Number)
            }
            Expression::DaysSince { of, .. } => {
                self.events(of)?;
                Yields::One(ValueType::Number)
            }
            Expression::Aggregate(aggregate) => {
                self.events(&aggregate.of)?;
                let kind = self.field(aggregate.field, aggregate.of.set)?;
                let is_right = match aggregate.function {
                    Function::Sum | Function::Average => matches!(kind, ValueType::Number | ValueType::Money),
                    Function::Min | Function::Max => is_ordered(kind),
                    _ => true,
                };
                let (function, field) = (aggregate.function.word(), aggregate.field.word());
                self.ensure(
                    is_right,
                    &format!("`{field}` is {}, of which there is no {function}", kind.word()),
                )?;
                match aggregate.function {
                    Function::Distinct => Yields::One(ValueType::Number),
                    Function::Values => Yields::Many(kind),
                    _ => Yields::One(kind),
                }
            }
            Expression::Distance { latitude, longitude } => {
                let is_place = latitude.abs() <= Decimal::from(90) && longitude.abs() <= Decimal::from(180);
                self.ensure(
                    is_place,
                    "a place has -90 to 90 degrees north and -180 to 180 degrees east",
                )?;
                Yields::One(ValueType::Number)
            }
            Expression::Score(parts) => {
                self.ensure(!parts.is_empty(), "a score needs at least one criterion")?;
                self.each("score", parts, |checker, part| {
                    checker.number(part.points)?;
                    checker.criteria(&part.when)
                })?;
                Yields::One(ValueType::Number)
            }
        })
    }
}
