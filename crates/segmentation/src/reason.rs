//! Why a segment answers otherwise.

use crate::calendar::Moment;
use crate::criteria::Criteria;
use crate::evaluate::{Customer, Evaluation};
use crate::facts::Block;
use crate::loaded::Loaded;
use crate::model::{Because, Cause, Reason};
use crate::standing::Step;
use chrono::DateTime;

/// At most so many criteria are told.
const MOST: usize = 10;
/// Of a value so many characters are told.
const LONGEST: usize = 200;

/// A customer at an instant; nothing where there was no customer.
#[derive(Clone, Copy)]
pub(crate) struct Sight<'f> {
    pub(crate) facts: Option<&'f Block>,
    pub(crate) at: i64,
}

/// Why a step was made.
pub(crate) fn reason(loaded: &Loaded, step: Step, before: Sight<'_>, after: Sight<'_>, cause: &Cause) -> Reason {
    let mut because = Vec::new();
    if let Some(name) = loaded.names.get(&step.segment)
        && let Some(criteria) = loaded.catalogue.criteria(name)
    {
        let compare = Compare { loaded, before, after };
        compare.collect(criteria, &mut because);
    }
    Reason {
        cause: cause.clone(),
        because,
    }
}

struct Compare<'c> {
    loaded: &'c Loaded,
    before: Sight<'c>,
    after: Sight<'c>,
}

impl Compare<'_> {
    /// The leaves whose answer is another one.
    fn collect(&self, criteria: &Criteria, found: &mut Vec<Because>) {
        match criteria {
            Criteria::All(parts) | Criteria::Any(parts) => parts.iter().for_each(|part| self.collect(part, found)),
            Criteria::Not(part) => self.collect(part, found),
            Criteria::InSegment(name) => {
                if let Some(inside) = self.loaded.catalogue.criteria(name) {
                    self.collect(inside, found);
                }
            }
            leaf => {
                let is_true = self.is_true(self.after, leaf);
                if self.is_true(self.before, leaf) != is_true && found.len() < MOST {
                    found.push(Because {
                        criterion: leaf.to_string(),
                        is_true,
                        was: self.found(self.before, leaf),
                        is: self.found(self.after, leaf),
                    });
                }
            }
        }
    }

    fn is_true(&self, sight: Sight<'_>, leaf: &Criteria) -> bool {
        self.look(sight)
            .is_some_and(|(evaluation, moment)| evaluation.is_true(leaf, moment))
    }

    fn found(&self, sight: Sight<'_>, leaf: &Criteria) -> Option<String> {
        let (evaluation, moment) = self.look(sight)?;
        evaluation.found(leaf, moment).map(shortened)
    }

    fn look<'s>(&'s self, sight: Sight<'s>) -> Option<(Evaluation<'s>, Moment)> {
        let block = sight.facts?;
        let now = DateTime::from_timestamp_micros(sight.at).unwrap_or_default();
        let ground = self.loaded.catalogue.ground(block, now);
        let evaluation = Evaluation {
            customer: Customer { block, index: 0 },
            segments: ground.segments,
        };
        Some((evaluation, ground.moment))
    }
}

fn shortened(text: String) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
