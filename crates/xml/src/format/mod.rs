//! The format of the project itself: everything in the core model, in the namespace [`NAMESPACE`].
//!
//! The schema is `docs/schema/ecrm-1.xsd`. Writing follows its order; reading takes elements in any order and with any prefix.
//! What the schema does not know is not taken, so that [`Record::leftovers`](crate::Record::leftovers) has it and
//! [`Writer::record`](crate::Writer::record) writes it back: an element `extension` at the end of every record, and attributes of
//! other namespaces, are there for it.
//!
//! Names are written as words (`unitPrice`), the codes of enumerations as in the databases and JSON (`back_ordered`), instants in
//! UTC (`2026-11-22T09:30:00Z`), money as `<amount currency="EUR">12.34</amount>`. A text that XML 1.0 cannot hold is written as
//! the base64 of its UTF-8, which the attribute `encoding` says.
//!
//! ```
//! use ecrm_core::{ContactData, Customer, CustomerId, PersonName, SeededIds};
//! use ecrm_xml::format::VOCABULARY;
//! use ecrm_xml::{Limits, Writer, XmlForm, parse};
//! let now = chrono::DateTime::UNIX_EPOCH;
//! let ada = ContactData::new().with_name(PersonName::new("Ada", "Lovelace")?);
//! let customer = Customer::new(CustomerId::new(&SeededIds::new(1), now), now).with_contact(ada);
//!
//! let mut writer = Writer::new(&VOCABULARY);
//! customer.write(&mut writer);
//! let document = writer.finish()?;
//!
//! let record = parse(&document, &Limits::default())?;
//! assert_eq!(Customer::read(&record.element())?, customer);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod activity;
mod attribute;
mod cart;
mod consent;
mod contact;
mod customer;
mod identifier;
mod metric;
mod order;
mod order_line;
mod parts;
mod promise;
mod provenance;
mod records;
mod visit;
mod vocabulary;

pub use customer::CustomerRecord;
pub use identifier::{KnownIdentifier, Sighting};
pub use records::{AnyRecord, RECORDS, write_records};
pub use vocabulary::VOCABULARY;

/// The namespace. A change that readers of this version would misunderstand gets another one.
pub const NAMESPACE: &str = "urn:ecrm:xml:1";
