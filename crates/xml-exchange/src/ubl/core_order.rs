//! An exchanged order as the core model knows orders. Everything about money is decided here.

use ecrm_core::{
    Channel, ExternalRef, LineKind, Money, Order, OrderId, OrderLine, Quantity, Rounding, UnitPrice, ValueError,
};
use rust_decimal::{Decimal, RoundingStrategy};

use super::charge::AllowanceCharge;
use super::line::{Item, LineItem, Price};
use super::order::PurchaseOrder;
use super::value::{Amount, Measure};
use crate::ExchangeError;
use crate::profile::{PartyProfile, joined};

/// Charges of UN/EDIFACT 7161 that are carriage: freight service, delivery.
const CARRIAGE: [&str; 2] = ["FC", "DL"];

impl PurchaseOrder {
    /// The buyer as the core model knows people, and what of it could not be used. `system` is the shop's own: its number of
    /// the buyer is a key of it.
    #[must_use]
    pub fn profile(&self, system: &str) -> PartyProfile {
        self.buyer.profile(system)
    }

    /// The order as the core model knows orders; `system` is whose order numbers these are.
    ///
    /// It was placed at the issue date and time, in UTC where the document names no zone, and at midnight where it names no time.
    /// The first lines are those of [`product_lines`](Self::product_lines), then come charges and allowances. Taxes are a line
    /// of their own where the order's total has them in it; without a total, they are added unless the prices have them.
    ///
    /// # Errors
    /// When a line has no usable quantity, price or item, an amount has more decimals than its currency, the currencies differ,
    /// or the sum is not what the order says is to be paid.
    pub fn order(&self, id: OrderId, system: &str, channel: Channel) -> Result<Order, ExchangeError> {
        match self.order_by_its_parts(id, system, channel)? {
            (order, None) => Ok(order),
            (_, Some(difference)) => Err(difference),
        }
    }

    /// The same for a shop that goes by the lines: where the sum is not what the order says is to be paid, the order is that of its
    /// parts, taxes included, and the difference is told beside it ([`ExchangeError::Total`]).
    ///
    /// # Errors
    /// As [`order`](Self::order), but for the sum.
    pub fn order_by_its_parts(
        &self,
        id: OrderId,
        system: &str,
        channel: Channel,
    ) -> Result<(Order, Option<ExchangeError>), ExchangeError> {
        let heading = &self.heading;
        let placed_at = heading.issue_date.at(heading.issue_time.as_ref()).ok_or_else(|| {
            let why = ValueError::new("instant", "is outside the calendar");
            ExchangeError::Part { part: "date", why }
        })?;
        let mut lines = self.product_lines()?;
        let beside = self.charges.iter().map(beside_the_lines);
        lines.extend(
            beside
                .collect::<Result<Vec<_>, _>>()
                .map_err(of_part("allowance or charge"))?,
        );
        let difference = self.add_taxes(&mut lines)?;
        let number = ExternalRef::new(system, &heading.id)?;
        Ok((Order::new(id, number, placed_at, channel, lines)?, difference))
    }

    /// The lines of goods, one for each line of the document in their order. Nothing is said about whether they can be had.
    ///
    /// A line's amount is what the document says (`LineExtensionAmount`), else price times quantity with the line's own
    /// charges and allowances, rounded half up. Its price is that of one unit, rounded half up to six decimals.
    ///
    /// # Errors
    /// [`ExchangeError::Line`] with the line that has no usable quantity, price or item.
    pub fn product_lines(&self) -> Result<Vec<OrderLine>, ExchangeError> {
        let line_items = self.lines.iter().map(|line| &line.line_item);
        (1..)
            .zip(line_items)
            .map(|(place, item)| {
                let line = item.id.clone();
                product(item).map_err(|why| ExchangeError::Line { line, place, why })
            })
            .collect()
    }

