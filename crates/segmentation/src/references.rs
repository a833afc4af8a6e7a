//! What segments say about each other: it is there, leads nowhere back, and has bounds.

use std::collections::BTreeMap;

use crate::criteria::{Criteria, CriteriaError, Expression, Name};
use crate::error::CatalogueError;
use crate::evaluate::Segments;

/// Segments that refer to each other over more levels.
const LEVELS: usize = 50;
/// Segments that one asks for, those behind others included, each as often as it is asked for.
const ASKED: usize = 5_000;

/// Checks what segments refer to.
pub(crate) fn check(segments: &Segments) -> Result<(), CatalogueError> {
    for (name, criteria) in segments {
        for unknown in references(criteria) {
            if !segments.contains_key(unknown) {
                return Err(CatalogueError::Unknown {
                    segment: name.clone(),
                    unknown: unknown.clone(),
                });
            }
        }
    }
    let mut walk = Walk {
        segments,
        seen: BTreeMap::new(),
    };
    for name in segments.keys() {
        walk.visit(name, &mut Vec::new())?;
    }
    Ok(())
}

impl Criteria {
    /// Whether they name a segment.
    pub(crate) fn refers_to(&self, segment: &Name) -> bool {
        references(self).contains(&segment)
    }

    /// The same, where a segment has another name.
    pub(crate) fn renamed(mut self, from: &Name, to: &Name) -> Self {
        rename(&mut self, from, to);
        self
    }
}

fn rename(criteria: &mut Criteria, from: &Name, to: &Name) {
    match criteria {
        Criteria::All(parts) | Criteria::Any(parts) => parts.iter_mut().for_each(|part| rename(part, from, to)),
        Criteria::Not(part) => rename(part, from, to),
        Criteria::InSegment(name) if name == from => name.clone_from(to),
        Criteria::Is {
            value: Expression::Score(parts),
            ..
        } => parts.iter_mut().for_each(|part| rename(&mut part.when, from, to)),
        _ => {}
    }
}

/// The segments that criteria refer to.
pub(crate) fn references(criteria: &Criteria) -> Vec<&Name> {
    match criteria {
        Criteria::All(parts) | Criteria::Any(parts) => parts.iter().flat_map(references).collect(),
        Criteria::Not(part) => references(part),
        Criteria::InSegment(name) => vec![name],
        Criteria::Is {
            value: Expression::Score(parts),
            ..
        } => parts.iter().flat_map(|part| references(&part.when)).collect(),
        _ => Vec::new(),
    }
}

/// Looks for circles, and for references without bounds.
struct Walk<'s> {
    segments: &'s Segments,
    /// What each asks for, once everything behind it was looked at.
    seen: BTreeMap<&'s Name, Option<Reach>>,
}

/// How far a segment reaches.
#[derive(Clone, Copy)]
struct Reach {
    levels: usize,
    asked: usize,
}

impl<'s> Walk<'s> {
    fn visit(&mut self, name: &'s Name, way: &mut Vec<Name>) -> Result<Reach, CatalogueError> {
        match self.seen.get(name) {
            Some(Some(reach)) => return Ok(*reach),
            Some(None) => {
                way.push(name.clone());
                let start = way.iter().position(|known| known == name).unwrap_or_default();
                return Err(CatalogueError::Cycle(way[start..].to_vec()));
            }
            None => {}
        }
        way.push(name.clone());
        let too_deep = "segments refer to each other over more than 50 levels";
        ensure(way.len() <= LEVELS, name, too_deep)?;
        self.seen.insert(name, None);
        let mut reach = Reach { levels: 1, asked: 1 };
        for next in self.segments.get(name).map(references).unwrap_or_default() {
            let next = self.visit(next, way)?;
            reach.levels = reach.levels.max(next.levels + 1);
            reach.asked = reach.asked.saturating_add(next.asked);
        }
        ensure(reach.levels <= LEVELS, name, too_deep)?;
        let too_many = "asks for more than 5,000 segments, those behind others included";
        ensure(reach.asked <= ASKED, name, too_many)?;
        self.seen.insert(name, Some(reach));
        way.pop();
        Ok(reach)
    }
}

fn ensure(is_right: bool, segment: &Name, text: &str) -> Result<(), CatalogueError> {
    if is_right {
        return Ok(());
    }
    Err(CatalogueError::Criteria {
        segment: segment.clone(),
        error: CriteriaError {
            place: "in segment".to_owned(),
            text: text.to_owned(),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Zone;
    use crate::catalogue::Catalogue;

    fn catalogue(segments: &[(&str, &str)]) -> Result<Catalogue, CatalogueError> {
        let segment = |(name, text): &(&str, &str)| (Name::new(name).unwrap(), text.parse().unwrap());
        Catalogue::new(Zone::UTC, segments.iter().map(segment))
    }

    #[test]
    fn a_circle_is_refused_with_its_way() {
        let circle = catalogue(&[
            ("a", "in segment \"b\""),
            ("b", "not (everyone and in segment \"c\")"),
            ("c", "score(1 if in segment \"a\") > 0"),
        ]);
        let Err(CatalogueError::Cycle(way)) = circle else {
            panic!("{circle:?}")
        };
        assert_eq!((way.len(), way.first()), (4, way.last()));
    }

    #[test]
    fn references_have_bounds() {
        let chain = |length: usize| {
            let names: Vec<String> = (0..=length).map(|number| format!("s{number:05}")).collect();
            let text = |number: usize| match number {
                0 => "everyone".to_owned(),
                _ => format!("in segment \"{}\"", names[number - 1]),
            };
            let segments =
                (0..=length).map(|number| (Name::new(&names[number]).unwrap(), text(number).parse().unwrap()));
            Catalogue::new(Zone::UTC, segments)
        };
        assert!(chain(49).is_ok());
        assert!(matches!(chain(50), Err(CatalogueError::Criteria { .. })));
        assert!(matches!(chain(20_000), Err(CatalogueError::Criteria { .. })));
        let twice = |number: usize| {
            let before = format!("in segment \"s{:02}\"", number - 1);
            (
                format!("s{number:02}"),
                format!("({before} and count(orders) > {number}) or {before}"),
            )
        };
        let diamonds: Vec<(String, String)> = std::iter::once(("s00".to_owned(), "everyone".to_owned()))
            .chain((1..20).map(twice))
            .collect();
        let diamonds: Vec<(&str, &str)> = diamonds.iter().map(|(name, text)| (&**name, &**text)).collect();
        assert!(catalogue(&diamonds[..10]).is_ok());
        assert!(matches!(catalogue(&diamonds), Err(CatalogueError::Criteria { .. })));
    }

    #[test]
    fn a_segment_may_be_used_twice_and_must_be_there() {
        let twice = [("a", "in segment \"b\" or not in segment \"b\""), ("b", "everyone")];
        assert!(catalogue(&twice).is_ok());
        let missing = catalogue(&[("a", "in segment \"b\"")]);
        assert!(matches!(missing, Err(CatalogueError::Unknown { .. })), "{missing:?}");
    }
}
