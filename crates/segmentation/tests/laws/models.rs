//! Random models that share out everybody, by splitting the whole space again and again.

use std::collections::BTreeMap;

use ecrm_core::Money;
use ecrm_segmentation::criteria::{Name, Value};
use ecrm_segmentation::models::{Area, Axis, Domain, Model, ModelError, Range, Stage};
use ecrm_segmentation::{Catalogue, Criteria, Facts, Zone};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use rust_decimal::Decimal;

use crate::histories::history;
use crate::trees::instant;

/// What an axis is over: its expression, its domain, what it is bounded by, whether a value may be missing.
#[derive(Debug, Clone, Copy)]
struct Kind {
    value: &'static str,
    domain: Option<(i64, i64)>,
    unit: Unit,
    may_miss: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Unit {
    Whole,
    Halves,
    Euros,
}

const fn kind(value: &'static str, domain: Option<(i64, i64)>, unit: Unit, may_miss: bool) -> Kind {
    Kind {
        value,
        domain,
        unit,
        may_miss,
    }
}

/// Values of every kind, which random customers have.
const KINDS: [Kind; 12] = [
    kind("count(orders)", None, Unit::Whole, false),
    kind("distinct(lines.category)", None, Unit::Whole, false),
    kind("count(visits)", Some((0, 2)), Unit::Whole, true),
    kind("metric.rfm.recency", Some((-1, 3)), Unit::Whole, true),
    kind("attribute.size", Some((0, 9)), Unit::Whole, true),
    kind("metric.value.clv", None, Unit::Halves, true),
    kind("attribute.limit", None, Unit::Halves, true),
    kind("attribute.limit", None, Unit::Euros, true),
    kind("days since last(orders)", None, Unit::Halves, true),
    kind("sum(orders.amount)", None, Unit::Euros, false),
    kind("last(orders.amount)", None, Unit::Euros, true),
    kind("sum(lines.quantity)", None, Unit::Halves, false),
];

impl Kind {
    /// A bound, never one at which the values begin or end.
    fn bound(self, at: i64) -> Option<Value> {
        let is_never_negative = self.unit == Unit::Whole || self.value.starts_with("days");
        let (low, high) = match self.domain {
            Some((first, last)) => (first, last),
            None => (if is_never_negative { 0 } else { i64::MIN }, i64::MAX),
        };
        (low < at && at <= high).then(|| match self.unit {
            Unit::Whole => Value::from(at),
            Unit::Halves => Value::from(Decimal::new(at * 5, 1)),
            Unit::Euros => Value::from(Money::from_minor(at * 500, "EUR".parse().unwrap())),
        })
    }
}

/// What a part of the space has of an axis.
#[derive(Debug, Clone, PartialEq)]
struct Part {
    from: Option<i64>,
    until: Option<i64>,
    has_values: bool,
    has_missing: bool,
}

impl Part {
    fn whole(kind: Kind) -> Self {
        Self {
            from: None,
            until: None,
            has_values: true,
            has_missing: kind.may_miss,
        }
    }

    /// Two parts, where it can be split there.
    fn split(&self, kind: Kind, at: Option<i64>) -> Option<(Self, Self)> {
        let Some(at) = at else {
            let (values, missing) = (
                Self {
                    has_missing: false,
                    ..self.clone()
                },
                Self {
                    has_values: false,
                    ..self.clone()
                },
            );
            return (self.has_values && self.has_missing).then_some((values, missing));
        };
        kind.bound(at)?;
        let is_within = self.from.is_none_or(|from| from < at) && self.until.is_none_or(|until| at < until);
        let below = Self {
            until: Some(at),
            ..self.clone()
        };
        // What is missing stays below.
        let above = Self {
            from: Some(at),
            has_missing: false,
            ..self.clone()
        };
        (self.has_values && is_within).then_some((below, above))
    }

