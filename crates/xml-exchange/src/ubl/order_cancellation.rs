use ecrm_xml::{Element, Name, Vocabulary, Writer, XmlError};

use super::child_order::child_order;
use super::heading::Heading;
use super::names::{CAC, CBC, cac, cbc};
use super::reference::OrderReference;
use super::trading::{CustomerParty, SupplierParty};
use super::value::{at_least_one, put, required, texts};
use crate::{Day, Document};

const NAMESPACE: &str = "urn:oasis:names:specification:ubl:schema:xsd:OrderCancellation-2";

static VOCABULARY: Vocabulary = Vocabulary {
    prefixes: &[("", NAMESPACE), ("cac", CAC), ("cbc", CBC)],
    order: child_order,
};

/// Orders are called off: `OrderCancellation`.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrderCancellation {
    /// Number, date, notes.
    pub heading: Heading,
    /// `CancellationNote`: why; at least one.
    pub reasons: Vec<String>,
    /// `OrderReference`: at least one.
    pub orders: Vec<OrderReference>,
    /// `BuyerCustomerParty`.
    pub buyer: CustomerParty,
    /// `SellerSupplierParty`.
    pub seller: SupplierParty,
}

impl OrderCancellation {
    /// The cancellation of an order, with the reason.
    #[must_use]
    pub fn new(id: &str, issue_date: Day, order: OrderReference, reason: &str) -> Self {
        Self {
            heading: Heading::new(id, issue_date),
            reasons: vec![reason.to_owned()],
            orders: vec![order],
            buyer: CustomerParty::default(),
            seller: SupplierParty::default(),
        }
    }
}

impl Document for OrderCancellation {
    const ROOT: Name<'static> = Name::new(NAMESPACE, "OrderCancellation");

    fn vocabulary() -> &'static Vocabulary {
        &VOCABULARY
    }

    fn read(root: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            heading: Heading::read(root)?,
            reasons: texts(root, cbc("CancellationNote")),
            orders: at_least_one(root, cac("OrderReference"))?,
            buyer: required(root, cac("BuyerCustomerParty"))?,
            seller: required(root, cac("SellerSupplierParty"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        writer.within(Self::ROOT, |writer| {
            self.heading.write_start(writer);
            self.heading.write_notes(writer);
            put(writer, cbc("CancellationNote"), &self.reasons);
            put(writer, cac("OrderReference"), &self.orders);
            put(writer, cac("BuyerCustomerParty"), [&self.buyer]);
            put(writer, cac("SellerSupplierParty"), [&self.seller]);
        });
    }
}

impl std::fmt::Debug for OrderCancellation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OrderCancellation")
            .field("heading", &self.heading)
            .field("orders", &self.orders)
            .finish_non_exhaustive()
    }
}
