//! Random criteria that pass their check, of every part of the language.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use ecrm_core::{
    AttributeName, Channel, Code, Currency, Direction, LineKind, Money, OrderStatus, Purpose, ReturnKind, WishReason,
};
use ecrm_segmentation::criteria::*;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use rust_decimal::Decimal;

/// The middle of all times in the tests.
pub(crate) const NOW: DateTime<Utc> = DateTime::from_timestamp(1_795_305_600, 0).unwrap();

/// Few different values, so that comparisons are true as often as not.
pub(crate) const WORDS: [&str; 5] = ["a", "b", "lamp", "Lamp 2", "ä\"\\\u{200b}\n"];

pub(crate) fn word() -> impl Strategy<Value = String> {
    proptest::sample::select(&WORDS[..]).prop_map(str::to_owned)
}

pub(crate) fn attribute_name() -> impl Strategy<Value = AttributeName> {
    proptest::sample::select(vec![
        "birthday",
        "size",
        "preference.channel",
        "1.odd..name",
        "since",
        "vip",
        "limit",
    ])
    .prop_map(|name| AttributeName::new(name).unwrap())
}

pub(crate) fn metric_name() -> impl Strategy<Value = AttributeName> {
    proptest::sample::select(vec!["rfm.recency", "value.clv"]).prop_map(|name| AttributeName::new(name).unwrap())
}

pub(crate) fn currency() -> impl Strategy<Value = Currency> {
    proptest::sample::select(vec!["EUR", "USD"]).prop_map(|code| code.parse().unwrap())
}

/// Amounts in minor units: few different ones, and the least and the greatest.
pub(crate) fn minor() -> impl Strategy<Value = i64> {
    prop_oneof![30 => (0_i64..12).prop_map(|tens| tens * 1_000), 1 => Just(i64::MAX), 1 => Just(i64::MIN)]
}

pub(crate) fn money() -> impl Strategy<Value = Money> {
    (minor(), currency()).prop_map(|(minor, currency)| Money::from_minor(minor, currency))
}

/// Instants around now, many of them at the very edges of windows.
pub(crate) fn instant() -> impl Strategy<Value = DateTime<Utc>> {
    let days = prop_oneof![
        Just(0_i64),
        -400_i64..40,
        proptest::sample::select(vec![-90, -30, -7, 7])
    ];
    let micros = prop_oneof![Just(0_i64), -1_i64..=1, 0_i64..86_400_000_000];
    (days, micros).prop_map(|(days, micros)| NOW + TimeDelta::days(days) + TimeDelta::microseconds(micros))
}

pub(crate) fn day() -> impl Strategy<Value = NaiveDate> {
    prop_oneof![
        instant().prop_map(|instant| instant.date_naive()),
        Just(NaiveDate::from_ymd_opt(2024, 2, 29).unwrap()),
    ]
}

fn span() -> impl Strategy<Value = Span> {
    let usual = prop_oneof![
        proptest::sample::select(vec![1_u16, 7, 30, 90, 365]).prop_map(Span::days),
        (1_u16..72).prop_map(Span::hours),
        (1_i64..10_000_000_000).prop_map(|micros| Span::microseconds(micros).unwrap()),
    ]
    .boxed();
    let longest = Just(Span::microseconds(100_000 * 86_400_000_000).unwrap());
    prop_oneof![30 => usual, 1 => longest]
}

fn window() -> impl Strategy<Value = Window> {
    let unit = proptest::sample::select(&CalendarUnit::ALL[..]);
    prop_oneof![
        3 => span().prop_map(Window::Last),
        1 => span().prop_map(Window::Next),
        1 => unit.clone().prop_map(Window::This),
        1 => (prop_oneof![9 => 1_u32..5, 1 => Just(1_000)], unit).prop_map(|(count, unit)| Window::Previous { count, unit }),
        1 => (option::of(instant()), option::of(instant()))
            .prop_filter("an order", |(from, to)| match (from, to) {
                (Some(from), Some(to)) => from < to,
                (None, None) => false,
                _ => true,
            })
            .prop_map(|(from, to)| Window::Fixed { from, to }),
    ]
}

/// A window in which something can have happened.
fn past() -> impl Strategy<Value = Window> {
    window().prop_filter("what has happened", |window| !matches!(window, Window::Next(_)))
}

/// Numbers that are hard to keep exact: no fraction of two, and the least and the greatest of the language.
const NUMBERS: [&str; 6] = [
    "0.1",
    "0.3",
    "0.333333",
    "0.000001",
    "-0.000001",
    "999999999999999.999999",
];

