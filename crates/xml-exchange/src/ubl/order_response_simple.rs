use ecrm_xml::{Element, Name, Vocabulary, Writer, XmlError};

use super::child_order::child_order;
use super::heading::Heading;
use super::names::{CAC, CBC, cac, cbc};
use super::reference::OrderReference;
use super::trading::{CustomerParty, SupplierParty};
use super::value::{one, put, required, texts};
use crate::{Day, Document};

const NAMESPACE: &str = "urn:oasis:names:specification:ubl:schema:xsd:OrderResponseSimple-2";

static VOCABULARY: Vocabulary = Vocabulary {
    prefixes: &[("", NAMESPACE), ("cac", CAC), ("cbc", CBC)],
    order: child_order,
};

/// An order is accepted or refused as a whole: `OrderResponseSimple`.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrderResponseSimple {
    /// Number, date, notes.
    pub heading: Heading,
    /// `AcceptedIndicator`.
    pub is_accepted: bool,
    /// `RejectionNote`: why not.
    pub rejection_notes: Vec<String>,
    /// `CustomerReference`.
    pub customer_reference: Option<String>,
    /// `OrderReference`.
    pub order: OrderReference,
    /// `SellerSupplierParty`.
    pub seller: SupplierParty,
    /// `BuyerCustomerParty`.
    pub buyer: CustomerParty,
}

impl OrderResponseSimple {
    /// The acceptance of an order. Accept only what can be had: there is no room for a back-order here.
    #[must_use]
    pub fn accepting(id: &str, issue_date: Day, order: OrderReference) -> Self {
        Self {
            heading: Heading::new(id, issue_date),
            is_accepted: true,
            rejection_notes: Vec::new(),
            customer_reference: None,
            order,
            seller: SupplierParty::default(),
            buyer: CustomerParty::default(),
        }
    }

    /// The refusal of an order, with the reason.
    #[must_use]
    pub fn refusing(id: &str, issue_date: Day, order: OrderReference, reason: &str) -> Self {
        Self {
            is_accepted: false,
            rejection_notes: vec![reason.to_owned()],
            ..Self::accepting(id, issue_date, order)
        }
    }
}

impl Document for OrderResponseSimple {
    const ROOT: Name<'static> = Name::new(NAMESPACE, "OrderResponseSimple");

    fn vocabulary() -> &'static Vocabulary {
        &VOCABULARY
    }

    fn read(root: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            heading: Heading::read(root)?,
            is_accepted: required(root, cbc("AcceptedIndicator"))?,
            rejection_notes: texts(root, cbc("RejectionNote")),
            customer_reference: one(root, cbc("CustomerReference"))?,
            order: required(root, cac("OrderReference"))?,
            seller: required(root, cac("SellerSupplierParty"))?,
            buyer: required(root, cac("BuyerCustomerParty"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        writer.within(Self::ROOT, |writer| {
            self.heading.write_start(writer);
            self.heading.write_notes(writer);
            put(writer, cbc("AcceptedIndicator"), [&self.is_accepted]);
            put(writer, cbc("RejectionNote"), &self.rejection_notes);
            put(writer, cbc("CustomerReference"), &self.customer_reference);
            put(writer, cac("OrderReference"), [&self.order]);
            put(writer, cac("SellerSupplierParty"), [&self.seller]);
            put(writer, cac("BuyerCustomerParty"), [&self.buyer]);
        });
    }
}

impl std::fmt::Debug for OrderResponseSimple {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OrderResponseSimple")
            .field("heading", &self.heading)
            .field("is_accepted", &self.is_accepted)
            .finish_non_exhaustive()
    }
}
