//! How a type of the model, or of a module, says what it looks like in XML.

use crate::{Element, Name, Writer, XmlError};

/// A type with an XML form. Every module writes and reads its own types with it.
pub trait XmlForm: Sized {
    /// The element that it is written as.
    const NAME: Name<'static>;

    /// Writes the element.
    fn write(&self, writer: &mut Writer<'_>);

    /// Reads it from an element, of whatever name.
    ///
    /// # Errors
    /// What is missing or cannot be used, and where.
    fn read(element: &Element<'_>) -> Result<Self, XmlError>;
}