    /// The ranges that make it up; none where it is everything.
    fn ranges(&self, kind: Kind) -> Vec<Option<Range>> {
        if *self == Self::whole(kind) {
            return vec![None];
        }
        let bound = |at: i64| kind.bound(at).unwrap();
        let values = match (self.from, self.until) {
            (None, None) => Range::Present,
            (Some(from), None) => Range::From(bound(from)),
            (None, Some(until)) => Range::Until(bound(until)),
            (Some(first), Some(until)) if kind.unit == Unit::Whole && until % 2 == 0 => {
                Range::Whole(Domain { first, last: until - 1 })
            }
            (Some(from), Some(until)) => Range::FromTo(bound(from), bound(until)),
        };
        let values = self.has_values.then_some(Some(values));
        let missing = self.has_missing.then_some(Some(Range::Missing));
        values.into_iter().chain(missing).collect()
    }
}

/// A model whose stages are parts of the space, and which of the kinds its axes are of.
#[derive(Debug, Clone)]
struct Case {
    kinds: Vec<Kind>,
    parts: Vec<Vec<Part>>,
    names: Vec<Name>,
}

impl Case {
    fn axis_name(axis: usize) -> Name {
        Name::new(["x", "my y", "everyone"][axis]).unwrap()
    }

    fn axes(&self) -> Vec<Axis> {
        let axis = |(index, kind): (usize, &Kind)| {
            let criteria: Criteria = format!("{} is present", kind.value).parse().unwrap();
            let Criteria::Is { value, .. } = criteria else {
                panic!("{criteria}")
            };
            let axis = Axis::new(Self::axis_name(index), value);
            kind.domain
                .into_iter()
                .fold(axis, |axis, (first, last)| axis.over(Domain { first, last }))
        };
        self.kinds.iter().enumerate().map(axis).collect()
    }

    /// The areas that make up a part.
    fn areas(&self, part: &[Part]) -> Vec<Area> {
        let mut areas = vec![Area::everything()];
        for (axis, (part, kind)) in part.iter().zip(&self.kinds).enumerate() {
            let ranges = part.ranges(*kind);
            let within = |area: &Area, range: &Option<Range>| match range {
                Some(range) => area.clone().within(Self::axis_name(axis), range.clone()),
                None => area.clone(),
            };
            areas = areas
                .iter()
                .flat_map(|area| ranges.iter().map(move |range| within(area, range)))
                .collect();
        }
        areas
    }

    /// A stage for each part.
    fn stages(&self) -> Vec<Stage> {
        let parts = self.parts.iter().zip(&self.names);
        parts
            .map(|(part, name)| Stage::new(name.clone(), self.areas(part)))
            .collect()
    }

