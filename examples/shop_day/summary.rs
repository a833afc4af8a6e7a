//! What is counted on the way, and told at the end.

use std::fs;
use std::path::Path;
use std::time::Instant;

use ecrm::core::{Availability, LineKind};

use crate::Failure;
use crate::invoices::{BrokenLine, Line};
use crate::report::Figures;

/// Counts of one run.
pub struct Summary {
    started: Instant,
    pub lines: u64,
    pub lines_without_customer: u64,
    pub invoices_new: u64,
    pub odd: Odd,
    broken: Vec<BrokenLine>,
}

/// Lines that are treated in a way of their own.
#[derive(Default)]
pub struct Odd {
    pub shipping: u64,
    pub discounts: u64,
    pub fees: u64,
    pub adjustments: u64,
    pub free_of_charge: u64,
    pub stock_corrections: u64,
    pub not_in_stock: u64,
}

impl Odd {
    pub fn count(&mut self, line: &Line, kind: LineKind) {
        match kind {
            LineKind::Shipping => self.shipping += 1,
            LineKind::Discount => self.discounts += 1,
            LineKind::Fee => self.fees += 1,
            LineKind::Adjustment => self.adjustments += 1,
            _ => {}
        }
        self.free_of_charge += u64::from(line.unit_price.micros() == 0);
        let is_missing = !line.availability.is_ready() && line.availability != Availability::Unknown;
        self.not_in_stock += u64::from(is_missing);
    }
}

impl Summary {
    #[allow(clippy::disallowed_methods, reason = "an example measures how long it takes")]
    pub fn start() -> Self {
        Self {
            started: Instant::now(),
            lines: 0,
            lines_without_customer: 0,
            invoices_new: 0,
            odd: Odd::default(),
            broken: Vec::new(),
        }
    }

    /// A line that could not be used.
    pub fn broken(&mut self, line: BrokenLine) {
        self.broken.push(line);
    }

    /// Writes all broken lines into a file, and the first of them on the terminal.
    pub fn report_broken_lines(&self, out: &Path) -> Result<(), Failure> {
        let file = out.join("broken-lines.txt");
        if self.broken.is_empty() {
            return if file.exists() {
                Ok(fs::remove_file(file)?)
            } else {
                Ok(())
            };
        }
        let text: String = self
            .broken
            .iter()
            .map(|line| format!("line {}: {}\n", line.number, line.reason))
            .collect();
        for line in text.lines().take(20) {
            eprintln!("{line}");
        }
        if self.broken.len() > 20 {
            eprintln!("… all {} in {}", self.broken.len(), file.display());
        }
        Ok(fs::write(file, text)?)
    }

    /// The closing lines, `key: value`.
    pub fn print(&self, figures: &Figures, out: &Path) {
        println!("customers: {}", figures.customers);
        println!("guest_orders: {}", figures.guest_orders);
        println!("orders: {}", figures.orders);
        println!("cancellations: {}", figures.cancellations);
        println!("cancellations_linked: {}", figures.cancellations_linked);
        println!("lines: {}", self.lines);
        println!("lines_without_customer: {}", self.lines_without_customer);
        println!("lines_broken: {}", self.broken.len());
        println!("lines_shipping: {}", self.odd.shipping);
        println!("lines_discount: {}", self.odd.discounts);
        println!("lines_fee: {}", self.odd.fees);
        println!("lines_adjustment: {}", self.odd.adjustments);
        println!("lines_stock_correction: {}", self.odd.stock_corrections);
        println!("lines_free_of_charge: {}", self.odd.free_of_charge);
        println!("lines_not_in_stock: {}", self.odd.not_in_stock);
        for revenue in figures.revenue.values() {
            println!("revenue: {revenue}");
        }
        for segment in &figures.segments {
            println!("segment_{}: {}", segment.name.replace(' ', "_"), segment.now());
        }
        println!("invoices_new_in_this_run: {}", self.invoices_new);
        println!("orders_without_mail: {}", figures.orders - figures.mails_queued);
        println!("mails_queued: {}", figures.mails_queued);
        println!("mails_sent: {}", figures.mails_sent);
        println!("seconds: {:.1}", self.started.elapsed().as_secs_f64());
        if let Some(peak) = peak_rss_mib() {
            println!("peak_rss_mib: {peak:.1}");
        }
        println!("report: {}", out.join("report.html").display());
    }
}

/// The most memory that the process has used, where the system tells (Linux).
fn peak_rss_mib() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kib / 1024.0)
}
