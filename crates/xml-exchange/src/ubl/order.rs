use std::fmt;

use ecrm_xml::{Element, Name, Vocabulary, Writer, XmlError};

use super::charge::{AllowanceCharge, MonetaryTotal, TaxTotal};
use super::child_order::child_order;
use super::delivery::Delivery;
use super::heading::Heading;
use super::line::OrderLine;
use super::names::{CAC, CBC, cac, cbc};
use super::trading::{CustomerParty, SupplierParty};
use super::value::{all, at_least_one, one, only, put, required};
use crate::{Day, Document};

const NAMESPACE: &str = "urn:oasis:names:specification:ubl:schema:xsd:Order-2";

static VOCABULARY: Vocabulary = Vocabulary {
    prefixes: &[("", NAMESPACE), ("cac", CAC), ("cbc", CBC)],
    order: child_order,
};

/// An order as it is exchanged: `Order`.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PurchaseOrder {
    /// Number, date, notes.
    pub heading: Heading,
    /// `DocumentCurrencyCode`.
    pub currency: Option<String>,
    /// `CustomerReference`: what the buyer wants to be reminded of.
    pub customer_reference: Option<String>,
    /// `BuyerCustomerParty`.
    pub buyer: CustomerParty,
    /// `SellerSupplierParty`.
    pub seller: SupplierParty,
    /// `Delivery`.
    pub deliveries: Vec<Delivery>,
    /// `AllowanceCharge`.
    pub charges: Vec<AllowanceCharge>,
    /// `TaxTotal`.
    pub taxes: Vec<TaxTotal>,
    /// `AnticipatedMonetaryTotal`.
    pub total: Option<MonetaryTotal>,
    /// `OrderLine`: at least one.
    pub lines: Vec<OrderLine>,
}

impl PurchaseOrder {
    /// An order with its number, its date and its lines.
    #[must_use]
    pub fn new(id: &str, issue_date: Day, lines: Vec<OrderLine>) -> Self {
        Self {
            heading: Heading::new(id, issue_date),
            currency: None,
            customer_reference: None,
            buyer: CustomerParty::default(),
            seller: SupplierParty::default(),
            deliveries: Vec::new(),
            charges: Vec::new(),
            taxes: Vec::new(),
            total: None,
            lines,
        }
    }
}

impl Document for PurchaseOrder {
    const ROOT: Name<'static> = Name::new(NAMESPACE, "Order");

    fn vocabulary() -> &'static Vocabulary {
        &VOCABULARY
    }

    fn read(root: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            heading: Heading::read(root)?,
            currency: only(root, cbc("DocumentCurrencyCode"))?,
            customer_reference: one(root, cbc("CustomerReference"))?,
            buyer: required(root, cac("BuyerCustomerParty"))?,
            seller: required(root, cac("SellerSupplierParty"))?,
            deliveries: all(root, cac("Delivery"))?,
            charges: all(root, cac("AllowanceCharge"))?,
            taxes: all(root, cac("TaxTotal"))?,
            total: only(root, cac("AnticipatedMonetaryTotal"))?,
            lines: at_least_one(root, cac("OrderLine"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        writer.within(Self::ROOT, |writer| {
            self.heading.write_start(writer);
            self.heading.write_notes(writer);
            put(writer, cbc("DocumentCurrencyCode"), &self.currency);
            put(writer, cbc("CustomerReference"), &self.customer_reference);
            put(writer, cac("BuyerCustomerParty"), [&self.buyer]);
            put(writer, cac("SellerSupplierParty"), [&self.seller]);
            put(writer, cac("Delivery"), &self.deliveries);
            put(writer, cac("AllowanceCharge"), &self.charges);
            put(writer, cac("TaxTotal"), &self.taxes);
            put(writer, cac("AnticipatedMonetaryTotal"), &self.total);
            put(writer, cac("OrderLine"), &self.lines);
        });
    }
}

impl fmt::Debug for PurchaseOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PurchaseOrder")
            .field("heading", &self.heading)
            .field("lines", &self.lines.len())
            .finish_non_exhaustive()
    }
}