    /// Adds the taxes where they belong to the sum, and compares the sum with what the order says.
    fn add_taxes(&self, lines: &mut Vec<OrderLine>) -> Result<Option<ExchangeError>, ExchangeError> {
        let Some(currency) = lines.first().map(|line| line.amount().currency()) else {
            return Ok(None);
        };
        let net = Money::sum(currency, lines.iter().map(OrderLine::amount))?;
        let tax = self.tax(net).map_err(of_part("tax"))?;
        let gross = net.checked_add(tax)?;
        let stated = self.stated_total().map_err(of_part("total"))?;
        let (total, difference) = match stated {
            Some(stated) if stated == net => (net, None),
            Some(stated) if stated.currency() != currency => {
                let why = ValueError::new("amount", "is in another currency than the lines");
                return Err(ExchangeError::Part { part: "total", why });
            }
            Some(stated) if stated != gross => {
                let computed = gross;
                (gross, Some(ExchangeError::Total { stated, computed }))
            }
            Some(_) | None => (gross, None),
        };
        if total != net {
            lines.push(single(LineKind::Fee, "TAX", "Tax", tax).map_err(of_part("tax"))?);
        }
        Ok(difference)
    }

    /// The taxes that are not part of the prices: those of the whole order; where it names none, those of its lines; where they name
    /// none either, what the total with taxes has more than the one without.
    fn tax(&self, net: Money) -> Result<Money, ValueError> {
        let currency = net.currency();
        let of_lines = self.lines.iter().flat_map(|line| &line.line_item.taxes);
        for taxes in [self.taxes.iter().collect::<Vec<_>>(), of_lines.collect()] {
            let same: Vec<_> = taxes
                .into_iter()
                .filter(|tax| tax.amount.currency == currency.code())
                .collect();
            if !same.is_empty() {
                let beside = same.into_iter().filter(|tax| tax.is_included != Some(true));
                let amounts = beside.map(|tax| tax.amount.money()).collect::<Result<Vec<_>, _>>()?;
                return Money::sum(currency, amounts);
            }
        }
        let totals = self.total.as_ref();
        let Some(with_tax) = totals.and_then(|total| total.with_tax.as_ref()) else {
            return Money::sum(currency, []);
        };
        let without_tax = totals.and_then(|total| total.without_tax.as_ref());
        let without_tax = without_tax.map_or(Ok(net), Amount::money)?;
        with_tax.money()?.checked_sub(without_tax)
    }

    /// What the whole order costs according to the document: what is left to be paid, with what was paid already and without
    /// what was added to make it round.
    fn stated_total(&self) -> Result<Option<Money>, ValueError> {
        let Some(total) = &self.total else {
            return Ok(None);
        };
        let mut money = total.payable.money()?;
        if let Some(prepaid) = &total.prepaid {
            money = money.checked_add(prepaid.money()?)?;
        }
        if let Some(rounding) = &total.rounding {
            money = money.checked_sub(rounding.money()?)?;
        }
        Ok(Some(money))
    }
}

fn of_part(part: &'static str) -> impl Fn(ValueError) -> ExchangeError {
    move |why| ExchangeError::Part { part, why }
}

fn product(line: &LineItem) -> Result<OrderLine, ValueError> {
    let measure = line
        .quantity
        .as_ref()
        .ok_or_else(|| ValueError::new("quantity", "is missing; how many are ordered?"))?;
    let quantity = measure.quantity()?;
    if quantity.micros() <= 0 {
        return Err(ValueError::new("quantity", "must be more than nothing"));
    }
    let stated = line.amount.as_ref().map(Amount::money).transpose()?;
    let comparable = line.price.as_ref().filter(|price| is_for_unit(price, measure));
    let (unit_price, computed) = match (comparable, stated) {
        (Some(price), _) => by_price(price, measure.value)?,
        (None, Some(amount)) => (by_amount(amount, measure.value)?, amount),
        (None, None) => {
            return Err(ValueError::new(
                "price",
                "is missing, or is for another unit than the quantity; give a PriceAmount or a LineExtensionAmount",
            ));
        }
    };
    let amount = match stated {
        Some(amount) => amount,
        None => line
            .charges
            .iter()
            .try_fold(computed, |sum, charge| sum.checked_add(signed(charge)?))?,
    };
    let (sku, description) = (sku(&line.item)?, description(&line.item));
    let product = OrderLine::product(&sku, &description, quantity, unit_price)?.with_amount(amount)?;
    let brand = line.item.brands.first();
    // A brand that the core model refuses is no reason to refuse the line.
    Ok(brand
        .and_then(|brand| product.clone().with_brand(brand).ok())
        .unwrap_or(product))
}

