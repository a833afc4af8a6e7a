//! Leaves over columns. The usual ones run straight over them; the others ask for each customer.

use ecrm_core::{Channel, Purpose};

use super::bits::Bits;
use super::ranges::Ranges;
use super::until::{NEVER, Rolling, Until, first_ahead};
use super::words::{Symbols, Word, Words};
use crate::calendar::Moment;
use crate::criteria::{
    Criteria, EventSet, Expression, Field, Filter, Function, ProfileField, Span, Test, Value, Window,
};
use crate::evaluate::{Customer, Evaluation, Segments, consent_word, currency_of, micros_in};
use crate::facts::{AttributeKind, Block, Column, Table};

/// A leaf, as it is evaluated for all customers of a block.
#[derive(Debug, Clone)]
pub(crate) struct Leaf {
    criteria: Criteria,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    /// How many events of a time.
    Count {
        set: EventSet,
        of: Option<OfText>,
        window: Option<Window>,
        passes: Ranges,
    },
    /// What amounts of a time add up to, in one currency.
    Sum {
        set: EventSet,
        field: Field,
        currency: Currency,
        window: Option<Window>,
        passes: Ranges,
    },
    /// There were events of a kind, and none for so long.
    Stopped { set: EventSet, silent_for: Span },
    /// Registered at most so long ago.
    Registered { last: Span },
    /// A text of the profile.
    Profile { field: ProfileField, is: Vec<Word> },
    /// A text among the attributes.
    Attribute { name: Word, is: Vec<Word> },
    /// What was said about a purpose and a channel.
    Consent {
        purpose: Purpose,
        channel: Channel,
        is: Vec<String>,
    },
    /// Whatever else there is.
    Other,
}

/// Events whose text is one of these.
#[derive(Debug, Clone)]
struct OfText {
    field: Field,
    is: Vec<Word>,
}

/// A currency, and its code among the words.
#[derive(Debug, Clone, Copy)]
struct Currency {
    code: &'static str,
    word: Word,
}

/// What a leaf is evaluated from.
#[derive(Clone, Copy)]
pub(crate) struct Ground<'g> {
    pub(crate) block: &'g Block,
    pub(crate) segments: &'g Segments,
    pub(crate) moment: Moment,
}

impl<'g> Ground<'g> {
    pub(crate) fn customers(self) -> usize {
        self.block.ids.len()
    }

    fn evaluation(self, index: usize) -> Evaluation<'g> {
        Evaluation {
            customer: Customer {
                block: self.block,
                index,
            },
            segments: self.segments,
        }
    }
}

impl Leaf {
    pub(super) fn of(criteria: &Criteria, words: &mut Words) -> Self {
        Self {
            kind: Kind::of(criteria, words).unwrap_or(Kind::Other),
            criteria: criteria.clone(),
        }
    }

    /// Those among some of whom it is true; what is said of others does not count.
    pub(super) fn run(&self, ground: Ground<'_>, symbols: &Symbols, some: &Bits) -> Bits {
        let (block, moment, customers) = (ground.block, ground.moment, ground.customers());
        match &self.kind {
            Kind::Count {
                set,
                of,
                window,
                passes,
            } => {
                let (table, range) = (block.table(*set), moment.happened(window.as_ref()));
                let Some(counted) = Counted::of(of.as_ref(), table, symbols) else {
                    return constant(passes.contain(0), customers);
                };
                Bits::among(some, |customer| {
                    passes.contain(millions(counted.count(table.between(customer, range))))
                })
            }
            Kind::Sum {
                set,
                field,
                currency,
                window,
                passes,
            } => {
                let (table, range) = (block.table(*set), moment.happened(window.as_ref()));
                let Some(amounts) = Amounts::of(table, *field, *currency, symbols) else {
                    return constant(passes.contain(0), customers);
                };
                Bits::among(some, |customer| {
                    passes.contain(amounts.sum(table.between(customer, range)))
                })
            }
            Kind::Stopped { set, silent_for } => {
                let table = block.table(*set);
                let edge = moment.micros().saturating_sub(silent_for.as_microseconds());
                Bits::among(some, |customer| {
                    let last = table.between(customer, moment.past()).last();
                    last.is_some_and(|last| table.at[last] < edge)
                })
            }
            Kind::Registered { last } => {
                let range = moment.range(&Window::Last(*last));
                Bits::among(some, |customer| range.contains(block.registered_at[customer]))
            }
            Kind::Profile { field, is } => {
                let wanted = symbols.of_all(is);
                let texts = &block.profile[*field as usize];
                Bits::among(some, |customer| wanted.contains(&texts[customer]))
            }
            Kind::Attribute { name, is } => {
                let Some(name) = symbols.of(*name) else {
                    return Bits::none(customers);
                };
                let (wanted, now) = (symbols.of_all(is), moment.micros());
                Bits::among(some, |customer| {
                    let mut versions = block.attributes[customer].iter().rev();
                    let holds = versions.find(|version| version.name == name && version.from <= now);
                    holds.is_some_and(|version| version.kind == AttributeKind::Text && wanted.contains(&version.value))
                })
            }
            Kind::Consent { purpose, channel, is } => Bits::among(some, |customer| {
                let state = ground.evaluation(customer).consent(*purpose, *channel, moment);
                consent_word(state).is_some_and(|word| is.iter().any(|wanted| wanted == word))
            }),
            Kind::Other => Bits::among(some, |customer| {
                ground.evaluation(customer).is_true(&self.criteria, moment)
            }),
        }
    }

