//! Leaves over columns. The usual ones run straight over them; the others ask for each customer.

use std::cell::OnceCell;

use ecrm_core::{Channel, ConsentState, Purpose};

use super::bits::Bits;
use super::columns::{Measure, Measured};
use super::ranges::Ranges;
use super::spans::{Places, Spans};
use super::until::{NEVER, Rolling, Until};
use super::words::{Symbols, Word, Words, of_words, texts};
use crate::calendar::Moment;
use crate::criteria::{Criteria, EventSet, Expression, Needs, Other, ProfileField, Span, Test, Window};
use crate::evaluate::{Customer, Evaluation, Segments, consent_word};
use crate::facts::{AttributeKind, Block};

/// A leaf, as it is evaluated for all customers of a block.
#[derive(Debug, Clone)]
pub(crate) struct Leaf {
    criteria: Criteria,
    needs: Needs,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    /// What the events of a time add up to.
    Total {
        measure: Measure,
        window: Option<Window>,
        /// The place of the window among those of the program.
        span: usize,
        passes: Ranges,
    },
    /// There were events of a kind, and none for so long.
    Stopped { span: usize, silent_for: Span },
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
        is: Vec<ConsentState>,
    },
    /// Whatever else there is.
    Other,
}

/// What the leaves of a program ask for, each once.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    words: Words,
    spans: Spans,
}

/// What they see of it in a block.
pub(super) struct Sight<'b> {
    ground: Ground<'b>,
    spans: &'b Spans,
    symbols: Symbols,
    /// Those that were asked for.
    places: Vec<OnceCell<Places<'b>>>,
}

impl Asked {
    pub(super) fn sight<'b>(&'b self, ground: Ground<'b>) -> Sight<'b> {
        Sight {
            ground,
            spans: &self.spans,
            symbols: self.words.symbols(ground.block),
            places: (0..self.spans.len()).map(|_| OnceCell::new()).collect(),
        }
    }
}

impl Sight<'_> {
    fn places(&self, span: usize) -> &Places<'_> {
        self.places[span].get_or_init(|| self.spans.places(span, self.ground.block, self.ground.moment))
    }
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
    pub(super) fn of(criteria: &Criteria, asked: &mut Asked) -> Self {
        Self {
            kind: Kind::of(criteria, asked).unwrap_or(Kind::Other),
            needs: Needs::of([criteria]),
            criteria: criteria.clone(),
        }
    }

    /// Whether it may look at events of any of these kinds.
    pub(super) fn looks_at_any(&self, sets: &[EventSet]) -> bool {
        self.needs.has(Other::Segments) || sets.iter().any(|set| self.needs.has_set(*set))
    }

    /// Those among some of whom it is true; what is said of others does not count.
    pub(super) fn run(&self, ground: Ground<'_>, sight: &Sight<'_>, some: &Bits) -> Bits {
        let (block, moment, symbols) = (ground.block, ground.moment, &sight.symbols);
        match &self.kind {
            Kind::Total {
                measure, span, passes, ..
            } => {
                let (places, of_none) = (sight.places(*span), passes.contain(0));
                match measure.column(places.table, symbols) {
                    Measured::Nothing if !of_none => Bits::none(ground.customers()),
                    column => Bits::among(some, |customer| match places.customer(customer) {
                        none if none.is_empty() => of_none,
                        within => passes.contain(column.total(within)),
                    }),
                }
            }
            Kind::Stopped { span, silent_for } => {
                let places = sight.places(*span);
                let edge = moment.micros().saturating_sub(silent_for.as_microseconds());
                Bits::among(some, |customer| {
                    let last = places.customer(customer).last();
                    last.is_some_and(|last| places.table.at[last] < edge)
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
                    return Bits::none(ground.customers());
                };
                let (wanted, now) = (symbols.of_all(is), moment.micros());
                Bits::among(some, |customer| {
                    let mut versions = block.attributes[customer].iter().rev();
                    let holds = versions.find(|version| version.name == name && version.from <= now);
                    holds.is_some_and(|version| version.kind == AttributeKind::Text && wanted.contains(&version.value))
                })
            }
            Kind::Consent { purpose, channel, is } => Bits::among(some, |customer| {
                is.contains(&ground.evaluation(customer).consent(*purpose, *channel, moment))
            }),
            Kind::Other => Bits::among(some, |customer| {
                ground.evaluation(customer).is_true(&self.criteria, moment)
            }),
        }
    }

    /// Until when these answers stay as they are.
    pub(super) fn until(&self, ground: Ground<'_>, sight: &Sight<'_>, is_true: &Bits) -> Until {
        let (block, now) = (ground.block, ground.moment.micros());
        let customers = ground.customers();
        match &self.kind {
            Kind::Profile { .. } => Until::NEVER,
            Kind::Total { window: None, span, .. } => {
                let places = sight.places(*span);
                if places.is_past() {
                    return Until::NEVER;
                }
                Until::each(customers, |customer| places.first_ahead(customer, now))
            }
            Kind::Total {
                measure,
                window: Some(Window::Last(last)),
                span,
                passes,
            } => {
                let places = sight.places(*span);
                let column = measure.column(places.table, &sight.symbols);
                Until::each(customers, |customer| {
                    let (within, was) = (places.customer(customer), is_true.contains(customer));
                    if within.is_empty() {
                        return places.first_ahead(customer, now);
                    }
                    let mut left = column.total(within.clone());
                    let rolling = Rolling {
                        table: places.table,
                        places: within,
                        span: *last,
                    };
                    let change = rolling.first_change(|place| {
                        left -= column.of(place);
                        passes.contain(left) == was
                    });
                    change.min(places.first_ahead(customer, now))
                })
            }
            Kind::Stopped { span, silent_for } => {
                let places = sight.places(*span);
                Until::each(customers, |customer| {
                    let last = places.customer(customer).last();
                    let last = last.filter(|_| !is_true.contains(customer));
                    let silent = last.map(|last| places.table.at[last].saturating_add(silent_for.as_microseconds()));
                    let change = silent.map_or(NEVER, |at| at.saturating_add(1));
                    change.min(places.first_ahead(customer, now))
                })
            }
            Kind::Registered { last } => Until::each(customers, |customer| {
                let at = block.registered_at[customer];
                let end = at.saturating_add(last.as_microseconds()).saturating_add(1);
                [at, end].into_iter().find(|at| *at > now).unwrap_or(NEVER)
            }),
            Kind::Attribute { .. } => Until::each(customers, |customer| {
                let ahead = block.attributes[customer].iter().map(|version| version.from);
                ahead.filter(|from| *from > now).min().unwrap_or(NEVER)
            }),
            Kind::Consent { .. } => Until::each(customers, |customer| {
                let entries = block.consents[customer].iter();
                let instants = entries.flat_map(|entry| std::iter::once(entry.from).chain(entry.until));
                instants.filter(|at| *at > now).min().unwrap_or(NEVER)
            }),
            Kind::Total { .. } | Kind::Other => Until::each(customers, |customer| {
                let change = ground.evaluation(customer).bound(&self.criteria, ground.moment);
                change.unwrap_or(NEVER)
            }),
        }
    }
}

