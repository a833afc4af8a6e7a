//! Whether a tree can be evaluated exactly: types, fields, windows and limits. What cannot is refused with its place.

use rust_decimal::Decimal;

use super::codes::{codes_of, consents, misspelt};
use super::{
    Criteria, EventSet, Events, Expression, Field, Filter, Function, ProfileField, Test, Value, ValueType, Window,
};

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
/// Values of one list.
const LIST: usize = 10_000;
/// Bytes of one text.
const TEXT: usize = 1_000;
/// Numbers are less.
const LARGEST: i64 = 1_000_000_000_000_000;
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

/// How many brackets stand within each other.
fn brackets(json: &str) -> usize {
    let (mut open, mut most, mut is_text, mut is_escaped) = (0_usize, 0, false, false);
    for byte in json.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_text => is_escaped = true,
            b'"' => is_text = !is_text,
            b'[' | b'{' if !is_text => {
                open += 1;
                most = most.max(open);
            }
            b']' | b'}' if !is_text => open = open.saturating_sub(1),
            _ => {}
        }
    }
    most
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

    fn events(&mut self, events: &Events) -> Checked {
        if let Some(window) = &events.window {
            self.window(window)?;
        }
        events
            .filter
            .as_ref()
            .map_or(Ok(()), |filter| self.filter(filter, events.set))
    }

    fn timeless(&mut self, events: &Events) -> Checked {
        self.ensure(
            events.window.is_none(),
            "the events must have no window of their own; the criterion has one",
        )?;
        self.events(events)
    }

    fn filter(&mut self, filter: &Filter, set: EventSet) -> Checked {
        match filter {
            Filter::All(parts) | Filter::Any(parts) => {
                for part in parts {
                    self.part("where", |checker| checker.filter(part, set))?;
                }
                Ok(())
            }
            Filter::Not(part) => self.part("where not", |checker| checker.filter(part, set)),
            Filter::Is { field, test } => self.part(format!("where {}", field.word()), |checker| {
                let kind = checker.field(*field, set)?;
                checker.test(test, Yields::One(kind))?;
                checker.words(test, codes_of(*field, set).as_deref())
            }),
        }
    }

    fn field(&self, field: Field, set: EventSet) -> Result<ValueType, CriteriaError> {
        field.type_in(set).ok_or_else(|| {
            let known = Field::ALL.into_iter().filter(|known| known.type_in(set).is_some());
            let known: Vec<_> = known.map(Field::word).collect();
            let text = format!("{} have no `{}`, but {}", set.word(), field.word(), known.join(", "));
            self.refuse(text)
        })
    }

    fn window(&self, window: &Window) -> Checked {
        match window {
            Window::Fixed { from: None, to: None } => Err(self.refuse("a fixed window needs a beginning or an end")),
            Window::Fixed {
                from: Some(from),
                to: Some(to),
            } if from >= to => Err(self.refuse("the window ends before it begins")),
            Window::Previous { count, .. } if !(1..=PERIODS).contains(count) => {
                Err(self.refuse("a window reaches back over 1 to 1,000 units"))
            }
            _ => Ok(()),
        }
    }

    fn test(&self, test: &Test, yields: Yields) -> Checked {
        let is_many = matches!(yields, Yields::Many(_));
        let kind = match yields {
            Yields::One(kind) | Yields::Many(kind) => Some(kind),
            Yields::Any => None,
        };
        let one_value = |is_right: bool, what: &str| {
            self.ensure(
                !is_many,
                "several values are compared by `has all of`, `has any of` or `has none of`",
            )?;
            self.ensure(is_right, what)
        };
        match test {
            Test::Equals(value) | Test::Differs(value) => {
                one_value(true, "")?;
                self.values(std::slice::from_ref(value), kind)
            }
            Test::Less(value) | Test::AtMost(value) | Test::Greater(value) | Test::AtLeast(value) => {
                one_value(
                    is_ordered(value.kind()),
                    "only numbers, money, days and instants have an order",
                )?;
                self.values(std::slice::from_ref(value), kind)
            }
            Test::Between(low, high) | Test::NotBetween(low, high) => {
                one_value(
                    is_ordered(low.kind()),
                    "only numbers, money, days and instants have an order",
                )?;
                self.values(&[low.clone(), high.clone()], kind)?;
                self.ensure(is_in_order(low, high), "the first bound must not be above the second")
            }
            Test::OneOf(values) | Test::NoneOf(values) => {
                one_value(true, "")?;
                self.values(values, kind)
            }
            Test::HasAll(values) | Test::HasAny(values) | Test::HasNone(values) => {
                self.ensure(is_many, "only `values(...)` yields several values")?;
                self.values(values, kind)
            }
            Test::Missing | Test::Present => one_value(true, ""),
            Test::Contains(text)
            | Test::NotContains(text)
            | Test::StartsWith(text)
            | Test::NotStartsWith(text)
            | Test::EndsWith(text)
            | Test::NotEndsWith(text) => {
                one_value(is_of(kind, &[ValueType::Text]), "only a text can be looked into")?;
                self.ensure(
                    !text.is_empty() && text.len() <= TEXT,
                    "needs a text of 1 to 1,000 bytes",
                )
            }
            Test::Matches(pattern) | Test::NotMatches(pattern) => {
                one_value(is_of(kind, &[ValueType::Text]), "only a text can match")?;
                self.ensure(pattern.len() <= TEXT, "a pattern has at most 1,000 bytes")?;
                regex_lite::Regex::new(pattern)
                    .map(|_| ())
                    .map_err(|error| self.refuse(format!("the pattern cannot be read: {error}")))
            }
            Test::OnDay(_) | Test::NotOnDay(_) | Test::Anniversary(_) => one_value(
                is_of(kind, &[ValueType::Date, ValueType::Instant]),
                "only a day or an instant has a day",
            ),
            Test::Within(window) | Test::NotWithin(window) => {
                one_value(
                    is_of(kind, &[ValueType::Date, ValueType::Instant]),
                    "only a day or an instant lies in a window",
                )?;
                self.window(window)
            }
        }
    }

    /// All values of a test are of the type, and amounts in one currency.
    fn values(&self, values: &[Value], kind: Option<ValueType>) -> Checked {
        let Some(first) = values.first() else {
            return Err(self.refuse("a list needs at least one value"));
        };
        self.ensure(values.len() <= LIST, "a list has at most 10,000 values")?;
        let kind = kind.unwrap_or(first.kind());
        for value in values {
            if value.kind() != kind {
                let text = format!("is compared with {}, but it is {}", value.kind().word(), kind.word());
                return Err(self.refuse(text));
            }
            match value {
                Value::Text(text) => {
                    self.ensure(text.len() <= TEXT, "a text has at most 1,000 bytes")?;
                    self.ensure(!text.contains('\0'), "no text has the character U+0000")?;
                    self.ensure(!text.is_empty(), "an empty text is a missing one; say `is missing`")?;
                }
                Value::Number(number) => self.number(*number)?,
                _ => {}
            }
            self.ensure(
                currency(value) == currency(first),
                "amounts in different currencies cannot be compared",
            )?;
        }
        Ok(())
    }

    /// The texts of a test are among the words that there are.
    fn words(&self, test: &Test, known: Option<&[&str]>) -> Checked {
        let Some(known) = known else { return Ok(()) };
        match texts_of(test).find(|text| !known.contains(text)) {
            Some(text) => Err(self.refuse(format!("is never \"{text}\", but {}", known.join(", ")))),
            None => Ok(()),
        }
    }

    /// Countries and languages are kept as their standards write them.
    fn codes(&self, value: &Expression, test: &Test) -> Checked {
        let Expression::Profile(field) = value else {
            return Ok(());
        };
        match texts_of(test).find_map(|text| misspelt(*field, text)) {
            Some(refusal) => Err(self.refuse(refusal)),
            None => Ok(()),
        }
    }

    /// What is compared with it is counted in millionths.
    fn number(&self, number: Decimal) -> Checked {
        let is_small = number.normalize().scale() <= 6 && number.abs() < Decimal::from(LARGEST);
        self.ensure(
            is_small,
            "a number has at most 15 digits before the point and 6 behind it",
        )
    }

    /// A sum or mean of money is one of amounts in a currency, which the test names.
    fn has_currency(&self, value: &Expression, test: &Test) -> Checked {
        let Expression::Aggregate(aggregate) = value else {
            return Ok(());
        };
        let is_money = aggregate.field.type_in(aggregate.of.set) == Some(ValueType::Money);
        let mixes = matches!(
            aggregate.function,
            Function::Sum | Function::Average | Function::Min | Function::Max
        );
        self.ensure(
            !(is_money && mixes && matches!(test, Test::Missing | Test::Present)),
            "compare it with an amount, so that it is known which currency is meant",
        )
    }
}

