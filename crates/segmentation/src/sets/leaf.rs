//! Leaves over columns. The usual ones run straight over them; the others ask for each customer.

use ecrm_core::{Channel, Purpose};

use super::bits::Bits;
use super::ranges::Ranges;
use crate::calendar::Moment;
use crate::criteria::{Criteria, EventSet, Expression, Field, Filter, Function, ProfileField, Test, Value, Window};
use crate::evaluate::{Customer, Evaluation, Segments, consent_word, currency_of, micros_in};
use crate::facts::{AttributeKind, Block, Column};

/// A leaf, as it is evaluated for all customers of a block.
#[derive(Debug, Clone)]
pub(crate) enum Leaf {
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
        currency: &'static str,
        window: Option<Window>,
        passes: Ranges,
    },
    /// A text of the profile.
    Profile { field: ProfileField, is: Vec<String> },
    /// A text among the attributes.
    Attribute { name: String, is: Vec<String> },
    /// What was said about a purpose and a channel.
    Consent {
        purpose: Purpose,
        channel: Channel,
        is: Vec<String>,
    },
    /// Whatever else there is.
    Other(Criteria),
}

/// Events whose text is one of these.
#[derive(Debug, Clone)]
pub(crate) struct OfText {
    field: Field,
    is: Vec<String>,
}

impl Leaf {
    pub(crate) fn of(criteria: &Criteria) -> Self {
        Self::of_columns(criteria).unwrap_or_else(|| Self::Other(criteria.clone()))
    }

    /// The leaf that runs over columns, where there is one for the criteria.
    fn of_columns(criteria: &Criteria) -> Option<Self> {
        let Criteria::Is { value, test } = criteria else {
            return None;
        };
        match value {
            Expression::Count(events) => Some(Self::Count {
                set: events.set(),
                of: events.filter().map(OfText::of).map_or(Some(None), |of| of.map(Some))?,
                window: events.window().cloned(),
                passes: Ranges::of(test)?,
            }),
            Expression::Aggregate(aggregate)
                if aggregate.function == Function::Sum && aggregate.of.filter().is_none() =>
            {
                Some(Self::Sum {
                    set: aggregate.of.set(),
                    field: aggregate.field,
                    currency: currency_of(test)?,
                    window: aggregate.of.window().cloned(),
                    passes: Ranges::of(test)?,
                })
            }
            Expression::Profile(field) if *field != ProfileField::RegisteredAt => Some(Self::Profile {
                field: *field,
                is: texts(test)?,
            }),
            Expression::Attribute(name) => Some(Self::Attribute {
                name: name.as_str().to_owned(),
                is: texts(test)?,
            }),
            Expression::Consent { purpose, channel } => Some(Self::Consent {
                purpose: *purpose,
                channel: *channel,
                is: texts(test)?,
            }),
            _ => None,
        }
    }

    /// Those of whom it is true.
    pub(crate) fn run(&self, block: &Block, segments: &Segments, moment: Moment) -> Bits {
        let customers = block.ids.len();
        let evaluation = |index| Evaluation {
            customer: Customer { block, index },
            segments,
        };
        match self {
            Self::Count {
                set,
                of: None,
                window,
                passes,
            } => {
                let (table, range) = (block.table(*set), moment.happened(window.as_ref()));
                Bits::of(customers, |customer| {
                    let count = table.between(customer, range).len();
                    passes.contain(millions(count))
                })
            }
            Self::Count {
                set,
                of: Some(of),
                window,
                passes,
            } => {
                let (table, range) = (block.table(*set), moment.happened(window.as_ref()));
                let Some(Column::Text(symbols)) = table.column(of.field) else {
                    let is_true = passes.contain(0);
                    return Bits::of(customers, |_| is_true);
                };
                let wanted = block.symbols(&of.is);
                Bits::of(customers, |customer| {
                    let places = table.between(customer, range);
                    let count = symbols[places].iter().filter(|symbol| wanted.contains(symbol)).count();
                    passes.contain(millions(count))
                })
            }
            Self::Sum {
                set,
                field,
                currency,
                window,
                passes,
            } => {
                let (table, range) = (block.table(*set), moment.happened(window.as_ref()));
                let Some(Column::Money {
                    amounts,
                    currencies,
                    unit,
                }) = table.column(*field)
                else {
                    let is_true = passes.contain(0);
                    return Bits::of(customers, |_| is_true);
                };
                let code = block.symbols(&[(*currency).to_owned()]).first().copied();
                let scale = micros_in(1, currency, *unit);
                Bits::of(customers, |customer| {
                    let places = table.between(customer, range);
                    let pairs = amounts[places.clone()].iter().zip(&currencies[places]);
                    let of_currency = pairs.filter(|(_, currency)| Some(**currency) == code);
                    let sum: i128 = of_currency.map(|(amount, _)| i128::from(*amount)).sum();
                    passes.contain(sum * scale)
                })
            }
            Self::Profile { field, is } => {
                let wanted = block.symbols(is);
                let symbols = &block.profile[*field as usize];
                Bits::of(customers, |customer| wanted.contains(&symbols[customer]))
            }
            Self::Attribute { name, is } => {
                let Some(name) = block.symbols(std::slice::from_ref(name)).first().copied() else {
                    return Bits::none(customers);
                };
                let (wanted, now) = (block.symbols(is), moment.micros());
                Bits::of(customers, |customer| {
                    let mut versions = block.attributes[customer].iter().rev();
                    let holds = versions.find(|version| version.name == name && version.from <= now);
                    holds.is_some_and(|version| version.kind == AttributeKind::Text && wanted.contains(&version.value))
                })
            }
            Self::Consent { purpose, channel, is } => Bits::of(customers, |customer| {
                let state = evaluation(customer).consent(*purpose, *channel, moment);
                consent_word(state).is_some_and(|word| is.iter().any(|wanted| wanted == word))
            }),
            Self::Other(criteria) => Bits::of(customers, |customer| evaluation(customer).is_true(criteria, moment)),
        }
    }
}

impl OfText {
    /// A filter that is nothing but a text among others.
    fn of(filter: &Filter) -> Option<Self> {
        match filter {
            Filter::Is { field, test } => Some(Self {
                field: *field,
                is: texts(test)?,
            }),
            _ => None,
        }
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

fn millions(count: usize) -> i128 {
    i128::try_from(count).unwrap_or(i128::MAX / 1_000_000) * 1_000_000
}