    fn model(&self, stages: Vec<Stage>) -> Result<Model, ModelError> {
        Model::new(Name::new("a model").unwrap(), self.axes(), stages)
    }
}

/// Where to split: which part, on which axis, at which bound, or what is missing from what is there.
type Split = (Index, Index, Option<i64>);

fn case() -> impl Strategy<Value = Case> {
    let kinds = vec(proptest::sample::select(&KINDS[..]), 1..=3);
    let at = prop_oneof![2 => (-3_i64..12).prop_map(Some), 1 => Just(None)];
    (kinds, vec((any::<Index>(), any::<Index>(), at), 0..12)).prop_map(|(kinds, splits)| {
        let mut parts = vec![kinds.iter().map(|kind| Part::whole(*kind)).collect::<Vec<_>>()];
        for split in splits {
            apply(&kinds, &mut parts, &split);
        }
        let words = [
            "lost",
            "at risk",
            "axis x",
            "can't lose \"them\"",
            "model",
            "ä ö",
            "7",
            "_",
            "or",
            "everyone",
        ];
        let name = |index: usize| match words.get(index) {
            Some(word) => Name::new(word).unwrap(),
            None => Name::new(&format!("stage {index}")).unwrap(),
        };
        let names = (0..parts.len()).map(name).collect();
        Case { kinds, parts, names }
    })
}

fn apply(kinds: &[Kind], parts: &mut Vec<Vec<Part>>, (part, axis, at): &Split) {
    let (part, axis) = (part.index(parts.len()), axis.index(kinds.len()));
    if let Some((one, other)) = parts[part][axis].split(kinds[axis], *at) {
        let mut further = parts[part].clone();
        parts[part][axis] = one;
        further[axis] = other;
        parts.push(further);
    }
}

/// The stages of a model, put together by twos and threes.
fn merged(stages: &[Stage], into: &[Index]) -> Vec<Stage> {
    let count = stages.len().min(3);
    let mut areas: BTreeMap<usize, Vec<Area>> = BTreeMap::new();
    for (stage, index) in stages.iter().zip(into) {
        areas
            .entry(index.index(count))
            .or_default()
            .extend_from_slice(stage.areas());
    }
    areas
        .into_iter()
        .map(|(index, areas)| Stage::new(stages[index].name().clone(), areas))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn everybody_is_in_exactly_one_stage(
        case in case(),
        into in vec(any::<Index>(), 16),
        histories in vec(history(), 1..6),
        now in instant(),
    ) {
        for stages in [case.stages(), merged(&case.stages(), &into)] {
            let model = case.model(stages).unwrap();
            let catalogue = Catalogue::new(Zone::UTC, model.segments()).unwrap();
            prop_assert_eq!(model.segments().len(), model.stages().len());
            let members = catalogue.members(&Facts::of(&histories), now);
            for history in &histories {
                let id = history.customer.id();
                let stages = |is_in: &dyn Fn(&Name) -> bool| {
                    model.segments().iter().filter(|(name, _)| is_in(name)).count()
                };
                let alone = stages(&|name| catalogue.membership(name, history, now).unwrap().is_member);
                let of_all = stages(&|name| members[name].contains(&id));
                prop_assert_eq!((alone, of_all), (1, 1), "{}", model);
            }
        }
    }

    #[test]
    fn an_area_that_is_taken_out_leaves_a_gap(case in case(), which in any::<Index>()) {
        let areas: usize = case.stages().iter().map(|stage| stage.areas().len()).sum();
        prop_assume!(areas > 1);
        let mut at = which.index(areas);
        let mut stages = Vec::new();
        for stage in case.stages() {
            let mut areas = stage.areas().to_vec();
            if at < areas.len() {
                areas.remove(at);
                at = usize::MAX;
            } else {
                at = at.saturating_sub(areas.len());
            }
            if !areas.is_empty() {
                stages.push(Stage::new(stage.name().clone(), areas));
            }
        }
        let refused = case.model(stages);
        prop_assert!(matches!(refused, Err(ModelError::Gap { .. })), "{refused:?}");
    }

    #[test]
    fn an_area_that_is_made_wider_overlaps_another_stage(case in case(), which in any::<Index>(), axis in any::<Index>()) {
        let (stage, axis) = (which.index(case.parts.len()), axis.index(case.kinds.len()));
        prop_assume!(case.parts[stage][axis] != Part::whole(case.kinds[axis]));
        let mut wider = case.parts[stage].clone();
        wider[axis] = Part::whole(case.kinds[axis]);
        let mut stages = case.stages();
        stages[stage] = Stage::new(case.names[stage].clone(), case.areas(&wider));
        let refused = case.model(stages);
        let is_found = matches!(&refused, Err(ModelError::Overlap { stages, .. }) if stages.contains(&case.names[stage]));
        prop_assert!(is_found, "{refused:?}");
    }

    #[test]
    fn what_is_written_of_a_model_is_read_back_as_the_same(case in case(), into in vec(any::<Index>(), 16)) {
        for stages in [case.stages(), merged(&case.stages(), &into)] {
            let model = case.model(stages).unwrap();
            let text = model.to_string();
            prop_assert_eq!(Model::parse(&text).map_err(|error| format!("{error} in {text}")), Ok(model.clone()));
            let json = serde_json::to_string(&model).unwrap();
            prop_assert_eq!(serde_json::from_str::<Model>(&json).unwrap(), model);
        }
    }

    #[test]
    fn a_damaged_text_of_a_model_is_read_or_refused(case in case(), cut in any::<Index>(), insert in "[a-z0-9:.# \"\n-]{0,3}") {
        let mut text = case.model(case.stages()).unwrap().to_string();
        let (at, length) = text
            .char_indices()
            .map(|(at, character)| (at, character.len_utf8()))
            .nth(cut.index(text.chars().count()))
            .unwrap();
        text.replace_range(at..at + length, &insert);
        match Model::parse(&text) {
            Ok(other) => prop_assert_eq!(Model::parse(&other.to_string()), Ok(other)),
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }
}
