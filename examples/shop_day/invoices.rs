//! Reads invoices from CSV, grouped by number even when the lines of one are not together. What is held in memory are the invoices
//! whose last line has not come yet.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use chrono::{DateTime, NaiveDateTime, Utc};
use ecrm::core::{Availability, Currency, Quantity, UnitPrice};
use flate2::read::MultiGzDecoder;

use crate::Failure;
use crate::index::Index;

/// One invoice with all its lines, and the lines that could not be read.
pub struct Invoice {
    pub number: String,
    pub lines: Vec<Line>,
    pub broken: Vec<BrokenLine>,
}

/// One readable line.
pub struct Line {
    pub number: u64,
    pub stock_code: String,
    pub description: String,
    pub quantity: Quantity,
    pub at: DateTime<Utc>,
    pub unit_price: UnitPrice,
    pub customer: Option<String>,
    pub country: String,
    pub category: Option<String>,
    pub availability: Availability,
}

/// A line that could not be read: its number in the file, and why.
pub struct BrokenLine {
    pub number: u64,
    pub reason: String,
}

impl Invoice {
    pub fn is_cancellation(&self) -> bool {
        is_cancellation(&self.number)
    }

    /// When it was made; nothing where no line could be read.
    pub fn at(&self) -> Option<DateTime<Utc>> {
        self.lines.first().map(|line| line.at)
    }
}

/// Whether a number is that of a cancellation.
pub fn is_cancellation(number: &str) -> bool {
    number.starts_with('C')
}

/// Reads the file again, an invoice at a time, each as soon as its last line was seen.
pub fn read<'i>(
    file: &Path,
    index: &'i Index,
) -> Result<impl Iterator<Item = Result<Invoice, Failure>> + use<'i>, Failure> {
    let mut rows = Rows::open(file)?;
    let mut open: HashMap<String, Invoice> = HashMap::new();
    Ok(std::iter::from_fn(move || {
        next_invoice(&mut rows, &mut open, index).transpose()
    }))
}

fn next_invoice(
    rows: &mut Rows,
    open: &mut HashMap<String, Invoice>,
    index: &Index,
) -> Result<Option<Invoice>, Failure> {
    while rows.next()? {
        let (key, number) = (rows.field("InvoiceNo").into_owned(), rows.number());
        let is_last = index.is_last(&key, number);
        let mut invoice = match open.entry(key.clone()) {
            Entry::Occupied(entry) => entry.remove(),
            Entry::Vacant(_) => Invoice {
                number: key.clone(),
                lines: Vec::new(),
                broken: Vec::new(),
            },
        };
        match rows.line() {
            Ok(line) => invoice.lines.push(line),
            Err(reason) => invoice.broken.push(BrokenLine { number, reason }),
        }
        if is_last {
            return Ok(Some(invoice));
        }
        open.insert(key, invoice);
    }
    Ok(None)
}

/// The rows of a CSV file with a header line.
pub struct Rows {
    reader: csv::Reader<Box<dyn Read>>,
    columns: HashMap<String, usize>,
    row: csv::ByteRecord,
}

impl Rows {
    pub fn open(file: &Path) -> Result<Self, Failure> {
        let opened = File::open(file).map_err(|error| format!("{} cannot be opened: {error}", file.display()))?;
        let mut reader = BufReader::with_capacity(1 << 16, opened);
        let is_gzip = reader.fill_buf()?.starts_with(&[0x1f, 0x8b]);
        let input: Box<dyn Read> = if is_gzip {
            Box::new(MultiGzDecoder::new(reader))
        } else {
            Box::new(reader)
        };
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
        let columns: HashMap<_, _> = reader
            .byte_headers()?
            .iter()
            .enumerate()
            .map(|(index, name)| (decode(name).trim_start_matches('\u{feff}').to_owned(), index))
            .collect();
        for needed in [
            "InvoiceNo",
            "StockCode",
            "Quantity",
            "InvoiceDate",
            "UnitPrice",
            "CustomerID",
        ] {
            if !columns.contains_key(needed) {
                return Err(format!("{} has no column {needed}", file.display()).into());
            }
        }
        Ok(Self {
            reader,
            columns,
            row: csv::ByteRecord::new(),
        })
    }

