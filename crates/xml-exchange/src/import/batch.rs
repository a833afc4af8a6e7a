//! Records that are applied in one transaction.

use std::io::Read;

use ecrm_store::hex;
use ecrm_xml::{Record, XmlError};
use sha2::{Digest, Sha256};

use super::{End, Feed, Report};
use crate::store::FeedProgress;

/// The bytes of a batch: it ends with the record that goes beyond. What a record costs in memory is several times its text.
const BATCH_BYTES: usize = 1 << 20;

/// Records that are applied in one transaction. They are read before it begins, because the host may repeat it.
pub(super) struct Batch {
    most: usize,
    /// They are filled again and again, so that a record costs no new memory.
    records: Vec<Record>,
    pub(super) entries: Vec<Entry>,
    pub(super) end: Option<Result<(), XmlError>>,
    /// How far the feed was before this batch.
    before: FeedProgress,
}

pub(super) struct Entry {
    pub(super) number: u64,
    slot: usize,
    pub(super) fault: Option<XmlError>,
}

impl Batch {
    /// No records yet; the first ones follow those that are done.
    pub(super) fn behind(done: &FeedProgress, most: usize) -> Self {
        Self {
            most,
            records: Vec::new(),
            entries: Vec::new(),
            end: None,
            before: done.clone(),
        }
    }

    /// Reads the next records.
    pub(super) fn read<R: Read>(&mut self, feed: &mut Feed<R>) {
        self.forget_large_records();
        self.entries.clear();
        self.end = None;
        let mut bytes = 0;
        while self.entries.len() < self.most && bytes < BATCH_BYTES && self.end.is_none() {
            let slot = self.entries.len();
            if slot == self.records.len() {
                self.records.push(Record::new());
            }
            let record = &mut self.records[slot];
            let fault = match feed.next(record) {
                Ok(true) => {
                    bytes += record.source().len();
                    None
                }
                Ok(false) => {
                    self.end = Some(Ok(()));
                    return;
                }
                Err(error) if error.is_recoverable() => {
                    *record = Record::new();
                    Some(error)
                }
                Err(error) => {
                    self.end = Some(Err(error));
                    return;
                }
            };
            let number = feed.number();
            self.entries.push(Entry { number, slot, fault });
        }
    }

    pub(super) fn record(&self, entry: &Entry) -> &Record {
        &self.records[entry.slot]
    }

    /// Where the feed is after this outcome: behind the batch, or before the record at which the run ends.
    pub(super) fn progress(&self, outcome: &Report) -> FeedProgress {
        let last = match (&outcome.end, outcome.bad.last()) {
            (Some(End::AtBadRecord), Some(bad)) => bad.number.saturating_sub(1),
            (Some(End::TooManyBadRecords), Some(bad)) => bad.number,
            _ => u64::MAX,
        };
        let mut progress = self.before.clone();
        for entry in self.entries.iter().take_while(|entry| entry.number <= last) {
            progress.records = entry.number;
            progress.digest = match &entry.fault {
                Some(error) => chained(&progress.digest, error.text()),
                None => chained(&progress.digest, self.record(entry).source()),
            };
        }
        progress.is_complete = outcome.end == Some(End::Complete);
        progress
    }

    /// Leaves the batch behind, now that it is committed, and tells how many records of the feed are done.
    pub(super) fn pass(&mut self, progress: FeedProgress) -> u64 {
        self.before = progress;
        self.before.records
    }

    /// A record keeps the memory of the largest that it ever was; together they keep no more than a batch.
    fn forget_large_records(&mut self) {
        let share = BATCH_BYTES / self.most;
        for record in &mut self.records {
            if record.source().len() > share {
                *record = Record::new();
            }
        }
    }
}

/// The digest of all records up to this one, of which the one before has `digest`: SHA-256, in hexadecimal.
pub(super) fn chained(before: &str, record: &str) -> String {
    let digest = Sha256::new().chain_update(before).chain_update(record).finalize();
    hex(&digest)
}
