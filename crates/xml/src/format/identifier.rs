//! What customers are recognised by.

use chrono::{DateTime, Utc};
use ecrm_core::{Identifier, Source, to_microseconds};

use super::parts::{choice, own};
use super::provenance::{optional_source, write_source};
use crate::values::{
    optional, read_instant, read_reference, write_attribute, write_instant, write_reference, write_text,
};
use crate::{Element, ErrorCode, Name, Writer, XmlError, XmlForm};

/// An identifier of a customer, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownIdentifier {
    identifier: Identifier,
    sighting: Option<Sighting>,
}

/// When and from where a shop knows an identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "the provenance of an identifier")]
pub struct Sighting {
    /// From where.
    pub source: Source,
    /// When it was first seen with the customer.
    pub first_at: DateTime<Utc>,
    /// When it was last seen with the customer.
    pub last_at: DateTime<Utc>,
}

impl KnownIdentifier {
    /// An identifier of which nothing else is known.
    #[must_use]
    pub fn new(identifier: Identifier) -> Self {
        Self {
            identifier,
            sighting: None,
        }
    }

    /// The identifier with its provenance.
    #[must_use]
    pub fn seen(mut self, sighting: Sighting) -> Self {
        self.sighting = Some(Sighting {
            source: sighting.source,
            first_at: to_microseconds(sighting.first_at),
            last_at: to_microseconds(sighting.last_at),
        });
        self
    }

    /// The identifier.
    #[must_use]
    pub fn identifier(&self) -> &Identifier {
        &self.identifier
    }

    /// When and from where it is known.
    #[must_use]
    pub fn sighting(&self) -> Option<&Sighting> {
        self.sighting.as_ref()
    }
}

impl XmlForm for KnownIdentifier {
    const NAME: Name<'static> = Identifier::NAME;

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        if let Some(sighting) = &self.sighting {
            write_attribute(writer, "firstSeenAt", write_instant(sighting.first_at));
            write_attribute(writer, "lastSeenAt", write_instant(sighting.last_at));
            write_source(writer, &sighting.source);
        }
        write_value(writer, &self.identifier);
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        let identifier = Identifier::read(element)?;
        let seen = (
            optional(element, "firstSeenAt", read_instant)?,
            optional(element, "lastSeenAt", read_instant)?,
            optional_source(element)?,
        );
        let sighting = match seen {
            (Some(first_at), Some(last_at), Some(source)) => Some(Sighting {
                source,
                first_at: to_microseconds(first_at),
                last_at: to_microseconds(last_at),
            }),
            (None, None, None) => None,
            _ => {
                let text = "firstSeenAt, lastSeenAt and source stand together, or none of them";
                return Err(element.error(ErrorCode::Missing, text));
            }
        };
        Ok(Self { identifier, sighting })
    }
}

impl XmlForm for Identifier {
    const NAME: Name<'static> = own("identifier");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.within(Self::NAME, |writer| write_value(writer, self));
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        let value = choice(element, |name, child| match name {
            "device" => Some(read_reference(child).map(Self::Device)),
            "email" => Some(child.value().map(Self::Email)),
            "external" => Some(read_reference(child).map(Self::External)),
            "phone" => Some(child.value().map(Self::Phone)),
            _ => None,
        })?;
        value.ok_or_else(|| {
            element.error(
                ErrorCode::Missing,
                "one of these must stand here: device, email, external, phone",
            )
        })
    }
}

/// The value in an element named by the kind.
fn write_value(writer: &mut Writer<'_>, identifier: &Identifier) {
    let name = own(identifier.kind());
    match identifier {
        Identifier::Device(reference) | Identifier::External(reference) => write_reference(writer, name, reference),
        Identifier::Email(email) => write_text(writer, name, email.as_str()),
        other => write_text(writer, name, &other.key()),
    }
}
