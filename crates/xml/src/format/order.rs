//! Orders, what becomes of them, and what comes back.

use ecrm_core::{Channel, Code, Money, Order, OrderLine, OrderProgress, OrderStatus, Return, ReturnKind};

use super::parts::{own, read_money, write_money};
use crate::values::{
    optional, read_instant, read_reference, required, write_attribute, write_instant, write_optional, write_reference,
};
use crate::{Element, ErrorCode, Name, Writer, XmlError, XmlForm};

pub(super) const NUMBER: Name<'static> = own("number");
const TOTAL: Name<'static> = own("total");

impl XmlForm for Order {
    const NAME: Name<'static> = own("order");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        write_attribute(writer, "id", self.id());
        write_attribute(writer, "placedAt", write_instant(self.placed_at()));
        write_attribute(writer, "channel", self.channel().code());
        write_reference(writer, NUMBER, self.number());
        write_lines(writer, self.lines(), self.total());
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        let id = required(element, "id", str::parse)?;
        let placed_at = required(element, "placedAt", read_instant)?;
        let channel = required(element, "channel", Channel::from_code)?;
        let number = read_reference(&element.required(NUMBER)?)?;
        let order = element.check(Self::new(id, number, placed_at, channel, read_lines(element)?))?;
        check_total(element, order.total())?;
        Ok(order)
    }
}

impl XmlForm for Return {
    const NAME: Name<'static> = own("return");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        write_attribute(writer, "kind", self.kind().code());
        write_optional(writer, "order", self.order());
        write_reference(writer, NUMBER, self.number());
        write_lines(writer, self.lines(), self.total());
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        let kind = required(element, "kind", ReturnKind::from_code)?;
        let number = read_reference(&element.required(NUMBER)?)?;
        let returned = element.check(Self::new(number, kind, read_lines(element)?))?;
        check_total(element, returned.total())?;
        Ok(match optional(element, "order", str::parse)? {
            Some(order) => returned.of_order(order),
            None => returned,
        })
    }
}

impl XmlForm for OrderProgress {
    const NAME: Name<'static> = own("orderStatus");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        write_attribute(writer, "order", self.order);
        write_attribute(writer, "status", self.status.code());
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            order: required(element, "order", str::parse)?,
            status: required(element, "status", OrderStatus::from_code)?,
        })
    }
}

fn write_lines(writer: &mut Writer<'_>, lines: &[OrderLine], total: Money) {
    for line in lines {
        line.write(writer);
    }
    write_money(writer, TOTAL, total);
}

fn read_lines(element: &Element<'_>) -> Result<Vec<OrderLine>, XmlError> {
    element
        .all(OrderLine::NAME)
        .map(|line| OrderLine::read(&line))
        .collect()
}

/// The total follows from the lines. A document that states another one contradicts itself.
fn check_total(element: &Element<'_>, sum: Money) -> Result<(), XmlError> {
    match element.optional(TOTAL)? {
        Some(total) if read_money(&total)? != sum => {
            Err(total.error(ErrorCode::Value, "the total is not the sum of the lines"))
        }
        _ => Ok(()),
    }
}
