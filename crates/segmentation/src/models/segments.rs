//! Stages as ordinary criteria.

use super::scale::{Extent, Scale, Unit};
use super::{Area, Domain, ModelError, Range, Stage};
use crate::criteria::{Criteria, Expression, Test, Value};

/// The criteria of a stage.
pub(super) fn criteria(scales: &[Scale<'_>], stage: &Stage) -> Result<Criteria, ModelError> {
    let areas = stage
        .areas()
        .iter()
        .map(|area| of_area(scales, stage, area))
        .collect::<Result<_, _>>()?;
    Ok(one_or(areas, Criteria::Any))
}

fn of_area(scales: &[Scale<'_>], stage: &Stage, area: &Area) -> Result<Criteria, ModelError> {
    let mut parts = Vec::new();
    for scale in scales {
        if let Some(range) = area.range(scale.axis.name()) {
            of_range(scale, stage, range, &mut parts)?;
        }
    }
    Ok(one_or(parts, Criteria::All))
}

/// Adds what must hold on an axis.
fn of_range(scale: &Scale<'_>, stage: &Stage, range: &Range, parts: &mut Vec<Criteria>) -> Result<(), ModelError> {
    let (value, domain) = (scale.axis.value(), scale.axis.domain());
    match (scale.extent(stage.name(), range)?, domain) {
        (Extent::Missing, _) => parts.push(missing(scale)),
        (Extent::Values(None, None), _) if scale.may_miss => parts.push(present(scale)),
        (Extent::Values(low, high), Some(Domain { first, last })) => {
            let is_in = |number: &i64| {
                let number = i128::from(*number);
                low.is_none_or(|low| low <= number) && high.is_none_or(|high| number < high)
            };
            parts.push(one_of(value, (first..=last).filter(is_in)));
        }
        (Extent::Values(..), None) => match range {
            Range::Whole(Domain { first, last }) if first == last => parts.push(value.clone().equals(*first)),
            Range::Whole(Domain { first, last }) => {
                parts.push(value.clone().is(Test::Between((*first).into(), (*last).into())));
            }
            Range::From(low) => parts.push(value.clone().at_least(low.clone())),
            Range::Until(high) => parts.push(value.clone().less(high.clone())),
            Range::FromTo(low, high) => {
                parts.push(value.clone().at_least(low.clone()));
                parts.push(value.clone().less(high.clone()));
            }
            Range::Missing | Range::Present => {}
        },
    }
    Ok(())
}

/// There is a value of the kind that the axis is cut at: an amount in another currency compares with none of its bounds.
fn present(scale: &Scale<'_>) -> Criteria {
    let value = scale.axis.value();
    match (scale.axis.domain(), &scale.cut) {
        (Some(Domain { first, last }), _) => one_of(value, first..=last),
        (None, Some(cut)) if !is_number(scale) => value.clone().less(cut.clone()) | value.clone().at_least(cut.clone()),
        (None, _) => value.clone().is(Test::Present),
    }
}

fn missing(scale: &Scale<'_>) -> Criteria {
    match (scale.axis.domain(), &scale.cut) {
        (None, None) => scale.axis.value().clone().is_missing(),
        (None, Some(_)) if is_number(scale) => scale.axis.value().clone().is_missing(),
        _ => !present(scale),
    }
}

/// Whether each value compares with each bound.
fn is_number(scale: &Scale<'_>) -> bool {
    scale.unit == Unit::Micros && !matches!(scale.axis.value(), Expression::Attribute(_))
}

fn one_of(value: &Expression, numbers: impl Iterator<Item = i64>) -> Criteria {
    let mut values: Vec<Value> = numbers.map(Value::from).collect();
    match values.pop() {
        Some(only) if values.is_empty() => value.clone().equals(only),
        last => {
            values.extend(last);
            value.clone().is(Test::OneOf(values))
        }
    }
}

/// Several parts, joined; one as it is.
fn one_or(mut parts: Vec<Criteria>, join: fn(Vec<Criteria>) -> Criteria) -> Criteria {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => {
            parts.extend(last);
            join(parts)
        }
    }
}
