//! What the rows of the files say.

use std::cmp::Ordering;
use std::path::Path;

use chrono::{DateTime, Utc};
use ecrm::core::{Country, Currency, UnitPrice};

use super::table::Table;
use crate::Failure;

/// A cent in the millionths in which prices are kept.
const MICROS_OF_A_CENT: i64 = 10_000;

/// A row of `customers.csv`.
pub struct CustomerRow {
    pub id: u64,
    pub preferred_channel: String,
    pub email: bool,
    pub sms: bool,
    pub country: Country,
    pub created: DateTime<Utc>,
}

/// A row of `orders.csv` with its rows of `lines.csv`.
pub struct OrderRow {
    pub id: u64,
    pub lines: Vec<LineRow>,
}

/// A row of `lines.csv`.
pub struct LineRow {
    pub product: u32,
    pub category: u32,
    pub quantity: i32,
    pub cents: i64,
}

impl LineRow {
    pub fn price(&self) -> UnitPrice {
        UnitPrice::from_micros(self.cents.saturating_mul(MICROS_OF_A_CENT), Currency::EUR)
    }
}

/// Customers, in the order of their ids.
pub struct Customers {
    table: Table,
    last: Option<u64>,
}

impl Customers {
    pub fn open(folder: &Path) -> Result<Self, Failure> {
        let columns = [
            "id",
            "pref_channel",
            "consent_email",
            "consent_sms",
            "country",
            "created",
        ];
        Ok(Self {
            table: Table::open(folder, "customers.csv", &columns)?,
            last: None,
        })
    }

    pub fn next(&mut self) -> Result<Option<CustomerRow>, Failure> {
        let table = &mut self.table;
        if !table.next()? {
            return Ok(None);
        }
        let id = table.number("id")?;
        if self.last.replace(id).is_some_and(|last| last >= id) {
            return Err(table.error("id is not greater than the one before; sort the file by id, each once"));
        }
        let channel = table.text("pref_channel")?;
        if channel.is_empty() {
            return Err(table.error("pref_channel is empty; write a word such as email"));
        }
        Ok(Some(CustomerRow {
            id,
            preferred_channel: channel.to_owned(),
            email: table.flag("consent_email")?,
            sms: table.flag("consent_sms")?,
            country: table
                .text("country")?
                .parse()
                .map_err(|error| table.error(&format!("{error}")))?,
            created: table.instant("created")?,
        }))
    }

    /// The error of a file that has fewer rows than when it was read before.
    pub fn changed(&self) -> Failure {
        self.table
            .error("the file has changed while it was read; load it again")
    }

    pub fn progress(&self) -> (u64, u64) {
        self.table.progress()
    }
}

/// Orders with their lines: both files are in the order of the orders' ids.
pub struct Orders {
    orders: Table,
    lines: Table,
    last: Option<u64>,
    /// The order that the row of `lines` belongs to; none at the end of the file.
    next_line: Option<u64>,
}

/// An order, whose customer is known by his key in the files.
pub struct Placed {
    pub customer: u64,
    pub at: DateTime<Utc>,
    pub order: OrderRow,
}

impl Orders {
    pub fn open(folder: &Path) -> Result<Self, Failure> {
        let mut opened = Self {
            orders: Table::open(folder, "orders.csv", &["id", "customer_id", "ts", "total_cents"])?,
            lines: Table::open(
                folder,
                "lines.csv",
                &["order_id", "product_id", "category_id", "qty", "price_cents"],
            )?,
            last: None,
            next_line: None,
        };
        opened.advance()?;
        Ok(opened)
    }

    pub fn next(&mut self) -> Result<Option<Placed>, Failure> {
        if !self.orders.next()? {
            return match self.next_line {
                Some(order) => Err(self.stray_line(order)),
                None => Ok(None),
            };
        }
        let id: u64 = self.orders.number("id")?;
        if self.last.replace(id).is_some_and(|last| last >= id) {
            let what = "id is not greater than the one before; sort the file by id, each once";
            return Err(self.orders.error(what));
        }
        let lines = self.lines_of(id)?;
        self.check_total(&lines)?;
        Ok(Some(Placed {
            customer: self.orders.number("customer_id")?,
            at: self.orders.instant("ts")?,
            order: OrderRow { id, lines },
        }))
    }

    /// The error of an order whose customer is not there.
    pub fn of_nobody(&self) -> Failure {
        nobody(&self.orders)
    }

    pub fn progress(&self) -> (u64, u64) {
        let ((size, read), (lines_size, lines_read)) = (self.orders.progress(), self.lines.progress());
        (size + lines_size, read + lines_read)
    }

    fn lines_of(&mut self, order: u64) -> Result<Vec<LineRow>, Failure> {
        let mut lines = Vec::new();
        while let Some(of) = self.next_line {
            match of.cmp(&order) {
                Ordering::Less => return Err(self.stray_line(of)),
                Ordering::Equal => lines.push(self.line()?),
                Ordering::Greater => break,
            }
            self.advance()?;
        }
        Ok(lines)
    }

    fn line(&self) -> Result<LineRow, Failure> {
        let cents: i64 = self.lines.number("price_cents")?;
        if cents.checked_mul(MICROS_OF_A_CENT).is_none() {
            return Err(self.lines.error("price_cents is too large; correct it"));
        }
        Ok(LineRow {
            product: self.lines.number("product_id")?,
            category: self.lines.number("category_id")?,
            quantity: self.lines.number("qty")?,
            cents,
        })
    }

    fn advance(&mut self) -> Result<(), Failure> {
        self.next_line = if self.lines.next()? {
            Some(self.lines.number("order_id")?)
        } else {
            None
        };
        Ok(())
    }

    fn check_total(&self, lines: &[LineRow]) -> Result<(), Failure> {
        if lines.is_empty() {
            return Err(self
                .orders
                .error("lines.csv has no line of this order; add its lines or take it out"));
        }
        let total: i64 = self.orders.number("total_cents")?;
        let of_lines: i128 = lines
            .iter()
            .map(|line| i128::from(line.cents) * i128::from(line.quantity))
            .sum();
        if of_lines == i128::from(total) {
            return Ok(());
        }
        Err(self.orders.error(&format!(
            "total_cents is {total}, but its lines in lines.csv make {of_lines}; correct the one or the other"
        )))
    }

    fn stray_line(&self, order: u64) -> Failure {
        self.lines.error(&format!(
            "order_id {order} is no order of orders.csv, or comes too late; sort both files by the id of the order"
        ))
    }
}

/// Visits, in any order.
pub struct Visits(Table);

impl Visits {
    pub fn open(folder: &Path) -> Result<Self, Failure> {
        Table::open(folder, "visits.csv", &["customer_id", "ts"]).map(Self)
    }

    /// The customer and the time of the next visit.
    pub fn next(&mut self) -> Result<Option<(u64, DateTime<Utc>)>, Failure> {
        if !self.0.next()? {
            return Ok(None);
        }
        Ok(Some((self.0.number("customer_id")?, self.0.instant("ts")?)))
    }

    /// The error of a visit whose customer is not there.
    pub fn of_nobody(&self) -> Failure {
        nobody(&self.0)
    }

    pub fn progress(&self) -> (u64, u64) {
        self.0.progress()
    }
}

fn nobody(table: &Table) -> Failure {
    table.error("customer_id is no id of customers.csv; add the customer or take the row out")
}