    pub fn next(&mut self) -> Result<bool, Failure> {
        Ok(self.reader.read_byte_record(&mut self.row)?)
    }

    /// The number of the row, the header being 1: that of its line, in a file of one line a row.
    pub fn number(&self) -> u64 {
        self.row.position().map_or(0, |position| position.record() + 1)
    }

    /// The text of a column, without blanks around it; empty where the column or the field is missing.
    pub fn field(&self, name: &str) -> std::borrow::Cow<'_, str> {
        let bytes = self
            .columns
            .get(name)
            .and_then(|&index| self.row.get(index))
            .unwrap_or_default();
        decode(bytes.trim_ascii())
    }

    fn line(&self) -> Result<Line, String> {
        if self.row.iter().any(|field| field.contains(&0)) {
            return Err("has a zero byte".to_owned());
        }
        if self.field("InvoiceNo").is_empty() {
            return Err("has no invoice number".to_owned());
        }
        let stock_code = self.field("StockCode");
        if stock_code.is_empty() {
            return Err("has no stock code".to_owned());
        }
        let currency = match self.field("Currency").as_ref() {
            "" => Currency::GBP,
            code => code.parse().map_err(|error| format!("{error}"))?,
        };
        let price = rust_decimal::Decimal::from_str_exact(&self.field("UnitPrice"))
            .map_err(|_| "has a price that is not a number".to_owned())?;
        Ok(Line {
            number: self.number(),
            description: match self.field("Description").as_ref() {
                "" => stock_code.clone().into_owned(),
                text => text.to_owned(),
            },
            stock_code: stock_code.into_owned(),
            quantity: self.field("Quantity").parse().map_err(|error| format!("{error}"))?,
            at: self.instant()?,
            unit_price: UnitPrice::from_decimal(price, currency).map_err(|error| error.to_string())?,
            customer: customer(&self.field("CustomerID")),
            country: match self.field("Country").as_ref() {
                "" => "Unspecified".to_owned(),
                country => country.to_owned(),
            },
            category: Some(self.field("Category").into_owned()).filter(|category| !category.is_empty()),
            availability: self.availability()?,
        })
    }

    pub fn instant(&self) -> Result<DateTime<Utc>, String> {
        instant(&self.field("InvoiceDate"))
    }

    fn availability(&self) -> Result<Availability, String> {
        let expected = match self.field("ExpectedOn").as_ref() {
            "" => None,
            day => Some(
                day.parse()
                    .map_err(|_| "has an expected day that is not a date".to_owned())?,
            ),
        };
        match self.field("Availability").as_ref() {
            "" => Ok(Availability::Unknown),
            code => Availability::from_code(code, expected).map_err(|error| error.to_string()),
        }
    }
}

/// UTF-8, or ISO-8859-1 where it is not: the original of the real data is in the latter.
fn decode(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => bytes.iter().map(|&byte| char::from(byte)).collect::<String>().into(),
    }
}

/// The shop's clock is taken for UTC; the real data does not say.
fn instant(text: &str) -> Result<DateTime<Utc>, String> {
    [
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%d %H:%M",
        "%m/%d/%Y %H:%M",
    ]
    .iter()
    .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
    .map(|naive| naive.and_utc())
    .ok_or_else(|| "has a date that cannot be read; write it as 2026-03-01 09:12:00".to_owned())
}

/// The key of a customer; the real data writes `17850.0`.
fn customer(text: &str) -> Option<String> {
    let key = text.strip_suffix(".0").unwrap_or(text);
    (!key.is_empty()).then(|| key.to_owned())
}
