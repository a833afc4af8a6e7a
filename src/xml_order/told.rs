//! An order as the customer is told of it.

use ecrm_core::{Availability, Money, Order, OrderLine, Quantity, Rounding, ValueError};
use ecrm_xml_exchange::ubl::LineAnswer;

/// The order as the customer is told of it: a line of which a part is there and a part comes later becomes two.
pub(super) fn told(order: &Order, answers: &[LineAnswer]) -> Result<Order, ValueError> {
    let mut lines = Vec::new();
    for (at, line) in order.lines().iter().enumerate() {
        match answers.get(at) {
            Some(answer) => lines.extend(parts(line, *answer)?),
            None => lines.push(line.clone()),
        }
    }
    Order::new(
        order.id(),
        order.number().clone(),
        order.placed_at(),
        order.channel(),
        lines,
    )
}

fn parts(line: &OrderLine, answer: LineAnswer) -> Result<Vec<OrderLine>, ValueError> {
    let all = line.quantity().micros();
    let mut parts: Vec<(i64, Availability)> = match answer {
        LineAnswer::Confirmed { quantity, .. } => vec![(quantity.micros(), Availability::InStock)],
        LineAnswer::BackOrdered { quantity, promised } => {
            vec![(quantity.micros(), Availability::BackOrdered { expected: promised })]
        }
        LineAnswer::Partly { now, later, promised } => vec![
            (now.micros(), Availability::InStock),
            (later.micros(), Availability::BackOrdered { expected: promised }),
        ],
        LineAnswer::Refused => vec![(all, Availability::Unavailable)],
        _ => vec![(all, Availability::Unknown)],
    };
    // What nobody has promised of the line is not to be had.
    let spoken_for = parts
        .iter()
        .fold(0, |sum: i64, (micros, _)| sum.saturating_add(*micros));
    if spoken_for < all {
        parts.push((all - spoken_for, Availability::Unavailable));
    }
    if let [(_, availability)] = parts[..] {
        return Ok(vec![line.clone().with_availability(availability)]);
    }
    let mut left = line.amount();
    let last = parts.len() - 1;
    parts
        .into_iter()
        .enumerate()
        .map(|(at, (micros, availability))| {
            let quantity = Quantity::from_micros(micros);
            // The last part takes what rounding has left, so that the sum stays the same.
            let amount = if at == last { left } else { share(line, quantity)? };
            left = left.checked_sub(amount)?;
            part(line, quantity, amount, availability)
        })
        .collect()
}

/// The part of a line's amount that falls to a part of its quantity.
fn share(line: &OrderLine, quantity: Quantity) -> Result<Money, ValueError> {
    let whole = line.quantity().to_decimal();
    let factor = quantity.to_decimal().checked_div(whole);
    let factor = factor.ok_or_else(|| ValueError::new("quantity", "cannot be divided"))?;
    line.amount().times(factor, Rounding::HalfUp)
}

fn part(
    line: &OrderLine,
    quantity: Quantity,
    amount: Money,
    availability: Availability,
) -> Result<OrderLine, ValueError> {
    let mut part = OrderLine::of(line.kind(), line.sku(), line.description(), quantity, line.unit_price())?
        .with_amount(amount)?
        .with_availability(availability);
    if let Some(category) = line.category() {
        part = part.with_category(category)?;
    }
    if let Some(brand) = line.brand() {
        part = part.with_brand(brand)?;
    }
    Ok(part)
}
