//! CSV files with a header line, and errors that name the file and the line.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use chrono::{DateTime, Utc};
use csv::{ByteRecord, ErrorKind, Position, Reader, ReaderBuilder};

use crate::Failure;

/// A CSV file, read row by row.
pub struct Table {
    path: PathBuf,
    reader: Reader<File>,
    columns: Vec<(&'static str, usize)>,
    row: ByteRecord,
}

impl Table {
    /// Opens a file of a folder, which must have these columns.
    pub fn open(folder: &Path, name: &str, columns: &[&'static str]) -> Result<Self, Failure> {
        let path = folder.join(name);
        let file = File::open(&path).map_err(|error| {
            format!(
                "{} cannot be opened: {error}; --data must name the folder in which it is",
                path.display()
            )
        })?;
        let mut reader = ReaderBuilder::new().buffer_capacity(1 << 16).from_reader(file);
        let header = reader.byte_headers().map_err(|error| broken(&path, &error))?.clone();
        let columns = columns
            .iter()
            .map(|name| match header.iter().position(|found| found == name.as_bytes()) {
                Some(index) => Ok((*name, index)),
                None => Err(format!(
                    "{}, line 1: has no column {name}; its columns must be {}",
                    path.display(),
                    columns.join(",")
                )),
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            path,
            reader,
            columns,
            row: ByteRecord::new(),
        })
    }

    /// Goes to the next row; false at the end.
    pub fn next(&mut self) -> Result<bool, Failure> {
        self.reader
            .read_byte_record(&mut self.row)
            .map_err(|error| broken(&self.path, &error).into())
    }

    /// The size of the file, and how much of it was read, in bytes.
    pub fn progress(&self) -> (u64, u64) {
        let size = self.reader.get_ref().metadata().map_or(0, |metadata| metadata.len());
        (size, self.reader.position().byte())
    }

    /// A field as text.
    pub fn text(&self, column: &'static str) -> Result<&str, Failure> {
        std::str::from_utf8(self.field(column))
            .map_err(|_| self.error(&format!("{column} is not UTF-8; save the file as UTF-8")))
    }

    /// A field as a number.
    pub fn number<T: FromStr>(&self, column: &'static str) -> Result<T, Failure> {
        let field = self.field(column);
        std::str::from_utf8(field)
            .ok()
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| {
                let found = String::from_utf8_lossy(field);
                self.error(&format!(
                    "{column} is `{found}` instead of a whole number that fits; correct it"
                ))
            })
    }

    /// A field as an instant, which is written in seconds since 1970.
    pub fn instant(&self, column: &'static str) -> Result<DateTime<Utc>, Failure> {
        DateTime::from_timestamp(self.number(column)?, 0)
            .ok_or_else(|| self.error(&format!("{column} is no instant; write seconds since 1970")))
    }

    /// A field that is 0 or 1.
    pub fn flag(&self, column: &'static str) -> Result<bool, Failure> {
        match self.field(column) {
            b"0" => Ok(false),
            b"1" => Ok(true),
            other => {
                let found = String::from_utf8_lossy(other);
                Err(self.error(&format!("{column} is `{found}` instead of 0 or 1; correct it")))
            }
        }
    }

    /// An error about this row.
    pub fn error(&self, what: &str) -> Failure {
        let line = line_of(self.row.position());
        format!("{}, line {line}: {what}", self.path.display()).into()
    }

    fn field(&self, column: &'static str) -> &[u8] {
        self.columns
            .iter()
            .find(|(name, _)| *name == column)
            .and_then(|&(_, index)| self.row.get(index))
            .unwrap_or_default()
    }
}

fn broken(path: &Path, error: &csv::Error) -> String {
    let path = path.display();
    match error.kind() {
        ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let line = line_of(pos.as_ref());
            format!("{path}, line {line}: has {len} fields instead of {expected_len}; correct it")
        }
        _ => format!("{path} cannot be read: {error}"),
    }
}

/// The number of a row, the header being 1: that of its line, in a file of one line a row.
fn line_of(row: Option<&Position>) -> u64 {
    row.map_or(0, |position| position.record() + 1)
}
