use serde::{Deserialize, Serialize};

use super::Availability;
use crate::text::one_line;
use crate::{Code, Money, Quantity, Rounding, UnitPrice, ValueError};

/// One line of an order: a product, or what is charged or credited beside the products.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "LineParts")]
pub struct OrderLine {
    kind: LineKind,
    sku: String,
    description: String,
    quantity: Quantity,
    unit_price: UnitPrice,
    amount: Money,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    category: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    brand: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cost: Option<Money>,
    availability: Availability,
}

#[derive(Deserialize)]
struct LineParts {
    kind: LineKind,
    sku: String,
    description: String,
    quantity: Quantity,
    unit_price: UnitPrice,
    amount: Money,
    category: Option<String>,
    brand: Option<String>,
    cost: Option<Money>,
    availability: Availability,
}

impl OrderLine {
    /// A line of products of unknown availability. Its amount is price times quantity, rounded half up to the currency's minor unit.
    ///
    /// # Errors
    /// When the SKU or the description is empty, too long (100 and 500 characters) or has control characters, or the amount
    /// does not fit.
    pub fn product(
        sku: &str,
        description: &str,
        quantity: Quantity,
        unit_price: UnitPrice,
    ) -> Result<Self, ValueError> {
        Self::of(LineKind::Product, sku, description, quantity, unit_price)
    }

    /// A line of any kind; otherwise as [`product`](Self::product).
    ///
    /// # Errors
    /// As [`product`](Self::product).
    pub fn of(
        kind: LineKind,
        sku: &str,
        description: &str,
        quantity: Quantity,
        unit_price: UnitPrice,
    ) -> Result<Self, ValueError> {
        Ok(Self {
            kind,
            sku: one_line("SKU", sku, 100)?,
            description: one_line("description of a line", description, 500)?,
            quantity,
            unit_price,
            amount: unit_price.times(quantity, Rounding::HalfUp)?,
            category: None,
            brand: None,
            cost: None,
            availability: Availability::Unknown,
        })
    }

    /// The line with an amount of its own, where a shop has rounded otherwise or given a discount on the line.
    ///
    /// # Errors
    /// When the amount is in another currency than the price.
    pub fn with_amount(mut self, amount: Money) -> Result<Self, ValueError> {
        if amount.currency() != self.unit_price.currency() {
            return Err(ValueError::new(
                "amount of a line",
                "is in another currency than its price",
            ));
        }
        self.amount = amount;
        Ok(self)
    }

    /// The line with the truth about when it can be had.
    #[must_use]
    pub fn with_availability(mut self, availability: Availability) -> Self {
        self.availability = availability;
        self
    }

    /// The line with the product's category.
    ///
    /// # Errors
    /// When it is empty, longer than 200 characters or has control characters.
    pub fn with_category(mut self, category: &str) -> Result<Self, ValueError> {
        self.category = Some(one_line("category", category, 200)?);
        Ok(self)
    }

    /// The line with the product's brand.
    ///
    /// # Errors
    /// When it is empty, longer than 200 characters or has control characters.
    pub fn with_brand(mut self, brand: &str) -> Result<Self, ValueError> {
        self.brand = Some(one_line("brand", brand, 200)?);
        Ok(self)
    }

    /// The line with what it cost the shop in all, from which the margin follows.
    ///
    /// # Errors
    /// When the cost is in another currency than the price.
    pub fn with_cost(mut self, cost: Money) -> Result<Self, ValueError> {
        if cost.currency() != self.unit_price.currency() {
            return Err(ValueError::new(
                "cost of a line",
                "is in another currency than its price",
            ));
        }
        self.cost = Some(cost);
        Ok(self)
    }

    /// What the line stands for.
    #[must_use]
    pub fn kind(&self) -> LineKind {
        self.kind
    }

    /// The shop's key of the product, or its code for a charge.
    #[must_use]
    pub fn sku(&self) -> &str {
        &self.sku
    }

    /// What the customer reads.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// How many, or how much.
    #[must_use]
    pub fn quantity(&self) -> Quantity {
        self.quantity
    }

    /// The price of one.
    #[must_use]
    pub fn unit_price(&self) -> UnitPrice {
        self.unit_price
    }

    /// The price of the line.
    #[must_use]
    pub fn amount(&self) -> Money {
        self.amount
    }

    /// The product's category.
    #[must_use]
    pub fn category(&self) -> Option<&str> {
        self.category.as_deref()
    }

    /// The product's brand.
    #[must_use]
    pub fn brand(&self) -> Option<&str> {
        self.brand.as_deref()
    }

    /// What the line cost the shop in all.
    #[must_use]
    pub fn cost(&self) -> Option<Money> {
        self.cost
    }

    /// When it can be had.
    #[must_use]
    pub fn availability(&self) -> Availability {
        self.availability
    }
}

impl TryFrom<LineParts> for OrderLine {
    type Error = ValueError;

    fn try_from(parts: LineParts) -> Result<Self, ValueError> {
        let mut line = Self::of(
            parts.kind,
            &parts.sku,
            &parts.description,
            parts.quantity,
            parts.unit_price,
        )?
        .with_amount(parts.amount)?
        .with_availability(parts.availability);
        if let Some(category) = &parts.category {
            line = line.with_category(category)?;
        }
        if let Some(brand) = &parts.brand {
            line = line.with_brand(brand)?;
        }
        match parts.cost {
            Some(cost) => line.with_cost(cost),
            None => Ok(line),
        }
    }
}

/// What a line of an order stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LineKind {
    /// A correction of the books: bad debt, stock that was lost.
    Adjustment,
    /// A price reduction.
    Discount,
    /// A charge beside the goods: bank, marketplace, gift wrap, donation.
    Fee,
    /// Goods or a service.
    Product,
    /// Postage and carriage.
    Shipping,
}

impl Code for LineKind {
    const WHAT: &'static str = "kind of line";
    const ALL: &'static [Self] = &[
        Self::Adjustment,
        Self::Discount,
        Self::Fee,
        Self::Product,
        Self::Shipping,
    ];

    fn code(self) -> &'static str {
        match self {
            Self::Adjustment => "adjustment",
            Self::Discount => "discount",
            Self::Fee => "fee",
            Self::Product => "product",
            Self::Shipping => "shipping",
        }
    }
}
