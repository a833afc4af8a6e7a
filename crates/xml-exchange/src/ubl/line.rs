//! A line of an order or of the answer to it.

use std::fmt;

use ecrm_xml::{Element, Writer, XmlError};

use super::charge::{AllowanceCharge, TaxTotal};
use super::delivery::Delivery;
use super::heading::required_id;
use super::names::{cac, cbc};
use super::value::{
    Amount, CodeValue, Identification, Measure, Part, all, one, one_in, only, put, put_in, required, texts,
};

/// A line with the notes that stand beside it.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrderLine {
    /// `Note`.
    pub notes: Vec<String>,
    /// `LineItem`.
    pub line_item: LineItem,
}

impl From<LineItem> for OrderLine {
    fn from(line_item: LineItem) -> Self {
        let notes = Vec::new();
        Self { notes, line_item }
    }
}

impl Part for OrderLine {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            notes: texts(element, cbc("Note")),
            line_item: required(element, cac("LineItem"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put(writer, cbc("Note"), &self.notes);
        put(writer, cac("LineItem"), [&self.line_item]);
    }
}

/// What is ordered, or what is answered about it.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LineItem {
    /// `ID`: the number of the line.
    pub id: String,
    /// `Note`.
    pub notes: Vec<String>,
    /// `LineStatusCode`.
    pub status: Option<CodeValue>,
    /// `Quantity`.
    pub quantity: Option<Measure>,
    /// `LineExtensionAmount`: the price of the line with its allowances and charges, without taxes.
    pub amount: Option<Amount>,
    /// `MinimumBackorderQuantity`.
    pub minimum_backorder: Option<Measure>,
    /// `MaximumBackorderQuantity`.
    pub maximum_backorder: Option<Measure>,
    /// `BackOrderAllowedIndicator`: whether the buyer would wait.
    pub backorder_allowed: Option<bool>,
    /// `Delivery`.
    pub deliveries: Vec<Delivery>,
    /// `AllowanceCharge`.
    pub charges: Vec<AllowanceCharge>,
    /// `Price`.
    pub price: Option<Price>,
    /// `Item`.
    pub item: Item,
    /// `TaxTotal`.
    pub taxes: Vec<TaxTotal>,
}

impl LineItem {
    /// A line of an order.
    #[must_use]
    pub fn new(id: &str, quantity: Measure, price: Price, item: Item) -> Self {
        Self {
            id: id.to_owned(),
            quantity: Some(quantity),
            price: Some(price),
            item,
            ..Self::default()
        }
    }
}

impl Part for LineItem {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            id: required_id(element)?,
            notes: texts(element, cbc("Note")),
            status: one(element, cbc("LineStatusCode"))?,
            quantity: only(element, cbc("Quantity"))?,
            amount: only(element, cbc("LineExtensionAmount"))?,
            minimum_backorder: only(element, cbc("MinimumBackorderQuantity"))?,
            maximum_backorder: only(element, cbc("MaximumBackorderQuantity"))?,
            backorder_allowed: one(element, cbc("BackOrderAllowedIndicator"))?,
            deliveries: all(element, cac("Delivery"))?,
            charges: all(element, cac("AllowanceCharge"))?,
            price: only(element, cac("Price"))?,
            item: required(element, cac("Item"))?,
            taxes: all(element, cac("TaxTotal"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put(writer, cbc("ID"), [&self.id]);
        put(writer, cbc("Note"), &self.notes);
        put(writer, cbc("LineStatusCode"), &self.status);
        put(writer, cbc("Quantity"), &self.quantity);
        put(writer, cbc("LineExtensionAmount"), &self.amount);
        put(writer, cbc("MinimumBackorderQuantity"), &self.minimum_backorder);
        put(writer, cbc("MaximumBackorderQuantity"), &self.maximum_backorder);
        put(writer, cbc("BackOrderAllowedIndicator"), &self.backorder_allowed);
        put(writer, cac("Delivery"), &self.deliveries);
        put(writer, cac("AllowanceCharge"), &self.charges);
        put(writer, cac("Price"), &self.price);
        put(writer, cac("Item"), [&self.item]);
        put(writer, cac("TaxTotal"), &self.taxes);
    }
}

/// Notes are for people, and sometimes about them.
impl fmt::Debug for OrderLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OrderLine").field(&self.line_item).finish()
    }
}

impl fmt::Debug for LineItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LineItem")
            .field("id", &self.id)
            .field("status", &self.status)
            .field("quantity", &self.quantity)
            .field("amount", &self.amount)
            .field("maximum_backorder", &self.maximum_backorder)
            .field("price", &self.price)
            .field("item", &self.item)
            .finish_non_exhaustive()
    }
}

/// What something costs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Price {
    /// `PriceAmount`.
    pub amount: Amount,
    /// `BaseQuantity`: for how many that is; one where it is missing.
    pub base_quantity: Option<Measure>,
}

impl From<Amount> for Price {
    fn from(amount: Amount) -> Self {
        let base_quantity = None;
        Self { amount, base_quantity }
    }
}

impl Part for Price {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            amount: required(element, cbc("PriceAmount"))?,
            base_quantity: only(element, cbc("BaseQuantity"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put(writer, cbc("PriceAmount"), [&self.amount]);
        put(writer, cbc("BaseQuantity"), &self.base_quantity);
    }
}

/// A product or service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Item {
    /// `Description`.
    pub descriptions: Vec<String>,
    /// `Name`.
    pub name: Option<String>,
    /// `BrandName`.
    pub brands: Vec<String>,
    /// `BuyersItemIdentification/ID`.
    pub buyers_id: Option<Identification>,
    /// `SellersItemIdentification/ID`: the shop's own key.
    pub sellers_id: Option<Identification>,
    /// `StandardItemIdentification/ID`, such as a GTIN.
    pub standard_id: Option<Identification>,
}

impl Item {
    /// A product by the shop's own key.
    #[must_use]
    pub fn new(sellers_id: &str, name: &str) -> Self {
        Self {
            name: Some(name.to_owned()),
            sellers_id: Some(Identification::from(sellers_id)),
            ..Self::default()
        }
    }
}

impl Part for Item {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            descriptions: texts(element, cbc("Description")),
            name: one(element, cbc("Name"))?,
            brands: all(element, cbc("BrandName"))?,
            buyers_id: one_in(element, cac("BuyersItemIdentification"), cbc("ID"))?,
            sellers_id: one_in(element, cac("SellersItemIdentification"), cbc("ID"))?,
            standard_id: one_in(element, cac("StandardItemIdentification"), cbc("ID"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put(writer, cbc("Description"), &self.descriptions);
        put(writer, cbc("Name"), &self.name);
        put(writer, cbc("BrandName"), &self.brands);
        put_in(writer, cac("BuyersItemIdentification"), cbc("ID"), &self.buyers_id);
        put_in(writer, cac("SellersItemIdentification"), cbc("ID"), &self.sellers_id);
        put_in(writer, cac("StandardItemIdentification"), cbc("ID"), &self.standard_id);
    }
}