/// The texts that a test looks for as a whole.
fn texts_of(test: &Test) -> impl Iterator<Item = &str> {
    let values: &[Value] = match test {
        Test::Equals(value) | Test::Differs(value) => std::slice::from_ref(value),
        Test::OneOf(values)
        | Test::NoneOf(values)
        | Test::HasAll(values)
        | Test::HasAny(values)
        | Test::HasNone(values) => values,
        _ => &[],
    };
    values.iter().filter_map(|value| match value {
        Value::Text(text) => Some(text.as_str()),
        _ => None,
    })
}

/// The words that a value can be; nothing where it is any text.
fn words_of(value: &Expression) -> Option<Vec<&'static str>> {
    match value {
        Expression::Consent { .. } => Some(consents()),
        Expression::Aggregate(aggregate) => codes_of(aggregate.field, aggregate.of.set),
        _ => None,
    }
}

fn is_of(kind: Option<ValueType>, kinds: &[ValueType]) -> bool {
    kind.is_none_or(|kind| kinds.contains(&kind))
}

fn is_ordered(kind: ValueType) -> bool {
    matches!(
        kind,
        ValueType::Number | ValueType::Money | ValueType::Date | ValueType::Instant
    )
}

fn is_in_order(low: &Value, high: &Value) -> bool {
    match (low, high) {
        (Value::Number(low), Value::Number(high)) => low <= high,
        (Value::Money(low), Value::Money(high)) => low.minor() <= high.minor(),
        (Value::Date(low), Value::Date(high)) => low <= high,
        (Value::Instant(low), Value::Instant(high)) => low <= high,
        _ => false,
    }
}

fn currency(value: &Value) -> Option<ecrm_core::Currency> {
    match value {
        Value::Money(money) => Some(money.currency()),
        _ => None,
    }
}

/// A part of the place: what the value is, in few words.
fn describe(expression: &Expression) -> String {
    match expression {
        Expression::Profile(field) => format!("profile.{}", field.word()),
        Expression::Attribute(name) => format!("attribute.{}", name.as_str()),
        Expression::Metric(name) => format!("metric.{}", name.as_str()),
        Expression::Consent { .. } => "consent".to_owned(),
        Expression::Reachable { .. } => "reachable".to_owned(),
        Expression::Count(events) => format!("count({})", events.set.word()),
        Expression::Aggregate(aggregate) => {
            let (function, set) = (aggregate.function.word(), aggregate.of.set.word());
            format!("{function}({set}.{})", aggregate.field.word())
        }
        Expression::DaysSince { of, .. } => format!("days since({})", of.set.word()),
        Expression::Distance { .. } => "distance".to_owned(),
        Expression::Score(_) => "score".to_owned(),
    }
}