    /// Until when these answers stay as they are.
    pub(super) fn until(&self, ground: Ground<'_>, symbols: &Symbols, is_true: &Bits) -> Until {
        let (block, now) = (ground.block, ground.moment.micros());
        let each = |until: &dyn Fn(usize) -> i64| Until::Each((0..ground.customers()).map(until).collect());
        match &self.kind {
            Kind::Profile { .. } => Until::Never,
            Kind::Count { set, window: None, .. } | Kind::Sum { set, window: None, .. } => {
                let table = block.table(*set);
                each(&|customer| first_ahead(table, customer, now))
            }
            Kind::Count {
                set,
                of,
                window: Some(window @ Window::Last(span)),
                passes,
            } => {
                let (table, range) = (block.table(*set), ground.moment.happened(Some(window)));
                let Some(counted) = Counted::of(of.as_ref(), table, symbols) else {
                    return Until::Never;
                };
                each(&|customer| {
                    let (places, was) = (table.between(customer, range), is_true.contains(customer));
                    let mut left = counted.count(places.clone());
                    let rolling = Rolling {
                        table,
                        places,
                        span: *span,
                    };
                    let change = rolling.first_change(|place| {
                        left -= usize::from(counted.counts(place));
                        passes.contain(millions(left)) == was
                    });
                    change.min(first_ahead(table, customer, now))
                })
            }
            Kind::Sum {
                set,
                field,
                currency,
                window: Some(window @ Window::Last(span)),
                passes,
            } => {
                let (table, range) = (block.table(*set), ground.moment.happened(Some(window)));
                let Some(amounts) = Amounts::of(table, *field, *currency, symbols) else {
                    return Until::Never;
                };
                each(&|customer| {
                    let (places, was) = (table.between(customer, range), is_true.contains(customer));
                    let mut left = amounts.sum(places.clone());
                    let rolling = Rolling {
                        table,
                        places,
                        span: *span,
                    };
                    let change = rolling.first_change(|place| {
                        left -= amounts.sum(place..place + 1);
                        passes.contain(left) == was
                    });
                    change.min(first_ahead(table, customer, now))
                })
            }
            Kind::Stopped { set, silent_for } => {
                let (table, past) = (block.table(*set), ground.moment.past());
                each(&|customer| {
                    let last = table
                        .between(customer, past)
                        .last()
                        .filter(|_| !is_true.contains(customer));
                    let silent = last.map(|last| table.at[last].saturating_add(silent_for.as_microseconds()));
                    let change = silent.map_or(NEVER, |at| at.saturating_add(1));
                    change.min(first_ahead(table, customer, now))
                })
            }
            Kind::Registered { last } => each(&|customer| {
                let at = block.registered_at[customer];
                let end = at.saturating_add(last.as_microseconds()).saturating_add(1);
                [at, end].into_iter().find(|at| *at > now).unwrap_or(NEVER)
            }),
            Kind::Attribute { .. } => each(&|customer| {
                let ahead = block.attributes[customer].iter().map(|version| version.from);
                ahead.filter(|from| *from > now).min().unwrap_or(NEVER)
            }),
            Kind::Consent { .. } => each(&|customer| {
                let entries = block.consents[customer].iter();
                let instants = entries.flat_map(|entry| std::iter::once(entry.from).chain(entry.until));
                instants.filter(|at| *at > now).min().unwrap_or(NEVER)
            }),
            Kind::Count { .. } | Kind::Sum { .. } | Kind::Other => each(&|customer| {
                let change = ground.evaluation(customer).bound(&self.criteria, ground.moment);
                change.unwrap_or(NEVER)
            }),
        }
    }
}

impl Kind {
    /// The leaf that runs over columns, where there is one for the criteria.
    fn of(criteria: &Criteria, words: &mut Words) -> Option<Self> {
        match criteria {
            Criteria::Stopped { events, silent_for } if events.filter().is_none() => Some(Self::Stopped {
                set: events.set(),
                silent_for: *silent_for,
            }),
            Criteria::Is { value, test } => Self::of_value(value, test, words),
            _ => None,
        }
    }