impl Kind {
    /// The leaf that runs over columns, where there is one for the criteria.
    fn of(criteria: &Criteria, asked: &mut Asked) -> Option<Self> {
        match criteria {
            Criteria::Stopped { events, silent_for } if events.filter().is_none() => Some(Self::Stopped {
                span: asked.spans.span(events.set(), None),
                silent_for: *silent_for,
            }),
            Criteria::Is { value, test } => Self::of_value(value, test, asked),
            _ => None,
        }
    }

    fn of_value(value: &Expression, test: &Test, asked: &mut Asked) -> Option<Self> {
        match value {
            Expression::Profile(ProfileField::RegisteredAt) => match test {
                Test::Within(Window::Last(last)) => Some(Self::Registered { last: *last }),
                _ => None,
            },
            Expression::Profile(field) => Some(Self::Profile {
                field: *field,
                is: of_words(test, &mut asked.words)?,
            }),
            Expression::Attribute(name) => Some(Self::Attribute {
                is: of_words(test, &mut asked.words)?,
                name: asked.words.word(name.as_str()),
            }),
            Expression::Consent { purpose, channel } => Some(Self::Consent {
                purpose: *purpose,
                channel: *channel,
                is: states(&texts(test)?),
            }),
            value => {
                let (measure, events, passes) = Measure::of(value, test, &mut asked.words)?;
                Some(Self::Total {
                    measure,
                    window: events.window().cloned(),
                    span: asked.spans.span(events.set(), events.window()),
                    passes,
                })
            }
        }
    }
}

/// The states of consent that some words stand for.
fn states(words: &[&str]) -> Vec<ConsentState> {
    let is_meant = |state: &ConsentState| consent_word(*state).is_some_and(|word| words.contains(&word));
    let states = [
        ConsentState::Denied,
        ConsentState::Expired,
        ConsentState::Granted,
        ConsentState::Withdrawn,
    ];
    states.into_iter().filter(is_meant).collect()
}