/// A price for kilograms says nothing about pieces.
fn is_for_unit(price: &Price, ordered: &Measure) -> bool {
    let priced = price.base_quantity.as_ref().and_then(|base| base.unit.as_ref());
    priced.is_none() || ordered.unit.is_none() || priced == ordered.unit.as_ref()
}

/// The price of one, and the amount of the quantity, each from the exact price.
fn by_price(price: &Price, quantity: Decimal) -> Result<(UnitPrice, Money), ValueError> {
    let currency = price.amount.currency()?;
    let base = price.base_quantity.as_ref().map_or(Decimal::ONE, |base| base.value);
    if base <= Decimal::ZERO {
        return Err(ValueError::new(
            "base quantity of the price",
            "must be more than nothing",
        ));
    }
    let too_large = || ValueError::new("price", "times the quantity is too large");
    let whole = price.amount.value.checked_mul(quantity).ok_or_else(too_large)?;
    let whole = whole.checked_div(base).ok_or_else(too_large)?;
    let one = price.amount.value.checked_div(base).ok_or_else(too_large)?;
    let one = one.round_dp_with_strategy(6, RoundingStrategy::MidpointAwayFromZero);
    Ok((
        UnitPrice::from_decimal(one, currency)?,
        Money::rounded(whole, currency, Rounding::HalfUp)?,
    ))
}

/// The price of one, where only the amount of all is given, rounded as a price is. The amount stays what it is.
fn by_amount(amount: Money, quantity: Decimal) -> Result<UnitPrice, ValueError> {
    let one = amount.to_decimal().checked_div(quantity);
    let one = one.ok_or_else(|| ValueError::new("price", "is missing, and does not follow from the amount"))?;
    let one = one.round_dp_with_strategy(6, RoundingStrategy::MidpointAwayFromZero);
    UnitPrice::from_decimal(one, amount.currency())
}

/// The amount of a charge, or of an allowance with a minus.
fn signed(charge: &AllowanceCharge) -> Result<Money, ValueError> {
    let amount = charge.amount.money()?;
    if charge.is_charge {
        Ok(amount)
    } else {
        amount.checked_neg()
    }
}

fn beside_the_lines(charge: &AllowanceCharge) -> Result<OrderLine, ValueError> {
    let code = charge.reason_code.as_deref().unwrap_or_default();
    let (kind, word) = match charge.is_charge {
        true if CARRIAGE.contains(&code) => (LineKind::Shipping, "Carriage"),
        true => (LineKind::Fee, "Charge"),
        false => (LineKind::Discount, "Allowance"),
    };
    let reason = one_line(&joined(charge.reasons.iter().map(String::as_str)), 500);
    let sku = one_line(code, 100);
    let sku = if sku.is_empty() { word.to_uppercase() } else { sku };
    let description = if reason.is_empty() { word.to_owned() } else { reason };
    single(kind, &sku, &description, signed(charge)?)
}

/// A line of one piece.
fn single(kind: LineKind, sku: &str, description: &str, amount: Money) -> Result<OrderLine, ValueError> {
    let price = UnitPrice::from_decimal(amount.to_decimal(), amount.currency())?;
    OrderLine::of(kind, sku, description, Quantity::pieces(1), price)
}

/// The shop's own key; where it is missing the standard one, the buyer's, and at last the name.
fn sku(item: &Item) -> Result<String, ValueError> {
    let keys = [&item.sellers_id, &item.standard_id, &item.buyers_id];
    let keys = keys.into_iter().flatten().map(|id| id.value.as_str());
    keys.chain(item.name.as_deref())
        .map(|key| one_line(key, 100))
        .find(|key| !key.is_empty())
        .ok_or_else(|| ValueError::new("item", "has neither an identification nor a name"))
}

fn description(item: &Item) -> String {
    let texts = item.name.iter().chain(&item.descriptions);
    let found = texts.map(|text| one_line(text, 500)).find(|text| !text.is_empty());
    found.or_else(|| sku(item).ok()).unwrap_or_default()
}

/// A text on one line, cut where the core model would refuse its length. The document keeps all of it.
fn one_line(text: &str, longest: usize) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let line = joined(words);
    line.chars().take(longest).collect::<String>().trim().to_owned()
}