/// A value of a type.
fn value(kind: ValueType) -> BoxedStrategy<Value> {
    match kind {
        ValueType::Boolean => any::<bool>().prop_map(Value::from).boxed(),
        ValueType::Date => day().prop_map(Value::from).boxed(),
        ValueType::Instant => instant().prop_map(Value::from).boxed(),
        ValueType::Money => money().prop_map(Value::from).boxed(),
        ValueType::Number => prop_oneof![
            6 => (0_i64..4).prop_map(Value::from),
            9 => (-2_i64..40).prop_map(|halves| Value::from(Decimal::new(halves * 5, 1))),
            1 => proptest::sample::select(&NUMBERS[..]).prop_map(|number| Value::from(number.parse::<Decimal>().unwrap())),
        ]
        .boxed(),
        ValueType::Text => prop_oneof![
            word().prop_map(Value::from),
            proptest::sample::select(vec!["web", "left", "in_stock", "DE", "shipped", "product"]).prop_map(Value::from),
        ]
        .boxed(),
    }
}

/// Values of a type, and amounts in one currency.
fn values(kind: ValueType) -> BoxedStrategy<Vec<Value>> {
    if kind == ValueType::Money {
        return (currency(), vec(0_i64..12, 1..4))
            .prop_map(|(currency, tens)| {
                tens.into_iter()
                    .map(|tens| Value::from(Money::from_minor(tens * 1_000, currency)))
                    .collect()
            })
            .boxed();
    }
    vec(value(kind), 1..4).boxed()
}

fn is_ordered(kind: ValueType) -> bool {
    !matches!(kind, ValueType::Boolean | ValueType::Text)
}

/// A test of one value of a type.
fn test(kind: ValueType) -> BoxedStrategy<Test> {
    let mut tests = vec![
        value(kind).prop_map(Test::Equals).boxed(),
        value(kind).prop_map(Test::Differs).boxed(),
        values(kind).prop_map(Test::OneOf).boxed(),
        values(kind).prop_map(Test::NoneOf).boxed(),
        Just(Test::Missing).boxed(),
        Just(Test::Present).boxed(),
    ];
    if is_ordered(kind) {
        tests.extend([
            value(kind).prop_map(Test::Less).boxed(),
            value(kind).prop_map(Test::AtMost).boxed(),
            value(kind).prop_map(Test::Greater).boxed(),
            value(kind).prop_map(Test::AtLeast).boxed(),
            bounds(kind).prop_map(|(low, high)| Test::Between(low, high)).boxed(),
            bounds(kind).prop_map(|(low, high)| Test::NotBetween(low, high)).boxed(),
        ]);
    }
    if kind == ValueType::Text {
        tests.extend([
            word().prop_map(Test::Contains).boxed(),
            word().prop_map(Test::NotContains).boxed(),
            word().prop_map(Test::StartsWith).boxed(),
            word().prop_map(Test::NotStartsWith).boxed(),
            word().prop_map(Test::EndsWith).boxed(),
            word().prop_map(Test::NotEndsWith).boxed(),
            Just(Test::Matches("^[a-l]".to_owned())).boxed(),
            Just(Test::NotMatches("2$".to_owned())).boxed(),
        ]);
    }
    if matches!(kind, ValueType::Date | ValueType::Instant) {
        tests.extend([
            day().prop_map(Test::OnDay).boxed(),
            day().prop_map(Test::NotOnDay).boxed(),
            window().prop_map(Test::Within).boxed(),
            window().prop_map(Test::NotWithin).boxed(),
            option::of(span()).prop_map(Test::Anniversary).boxed(),
        ]);
    }
    proptest::strategy::Union::new(tests).boxed()
}

/// The words that a property can be, where it cannot be any text.
fn words_of(field: Field, set: EventSet) -> Vec<&'static str> {
    match (field, set) {
        (Field::Channel | Field::OrderChannel, _) => codes::<Channel>(),
        (Field::Direction, _) => codes::<Direction>(),
        (Field::Status, _) => codes::<OrderStatus>(),
        (Field::Reason, _) => codes::<WishReason>(),
        (Field::Kind, EventSet::Lines) => codes::<LineKind>(),
        (Field::Kind, EventSet::Returns) => codes::<ReturnKind>(),
        (Field::Availability, _) => vec!["in_stock", "back_ordered", "unknown"],
        (Field::Fate, _) => vec!["left", "open", "ordered"],
        _ => Vec::new(),
    }
}

fn codes<T: Code>() -> Vec<&'static str> {
    T::ALL.iter().map(|choice| choice.code()).collect()
}

/// The same test with words that can be.
fn among(words: &[&str], test: Test) -> Test {
    let one = |value: Value| match value {
        Value::Text(text) if !words.is_empty() => Value::from(words[text.len() % words.len()]),
        value => value,
    };
    let all = |values: Vec<Value>| values.into_iter().map(one).collect();
    match test {
        Test::Equals(value) => Test::Equals(one(value)),
        Test::Differs(value) => Test::Differs(one(value)),
        Test::OneOf(values) => Test::OneOf(all(values)),
        Test::NoneOf(values) => Test::NoneOf(all(values)),
        Test::HasAll(values) => Test::HasAll(all(values)),
        Test::HasAny(values) => Test::HasAny(all(values)),
        Test::HasNone(values) => Test::HasNone(all(values)),
        test => test,
    }
}

