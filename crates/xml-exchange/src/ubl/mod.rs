//! UBL: orders and what answers them.
//!
//! All documents are read in versions 2.0 to 2.4, which share their namespaces, and written in the element order of their schemas. What a
//! later version than 2.1 has added is kept. Each document is a [`Document`], to be read and written by [`Exchanged`](crate::Exchanged).

mod address;
mod answer;
mod application_response;
mod charge;
mod child_order;
mod core_order;
mod delivery;
mod despatch_advice;
mod heading;
mod line;
mod names;
mod order;
mod order_cancellation;
mod order_response;
mod order_response_simple;
mod party;
mod person;
mod reference;
mod trading;
mod value;

use ecrm_xml::Record;

pub use address::{Address, AddressCountry};
pub use answer::{LINE_STATUS_LIST, LineAnswer, RESPONSE_LIST};
pub use application_response::{ApplicationResponse, DocumentResponse, LineResponse, Response};
pub use charge::{AllowanceCharge, MonetaryTotal, TaxTotal};
pub use delivery::{Delivery, DeliveryLocation, Period};
pub use despatch_advice::{DespatchAdvice, DespatchLine, Shipment};
pub use heading::Heading;
pub use line::{Item, LineItem, OrderLine, Price};
pub use order::PurchaseOrder;
pub use order_cancellation::OrderCancellation;
pub use order_response::OrderResponse;
pub use order_response_simple::OrderResponseSimple;
pub use party::{Party, PartyLanguage, PartyLegalEntity, PartyTaxScheme};
pub use person::{Contact, Person};
pub use reference::{DocumentReference, OrderLineReference, OrderReference};
pub use trading::{CustomerParty, SupplierParty};
pub use value::{Amount, CodeValue, Identification, Measure};

use crate::Document;

/// The kinds of documents that this crate knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UblKind {
    /// What became of a document: [`ApplicationResponse`].
    ApplicationResponse,
    /// What was sent: [`DespatchAdvice`].
    DespatchAdvice,
    /// An order: [`PurchaseOrder`].
    Order,
    /// An order is called off: [`OrderCancellation`].
    OrderCancellation,
    /// An order is answered line by line: [`OrderResponse`].
    OrderResponse,
    /// An order is accepted or refused as a whole: [`OrderResponseSimple`].
    OrderResponseSimple,
}

/// The kind of a document, by its root element; nothing for all others.
#[must_use]
pub fn detect(record: &Record) -> Option<UblKind> {
    let root = record.element();
    let known = [
        (ApplicationResponse::ROOT, UblKind::ApplicationResponse),
        (DespatchAdvice::ROOT, UblKind::DespatchAdvice),
        (PurchaseOrder::ROOT, UblKind::Order),
        (OrderCancellation::ROOT, UblKind::OrderCancellation),
        (OrderResponse::ROOT, UblKind::OrderResponse),
        (OrderResponseSimple::ROOT, UblKind::OrderResponseSimple),
    ];
    known.into_iter().find_map(|(name, kind)| root.is(name).then_some(kind))
}
