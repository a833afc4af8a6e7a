//! What all documents have in common: they are read from an element, written to a writer, and carry along what was not understood.

use std::fmt;

use ecrm_xml::{Element, ErrorCode, Kept, Limits, Name, Record, Vocabulary, WriteError, Writer, XmlError};

/// A kind of document.
pub trait Document: Sized {
    /// The name of its root element.
    const ROOT: Name<'static>;

    /// The prefixes that it is written with, and the order of its elements.
    fn vocabulary() -> &'static Vocabulary;

    /// Reads it from its root element. What it asks the element for counts as understood; the rest is left over.
    ///
    /// # Errors
    /// When something that the document cannot do without is missing or cannot be read, with the place.
    fn read(root: &Element<'_>) -> Result<Self, XmlError>;

    /// Writes it, root element and all. The writer tells of errors when it is finished.
    fn write(&self, writer: &mut Writer<'_>);
}

/// A document with what was in it and was not understood. That goes back to its place when the document is written.
///
/// ```
/// use ecrm_xml::Limits;
/// use ecrm_xml_exchange::{Exchanged, ubl::OrderCancellation};
/// let xml = br#"<OrderCancellation xmlns="urn:oasis:names:specification:ubl:schema:xsd:OrderCancellation-2"
///     xmlns:a="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
///     xmlns:b="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
///   <b:ID>C-1</b:ID><b:CopyIndicator>false</b:CopyIndicator><b:IssueDate>2026-11-22</b:IssueDate>
///   <b:CancellationNote>Found it at home.</b:CancellationNote>
///   <a:OrderReference><b:ID>PO-42</b:ID></a:OrderReference>
///   <a:BuyerCustomerParty/><a:SellerSupplierParty/>
/// </OrderCancellation>"#;
/// let cancellation = Exchanged::<OrderCancellation>::read(xml, &Limits::default())?;
/// assert_eq!(cancellation.content.orders[0].id, "PO-42");
/// assert_eq!(cancellation.kept.len(), 1, "CopyIndicator is not understood");
/// let written = cancellation.write()?;
/// assert!(String::from_utf8_lossy(&written).contains("CopyIndicator"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a pair that has a name")]
pub struct Exchanged<T> {
    /// What was understood.
    pub content: T,
    /// What was not, with its places.
    pub kept: Vec<Kept>,
}

impl<T: Document> Exchanged<T> {
    /// Reads a whole document.
    ///
    /// # Errors
    /// When it is not well-formed, breaks a limit, is of another kind, or lacks something that its kind cannot do without.
    pub fn read(xml: &[u8], limits: &Limits) -> Result<Self, XmlError> {
        Self::from_record(&ecrm_xml::parse(xml, limits)?)
    }

    /// Reads a record whose element is the root element of a document: one of many in a stream, or one whose kind was looked at.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn from_record(record: &Record) -> Result<Self, XmlError> {
        let root = record.element();
        if !root.is(T::ROOT) {
            return Err(root.error(ErrorCode::Unexpected, format!("expected the element {}", T::ROOT.local)));
        }
        let content = T::read(&root)?;
        let kept = record.leftovers()?;
        Ok(Self { content, kept })
    }

    /// The document as XML, indented; elements stand in the order that the schema asks for. What was kept of a part that has been
    /// taken out of the content since goes with that part; [`write_to`](Self::write_to) tells of it.
    ///
    /// # Errors
    /// When a text has a character that XML cannot hold.
    pub fn write(&self) -> Result<Vec<u8>, WriteError> {
        let mut writer = Writer::new(T::vocabulary()).indented();
        self.write_to(&mut writer);
        writer.finish()
    }

    /// Writes the document with a writer of one's own, and returns what was kept and has found no place.
    pub fn write_to(&self, writer: &mut Writer<'_>) -> Vec<Kept> {
        writer.record(&self.kept, |writer| self.content.write(writer))
    }
}

impl<T> From<T> for Exchanged<T> {
    /// A document that was made here, so that nothing was kept.
    fn from(content: T) -> Self {
        let kept = Vec::new();
        Self { content, kept }
    }
}

impl<T: fmt::Debug> fmt::Debug for Exchanged<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchanged")
            .field("content", &self.content)
            .field("kept", &self.kept.len())
            .finish()
    }
}
