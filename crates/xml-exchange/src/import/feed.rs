//! The input of an import: plain or compressed, record after record.

use std::io::{self, BufRead, BufReader, Read, Write};

use ecrm_xml::{Kept, Limits, Reader, Record, WriteError, XmlError};
use flate2::Compression;
use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;

/// A document of many records. gzip is recognised by its first bytes; the limits count what comes out of it.
#[derive(Debug)]
pub struct Feed<R: Read> {
    reader: Reader<Input<R>>,
    number: u64,
    is_begun: bool,
    /// What stands in no record and was not told yet.
    left_over: Vec<Kept>,
}

impl<R: Read> Feed<R> {
    /// A feed from any input.
    pub fn new(input: R, limits: Limits) -> Self {
        Self {
            reader: Reader::new(Input::Unknown(Some(BufReader::new(input))), limits),
            number: 0,
            is_begun: false,
            left_over: Vec::new(),
        }
    }

    /// The limits that hold.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        self.reader.limits()
    }

    /// The number of the last record that was read or passed over as bad, from 1.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Reads the next record; false at the end.
    ///
    /// # Errors
    /// As [`Reader::next_record`].
    pub fn next(&mut self, record: &mut Record) -> Result<bool, XmlError> {
        if !self.is_begun {
            self.reader.root(record)?;
            self.is_begun = true;
            self.left_over = record.leftovers()?;
        }
        let next = self.reader.next_record(record);
        if matches!(next, Ok(true)) || matches!(&next, Err(error) if error.is_recoverable()) {
            self.number += 1;
        }
        if matches!(next, Ok(false)) {
            self.left_over.append(&mut record.leftovers()?);
        }
        next
    }

    /// What was found since the last call that stands in no record: the attributes of the root, the comments and processing
    /// instructions before it and behind the last record. Those before a record are left over in the record.
    pub fn take_left_over(&mut self) -> Vec<Kept> {
        std::mem::take(&mut self.left_over)
    }
}

/// The first byte of gzip; no document begins with it.
const GZIP: u8 = 0x1F;

/// An input whose first bytes tell what it is.
enum Input<R: Read> {
    /// Nothing was read yet.
    Unknown(Option<BufReader<R>>),
    Plain(BufReader<R>),
    Gzip(Box<MultiGzDecoder<BufReader<R>>>),
}

impl<R: Read> Read for Input<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(input) => input.read(buffer),
            Self::Gzip(input) => input.read(buffer),
            Self::Unknown(unknown) => {
                let Some(input) = unknown.as_mut() else { return Ok(0) };
                let is_gzip = input.fill_buf()?.starts_with(&[GZIP]);
                let Some(input) = unknown.take() else { return Ok(0) };
                *self = if is_gzip {
                    Self::Gzip(Box::new(MultiGzDecoder::new(input)))
                } else {
                    Self::Plain(input)
                };
                self.read(buffer)
            }
        }
    }
}

impl<R: Read> std::fmt::Debug for Input<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Unknown(_) => "Unknown",
            Self::Plain(_) => "Plain",
            Self::Gzip(_) => "Gzip",
        })
    }
}

/// Compresses what `write` writes; the same content gives the same bytes.
///
/// # Errors
/// Those of `write`, and of the sink.
///
/// ```
/// use ecrm_xml::{Limits, Record, Writer};
/// use ecrm_xml::format::{VOCABULARY, write_records};
/// use ecrm_xml_exchange::import::{Feed, write_gzip};
/// let bytes = write_gzip(Vec::new(), |sink| {
///     let mut writer = Writer::to(&VOCABULARY, sink);
///     write_records(&mut writer, &[], []);
///     writer.finish().map(|_| ())
/// })?;
/// assert!(!Feed::new(&bytes[..], Limits::default()).next(&mut Record::new())?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_gzip<W: Write>(
    sink: W,
    write: impl FnOnce(&mut dyn Write) -> Result<(), WriteError>,
) -> Result<W, WriteError> {
    let mut encoder = GzEncoder::new(sink, Compression::default());
    write(&mut encoder)?;
    Ok(encoder.finish()?)
}
