//! Every odd line is treated on purpose: from lines of an invoice to lines of an order.

use ecrm::core::{LineKind, OrderLine, Quantity, ValueError};

use crate::invoices::Line;
use crate::summary::Odd;

/// What a stock code stands for. Whatever is no product has a code of its own in this data.
fn kind_of(code: &str) -> LineKind {
    match code.to_ascii_uppercase().as_str() {
        "POST" | "DOT" | "C2" => LineKind::Shipping,
        "D" => LineKind::Discount,
        "BANK CHARGES" | "AMAZONFEE" | "CRUK" => LineKind::Fee,
        "M" | "B" | "S" | "ADJUST" | "ADJUST2" => LineKind::Adjustment,
        _ => LineKind::Product,
    }
}

/// A line of an order.
pub fn ordered(line: &Line, odd: &mut Odd) -> Result<OrderLine, ValueError> {
    let mut kind = kind_of(&line.stock_code);
    if line.quantity < Quantity::pieces(0) && kind == LineKind::Product {
        // Outside a cancellation nobody gets goods back: the shop has written off stock.
        odd.stock_corrections += 1;
        kind = LineKind::Adjustment;
    }
    build(line, kind, line.quantity, odd)
}

/// A line of a cancellation, whose quantities are what goes back.
pub fn taken_back(line: &Line, odd: &mut Odd) -> Result<OrderLine, ValueError> {
    build(line, kind_of(&line.stock_code), line.quantity.checked_neg()?, odd)
}

fn build(line: &Line, kind: LineKind, quantity: Quantity, odd: &mut Odd) -> Result<OrderLine, ValueError> {
    odd.count(line, kind);
    let built = OrderLine::of(kind, &line.stock_code, &line.description, quantity, line.unit_price)?
        .with_availability(line.availability);
    match &line.category {
        Some(category) => built.with_category(category),
        None => Ok(built),
    }
}
