//! Carts with their fate, and wishes.

use ecrm_core::{Cart, CartFate, CartLine, Code, Wish, WishReason};

use super::order::NUMBER;
use super::order_line::{QUANTITY, SKU, UNIT_PRICE};
use super::parts::{own, read_quantity, read_unit_price, write_quantity, write_unit_price};
use crate::values::{optional, read_reference, required, required_text, write_attribute, write_reference, write_text};
use crate::{Element, Name, Writer, XmlError, XmlForm};

impl XmlForm for Cart {
    const NAME: Name<'static> = own("cart");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        write_attribute(writer, "fate", self.fate().code());
        if let CartFate::Ordered(order) = self.fate() {
            write_attribute(writer, "order", order);
        }
        write_reference(writer, NUMBER, self.number());
        for line in self.lines() {
            line.write(writer);
        }
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        let order = optional(element, "order", str::parse)?;
        let fate = required(element, "fate", |fate| CartFate::from_code(fate, order))?;
        let number = read_reference(&element.required(NUMBER)?)?;
        let lines = element
            .all(CartLine::NAME)
            .map(|line| CartLine::read(&line))
            .collect::<Result<_, _>>()?;
        Ok(Self::new(number, lines, fate))
    }
}

impl XmlForm for CartLine {
    const NAME: Name<'static> = own("line");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        write_text(writer, SKU, self.sku());
        write_quantity(writer, QUANTITY, self.quantity());
        write_unit_price(writer, UNIT_PRICE, self.unit_price());
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        let sku = required_text(element, SKU)?;
        let quantity = read_quantity(&element.required(QUANTITY)?)?;
        Ok(Self::new(
            sku,
            quantity,
            read_unit_price(&element.required(UNIT_PRICE)?)?,
        ))
    }
}

impl XmlForm for Wish {
    const NAME: Name<'static> = own("wish");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        write_attribute(writer, "reason", self.reason().code());
        write_text(writer, SKU, self.sku());
        write_quantity(writer, QUANTITY, self.quantity());
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        let sku = required_text(element, SKU)?;
        let quantity = read_quantity(&element.required(QUANTITY)?)?;
        Ok(Self::new(
            sku,
            quantity,
            required(element, "reason", WishReason::from_code)?,
        ))
    }
}
