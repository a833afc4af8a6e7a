//! How documents name each other.

use std::fmt;

use ecrm_xml::{Element, Writer, XmlError};

use super::heading::{Heading, required_id};
use super::names::{cac, cbc};
use super::value::{Part, one, put, required};
use crate::text::Day;

/// An order that another document is about.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrderReference {
    /// `ID`: the buyer's number of the order.
    pub id: String,
    /// `SalesOrderID`: the seller's.
    pub sales_order_id: Option<String>,
    /// `UUID`.
    pub uuid: Option<String>,
    /// `IssueDate`.
    pub issue_date: Option<Day>,
    /// `CustomerReference`.
    pub customer_reference: Option<String>,
}

impl From<&Heading> for OrderReference {
    /// The order whose heading it is.
    fn from(order: &Heading) -> Self {
        Self {
            id: order.id.clone(),
            uuid: order.uuid.clone(),
            issue_date: Some(order.issue_date.clone()),
            ..Self::default()
        }
    }
}

impl Part for OrderReference {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            id: required_id(element)?,
            sales_order_id: one(element, cbc("SalesOrderID"))?,
            uuid: one(element, cbc("UUID"))?,
            issue_date: one(element, cbc("IssueDate"))?,
            customer_reference: one(element, cbc("CustomerReference"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put(writer, cbc("ID"), [&self.id]);
        put(writer, cbc("SalesOrderID"), &self.sales_order_id);
        put(writer, cbc("UUID"), &self.uuid);
        put(writer, cbc("IssueDate"), &self.issue_date);
        put(writer, cbc("CustomerReference"), &self.customer_reference);
    }
}

/// What customers want to be reminded of is theirs.
impl fmt::Debug for OrderReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrderReference")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// A line of an order that another document is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrderLineReference {
    /// `LineID`: the buyer's number of the line.
    pub line_id: String,
    /// `SalesOrderLineID`: the seller's.
    pub sales_order_line_id: Option<String>,
    /// `OrderReference`.
    pub order: Option<OrderReference>,
}

impl Part for OrderLineReference {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            line_id: required(element, cbc("LineID"))?,
            sales_order_line_id: one(element, cbc("SalesOrderLineID"))?,
            order: one(element, cac("OrderReference"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put(writer, cbc("LineID"), [&self.line_id]);
        put(writer, cbc("SalesOrderLineID"), &self.sales_order_line_id);
        put(writer, cac("OrderReference"), &self.order);
    }
}

/// Any document that another one is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DocumentReference {
    /// `ID`.
    pub id: String,
    /// `UUID`.
    pub uuid: Option<String>,
    /// `IssueDate`.
    pub issue_date: Option<Day>,
    /// `DocumentTypeCode`: of UN/EDIFACT 1001 (`220` is an order, `231` an answer to one).
    pub type_code: Option<String>,
    /// `DocumentType`.
    pub document_type: Option<String>,
}

impl From<&Heading> for DocumentReference {
    /// The document whose heading it is.
    fn from(document: &Heading) -> Self {
        Self {
            id: document.id.clone(),
            uuid: document.uuid.clone(),
            issue_date: Some(document.issue_date.clone()),
            ..Self::default()
        }
    }
}

impl Part for DocumentReference {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            id: required_id(element)?,
            uuid: one(element, cbc("UUID"))?,
            issue_date: one(element, cbc("IssueDate"))?,
            type_code: one(element, cbc("DocumentTypeCode"))?,
            document_type: one(element, cbc("DocumentType"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put(writer, cbc("ID"), [&self.id]);
        put(writer, cbc("UUID"), &self.uuid);
        put(writer, cbc("IssueDate"), &self.issue_date);
        put(writer, cbc("DocumentTypeCode"), &self.type_code);
        put(writer, cbc("DocumentType"), &self.document_type);
    }
}
