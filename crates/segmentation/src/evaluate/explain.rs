//! Why: each node of a tree with its truth, what was found, and until when that holds.

use chrono::{DateTime, SecondsFormat, Utc};
use rust_decimal::Decimal;
use serde::Serialize;

use super::Evaluation;
use super::found::Found;
use super::ratio::{MILLION, Ratio};
use crate::calendar::Moment;
use crate::criteria::{Criteria, Events, Expression, Value};

/// Why criteria are true or false for somebody: a tree like theirs, whose nodes tell what was found.
///
/// It names values of a customer, so it is for the eyes of those who may see them; `Debug` shows none of it.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The criterion, as text.
    pub criterion: String,
    /// Whether it is true.
    pub is_true: bool,
    /// The value that was compared, as the language writes it; nothing where it is missing, or where there is none to compare. Where
    /// amounts are compared with one in a currency, it tells in which others there are some, which do not count.
    pub found: Option<String>,
    /// The first instant at which time alone makes it another answer, if there is one; or one before which it does not.
    pub until: Option<DateTime<Utc>>,
    /// The same of its parts: of `and`, `or` and `not`, of another segment, of a score.
    pub parts: Vec<Explanation>,
}

impl Evaluation<'_> {
    /// The explanation of criteria.
    pub(crate) fn explain(self, criteria: &Criteria, moment: Moment) -> Explanation {
        let all = |parts: &[Criteria]| parts.iter().map(|part| self.explain(part, moment)).collect();
        let parts = match criteria {
            Criteria::All(parts) | Criteria::Any(parts) => all(parts),
            Criteria::Not(part) => vec![self.explain(part, moment)],
            Criteria::InSegment(name) => {
                let inside = self.segments.get(name);
                inside
                    .map(|criteria| self.explain(criteria, moment))
                    .into_iter()
                    .collect()
            }
            Criteria::Is {
                value: Expression::Score(parts),
                ..
            } => parts.iter().map(|part| self.explain(&part.when, moment)).collect(),
            _ => Vec::new(),
        };
        Explanation {
            criterion: criteria.to_string(),
            is_true: self.is_true(criteria, moment),
            found: self.found(criteria, moment),
            until: self.flip(criteria, moment).and_then(DateTime::from_timestamp_micros),
            parts,
        }
    }

    /// What a criterion looks at, as text.
    pub(crate) fn found(self, criteria: &Criteria, moment: Moment) -> Option<String> {
        match criteria {
            Criteria::Is { value, test } => {
                let found = text(&self.value(value, Some(test), moment));
                let others = match value {
                    Expression::Aggregate(aggregate) => self.customer.other_currencies(aggregate, test, moment),
                    _ => Vec::new(),
                };
                if others.is_empty() {
                    return found;
                }
                let found = found.as_deref().unwrap_or("nothing");
                Some(format!("{found}; amounts in {} are left out", others.join(", ")))
            }
            Criteria::Stopped { events, .. } | Criteria::Restarted { events, .. } => self.last(events, moment),
            Criteria::Regularly { events, of, period, .. } => {
                let periods = self.customer.periods(events, *of, *period, moment);
                text(&Found::Number(Ratio::whole(periods)))
            }
            _ => None,
        }
    }

    fn last(self, events: &Events, moment: Moment) -> Option<String> {
        let last = self.customer.select(events, moment.past(), moment).next_back()?;
        text(&Found::Instant(self.customer.table(events).at[last]))
    }
}

/// A value as the language writes it, numbers and amounts to a millionth.
fn text(found: &Found<'_>) -> Option<String> {
    Some(match found {
        Found::Missing => return None,
        Found::Boolean(value) => value.to_string(),
        Found::Date(day) => day.to_string(),
        Found::Instant(at) => {
            let instant = DateTime::from_timestamp_micros(*at)?;
            instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)
        }
        Found::Money(amount, currency) => format!("{} {currency}", number(*amount)),
        Found::Number(found) => number(*found),
        Found::Text(text) => Value::from(*text).to_string(),
        Found::Many(many) => {
            let texts: Vec<_> = many.iter().filter_map(text).collect();
            format!("({})", texts.join(", "))
        }
    })
}

/// To a millionth, but never as nothing where there is a little.
fn number(found: Ratio) -> String {
    let micros = found.whole_micros();
    if micros == 0 && found.cmp_micros(0).is_gt() {
        return "more than 0".to_owned();
    }
    match Decimal::try_from_i128_with_scale(micros, 6) {
        Ok(decimal) => decimal.normalize().to_string(),
        Err(_) if micros.unsigned_abs() >= i128::MAX.unsigned_abs() => {
            let side = if micros > 0 { "more" } else { "less" };
            format!("{side} than {}", micros / MILLION)
        }
        Err(_) => (micros / MILLION).to_string(),
    }
}

/// The tree as lines, each part further in than what it is a part of.
impl std::fmt::Display for Explanation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.lines(f, 0)
    }
}

impl Explanation {
    fn lines(&self, f: &mut std::fmt::Formatter<'_>, depth: usize) -> std::fmt::Result {
        let mark = if self.is_true { "yes" } else { "no " };
        write!(f, "{:indent$}{mark} {}", "", self.criterion, indent = 2 * depth)?;
        if let Some(found) = &self.found {
            write!(f, " -- found {found}")?;
        }
        if let Some(until) = self.until {
            write!(f, ", until {}", until.to_rfc3339_opts(SecondsFormat::AutoSi, true))?;
        }
        writeln!(f)?;
        self.parts.iter().try_for_each(|part| part.lines(f, depth + 1))
    }
}

impl std::fmt::Debug for Explanation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Explanation({}, {} parts)", self.is_true, self.parts.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_told_as_it_is_however_great_or_small() {
        for (found, told) in [
            (Ratio::micros(36_000_000_000_000 * MILLION), "36000000000000"),
            (Ratio::micros(i128::MAX / 2), "85070591730234615865843651857942"),
            (Ratio::divided(100 * MILLION, 3), "33.333333"),
            (Ratio::of_float(1e300), "more than 170141183460469231731687303715884"),
            (Ratio::of_float(-1e300), "less than -170141183460469231731687303715884"),
            (Ratio::of_float(1e-300), "more than 0"),
            (Ratio::of_float(0.0), "0"),
        ] {
            assert_eq!(number(found), told);
        }
    }
}
