//! Lines of orders and returns, and when they can be had.

use ecrm_core::{Availability, Code, LineKind, OrderLine};

use super::parts::{own, read_money, read_quantity, read_unit_price, write_money, write_quantity, write_unit_price};
use crate::values::{
    optional, optional_text, read_date, required, required_text, write_attribute, write_date, write_optional,
    write_optional_text, write_text,
};
use crate::{Element, Name, Writer, XmlError, XmlForm};

pub(super) const QUANTITY: Name<'static> = own("quantity");
pub(super) const SKU: Name<'static> = own("sku");
pub(super) const UNIT_PRICE: Name<'static> = own("unitPrice");
const AMOUNT: Name<'static> = own("amount");
const BRAND: Name<'static> = own("brand");
const CATEGORY: Name<'static> = own("category");
const COST: Name<'static> = own("cost");
const DESCRIPTION: Name<'static> = own("description");

impl XmlForm for OrderLine {
    const NAME: Name<'static> = own("line");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        write_attribute(writer, "kind", self.kind().code());
        write_text(writer, SKU, self.sku());
        write_text(writer, DESCRIPTION, self.description());
        write_quantity(writer, QUANTITY, self.quantity());
        write_unit_price(writer, UNIT_PRICE, self.unit_price());
        write_money(writer, AMOUNT, self.amount());
        write_optional_text(writer, CATEGORY, self.category());
        write_optional_text(writer, BRAND, self.brand());
        if let Some(cost) = self.cost() {
            write_money(writer, COST, cost);
        }
        self.availability().write(writer);
        writer.end();
    }

    /// Without an amount it is price times quantity; without an availability nothing is claimed about it.
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        let kind = required(element, "kind", LineKind::from_code)?;
        let sku = required_text(element, SKU)?;
        let description = required_text(element, DESCRIPTION)?;
        let quantity = read_quantity(&element.required(QUANTITY)?)?;
        let unit_price = read_unit_price(&element.required(UNIT_PRICE)?)?;
        let mut line = element.check(Self::of(kind, &sku, &description, quantity, unit_price))?;
        if let Some(amount) = element.optional(AMOUNT)? {
            line = amount.check(line.with_amount(read_money(&amount)?))?;
        }
        if let Some(category) = optional_text(element, CATEGORY)? {
            line = element.check(line.with_category(&category))?;
        }
        if let Some(brand) = optional_text(element, BRAND)? {
            line = element.check(line.with_brand(&brand))?;
        }
        if let Some(cost) = element.optional(COST)? {
            line = cost.check(line.with_cost(read_money(&cost)?))?;
        }
        if let Some(availability) = element.optional(Availability::NAME)? {
            line = line.with_availability(Availability::read(&availability)?);
        }
        Ok(line)
    }
}

impl XmlForm for Availability {
    const NAME: Name<'static> = own("availability");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        write_attribute(writer, "state", self.code());
        write_optional(writer, "expected", self.expected().map(write_date));
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        let expected = optional(element, "expected", read_date)?;
        let availability = required(element, "state", |code| Self::from_code(code, expected))?;
        // The core drops a day that means nothing; a document that says one is wrong about the state or the day.
        let has_lost_its_day = expected.is_some() && availability.expected().is_none();
        element.check(if has_lost_its_day {
            Err("only what is back-ordered or made to order has a day on which it is expected")
        } else {
            Ok(availability)
        })
    }
}
