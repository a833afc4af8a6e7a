use ecrm_xml::{Element, Name, Vocabulary, Writer, XmlError};

use super::child_order::child_order;
use super::delivery::Delivery;
use super::heading::{Heading, required_id};
use super::line::Item;
use super::names::{CAC, CBC, cac, cbc};
use super::reference::{OrderLineReference, OrderReference};
use super::trading::{CustomerParty, SupplierParty};
use super::value::{CodeValue, Measure, Part, all, at_least_one, one, only, put, required, texts};
use crate::{Day, Document};

const NAMESPACE: &str = "urn:oasis:names:specification:ubl:schema:xsd:DespatchAdvice-2";

static VOCABULARY: Vocabulary = Vocabulary {
    prefixes: &[("", NAMESPACE), ("cac", CAC), ("cbc", CBC)],
    order: child_order,
};

/// What was sent, and what was not: `DespatchAdvice`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DespatchAdvice {
    /// Number, date, notes.
    pub heading: Heading,
    /// `OrderReference`.
    pub orders: Vec<OrderReference>,
    /// `DespatchSupplierParty`: who has sent it.
    pub sender: SupplierParty,
    /// `DeliveryCustomerParty`: who receives it.
    pub receiver: CustomerParty,
    /// `BuyerCustomerParty`, where somebody else has bought it.
    pub buyer: Option<CustomerParty>,
    /// `SellerSupplierParty`, where somebody else has sold it.
    pub seller: Option<SupplierParty>,
    /// `Shipment`.
    pub shipment: Option<Shipment>,
    /// `DespatchLine`: at least one.
    pub lines: Vec<DespatchLine>,
}

impl DespatchAdvice {
    /// What was sent, by line.
    #[must_use]
    pub fn new(id: &str, issue_date: Day, lines: Vec<DespatchLine>) -> Self {
        Self {
            heading: Heading::new(id, issue_date),
            orders: Vec::new(),
            sender: SupplierParty::default(),
            receiver: CustomerParty::default(),
            buyer: None,
            seller: None,
            shipment: None,
            lines,
        }
    }
}

impl Document for DespatchAdvice {
    const ROOT: Name<'static> = Name::new(NAMESPACE, "DespatchAdvice");

    fn vocabulary() -> &'static Vocabulary {
        &VOCABULARY
    }

    fn read(root: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            heading: Heading::read(root)?,
            orders: all(root, cac("OrderReference"))?,
            sender: required(root, cac("DespatchSupplierParty"))?,
            receiver: required(root, cac("DeliveryCustomerParty"))?,
            buyer: one(root, cac("BuyerCustomerParty"))?,
            seller: one(root, cac("SellerSupplierParty"))?,
            shipment: one(root, cac("Shipment"))?,
            lines: at_least_one(root, cac("DespatchLine"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        writer.within(Self::ROOT, |writer| {
            self.heading.write_start(writer);
            self.heading.write_notes(writer);
            put(writer, cac("OrderReference"), &self.orders);
            put(writer, cac("DespatchSupplierParty"), [&self.sender]);
            put(writer, cac("DeliveryCustomerParty"), [&self.receiver]);
            put(writer, cac("BuyerCustomerParty"), &self.buyer);
            put(writer, cac("SellerSupplierParty"), &self.seller);
            put(writer, cac("Shipment"), &self.shipment);
            put(writer, cac("DespatchLine"), &self.lines);
        });
    }
}

/// How it travels.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Shipment {
    /// `ID`, which UBL 2.1 asks for and UBL 2.4 does not.
    pub id: Option<String>,
    /// `Delivery`, with the number to follow it by.
    pub delivery: Option<Delivery>,
}

impl Part for Shipment {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            id: one(element, cbc("ID"))?,
            delivery: one(element, cac("Delivery"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put(writer, cbc("ID"), &self.id);
        put(writer, cac("Delivery"), &self.delivery);
    }
}

/// What was sent of a line, what follows, and what is missing.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DespatchLine {
    /// `ID`: the number of the line.
    pub id: String,
    /// `Note`.
    pub notes: Vec<String>,
    /// `LineStatusCode`.
    pub status: Option<CodeValue>,
    /// `DeliveredQuantity`: what was sent.
    pub delivered: Option<Measure>,
    /// `BackorderQuantity`: what follows.
    pub backorder: Option<Measure>,
    /// `BackorderReason`: why it follows.
    pub backorder_reasons: Vec<String>,
    /// `OutstandingQuantity`: what is missing, whether it follows or not.
    pub outstanding: Option<Measure>,
    /// `OutstandingReason`: why it is missing.
    pub outstanding_reasons: Vec<String>,
    /// `OversupplyQuantity`: what was sent beyond the order.
    pub oversupply: Option<Measure>,
    /// `OrderLineReference`: at least one.
    pub order_lines: Vec<OrderLineReference>,
    /// `Item`.
    pub item: Item,
}

impl DespatchLine {
    /// What was sent of a line of an order.
    #[must_use]
    pub fn new(id: &str, delivered: Measure, order_line: OrderLineReference, item: Item) -> Self {
        Self {
            id: id.to_owned(),
            delivered: Some(delivered),
            order_lines: vec![order_line],
            item,
            ..Self::default()
        }
    }
}

impl Part for DespatchLine {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            id: required_id(element)?,
            notes: texts(element, cbc("Note")),
            status: one(element, cbc("LineStatusCode"))?,
            delivered: only(element, cbc("DeliveredQuantity"))?,
            backorder: only(element, cbc("BackorderQuantity"))?,
            backorder_reasons: texts(element, cbc("BackorderReason")),
            outstanding: only(element, cbc("OutstandingQuantity"))?,
            outstanding_reasons: texts(element, cbc("OutstandingReason")),
            oversupply: only(element, cbc("OversupplyQuantity"))?,
            order_lines: at_least_one(element, cac("OrderLineReference"))?,
            item: required(element, cac("Item"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put(writer, cbc("ID"), [&self.id]);
        put(writer, cbc("Note"), &self.notes);
        put(writer, cbc("LineStatusCode"), &self.status);
        put(writer, cbc("DeliveredQuantity"), &self.delivered);
        put(writer, cbc("BackorderQuantity"), &self.backorder);
        put(writer, cbc("BackorderReason"), &self.backorder_reasons);
        put(writer, cbc("OutstandingQuantity"), &self.outstanding);
        put(writer, cbc("OutstandingReason"), &self.outstanding_reasons);
        put(writer, cbc("OversupplyQuantity"), &self.oversupply);
        put(writer, cac("OrderLineReference"), &self.order_lines);
        put(writer, cac("Item"), [&self.item]);
    }
}

/// Notes and reasons are for people, and sometimes about them.
impl std::fmt::Debug for DespatchLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DespatchLine")
            .field("id", &self.id)
            .field("delivered", &self.delivered)
            .field("backorder", &self.backorder)
            .field("outstanding", &self.outstanding)
            .finish_non_exhaustive()
    }
}