/// Two values in their order.
fn bounds(kind: ValueType) -> BoxedStrategy<(Value, Value)> {
    let ordered = |mut values: Vec<Value>| {
        values.sort_by(|a, b| match (a, b) {
            (Value::Number(a), Value::Number(b)) => a.cmp(b),
            (Value::Money(a), Value::Money(b)) => a.minor().cmp(&b.minor()),
            (Value::Date(a), Value::Date(b)) => a.cmp(b),
            (Value::Instant(a), Value::Instant(b)) => a.cmp(b),
            _ => std::cmp::Ordering::Equal,
        });
        (values.remove(0), values.remove(0))
    };
    values(kind)
        .prop_map(move |values| ordered(values.iter().chain(&values).cloned().collect()))
        .boxed()
}

fn set() -> impl Strategy<Value = EventSet> {
    proptest::sample::select(&EventSet::ALL[..])
}

fn fields(set: EventSet, fits: fn(ValueType) -> bool) -> Vec<(Field, ValueType)> {
    Field::ALL
        .into_iter()
        .filter_map(|field| Some((field, field.type_in(set)?)))
        .filter(|(_, kind)| fits(*kind))
        .collect()
}

fn filter(set: EventSet) -> BoxedStrategy<Filter> {
    let leaf = proptest::sample::select(fields(set, |_| true)).prop_flat_map(move |(field, kind)| {
        test(kind).prop_map(move |test| Filter::Is {
            field,
            test: among(&words_of(field, set), test),
        })
    });
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Filter::All),
            vec(inner.clone(), 0..3).prop_map(Filter::Any),
            inner.prop_map(|part| Filter::Not(Box::new(part))),
        ]
    })
    .boxed()
}

fn events_of(set: EventSet, has_window: bool) -> BoxedStrategy<Events> {
    let window = if has_window {
        option::of(window()).boxed()
    } else {
        Just(None).boxed()
    };
    (option::weighted(0.4, filter(set)), window)
        .prop_map(move |(filter, window)| {
            let events = filter.into_iter().fold(Events::of(set), Events::filtered);
            window.into_iter().fold(events, Events::during)
        })
        .boxed()
}

fn events(has_window: bool) -> BoxedStrategy<Events> {
    set().prop_flat_map(move |set| events_of(set, has_window)).boxed()
}

/// A function of a field with a test that fits.
fn aggregate() -> BoxedStrategy<Criteria> {
    let function = proptest::sample::select(&Function::ALL[..]);
    (set(), function)
        .prop_flat_map(|(set, function)| {
            let fits: fn(ValueType) -> bool = match function {
                Function::Sum | Function::Average => |kind| matches!(kind, ValueType::Number | ValueType::Money),
                Function::Min | Function::Max => is_ordered,
                _ => |_| true,
            };
            let fields = fields(set, fits);
            // There are kinds of events without a number; they have a time at least.
            let (function, fields) = if fields.is_empty() {
                (Function::Last, vec![(Field::At, ValueType::Instant)])
            } else {
                (function, fields)
            };
            (events_of(set, true), proptest::sample::select(fields)).prop_flat_map(move |(of, (field, kind))| {
                let test = match function {
                    Function::Distinct => test(ValueType::Number),
                    Function::Values => prop_oneof![
                        values(kind).prop_map(Test::HasAll),
                        values(kind).prop_map(Test::HasAny),
                        values(kind).prop_map(Test::HasNone),
                    ]
                    .boxed(),
                    _ => test(kind),
                };
                let aggregate = Aggregate { function, field, of };
                test.prop_map(move |test| {
                    Expression::Aggregate(aggregate.clone()).is(among(&words_of(field, set), test))
                })
            })
        })
        .prop_filter("a currency", |criteria| criteria.check().is_ok())
        .boxed()
}

