//! What came into a segment and what left it, for campaigns and exports: read from a place in the log on.

use chrono::{DateTime, Utc};
use ecrm_store::Session;

use crate::criteria::Name;
use crate::error::SegmentationError;
use crate::members::CustomerSet;
use crate::model::Crossing;
use crate::segmentation::Segmentation;
use crate::store::{definitions, differences, log};

/// A place in the log of all segments. Keep it with what was done about the changes before it, in one transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogCursor(i64);

impl LogCursor {
    /// Before everything.
    pub const START: Self = Self(0);

    /// As a number, to be kept.
    #[must_use]
    pub fn to_number(self) -> i64 {
        self.0
    }

    /// From the number that was kept.
    #[must_use]
    pub fn from_number(number: i64) -> Self {
        Self(number)
    }
}

/// What happened to a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// Somebody came in or left.
    Crossing(Crossing),
    /// The segment was defined, or defined anew: who is in it is told by [`Segmentation::members`], who came in and left by it by
    /// [`Segmentation::difference`].
    Defined {
        /// Since which version.
        version: u32,
        /// When.
        at: DateTime<Utc>,
        /// How many came in; for the first version its members.
        entered: u64,
        /// How many left.
        left: u64,
    },
}

/// Changes of a segment.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Changes {
    /// In the order in which they became part of the sets.
    pub changes: Vec<Change>,
    /// Behind the last of them: ask from there on.
    pub next: LogCursor,
}

/// Who came into a segment, and who left it, by a new version of its definition.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Difference {
    /// Who came in.
    pub entered: CustomerSet,
    /// Who left.
    pub left: CustomerSet,
}

impl Segmentation {
    /// The end of the log: what comes behind it has not happened yet, or has not been folded by [`advance`](Self::advance).
    ///
    /// # Errors
    /// [`SegmentationError::NotInstalled`].
    pub fn latest(&self, session: &mut dyn Session) -> Result<LogCursor, SegmentationError> {
        let (state, _) = self.read(session)?;
        Ok(LogCursor(state.position))
    }

    /// What happened to a segment behind a place in the log, at most `limit` changes. Nothing is missed and nothing comes twice: what
    /// events wrote gets its place by [`advance`](Self::advance), and places are only ever given behind those that can be read.
    ///
    /// ```
    /// # use ecrm_segmentation::criteria::Name;
    /// # use ecrm_segmentation::{Change, LogCursor, Segmentation, SegmentationError};
    /// # use ecrm_store::Session;
    /// # fn story(
    /// #     session: &mut dyn Session, segments: &Segmentation, segment: &Name, cursor: LogCursor,
    /// # ) -> Result<LogCursor, SegmentationError> {
    /// let news = segments.changes(session, segment, cursor, 100)?;
    /// for change in news.changes {
    ///     if let Change::Crossing(crossing) = change {
    ///         println!("{} since {}", crossing.is_member, crossing.at);
    ///     }
    /// }
    /// # Ok(news.next)
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`SegmentationError::UnknownSegment`].
    pub fn changes(
        &self,
        session: &mut dyn Session,
        segment: &Name,
        after: LogCursor,
        limit: u32,
    ) -> Result<Changes, SegmentationError> {
        let unknown = || SegmentationError::UnknownSegment(segment.clone());
        let number = definitions::find(session, segment)?.ok_or_else(unknown)?.segment;
        let entries = log::behind(session, number, after.0, limit)?.into_iter();
        let crossing = |(position, entry): (i64, log::Entry)| {
            let crossing = Crossing {
                customer: entry.customer,
                segment: segment.clone(),
                is_member: entry.is_member,
                at: entry.at,
                reason: entry.reason,
            };
            (position, Change::Crossing(crossing))
        };
        let mut all: Vec<(i64, Change)> = entries.map(crossing).collect();
        for replaced in definitions::behind(session, number, after.0)? {
            let change = Change::Defined {
                version: replaced.version,
                at: replaced.defined_at,
                entered: replaced.entered,
                left: replaced.left,
            };
            all.push((replaced.position, change));
        }
        all.sort_by_key(|(position, _)| *position);
        all.truncate(limit as usize);
        Ok(Changes {
            next: all.last().map_or(after, |(position, _)| LogCursor(*position)),
            changes: all.into_iter().map(|(_, change)| change).collect(),
        })
    }

    /// Who came into a segment and left it when a version of its definition took the place of the one before. Nobody for the first
    /// version.
    ///
    /// # Errors
    /// [`SegmentationError::UnknownSegment`].
    pub fn difference(
        &self,
        session: &mut dyn Session,
        segment: &Name,
        version: u32,
    ) -> Result<Difference, SegmentationError> {
        let unknown = || SegmentationError::UnknownSegment(segment.clone());
        let number = definitions::find(session, segment)?.ok_or_else(unknown)?.segment;
        let (entered, left) = differences::load(session, (number, version))?;
        Ok(Difference {
            entered: CustomerSet::of(entered, Vec::new(), 0),
            left: CustomerSet::of(left, Vec::new(), 0),
        })
    }
}
