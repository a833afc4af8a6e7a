//! Temporary files of orders and visits, each of some thousand customers who follow one another.
//!
//! They have no name: the system removes them when they are closed, however the program ends.

use std::fs::File;
use std::io::{BufWriter, Read, Seek, Write};
use std::path::Path;

use chrono::{DateTime, Utc};

use super::rows::{LineRow, OrderRow};
use crate::Failure;

/// Some systems allow a program no more than 256 open files.
const MOST: usize = 128;
/// Below this many customers a file is not worth a transaction of its own.
const FEWEST_CUSTOMERS: usize = 4_096;
const BUFFER: usize = 1 << 15;

const VISIT: u8 = 0;
const ORDER: u8 = 1;

/// Deals out what happened to the customers, who are known by their place among all.
pub struct Writer {
    files: Vec<BufWriter<File>>,
    customers: usize,
    in_each: usize,
}

/// A bucket that is written and waits to be read.
pub struct Closed {
    file: File,
    size: u32,
}

/// A bucket in memory.
pub struct Bucket {
    bytes: Vec<u8>,
    events: Vec<Place>,
    size: u32,
}

/// Where an event stands in its bucket. The order is that of the customers, and of time for each.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    customer: u32,
    at: i64,
    offset: usize,
}

/// What happened.
pub enum Event {
    Order(OrderRow),
    Visit,
}

impl Writer {
    /// Files beside the database, where there has to be room anyway.
    pub fn create(beside: &Path, customers: usize) -> Result<Self, Failure> {
        let in_each = customers.div_ceil(MOST).max(FEWEST_CUSTOMERS);
        let folder = match beside.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let files = (0..customers.div_ceil(in_each))
            .map(|_| tempfile::tempfile_in(folder).map(|file| BufWriter::with_capacity(BUFFER, file)))
            .collect::<Result<_, _>>()
            .map_err(|error| format!("no temporary file can be made in {}: {error}", folder.display()))?;
        Ok(Self {
            files,
            customers,
            in_each,
        })
    }

    pub fn visit(&mut self, customer: usize, at: DateTime<Utc>) -> Result<(), Failure> {
        self.write(VISIT, customer, at, &[])
    }

    pub fn order(&mut self, customer: usize, at: DateTime<Utc>, order: &OrderRow) -> Result<(), Failure> {
        let mut bytes = Vec::with_capacity(12 + 20 * order.lines.len());
        bytes.extend(order.id.to_le_bytes());
        bytes.extend(u32::try_from(order.lines.len())?.to_le_bytes());
        for line in &order.lines {
            bytes.extend(line.product.to_le_bytes());
            bytes.extend(line.category.to_le_bytes());
            bytes.extend(line.quantity.to_le_bytes());
            bytes.extend(line.cents.to_le_bytes());
        }
        self.write(ORDER, customer, at, &bytes)
    }

    /// The buckets, in the order of their customers.
    pub fn close(self) -> Result<Vec<Closed>, Failure> {
        let (customers, in_each) = (self.customers, self.in_each);
        let close = |(index, file): (usize, BufWriter<File>)| {
            let size = in_each.min(customers - index * in_each);
            let mut file = file.into_inner().map_err(|error| full(error.into_error()))?;
            file.rewind()?;
            Ok(Closed {
                file,
                size: u32::try_from(size)?,
            })
        };
        self.files.into_iter().enumerate().map(close).collect()
    }

    fn write(&mut self, kind: u8, customer: usize, at: DateTime<Utc>, rest: &[u8]) -> Result<(), Failure> {
        let place = u32::try_from(customer % self.in_each)?;
        let file = &mut self.files[customer / self.in_each];
        file.write_all(&[kind])
            .and_then(|()| file.write_all(&place.to_le_bytes()))
            .and_then(|()| file.write_all(&at.timestamp().to_le_bytes()))
            .and_then(|()| file.write_all(rest))
            .map_err(full)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn full(error: std::io::Error) -> Failure {
    format!("a temporary file beside the database cannot be written: {error}; make room there").into()
}

impl Closed {
    pub fn read(mut self) -> Result<Bucket, Failure> {
        let mut bytes = Vec::new();
        self.file
            .read_to_end(&mut bytes)
            .map_err(|error| format!("a temporary file cannot be read back: {error}"))?;
        Ok(Bucket {
            events: places(&bytes)?,
            bytes,
            size: self.size,
        })
    }
}

impl Bucket {
    /// How many customers it is of.
    pub fn size(&self) -> u32 {
        self.size
    }

    /// What happened, customer by customer, and for each in the order of time.
    pub fn events(&self) -> &[Place] {
        &self.events
    }

    pub fn event(&self, place: &Place) -> Result<Event, Failure> {
        let mut bytes = Bytes(&self.bytes[place.offset..]);
        let (kind, _, _) = bytes.head()?;
        if kind == VISIT {
            return Ok(Event::Visit);
        }
        let (id, count) = (u64::from_le_bytes(bytes.take()?), bytes.count()?);
        let lines = (0..count).map(|_| bytes.line()).collect::<Result<_, _>>()?;
        Ok(Event::Order(OrderRow { id, lines }))
    }
}

impl Place {
    /// The place of the customer in the bucket.
    pub fn customer(&self) -> usize {
        self.customer as usize
    }

    /// When it happened, in seconds since 1970.
    pub fn at(&self) -> i64 {
        self.at
    }
}

/// Where each event of a bucket stands.
fn places(bytes: &[u8]) -> Result<Vec<Place>, Failure> {
    let mut places = Vec::new();
    let mut rest = Bytes(bytes);
    while !rest.0.is_empty() {
        let offset = bytes.len() - rest.0.len();
        let (kind, customer, at) = rest.head()?;
        places.push(Place { customer, at, offset });
        if kind == ORDER {
            rest.take::<8>()?;
            for _ in 0..rest.count()? {
                rest.line()?;
            }
        }
    }
    places.sort_unstable();
    Ok(places)
}

/// What is left of the bytes of a bucket.
struct Bytes<'b>(&'b [u8]);

impl Bytes<'_> {
    fn head(&mut self) -> Result<(u8, u32, i64), Failure> {
        let [kind] = self.take()?;
        Ok((kind, self.count()?, i64::from_le_bytes(self.take()?)))
    }

    fn count(&mut self) -> Result<u32, Failure> {
        self.take().map(u32::from_le_bytes)
    }

    fn line(&mut self) -> Result<LineRow, Failure> {
        Ok(LineRow {
            product: self.count()?,
            category: self.count()?,
            quantity: i32::from_le_bytes(self.take()?),
            cents: i64::from_le_bytes(self.take()?),
        })
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], Failure> {
        let (taken, rest) = self
            .0
            .split_first_chunk()
            .ok_or("a temporary file ends too early; the disk may be broken")?;
        self.0 = rest;
        Ok(*taken)
    }
}