fn compared() -> BoxedStrategy<Criteria> {
    let purpose = proptest::sample::select(Purpose::ALL);
    let channel = proptest::sample::select(Channel::ALL);
    let profile =
        (proptest::sample::select(&ProfileField::ALL[..9]), test(ValueType::Text)).prop_map(|(field, test)| {
            let words: &[&str] = match field {
                ProfileField::Country => &["DE", "AT", "FR"],
                ProfileField::Locale => &["de", "de-AT", "en"],
                _ => &[],
            };
            Expression::Profile(field).is(among(words, test))
        });
    let numbers = prop_oneof![
        4 => events(true).prop_map(Expression::Count),
        1 => metric_name().prop_map(Expression::Metric),
        1 => (any::<bool>(), events(true)).prop_map(|(is_first, of)| Expression::DaysSince {
            edge: if is_first { Edge::First } else { Edge::Last },
            of,
        }),
        1 => (-9_i64..9, -18_i64..18).prop_map(|(north, east)| Expression::Distance {
            latitude: Decimal::from(north * 10),
            longitude: Decimal::from(east * 10),
        }),
    ];
    let kinds = proptest::sample::select(vec![
        ValueType::Boolean,
        ValueType::Date,
        ValueType::Instant,
        ValueType::Money,
        ValueType::Number,
        ValueType::Text,
    ]);
    let with = |value: BoxedStrategy<Expression>, kind: ValueType| {
        (value, test(kind)).prop_map(|(value, test)| value.is(test))
    };
    prop_oneof![
        3 => with(numbers.boxed(), ValueType::Number),
        1 => profile,
        1 => with(Just(Expression::Profile(ProfileField::RegisteredAt)).boxed(), ValueType::Instant),
        2 => (attribute_name(), kinds).prop_flat_map(|(name, kind)| {
            test(kind).prop_map(move |test| Expression::Attribute(name.clone()).is(test))
        }),
        1 => (purpose.clone(), channel.clone(), test(ValueType::Text))
            .prop_map(|(purpose, channel, test)| {
                let words = ["granted", "denied", "withdrawn", "expired"];
                Expression::Consent { purpose, channel }.is(among(&words, test))
            }),
        1 => (purpose, channel, test(ValueType::Boolean))
            .prop_map(|(purpose, channel, test)| Expression::Reachable { purpose, channel }.is(test)),
        4 => aggregate(),
    ]
    .boxed()
}

fn lifecycle() -> BoxedStrategy<Criteria> {
    let step =
        (events(false), option::of(span()), option::of(events(false))).prop_map(|(events, within, without)| Step {
            events,
            within,
            without,
        });
    prop_oneof![
        (events(false), span()).prop_map(|(events, silent_for)| Criteria::Stopped { events, silent_for }),
        (events(false), span(), span()).prop_map(|(events, pause, within)| Criteria::Restarted {
            events,
            pause,
            within
        }),
        (events(false), 1_u32..4, 0_u32..4, span()).prop_map(|(events, at_least, more, period)| Criteria::Regularly {
            events,
            at_least,
            of: at_least + more,
            period,
        }),
        (events(false), vec(step, 1..3), option::of(past())).prop_map(|(first, then, window)| Criteria::Sequence {
            first,
            then,
            window
        }),
    ]
    .boxed()
}

fn other() -> impl Strategy<Value = Criteria> {
    prop_oneof![
        (0_u32..=100, word()).prop_map(|(percent, seed)| Criteria::Sample {
            percent: percent.into(),
            seed,
        }),
        word().prop_filter_map("a name", |name| Name::new(&name).ok().map(Criteria::InSegment)),
        word().prop_filter_map("a name", |name| Name::new(&name).ok().map(Criteria::InList)),
    ]
}

/// A criterion that has no parts.
pub(crate) fn leaf() -> BoxedStrategy<Criteria> {
    prop_oneof![5 => compared(), 2 => lifecycle(), 1 => other()].boxed()
}

/// Any criteria.
pub(crate) fn criteria() -> impl Strategy<Value = Criteria> {
    leaf().prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Criteria::All),
            vec(inner.clone(), 0..4).prop_map(Criteria::Any),
            inner.clone().prop_map(|part| Criteria::Not(Box::new(part))),
            (vec((-3_i64..9, inner), 1..3), test(ValueType::Number)).prop_map(|(parts, test)| {
                let weighted = |(points, when)| Weighted {
                    points: Decimal::from(points),
                    when,
                };
                Expression::Score(parts.into_iter().map(weighted).collect()).is(test)
            }),
        ]
    })
}

/// Puts criteria into others.
pub(crate) type Shape = fn(Criteria) -> Criteria;

/// Ways in which criteria stand within each other.
pub(crate) fn shapes() -> [Shape; 3] {
    [
        |inner| !inner,
        |inner| match inner {
            Criteria::All(_) => inner | !Criteria::everyone(),
            inner => inner & Criteria::everyone(),
        },
        |inner| {
            let part = Weighted {
                points: Decimal::ONE,
                when: inner,
            };
            Expression::Score(vec![part]).is(Test::AtLeast(Value::from(1)))
        },
    ]
}

/// Criteria of so many levels.
pub(crate) fn nested(levels: usize, shape: Shape) -> Criteria {
    (1..levels).fold(orders().count().at_least(1), |inner, _| shape(inner))
}
