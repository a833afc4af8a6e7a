//! What became of a feed.

use std::collections::BTreeMap;

use ecrm_xml::{Kept, Position, XmlError};

use super::{Applied, RecordError};

/// What became of a feed so far. A dry run gives the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Records of the feed that were looked at, those of earlier runs included.
    pub records: u64,
    /// Records that an earlier run has done.
    pub done_before: u64,
    /// Records that changed something.
    pub changed: u64,
    /// Records of which all was there already.
    pub unchanged: u64,
    /// Records that were not applied, and why.
    pub bad: Vec<BadRecord>,
    /// What was not understood: the path, and how often. What stands in a record or before it was kept with the record; of the rest,
    /// such as attributes of the root, only this is told.
    pub kept: BTreeMap<String, u64>,
    /// How the run ended; nothing while it runs.
    pub end: Option<End>,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// All records were looked at, and the document ended well.
    Complete,
    /// The progress callback said so. The next run goes on here.
    Cancelled,
    /// At a bad record, as the caller wanted. The records before it are committed, and the next run begins with it.
    AtBadRecord,
    /// There were more bad records than the limits allow.
    TooManyBadRecords,
    /// The document is not well-formed, or a part of it is too large. The records before are committed.
    Broken(XmlError),
}

/// A record that was not applied.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BadRecord {
    /// Its number in the feed, from 1.
    pub number: u64,
    /// Where the fault is.
    pub position: Option<Position>,
    /// In which element.
    pub path: Option<String>,
    /// The kind of fault, as a word: that of an [`ErrorCode`](ecrm_xml::ErrorCode), or `store`.
    pub code: &'static str,
    /// What is wrong. It repeats no value of the record.
    pub text: String,
}

impl BadRecord {
    pub(super) fn new(number: u64, position: Position, error: &RecordError) -> Self {
        match error {
            RecordError::Bad(error) => Self {
                number,
                position: error.position().or(Some(position)),
                path: error.path().map(str::to_owned),
                code: error.code().as_str(),
                text: error.text().to_owned(),
            },
            RecordError::Store(error) => Self {
                number,
                position: Some(position),
                path: None,
                code: "store",
                text: error.to_string(),
            },
        }
    }
}

impl std::fmt::Display for BadRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "record {}", self.number)?;
        if let Some(position) = self.position {
            write!(f, " at {position}")?;
        }
        if let Some(path) = &self.path {
            write!(f, ", {path}")?;
        }
        write!(f, ": {}: {}", self.code, self.text)
    }
}

/// The different paths that are counted; further ones are counted together.
const PATHS: usize = 1_000;

impl Report {
    /// Counts a record that was applied, and what was kept of it.
    pub(super) fn note(&mut self, applied: Applied, kept: &[Kept]) {
        match applied {
            Applied::Changed => self.changed += 1,
            Applied::Unchanged => self.unchanged += 1,
        }
        self.note_kept(kept);
    }

    pub(super) fn note_kept(&mut self, kept: &[Kept]) {
        for part in kept {
            self.count_kept(part.path(), 1);
        }
    }

    /// Adds what one batch brought.
    pub(super) fn add(&mut self, batch: Report) {
        self.changed += batch.changed;
        self.unchanged += batch.unchanged;
        self.bad.extend(batch.bad);
        for (path, count) in batch.kept {
            self.count_kept(&path, count);
        }
    }

    fn count_kept(&mut self, path: &str, more: u64) {
        let is_full = self.kept.len() >= PATHS && !self.kept.contains_key(path);
        let path = if is_full { "…" } else { path };
        *self.kept.entry(path.to_owned()).or_default() += more;
    }
}