    fn of_value(value: &Expression, test: &Test, words: &mut Words) -> Option<Self> {
        match value {
            Expression::Count(events) => Some(Self::Count {
                set: events.set(),
                of: match events.filter() {
                    Some(filter) => Some(OfText::of(filter, words)?),
                    None => None,
                },
                window: events.window().cloned(),
                passes: Ranges::of(test)?,
            }),
            Expression::Aggregate(aggregate)
                if aggregate.function == Function::Sum && aggregate.of.filter().is_none() =>
            {
                Some(Self::Sum {
                    set: aggregate.of.set(),
                    field: aggregate.field,
                    currency: currency_of(test).map(|code| Currency {
                        code,
                        word: words.word(code),
                    })?,
                    window: aggregate.of.window().cloned(),
                    passes: Ranges::of(test)?,
                })
            }
            Expression::Profile(ProfileField::RegisteredAt) => match test {
                Test::Within(Window::Last(last)) => Some(Self::Registered { last: *last }),
                _ => None,
            },
            Expression::Profile(field) => Some(Self::Profile {
                field: *field,
                is: of_words(test, words)?,
            }),
            Expression::Attribute(name) => Some(Self::Attribute {
                is: of_words(test, words)?,
                name: words.word(name.as_str()),
            }),
            Expression::Consent { purpose, channel } => Some(Self::Consent {
                purpose: *purpose,
                channel: *channel,
                is: texts(test)?,
            }),
            _ => None,
        }
    }
}

impl OfText {
    /// A filter that is nothing but a text among others.
    fn of(filter: &Filter, words: &mut Words) -> Option<Self> {
        match filter {
            Filter::Is { field, test } => Some(Self {
                field: *field,
                is: of_words(test, words)?,
            }),
            _ => None,
        }
    }
}

/// Which events of a table count.
enum Counted<'b> {
    All,
    OfText { symbols: &'b [u32], wanted: Vec<u32> },
}

impl<'b> Counted<'b> {
    /// Nothing where none does.
    fn of(of: Option<&OfText>, table: &'b Table, symbols: &Symbols) -> Option<Self> {
        let Some(of) = of else { return Some(Self::All) };
        let Some(Column::Text(texts)) = table.column(of.field) else {
            return None;
        };
        let wanted = symbols.of_all(&of.is);
        (!wanted.is_empty()).then_some(Self::OfText { symbols: texts, wanted })
    }

    fn counts(&self, place: usize) -> bool {
        match self {
            Self::All => true,
            Self::OfText { symbols, wanted } => wanted.contains(&symbols[place]),
        }
    }

    fn count(&self, places: std::ops::Range<usize>) -> usize {
        match self {
            Self::All => places.len(),
            Self::OfText { symbols, wanted } => {
                let texts = symbols[places].iter();
                texts.filter(|symbol| wanted.contains(symbol)).count()
            }
        }
    }
}

/// The amounts of a column in one currency, in millionths.
struct Amounts<'b> {
    amounts: &'b [i64],
    currencies: &'b [u32],
    currency: u32,
    scale: i128,
}

impl<'b> Amounts<'b> {
    /// Nothing where there is no such amount.
    fn of(table: &'b Table, field: Field, currency: Currency, symbols: &Symbols) -> Option<Self> {
        let Some(Column::Money {
            amounts,
            currencies,
            unit,
        }) = table.column(field)
        else {
            return None;
        };
        Some(Self {
            amounts,
            currencies,
            currency: symbols.of(currency.word)?,
            scale: micros_in(1, currency.code, *unit),
        })
    }

    fn sum(&self, places: std::ops::Range<usize>) -> i128 {
        let pairs = self.amounts[places.clone()].iter().zip(&self.currencies[places]);
        let of_currency = pairs.filter(|(_, currency)| **currency == self.currency);
        of_currency.map(|(amount, _)| i128::from(*amount)).sum::<i128>() * self.scale
    }
}

fn constant(is_true: bool, customers: usize) -> Bits {
    if is_true {
        Bits::all(customers)
    } else {
        Bits::none(customers)
    }
}

/// The texts that pass a test of equality.
fn texts(test: &Test) -> Option<Vec<String>> {
    let text = |value: &Value| match value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    };
    match test {
        Test::Equals(value) => Some(vec![text(value)?]),
        Test::OneOf(values) => values.iter().map(text).collect(),
        _ => None,
    }
}

fn of_words(test: &Test, words: &mut Words) -> Option<Vec<Word>> {
    Some(texts(test)?.iter().map(|text| words.word(text)).collect())
}

fn millions(count: usize) -> i128 {
    i128::try_from(count).unwrap_or(i128::MAX / 1_000_000) * 1_000_000
}
