//! Gaps and overlaps: every axis is cut at all bounds, and every cell must belong to one stage.

use std::ops;

use super::scale::{Extent, Scale};
use super::{Area, ModelError, Stage};

/// Cells that are looked at.
const MOST: usize = 100_000;

/// Checks that each cell belongs to exactly one stage.
pub(super) fn check(scales: &[Scale<'_>], stages: &[Stage]) -> Result<(), ModelError> {
    let grid = Grid::of(scales, stages)?;
    let mut owners: Vec<Option<usize>> = vec![None; grid.size()?];
    for (index, stage) in stages.iter().enumerate() {
        for area in stage.areas() {
            for cell in grid.cells(stage, area)? {
                match owners[cell].replace(index) {
                    Some(other) if other != index => {
                        return Err(ModelError::Overlap {
                            stages: [stages[other].name().clone(), stage.name().clone()],
                            point: grid.tell(cell),
                        });
                    }
                    _ => {}
                }
            }
        }
    }
    match owners.iter().position(Option::is_none) {
        Some(cell) => Err(ModelError::Gap { point: grid.tell(cell) }),
        None => Ok(()),
    }
}

/// All axes with their cuts.
struct Grid<'s, 'm>(Vec<Cuts<'s, 'm>>);

/// An axis and where it is cut: its parts are what lies below the first cut, between two, above the last, and what is missing.
struct Cuts<'s, 'm> {
    scale: &'s Scale<'m>,
    points: Vec<i128>,
}

impl<'s, 'm> Grid<'s, 'm> {
    fn of(scales: &'s [Scale<'m>], stages: &[Stage]) -> Result<Self, ModelError> {
        scales
            .iter()
            .map(|scale| Cuts::of(scale, stages))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    fn size(&self) -> Result<usize, ModelError> {
        self.0
            .iter()
            .try_fold(1_usize, |size, cuts| size.checked_mul(cuts.len()))
            .filter(|size| *size <= MOST)
            .ok_or(ModelError::Cells)
    }

    /// The cells of an area.
    fn cells(&self, stage: &Stage, area: &Area) -> Result<Vec<usize>, ModelError> {
        let mut cells = vec![0];
        for cuts in &self.0 {
            let parts = cuts.parts(stage, area)?;
            cells = cells
                .into_iter()
                .flat_map(|cell| parts.clone().map(move |part| cell * cuts.len() + part))
                .collect();
        }
        Ok(cells)
    }

    /// A point of a cell.
    fn tell(&self, mut cell: usize) -> String {
        let mut axes = Vec::new();
        for cuts in self.0.iter().rev() {
            axes.push(cuts.tell(cell % cuts.len()));
            cell /= cuts.len();
        }
        axes.reverse();
        axes.join(", ")
    }
}

impl<'s, 'm> Cuts<'s, 'm> {
    fn of(scale: &'s Scale<'m>, stages: &[Stage]) -> Result<Self, ModelError> {
        let mut points = Vec::new();
        for stage in stages {
            for range in stage.areas().iter().filter_map(|area| area.range(scale.axis.name())) {
                if let Extent::Values(low, high) = scale.extent(stage.name(), range)? {
                    points.extend(low.into_iter().chain(high));
                }
            }
        }
        points.retain(|point| scale.low.is_none_or(|low| low < *point) && scale.high.is_none_or(|high| *point < high));
        points.sort_unstable();
        points.dedup();
        Ok(Self { scale, points })
    }

    fn len(&self) -> usize {
        self.values() + usize::from(self.scale.may_miss)
    }

    fn values(&self) -> usize {
        self.points.len() + 1
    }

    /// The parts of the axis that an area takes.
    fn parts(&self, stage: &Stage, area: &Area) -> Result<ops::Range<usize>, ModelError> {
        let Some(range) = area.range(self.scale.axis.name()) else {
            return Ok(0..self.len());
        };
        let up_to = |point: i128| self.points.partition_point(|cut| *cut <= point);
        Ok(match self.scale.extent(stage.name(), range)? {
            Extent::Missing => self.values()..self.len(),
            Extent::Values(low, high) => {
                let is_end = |high: &i128| self.scale.high.is_none_or(|end| *high < end);
                low.map_or(0, up_to)..high.filter(is_end).map_or(self.values(), up_to)
            }
        })
    }

    /// A point of a part.
    fn tell(&self, part: usize) -> String {
        let name = self.scale.axis.name();
        if part == self.values() {
            return format!("{name} missing");
        }
        let low = match part.checked_sub(1) {
            Some(cut) => Some(self.points[cut]),
            None => self.scale.low,
        };
        let below = || self.points.first().map_or(0, |first| self.scale.below(*first));
        format!("{name} {}", self.scale.tell(low.unwrap_or_else(below)))
    }
}
